"""Forms about stakeholders: what the map shows, and one contact."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, Form
from people.models import Area, Organisation, Stakeholder, StakeholderContact


class StakeholderFilterForm(Form):
    """Which stakeholders the map shows."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *Stakeholder.Kind.choices], required=False)
    area = forms.ModelChoiceField(
        label=_("Place"), queryset=Area.objects.all(), empty_label=_("All places"), required=False
    )

    def narrow(self, stakeholders):
        """The stakeholders that fit. What is not understood narrows nothing."""
        self.full_clean()
        chosen = self.cleaned_data
        if chosen.get("kind"):
            stakeholders = stakeholders.filter(kind=chosen["kind"])
        if chosen.get("area"):
            stakeholders = stakeholders.filter(areas=chosen["area"])
        return stakeholders


class ContactForm(Form):
    """One conversation with a stakeholder."""

    on = DatePartsField(label=_("When was it?"), initial=timezone.localdate)
    channel = forms.ChoiceField(
        label=_("How were you in touch?"), choices=StakeholderContact._meta.get_field("channel").choices
    )
    topic = forms.CharField(
        label=_("What was it about?"),
        help_text=_("A few words, for example: hospital car park. We compare it with what partners recorded."),
        max_length=200,
    )
    summary = forms.CharField(
        label=_("What was said"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5_000, required=False
    )
    by_organisation = forms.ModelChoiceField(
        label=_("Who was in touch?"),
        queryset=Organisation.objects.filter(is_body=False),
        empty_label=_("We"),
        required=False,
    )
