"""Forms about assurance: asking a group, answering for it, concluding, meeting a condition."""

from django import forms
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, Form
from engagement.models import Answer, Assurance, AssuranceAnswer, Condition
from forums.models import Forum
from people.models import Person

FOUR_ROWS = {"rows": 4}
MOST = 4000  # characters of a reason


def _words(label: str, *, is_required: bool = False, help_text: str = "", most: int = MOST) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=is_required,
        help_text=help_text,
        max_length=most,
        widget=forms.Textarea(attrs=FOUR_ROWS),
    )


class AskForm(Form):
    """Which group is asked about a project, and until when. Groups whose role is to assure come first (FOR-002)."""

    forum = forms.ModelChoiceField(
        Forum.objects.none(),
        label=_("Group"),
        help_text=_("An independent group: it does not take the decision. Those that assure come first."),
    )
    answers_due_on = DatePartsField(label=_("Day by which members answer"))
    briefing = _words(
        _("What members should know"), help_text=_("They read this in their message and on the page where they answer.")
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        first = Case(When(role=Forum.Role.ASSURES, then=Value(0)), default=Value(1))
        self.fields["forum"].queryset = Forum.objects.live().exclude(pk=project.decision_by_id).order_by(first, "name")


class AnswerForm(Form):
    """What a member thinks. Why is needed unless the answer is yes."""

    sufficient = forms.ChoiceField(
        label=AssuranceAnswer._meta.get_field("sufficient").verbose_name,
        choices=Answer.choices,
        widget=forms.RadioSelect,
    )
    sufficient_because = _words(
        _("Why do you think that about the involvement?"), help_text=_("You can leave this empty when you say yes.")
    )
    influential = forms.ChoiceField(
        label=AssuranceAnswer._meta.get_field("influential").verbose_name,
        choices=Answer.choices,
        widget=forms.RadioSelect,
    )
    influential_because = _words(
        _("Why do you think that about the influence?"), help_text=_("You can leave this empty when you say yes.")
    )
    condition = _words(_("What should be done before the decision?"), help_text=_("Only if you wish for something."))

    def clean(self):
        values = super().clean()
        for name in ("sufficient", "influential"):
            if values.get(name) in (Answer.PARTLY, Answer.NO) and not values.get(f"{name}_because"):
                self.add_error(f"{name}_because", _("Say what was missing"))
        return values


class AnswerForForm(AnswerForm):
    """The same, as a member told it to a member of staff."""

    field_order = ["person"]

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Member"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class ConcludeForm(Form):
    """What the group concluded."""

    result = forms.ChoiceField(label=_("Result"), choices=Assurance.Result.choices, widget=forms.RadioSelect)
    statement = _words(
        _("Statement of the group"),
        is_required=True,
        help_text=_("Members of the group and the board read it. Write no names of members."),
    )


class ConditionForm(Form):
    """One thing that has to be done first. A row that is left empty is left out."""

    text = _words(_("What has to be done"), is_required=True, most=1000)
    before = forms.ChoiceField(
        label=_("When it is needed"), choices=Condition.Before.choices, initial=Condition.Before.DECISION
    )
    owner = forms.CharField(
        label=_("Who sees to it"), max_length=120, help_text=_("A post, like “head of urgent care”.")
    )
    due_on = DatePartsField(label=_("Day by which it is done"))


ConditionFormSet = forms.formset_factory(ConditionForm, extra=5, max_num=20)


class DoneForm(Form):
    done_on = DatePartsField(label=_("Day on which it was done"), initial=timezone.localdate)
    what_was_done = _words(_("What was done"), is_required=True)
