"""Forms of the reports pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from engagement.models import Period
from reporting.models import Report
from reporting.services.reports import latest_reportable_period, obstacle_to_pair


class ReportRequestForm(Form):
    """Which report is wanted, and of which period: a year, or a quarter for the quarterly report."""

    kind = forms.ChoiceField(choices=Report.Kind.choices, label=_("Report"), initial=Report.Kind.ANNUAL)
    period = forms.ModelChoiceField(
        Period.objects.order_by("-kind", "-starts_on"),
        label=_("Period"),
        help_text=_("A quarter for the quarterly report, a year for the others."),
        empty_label=None,
        error_messages={"invalid_choice": _("Select a period from the list")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].initial = latest_reportable_period()

    def clean(self):
        chosen = super().clean()
        if {"kind", "period"} <= chosen.keys() and (obstacle := obstacle_to_pair(chosen["kind"], chosen["period"])):
            self.add_error("period", obstacle)
        return chosen
