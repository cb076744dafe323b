"""Forms of the record of a consultation, its steps and its documents."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, Form, ModelForm
from engagement.models import Consultation, ConsultationDocument
from engagement.services.consultations import FIXED, is_fixed

FOUR_ROWS = {"rows": 4}


class ConsultationForm(ModelForm):
    """What is proposed, and from when to when. Once people are asked, only what may still change is there."""

    opens_on = DatePartsField(label=_("First day"), required=False)
    closes_on = DatePartsField(label=_("Last day"), required=False)
    midpoint_on = DatePartsField(
        label=_("Half-time review on"),
        help_text=_("Who has not been heard, and what changes for the second half?"),
        required=False,
    )

    class Meta:
        model = Consultation
        fields = [
            *("proposal", "options", "preferred", "says_not_a_vote", "opens_on", "closes_on", "midpoint_on"),
            *("reach_plan", "analyst", "activity"),
        ]
        widgets = {
            "proposal": forms.Textarea(attrs=FOUR_ROWS),
            "options": forms.Textarea(attrs=FOUR_ROWS),
            "preferred": forms.Textarea(attrs={"rows": 2}),
            "reach_plan": forms.Textarea(attrs=FOUR_ROWS),
        }
        labels = {
            "proposal": _("Proposal"),
            "options": _("Options"),
            "preferred": _("Preferred option"),
            "says_not_a_vote": _("The documents say that it is not a vote"),
            "reach_plan": _("How people are to be reached"),
            "analyst": _("Independent analysis by"),
            "activity": _("Activity that holds its surveys, sessions and numbers"),
        }
        help_texts = {"preferred": _("If there is one, people have to know it.")}

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = project.activities.order_by("title")
        self.fields["activity"].empty_label = self.fields["analyst"].empty_label = _("not chosen")
        if is_fixed(project):
            for name in FIXED:
                del self.fields[name]

    def clean(self):
        values = super().clean()
        first = values.get("opens_on", self.instance.opens_on)
        last = values.get("closes_on", self.instance.closes_on)
        half = values.get("midpoint_on")
        if first and last and last <= first:
            self.add_error("closes_on", _("The last day must be after the first day"))
        elif half and first and last and not first < half < last:
            self.add_error("midpoint_on", _("The half-time review lies between the first and the last day"))
        elif half and not (first and last):
            self.add_error("midpoint_on", _("Enter the first and the last day too"))
        return values


class ExtendForm(Form):
    extended_to = DatePartsField(label=_("New last day"))
    because = forms.CharField(label=_("Why people get more time"), max_length=300)


class MidpointForm(Form):
    found = forms.CharField(
        label=_("What the review found and changed"), widget=forms.Textarea(attrs=FOUR_ROWS), max_length=4000
    )


class ResultsForm(Form):
    results_published_on = DatePartsField(label=_("Results published on"))
    results_link = forms.URLField(label=_("Report"), required=False, max_length=200, assume_scheme="https")


class DocumentForm(ModelForm):
    """A document in one format and language."""

    ready_on = DatePartsField(label=_("Ready on"), help_text=_("Leave empty if it is not ready yet."), required=False)
    link = forms.URLField(label=_("Address"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = ConsultationDocument
        fields = ["title", "file_format", "language", "ready_on", "link"]
        labels = {"title": _("Title"), "file_format": _("Format"), "language": _("Language")}


class ReadyForm(Form):
    ready_on = DatePartsField(label=_("Ready on"), initial=timezone.localdate)
