"""The assessment and planning form: which questions it asks of a project, and a plan in words or on paper."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.pdf import render_pdf
from engagement.models import Aim, Method, Plan, PlanQuestion, Project, Rung
from forums.models import Forum
from people.models import Organisation, PopulationGroup

# Codes by which this module finds an answer. `engagement.services.plans.CODES` says what each code does.
DUTY, CONSULTATION, CONSIDERED, GROUPS = "duty", "consultation", "considered_groups", "groups"
YES, NO = "yes", "no"
Kind, Asked = PlanQuestion.Kind, PlanQuestion.Asked
ROWS = {Kind.METHODS: Method, Kind.GROUPS: PopulationGroup, Kind.FORUMS: Forum, Kind.RUNG: Rung}


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer in words; without words it is not answered."""

    question: PlanQuestion
    words: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one page of the form, numbered from 1."""

    number: int
    title: str
    lines: list[Line]

    @property
    def asked(self) -> list[Line]:
        return [line for line in self.lines if line.is_asked]

    @property
    def answered(self) -> int:
        return sum(bool(line.words) for line in self.asked)

    @property
    def missing(self) -> list[Line]:
        """What has to be answered before anybody can decide on the plan."""
        return [line for line in self.asked if line.question.is_required and not line.words]


# Which questions are asked -----------------------------------------------------------------------


def questions() -> list[PlanQuestion]:
    """The questions in use, in the order of the form. One query."""
    return list(PlanQuestion.objects.filter(is_active=True))


def by_section(asked: Iterable[PlanQuestion]) -> list[tuple[str, list[PlanQuestion]]]:
    """Sections in the order in which their first question comes, each with all of its questions."""
    in_order = list(asked)
    order = {title: place for place, title in reversed(list(enumerate(each.section for each in in_order)))}
    rows = sorted(in_order, key=lambda each: order[each.section])
    return [(title, list(group)) for title, group in groupby(rows, key=lambda each: each.section)]


def is_asked(question: PlanQuestion, answers: dict, project: Project) -> bool:
    """Whether a question is asked, as the answers stand. A consultation asks all that the duty asks, and more."""
    has_consultation = answers.get(CONSULTATION) == YES
    if question.asked == Asked.DUTY:
        return has_consultation or answers.get(DUTY) == YES
    if question.asked == Asked.CONSULTATION:
        return has_consultation
    return question.asked != Asked.PROCUREMENT or project.trigger == Project.Trigger.PROCUREMENT


def may_come(question: PlanQuestion, answers: dict, project: Project) -> bool:
    """Whether a question is asked or may still be, once the duty and the consultation are settled."""
    open_ones = {code: answers.get(code) or YES for code in (DUTY, CONSULTATION)}
    return is_asked(question, open_ones, project)


# Answers in words --------------------------------------------------------------------------------


class Words:
    """Puts answers into words. The rows that they name are read once for all of them: five queries at most."""

    def __init__(self, asked: Iterable[PlanQuestion], *plans: Plan):
        asked = list(asked)
        self.names = {
            kind: {row.pk: str(row) for row in model.objects.filter(pk__in=self._named(asked, kind, plans))}
            for kind, model in ROWS.items()
            if any(question.kind == kind for question in asked)
        }
        has_considered = any(question.code == CONSIDERED for question in asked)
        self.considered = {str(row.pk): row.name for row in always_considered()} if has_considered else {}

    @staticmethod
    def _named(asked, kind: str, plans) -> set[int]:
        codes = [question.code for question in asked if question.kind == kind]
        return {pk for plan in plans for code in codes for pk in numbers(plan.answers.get(code))}

    def of(self, question: PlanQuestion, answers: dict) -> str:
        """The answer in words, a line for each part; empty for none. What is no longer on a list is left out."""
        answer = answers.get(question.code)
        if question.code == CONSIDERED and isinstance(answer, dict):
            named = ((self.considered.get(pk), words) for pk, words in answer.items())
            return "\n".join(f"{capfirst(name)}: {words}" for name, words in named if name and words.strip())
        if question.kind in ROWS:
            names = self.names[question.kind]
            return "\n".join(names[pk] for pk in numbers(answer) if pk in names)
        if question.kind == Kind.YES_NO:
            return {YES: _("Yes"), NO: _("No")}.get(answer, "")
        if question.kind == Kind.DATE:
            return date_format(datetime.date.fromisoformat(answer), "j F Y") if answer else ""
        if question.kind == Kind.NUMBER:
            return number_format(answer, force_grouping=True) if answer is not None else ""
        if isinstance(answer, list):
            return "\n".join(str(part) for part in answer)
        return str(answer or "").strip()


def numbers(answer) -> list[int]:
    """The keys in an answer that names rows: one, several or none."""
    several = answer if isinstance(answer, list) else [answer]
    return [each for each in several if isinstance(each, int)]


def always_considered() -> list[PopulationGroup]:
    """The groups about which every plan has to say something (INC-002)."""
    return list(PopulationGroup.objects.filter(is_always_considered=True))


def sections(plan: Plan, project: Project) -> list[Section]:
    """The whole form with the answers of a plan as they stand now."""
    asked = questions()
    words = Words(asked, plan)
    return [
        Section(
            number,
            title,
            [Line(each, words.of(each, plan.answers), is_asked(each, plan.answers, project)) for each in rows],
        )
        for number, (title, rows) in enumerate(by_section(asked), start=1)
    ]


def aims_of(project: Project) -> list[Aim]:
    return list(project.aims.prefetch_related("groups"))


def aim_in_words(aim: Aim) -> str:
    """The number, for whom, and what it was before."""
    target = number_format(aim.target, force_grouping=True)
    groups = ", ".join(group.name for group in aim.groups.all())
    before = _("not recorded") if aim.baseline is None else number_format(aim.baseline, force_grouping=True)
    lines = [_("Aim: %(target)s") % {"target": target}, _("Before: %(before)s") % {"before": before}]
    return "\n".join([*lines, _("Groups: %(groups)s") % {"groups": groups}] if groups else lines)


def frozen(plan: Plan, project: Project) -> list[dict]:
    """The questions that were asked and the answers, in the words of today, with the aims: what somebody signs."""
    form = [
        {
            "section": section.title,
            "lines": [
                {"code": line.question.code, "question": line.question.text, "answer": line.words}
                for line in section.asked
            ],
        }
        for section in sections(plan, project)
        if section.asked
    ]
    aims = [{"code": "", "question": aim.measure, "answer": aim_in_words(aim)} for aim in aims_of(project)]
    return [*form, {"section": _("Aims"), "lines": aims}]


def to_read(plan: Plan, project: Project) -> list[dict]:
    """A plan to be read: as it was signed, or as it stands while nobody has signed it."""
    return plan.as_signed if plan.as_signed is not None else frozen(plan, project)


def plan_pdf(plan: Plan) -> bytes:
    """A plan as a tagged PDF. Raises core.pdf.PDFUnavailable where the machine cannot make one."""
    project = plan.project
    context = {
        "plan": plan,
        "project": project,
        "sections": to_read(plan, project),
        "body": Organisation.objects.body(),
        "today": timezone.localdate(),
    }
    page = render_to_string("engagement/plans/plan_pdf.html", context)
    return render_pdf(page, stylesheets=("letter.css", "plan.css")).content
