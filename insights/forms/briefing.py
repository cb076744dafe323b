"""The form of a briefing: for which decision, and about what."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, Form
from engagement.models import Topic
from insights.documents.briefing import Subject
from people.models import Area, PopulationGroup


class BriefingForm(Form):
    """Sent by GET, so that a briefing has an address that can be kept."""

    title = forms.CharField(label=_("Decision"), max_length=200, help_text=_("What is to be decided."))
    day = DatePartsField(label=_("Day of the decision"), required=False)
    topic = forms.ModelChoiceField(Topic.objects.all(), label=_("Topic"), required=False)
    place = forms.ModelChoiceField(Area.objects.order_by("name"), label=_("Place"), required=False)
    group = forms.ModelChoiceField(PopulationGroup.objects.all(), label=_("Group"), required=False)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(name) for name in ("topic", "place", "group")):
            raise ValidationError(gettext("Choose a topic, a place or a group"))
        return cleaned

    @property
    def subject(self) -> Subject:
        """What was chosen, once the form is valid."""
        return Subject(**self.cleaned_data)
