"""What members say about themselves: details, needs, characteristics, how taking part feels."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form, ModelForm
from forums.models import Feedback, Membership
from people.models import Channel, EqualityQuestion, Person


class DetailsForm(ModelForm):
    """What members may correct themselves. The e-mail address is how they sign in: staff change it."""

    class Meta:
        model = Person
        fields = ("known_as", "phone", "address", "postcode", "channel")
        labels = {
            "known_as": _("What should we call you?"),
            "phone": _("Telephone number"),
            "address": _("Postal address"),
            "channel": _("How should we keep in touch with you?"),
        }
        widgets = {"channel": forms.RadioSelect(choices=Channel.choices)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = Channel.choices
        self.fields["address"].widget.attrs["rows"] = 4


class QuestionsForm(Form):
    """The questions with the categories of the census. Every one may be left out, nothing is ticked beforehand."""

    def __init__(self, *args, answers: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        for question in EqualityQuestion.objects.prefetch_related("options"):
            self.fields[question.code] = forms.ChoiceField(
                label=question.text,
                help_text=question.hint,
                choices=[(option.code, option.label) for option in question.options.all()],
                widget=forms.RadioSelect,
                required=False,
                initial=answers.get(question.code),
                error_messages={"invalid_choice": _("Select an answer from the list")},
            )

    @property
    def answers(self) -> dict[str, str]:
        """Only what was answered."""
        codes = EqualityQuestion.objects.values_list("code", flat=True)
        return {code: answer for code in codes if (answer := self.cleaned_data.get(code))}


class PanelProfileForm(QuestionsForm):
    """The same questions, for panels, and what somebody knows from their own life."""

    experience = forms.CharField(
        label=_("Which services or conditions do you know from your own life?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        help_text=_("We may ask you to join in when we talk about them."),
    )


class LeaveForm(Form):
    """Leaving a forum needs no argument, only the kind of reason."""

    because = forms.ChoiceField(
        label=_("Why do you want to leave?"),
        choices=[
            choice
            for choice in Membership.Left.choices
            if choice[0] not in {Membership.Left.TERM, Membership.Left.AGE, Membership.Left.ROLE}
        ],
        widget=forms.RadioSelect,
    )


class FeedbackForm(ModelForm):
    """How taking part feels."""

    class Meta:
        model = Feedback
        fields = ("heard", "worthwhile", "confident", "comment")
        labels = {
            "heard": _("Did you feel heard?"),
            "worthwhile": _("Was it worth your time?"),
            "confident": _("Do you feel confident in your role?"),
            "comment": _("What would make it better? (optional)"),
        }
        widgets = dict.fromkeys(("heard", "worthwhile", "confident"), forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("heard", "worthwhile", "confident"):
            self.fields[name] = forms.TypedChoiceField(
                label=self.fields[name].label,
                choices=Feedback.Score.choices,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": self.fields[name].error_messages["required"]},
            )
