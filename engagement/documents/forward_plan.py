"""The forward plan: decisions to come, by board and month, and what is still missing before each of them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.models import (
    Activity,
    Assurance,
    CheckAnswer,
    CheckQuestion,
    Condition,
    Consultation,
    KnowledgeCheck,
    Plan,
    Point,
    Policy,
    Project,
    Rating,
    Representative,
)

MISSING, UNDER_WAY, DONE, NOT_NEEDED, NOT_KNOWN = "missing", "under way", "done", "not needed", "not known"
WORDS = {
    MISSING: gettext_lazy("missing"),
    UNDER_WAY: gettext_lazy("under way"),
    DONE: gettext_lazy("done"),
    NOT_NEEDED: gettext_lazy("not needed"),
    NOT_KNOWN: gettext_lazy("not known yet"),
}
COLOURS = {MISSING: "red", UNDER_WAY: "yellow", DONE: "green", NOT_NEEDED: "grey", NOT_KNOWN: "white"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a decision rests on, and whether it is there."""

    name: str
    state: str

    @property
    def words(self) -> str:
        return str(WORDS[self.state])

    @property
    def colour(self) -> str:
        return COLOURS[self.state]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the forward plan: when, by whom, and what it rests on.

    `due_on` is the day on which it was taken, or else is due. `has_involvement` says whether people were involved
    before that day: information alone does not count, nor does what is only planned. `overrides` counts the gates
    that were passed although something stood in the way.
    """

    pk: int
    reference: str
    title: str
    stage: str
    board: str
    due_on: datetime.date
    is_taken: bool
    has_involvement: bool
    overrides: int
    steps: tuple[Step, ...]

    @property
    def missing(self) -> list[str]:
        """The names of what is missing."""
        return [step.name for step in self.steps if step.state == MISSING]


@dataclass(frozen=True, slots=True)
class Month:
    """The decisions of one board in one month, the worst first."""

    board: str
    first: datetime.date
    decisions: list[Decision]

    @property
    def gaps(self) -> int:
        return sum(bool(each.missing) or not each.has_involvement for each in self.decisions)


def decisions(first: datetime.date, last: datetime.date, user=None, *, with_overdue: bool = False) -> list[Decision]:
    """Decisions taken or due between two days, the one with most missing first; of the projects that `user` may see.

    `with_overdue` adds those that were due before the first day and have not been taken. Projects that were stopped
    are left out. The number of queries does not grow with the projects.
    """
    seen = Project.objects.for_user(user) if user else Project.objects.all()
    rows = seen.deciding(first, last)
    if with_overdue:
        rows = rows | seen.open().filter(decided_on=None, decision_due_on__lt=first)
    rows = rows.filter(stopped_on=None).select_related("decision_by")
    rows = list(rows.annotate(overridden=Count("overrides", distinct=True), is_involved=Exists(_involvement())))
    facts = _Facts([row.pk for row in rows])
    found = [_decision(row, facts) for row in rows]
    return sorted(found, key=lambda each: (-_badness(each), each.due_on, each.reference))


def by_board_and_month(found: Iterable[Decision]) -> list[Month]:
    """Decisions by board and month: the month with most missing first, then the earliest."""
    together = defaultdict(list)
    for each in found:
        together[each.board, each.due_on.replace(day=1)].append(each)
    months = [Month(board, first, rows) for (board, first), rows in together.items()]
    return sorted(months, key=lambda month: (-sum(map(_badness, month.decisions)), month.first, month.board))


def _involvement():
    """What counts as involving people before the decision: begun by now, and not after the decision was taken."""
    began = Q(starts_on=None) | Q(starts_on__lte=timezone.localdate())
    in_time = Q(project__decided_on=None) | Q(starts_on=None) | Q(starts_on__lte=OuterRef("decided_on"))
    of_it = Activity.objects.filter(began, in_time, project=OuterRef("pk"))
    return of_it.exclude(nature=Activity.Nature.INFORMATION).exclude(state=Activity.State.PLANNED)


def _badness(decision: Decision) -> int:
    return len(decision.missing) + (not decision.has_involvement)


class _Facts:
    """What is recorded about many projects at once, by the number of the project."""

    def __init__(self, projects: list[int]):
        self.today = timezone.localdate()
        self.policy = Policy.objects.current()
        of_them = {"project__in": projects}
        self.plans = _grouped(Plan.objects.filter(**of_them).values_list("project", "state"))
        self.known = set(KnowledgeCheck.objects.filter(**of_them).values_list("project", flat=True))
        self.assessments = defaultdict(dict)
        assessed = Project.objects.filter(pk__in=projects, assessments__isnull=False)
        for project, phase, final_at in assessed.values_list("pk", "assessments__phase", "assessments__final_at"):
            self.assessments[project][phase] = final_at is not None
        active = CheckQuestion.objects.filter(check_list__is_active=True, check_list__blocks=True)
        self.questions = dict(active.values_list("pk", "at_points"))
        answers = CheckAnswer.objects.filter(**of_them, question__in=active)
        self.answers = _grouped(answers.values_list("project", "question", "point", "rating"))
        self.consultations = {row.project_id: row for row in Consultation.objects.filter(**of_them)}
        in_order = Assurance.objects.filter(**of_them).order_by("concluded_at", "pk")
        self.assurances = _grouped(in_order.values_list("project", "forum", "result"))
        open_ones = Condition.objects.filter(
            assurance__project__in=projects, done_on=None, before=Condition.Before.DECISION
        )
        self.conditions = set(open_ones.values_list("assurance__project", flat=True))
        present = Representative.objects.present().filter(**of_them).order_by().values_list("project")
        self.representatives = dict(present.annotate(number=Count("person", distinct=True)))


def _grouped(rows: Iterable[tuple]) -> dict[int, list]:
    """Rows by their first column: a list of the second one, or of all the others."""
    together = defaultdict(list)
    for key, *rest in rows:
        together[key].append(rest[0] if len(rest) == 1 else tuple(rest))
    return together


def _decision(project: Project, facts: _Facts) -> Decision:
    steps = (
        Step(_("signed plan"), _plan(project, facts)),
        Step(_("search of what is known"), DONE if project.pk in facts.known else MISSING),
        Step(_("equality assessment"), _assessment(project, facts)),
        Step(_("check lists"), _checks(project, facts)),
        Step(_("consultation"), _consultation(project, facts)),
        Step(_("assurance"), _assurance(project, facts)),
        Step(_("patient representatives"), _representatives(project, facts)),
    )
    return Decision(
        pk=project.pk,
        reference=project.reference,
        title=project.title,
        stage=project.get_stage_display(),
        board=project.decision_by.name if project.decision_by else _("board not recorded"),
        due_on=project.decided_on or project.decision_due_on,
        is_taken=project.decided_on is not None,
        has_involvement=project.is_involved,
        overrides=project.overridden,
        steps=steps,
    )


def _plan(project: Project, facts: _Facts) -> str:
    states = facts.plans[project.pk]
    if Plan.State.SIGNED in states:
        return DONE
    return UNDER_WAY if {Plan.State.DRAFT, Plan.State.SUBMITTED} & set(states) else MISSING


def _assessment(project: Project, facts: _Facts) -> str:
    """Before people are involved, and after a consultation once more (SVC-004 to 008)."""
    if not project.needs_assessment:
        return NOT_NEEDED
    phases = facts.assessments[project.pk]
    needed = ["before"] if project.is_consulted_on is False else ["before", "after"]
    if all(phases.get(phase) for phase in needed):
        return DONE
    return UNDER_WAY if phases else MISSING


def _checks(project: Project, facts: _Facts) -> str:
    """Every question of the lists that block, at every point at which it is asked of this project."""
    consulted = {Point.OPEN, Point.CLOSE} if project.is_consulted_on is not False else set()
    points = {Point.PLAN, Point.DECISION} | consulted
    asked = {(pk, point) for pk, at in facts.questions.items() for point in points if not at or point in at}
    given = {(pk, point): rating for pk, point, rating in facts.answers[project.pk] if (pk, point) in asked}
    if not asked:
        return NOT_NEEDED
    if Rating.RED in given.values():
        return MISSING
    if asked == set(given):
        return DONE
    return UNDER_WAY if given else MISSING


def _consultation(project: Project, facts: _Facts) -> str:
    row = facts.consultations.get(project.pk)
    if project.is_consulted_on is False:
        return NOT_NEEDED
    if row is None:
        return MISSING if project.is_consulted_on else NOT_KNOWN
    return DONE if row.last_day and row.last_day < facts.today else UNDER_WAY


def _assurance(project: Project, facts: _Facts) -> str:
    """By the last word of each group, as the gate reads it. While a condition is open, assurance is under way."""
    rows = facts.assurances[project.pk]
    last_words = {forum: result for forum, result in rows if result}
    if last_words and Assurance.Result.NOT not in last_words.values():
        return UNDER_WAY if project.pk in facts.conditions else DONE
    return UNDER_WAY if any(not result for _forum, result in rows) else MISSING


def _representatives(project: Project, facts: _Facts) -> str:
    number = facts.representatives.get(project.pk, 0)
    if number >= facts.policy.wanted_representatives:
        return DONE
    return UNDER_WAY if number >= facts.policy.least_representatives and number else MISSING
