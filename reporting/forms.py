"""Forms of the reports pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from engagement.models import Period
from reporting.services import latest_reportable_period


class ReportRequestForm(Form):
    """Which period a report is wanted for."""

    period = forms.ModelChoiceField(
        Period.objects.years(),
        label=_("Period"),
        empty_label=None,
        error_messages={"invalid_choice": _("Select a period from the list")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].initial = latest_reportable_period()
