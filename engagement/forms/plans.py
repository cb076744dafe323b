"""The assessment and planning form, made from its rows; its aims; the decision; what is known already."""

import datetime

from django import forms
from django.db.models import Q
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DatePartsField, Form
from engagement.documents import plan_form
from engagement.models import KnowledgeCheck, Method, PlanQuestion, Rung
from forums.models import Forum
from people.models import PopulationGroup

Kind = PlanQuestion.Kind
LONGEST_LINE, LONGEST_TEXT = 300, 10_000
FOUR_ROWS = {"rows": 4}
YES_OR_NO = [(plan_form.YES, gettext_lazy("Yes")), (plan_form.NO, gettext_lazy("No"))]
ANY_ASKED = {
    PlanQuestion.Asked.DUTY: gettext_lazy("Only when the duty applies, or people are consulted."),
    PlanQuestion.Asked.CONSULTATION: gettext_lazy("Only for a consultation."),
}


class SectionForm(Form):
    """One section of the plan. Nothing has to be answered to be saved: the plan says what is still missing.

    A field that a question gave rise to has it as `question`. `answers()` are what is to be kept, by code.
    """

    def __init__(self, data, *, questions: list[PlanQuestion], answers: dict, considered: list[PopulationGroup]):
        self.questions, self.answered, self.considered = questions, answers, considered
        super().__init__(data)

    def name_fields(self):
        """The fields have to be there before their messages are made."""
        for question in self.questions:
            for name, field in self._fields_of(question):
                field.question = question
                self.fields[name] = field

    def _fields_of(self, question: PlanQuestion):
        """The fields of one question. Each group that every plan considers has a box of its own."""
        answer, hint = self.answered.get(question.code), self._hint(question)
        if question.code == plan_form.CONSIDERED and self.considered:
            said = answer if isinstance(answer, dict) else {}
            for group in self.considered:
                label = capfirst(_("%(group)s: what does it mean for them?") % {"group": group})
                name = f"{question.code}-{group.pk}"
                yield name, _text(LONGEST_TEXT, label=label, help_text=hint, initial=said.get(str(group.pk), ""))
                hint = ""
            return
        yield question.code, FIELDS[question.kind](question, answer, label=question.text, help_text=hint)

    def _hint(self, question: PlanQuestion) -> str:
        """Guidance as HTML: it comes from a row, so it is escaped."""
        return escape(" ".join(str(part) for part in (question.guidance, ANY_ASKED.get(question.asked)) if part))

    def answers(self) -> dict:
        """What was answered, by code, as the plan keeps it."""
        given = {}
        for name, value in self.cleaned_data.items():
            question = self.fields[name].question
            if name == question.code:
                given[name] = kept(value)
            else:
                before = self.answered.get(question.code)
                said = given.setdefault(question.code, dict(before) if isinstance(before, dict) else {})
                said[name.removeprefix(f"{question.code}-")] = value
        return given


