"""What is asked about quality visits."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, ModelForm
from forums.models import QualityVisit, Training, Visitor
from forums.services import visits
from people.models import Area, Organisation, Person

NO_NAMES = _("Do not name patients or staff.")


class VisitForm(ModelForm):
    """A visit to come, or one that was made and is noted now."""

    visited_on = DatePartsField(label=_("Day of the visit"))
    training_required = forms.ChoiceField(
        label=_("Training that a visitor needs"), required=False, help_text=_("Every session with this title counts.")
    )

    class Meta:
        model = QualityVisit
        fields = visits.CHANGEABLE
        widgets = {"purpose": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        areas = user.only_areas()
        self.fields["area"].queryset = Area.objects.all() if areas is None else Area.objects.filter(pk__in=areas)
        self.fields["area"].required = areas is not None
        self.fields["provider"].queryset = Organisation.objects.filter(ends_on=None)
        titles = {title: title for title in Training.objects.order_by("title").values_list("title", flat=True)}
        titles |= {self.instance.training_required: self.instance.training_required}
        self.fields["training_required"].choices = [
            ("", _("None")),
            *((title, label) for title, label in sorted(titles.items()) if title),
        ]


class VisitFilter(FilterForm):
    """Which visits a list shows, the newest first."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), ("left", _("Something is overdue")), *QualityVisit.Status.choices],
    )
    provider = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Provider"), required=False, empty_label=_("All")
    )

    def offer(self, *, rows):
        self.fields["provider"].queryset = Organisation.objects.filter(pk__in=rows.values("provider"))

    def narrow(self, rows):
        chosen = self.cleaned_data
        if chosen.get("provider"):
            rows = rows.filter(provider=chosen["provider"])
        if chosen.get("status") == "left":
            return rows.left_to_do()
        return rows.filter(status=chosen["status"]) if chosen.get("status") else rows


class VisitorForm(Form):
    """Who comes along: somebody with a seat, or a volunteer."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Who comes along?"))
    waived_because = forms.CharField(
        label=_("Why they come along without the training"),
        help_text=_("Only if they have not done it. Your name is kept beside it."),
        max_length=500,
        required=False,
    )

    def __init__(self, *args, user, visit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = visits.can_come(user)
        if not visit.training_required:
            del self.fields["waived_because"]


class ObservationsForm(Form):
    observations = forms.CharField(
        label=_("What did you see, hear and feel?"),
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=Visitor._meta.get_field("observations").max_length,
        error_messages={"required": _("Write what you saw")},
    )


class FindingsForm(Form):
    findings = forms.CharField(
        label=_("Findings"), help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 8}), max_length=10_000
    )


def _in_four_weeks() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=visits.DAYS_TO_ANSWER)


class FindingsSentForm(Form):
    sent_on = DatePartsField(label=_("Day on which the provider got the findings"), initial=timezone.localdate)
    response_due_on = DatePartsField(label=_("Day by which it answers"), initial=_in_four_weeks)


class ProviderResponseForm(Form):
    response = forms.CharField(
        label=_("What did the provider answer?"), widget=forms.Textarea(attrs={"rows": 8}), max_length=10_000
    )
    responded_on = DatePartsField(label=_("Day on which it answered"), initial=timezone.localdate)


class CancelVisitForm(Form):
    cancelled_because = forms.CharField(label=_("Why is it cancelled?"), max_length=300)
