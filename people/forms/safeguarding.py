"""Forms about children and concerns: the one that anybody may send, and those of the safeguarding lead."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, Form
from people.models import Concern, How


class ConcernForm(Form):
    """“I am worried about something.” Only the words are asked for."""

    text = forms.CharField(
        label=_("What are you worried about?"),
        help_text=_("Use your own words. You do not have to say who you are."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=Concern._meta.get_field("text").max_length,
        error_messages={"required": _("Write what you are worried about")},
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        help_text=_("A phone number or e-mail address that is safe to use. Leave it empty if you want."),
        max_length=Concern._meta.get_field("contact").max_length,
        required=False,
    )


class CloseConcernForm(Form):
    """What was done about a concern."""

    what_was_done = forms.CharField(
        label=_("What was done?"),
        help_text=_("Say whom you told and when. Name people only where you must."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=10_000,
        error_messages={"required": _("Say what was done")},
    )


class YoungPersonForm(Form):
    """What is kept about somebody under 18. For an adult only the year of birth stays."""

    birth_date = DatePartsField(label=_("Date of birth"), help_text=_("For example, 27 3 2011"))
    agreed_on = DatePartsField(
        label=_("When did the young person agree to take part?"),
        help_text=_("Leave it empty while they have not."),
        required=False,
    )
    guardian_name = forms.CharField(label=_("Name of a parent or guardian"), max_length=300, required=False)
    guardian_email = forms.EmailField(label=_("E-mail address of the guardian"), required=False)
    guardian_phone = forms.CharField(label=_("Telephone of the guardian"), max_length=40, required=False)
    guardian_agreed_on = DatePartsField(
        label=_("When did the guardian agree?"),
        help_text=_("Needed under 16. Leave it empty while they have not."),
        required=False,
    )
    guardian_agreed_how = forms.ChoiceField(
        label=_("How did the guardian agree?"),
        choices=[("", _("Not recorded")), *How.choices],
        required=False,
    )