def kept(value):
    """An answer as JSON: rows by their keys, a day as text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Rung):
        return value.pk
    if hasattr(value, "values_list"):
        return sorted(row.pk for row in value)
    return value


# A field for each kind of answer -----------------------------------------------------------------


def _text(longest: int, **shown) -> forms.CharField:
    widget = forms.Textarea(attrs=FOUR_ROWS) if longest > LONGEST_LINE else forms.TextInput()
    return forms.CharField(max_length=longest, widget=widget, required=False, **shown)


def _several(rows, answer, **shown) -> forms.ModelMultipleChoiceField:
    chosen = plan_form.numbers(answer)
    return forms.ModelMultipleChoiceField(
        rows, initial=chosen, widget=forms.CheckboxSelectMultiple, required=False, **shown
    )


def _one_of(choices, answer, **shown) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, initial=answer, widget=forms.RadioSelect, required=False, **shown)


def _options(question: PlanQuestion, answer) -> list[tuple[str, str]]:
    """The answers to choose from, with what was chosen before and is no longer offered."""
    chosen = answer if isinstance(answer, list) else [answer] if answer else []
    return [(each, each) for each in dict.fromkeys([*question.options, *chosen])]


def _many(question: PlanQuestion, answer, **shown) -> forms.MultipleChoiceField:
    choices = _options(question, answer)
    return forms.MultipleChoiceField(
        choices=choices, initial=answer, widget=forms.CheckboxSelectMultiple, required=False, **shown
    )


def _day(answer, **shown) -> DatePartsField:
    return DatePartsField(initial=datetime.date.fromisoformat(answer) if answer else None, required=False, **shown)


class RungField(forms.ModelChoiceField):
    """The rungs of the ladder with what each means."""

    def label_from_instance(self, rung):
        return f"{rung}: {rung.meaning}" if rung.meaning else str(rung)


def _rung(answer, **shown) -> RungField:
    return RungField(
        Rung.objects.all(), initial=answer, widget=forms.RadioSelect, empty_label=None, required=False, **shown
    )


def _forums(answer, **shown) -> forms.ModelMultipleChoiceField:
    offered = Forum.objects.forums().exclude(status=Forum.Status.CLOSED)
    chosen = Q(pk__in=plan_form.numbers(answer)) | Q(pk__in=offered.values("pk"))
    return _several(Forum.objects.filter(chosen), answer, **shown)


FIELDS = {
    Kind.TEXT: lambda _question, answer, **shown: _text(LONGEST_LINE, initial=answer, **shown),
    Kind.LONG: lambda _question, answer, **shown: _text(LONGEST_TEXT, initial=answer, **shown),
    Kind.YES_NO: lambda _question, answer, **shown: _one_of(YES_OR_NO, answer, **shown),
    Kind.CHOICE: lambda question, answer, **shown: _one_of(_options(question, answer), answer, **shown),
    Kind.MANY: _many,
    Kind.NUMBER: lambda _question, answer, **shown: forms.IntegerField(
        min_value=0, max_value=10**9, initial=answer, required=False, **shown
    ),
    Kind.DATE: lambda _question, answer, **shown: _day(answer, **shown),
    Kind.METHODS: lambda _question, answer, **shown: _several(Method.objects.all(), answer, **shown),
    Kind.GROUPS: lambda _question, answer, **shown: _several(PopulationGroup.objects.all(), answer, **shown),
    Kind.FORUMS: lambda _question, answer, **shown: _forums(answer, **shown),
    Kind.RUNG: lambda _question, answer, **shown: _rung(answer, **shown),
}


# Aims, the decision, what is known ---------------------------------------------------------------


class AimForm(Form):
    """One aim as a number (ENG-008)."""

    measure = forms.CharField(
        label=gettext_lazy("What is counted"),
        help_text=gettext_lazy("For example “people who answer the survey”."),
        max_length=200,
    )
    target = forms.IntegerField(label=gettext_lazy("How many you aim at"), min_value=1, max_value=100_000_000)
    baseline = forms.IntegerField(
        label=gettext_lazy("How many it was before"),
        help_text=gettext_lazy("Leave it empty when it is not known."),
        min_value=0,
        max_value=100_000_000,
        required=False,
    )
    groups = forms.ModelMultipleChoiceField(
        PopulationGroup.objects.all(),
        label=gettext_lazy("Of which groups"),
        help_text=gettext_lazy("Choose none when it is about everybody."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class DecideForm(Form):
    """To sign a plan, or to refuse it and say why."""

    SIGN, REFUSE = "sign", "refuse"

    decision = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=[(SIGN, gettext_lazy("Sign it")), (REFUSE, gettext_lazy("Refuse it"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why you refuse it"),
        help_text=gettext_lazy("Say what has to change. Leave it empty when you sign."),
        widget=forms.Textarea(attrs=FOUR_ROWS),
        max_length=4000,
        required=False,
    )


class KnowledgeForm(Form):
    """What follows from what is known, and why."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What follows?"), choices=KnowledgeCheck.Outcome.choices, widget=forms.RadioSelect
    )
    because = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Name what you use again, or what nobody has asked yet."),
        widget=forms.Textarea(attrs=FOUR_ROWS),
        max_length=4000,
    )
