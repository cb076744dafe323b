"""Meetings: replies, sign-up by anybody, papers, attendance, minutes, actions."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import files
from core.forms import Form
from forums.models import Attendance, Meeting, Paper
from forums.services import replies
from people.forms.needs import NeedsForm
from people.models import Person

ANSWERS = {
    Attendance.Reply.IN_PERSON: _("I am coming in person"),
    Attendance.Reply.ONLINE: _("I am joining online"),
    Attendance.Reply.APOLOGIES: _("I cannot come"),
}
NOTE = 1000


class ReplyForm(Form):
    """Whether somebody comes, by the ways in which the meeting is held."""

    reply = forms.ChoiceField(label=_("Can you come?"), widget=forms.RadioSelect)
    needs_note = forms.CharField(
        label=_("Is there anything else you need for this meeting?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=NOTE,
        required=False,
        help_text=_("For example a break, a parking place or someone to meet you."),
    )

    def __init__(self, *args, meeting: Meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reply"].choices = [(answer, ANSWERS[answer]) for answer in replies.answers(meeting)]


class ReplyForForm(ReplyForm):
    """The same, told to a member of staff. Without words about needs the note stays as it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reply"].label = _("What did they say?")
        self.fields["reply"].choices = [
            (value, Attendance.Reply(value).label.capitalize()) for value, _words in self.fields["reply"].choices
        ]
        self.fields["needs_note"].label = _("What do they need for this meeting?")
        self.fields["needs_note"].help_text = _("Leave it empty to keep what is there.")


class NeedsMetForm(Form):
    """After the meeting. With a `name`, staff enter what that person told them."""

    met = forms.ChoiceField(
        label=_("Were your needs met?"),
        choices=[choice for choice in Attendance.Met.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("What went wrong, and what would help?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=NOTE,
        required=False,
    )

    def __init__(self, *args, name: str = "", **kwargs):
        self.name = name
        super().__init__(*args, **kwargs)

    def name_fields(self):
        if self.name:
            self.fields["met"].label = _("Were the needs of %(name)s met?") % {"name": self.name}


class SignUpForm(NeedsForm):
    """Anybody comes to an open meeting, without an account: who, how, and with what needs (MTG-016)."""

    field_order = ("name", "email", "phone", "reply")

    name = forms.CharField(label=_("Full name"), max_length=300)
    email = forms.EmailField(label=_("E-mail address"), required=False, help_text=_("We write to you here."))
    phone = forms.CharField(
        label=_("Telephone number"), max_length=40, required=False, help_text=_("If you have no e-mail address.")
    )
    reply = forms.ChoiceField(label=_("How do you want to come?"), widget=forms.RadioSelect)

    def __init__(self, *args, meeting: Meeting, wording=None, **kwargs):
        super().__init__(*args, **kwargs)
        answers = [answer for answer in replies.answers(meeting) if answer != Attendance.Reply.APOLOGIES]
        self.fields["reply"].choices = [(answer, ANSWERS[answer]) for answer in answers]
        self.fields["needs"].help_text = _("Choose all that you need at this meeting.")
        if wording is not None:
            self.fields["agrees"] = forms.BooleanField(label=wording.text, required=False)

    def clean(self):
        cleaned = super().clean()
        has_phone = sum(character.isdecimal() for character in cleaned.get("phone", "")) >= 10
        if not cleaned.get("email") and "email" not in self.errors and not has_phone:
            self.add_error("email", gettext("Enter an e-mail address or a telephone number with its area code"))
        return cleaned


class InviteForm(Form):
    """Somebody on the register who is not a member of the forum."""

    who = forms.CharField(
        label=_("E-mail address or full name"),
        max_length=300,
        help_text=_("The person has to be on the register."),
    )
    part = forms.ChoiceField(
        label=_("Comes as"),
        choices=[(part, part.label) for part in (Attendance.Part.EXPERT, Attendance.Part.GUEST)],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_who(self) -> str:
        """Finds the one person meant, and keeps them as `person`."""
        who = " ".join(self.cleaned_data["who"].split())
        field = "email__iexact" if "@" in who else "name__iexact"
        found = list(Person.objects.known().for_user(self.user).filter(**{field: who})[:2])
        if not found:
            raise ValidationError(gettext("Nobody on the register has this name or address. Add the person first"))
        if len(found) > 1:
            raise ValidationError(gettext("Several people fit. Enter the e-mail address or full name of one"))
        self.person = found[0]
        return who


class PresenceForm(Form):
    """Who was there: one answer for each attendance, under its number."""

    def __init__(self, *args, attendances: list[Attendance], **kwargs):
        super().__init__(*args, **kwargs)
        for each in attendances:
            self.fields[f"presence_{each.pk}"] = forms.ChoiceField(
                label=f"{each.person}, {each.get_part_display()}",
                choices=Attendance.Presence.choices,
                initial=each.presence,
                required=False,
                error_messages={"invalid_choice": gettext("Select an answer from the list")},
            )

    @property
    def by_number(self) -> dict[int, str]:
        return {int(name.removeprefix("presence_")): value for name, value in self.cleaned_data.items()}


class MinutesForm(Form):
    """The minutes as a file."""

    minutes = forms.FileField(label=_("Minutes"), help_text=_("A PDF, Word or OpenDocument file of at most 10 MB."))

    def clean_minutes(self):
        return files.checked(self.cleaned_data["minutes"], allowed=files.DOCUMENTS)


class ActionDoneForm(Form):
    """What came of an action."""

    outcome = forms.CharField(label=_("What came of it?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class PaperAdminForm(forms.ModelForm):
    """A paper in the admin. A file that is there already is not looked at again."""

    class Meta:
        model = Paper
        fields = ("title", "format", "language", "item", "file")
        widgets = {"file": forms.FileInput}

    def clean_file(self):
        file = self.cleaned_data["file"]
        return files.checked(file) if isinstance(file, UploadedFile) else file
