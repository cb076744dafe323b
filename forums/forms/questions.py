"""Forms about questions to the Board, for members and for staff."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, ModelForm
from forums.models import BoardQuestion, Forum, Meeting

FOUR_ROWS = {"rows": 4}


class QuestionForm(ModelForm):
    """A member's question or point for the agenda."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = BoardQuestion
        fields = ["kind", "topic", "text", "background", "solution"]
        widgets = {
            "kind": forms.RadioSelect,
            "text": forms.Textarea(attrs=FOUR_ROWS),
            "background": forms.Textarea(attrs=FOUR_ROWS),
            "solution": forms.Textarea(attrs=FOUR_ROWS),
        }
        labels = {
            "kind": _("What would you like to bring?"),
            "topic": _("Topic"),
            "text": _("Your question or point"),
            "background": _("Why it matters"),
            "solution": _("What could be done"),
        }
        help_texts = {
            "topic": _("A few words, like “mental health” or “blood tests”."),
            "text": _("Please do not write names or details of other people."),
            "solution": _("For a point for the agenda you need to say what could be done."),
        }

    def clean(self):
        values = super().clean()
        if values.get("kind") == BoardQuestion.Kind.ITEM and not values.get("solution"):
            self.add_error("solution", _("Say what could be done about it"))
        return values


class QuestionForForm(QuestionForm):
    """The same, as a member told it to a member of staff."""

    field_order = ["forum"]

    forum = forms.ModelChoiceField(Forum.objects.none(), label=_("Forum"))

    def __init__(self, *args, forums, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["forum"].queryset = forums
        self.fields["kind"].label = _("What do they want to bring?")
        self.fields["text"].label = _("Their question or point")


# Staff -------------------------------------------------------------------------------------------


def _board_meetings():
    """Meetings of boards and committees that are planned, the next one first."""
    meetings = Meeting.objects.upcoming().filter(forum__kind__is_committee=True)
    return meetings.select_related("forum").order_by("starts_at")


class QuestionFilter(FilterForm):
    forum = forms.ModelChoiceField(Forum.objects.none(), label=_("Forum"), required=False, empty_label=_("All forums"))
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Meeting of the Board"), required=False, empty_label=_("All meetings")
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All")), *BoardQuestion.Status.choices]
    )

    def offer(self, *, questions):
        self.fields["forum"].queryset = Forum.objects.filter(pk__in=questions.values("forum"))
        self.fields["meeting"].queryset = Meeting.objects.filter(pk__in=questions.values("board_meeting"))


class FillForm(Form):
    """Which forum's shortlist goes to which meeting."""

    forum = forms.ModelChoiceField(Forum.objects.none(), label=_("Forum"))
    board_meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Meeting of the Board"))

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        proposed = questions.filter(status=BoardQuestion.Status.PROPOSED)
        self.fields["forum"].queryset = Forum.objects.filter(pk__in=proposed.values("forum"))
        self.fields["board_meeting"].queryset = _board_meetings()


class SubmitForm(Form):
    board_meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Meeting of the Board"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["board_meeting"].queryset = _board_meetings()


class DeclineForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person who proposed it is told, and members of the forum can read it."),
        widget=forms.Textarea(attrs=FOUR_ROWS),
        max_length=2000,
    )


class AnswerForm(Form):
    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 8}), max_length=10000)
    answered_by = forms.CharField(label=_("Answered by"), help_text=_("A name or a post."), max_length=200)
    answered_on = DatePartsField(label=_("Day of the answer"), initial=timezone.localdate)


class FollowUpForm(Form):
    on = DatePartsField(label=_("Day"), initial=timezone.localdate)
    with_whom = forms.CharField(label=_("With whom"), max_length=200)
    result = forms.CharField(label=_("Result"), widget=forms.Textarea(attrs=FOUR_ROWS), max_length=4000)
