"""How far a plan is: the state of each milestone and priority action on a day, and what the plan lacks (PLN-001, 003).

Late is never typed: the days say it. What was said of a milestone (on track, at risk) is what is said today; on an
earlier day the record knows no better. What was done only after the day counts as not done on it.
"""

import calendar
import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model, Q
from django.utils.formats import date_format
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reporting.models import BudgetLine, Milestone, Plan, Precision, Priority, Risk

DONE, LATE, AT_RISK, ON_TRACK = "done", "late", "at_risk", "on_track"
NOT_STARTED, UNKNOWN = "not_started", "unknown"
# What needs somebody stands first.
STATES = {
    LATE: gettext_lazy("late"),
    AT_RISK: gettext_lazy("at risk"),
    ON_TRACK: gettext_lazy("on track"),
    DONE: gettext_lazy("done"),
    NOT_STARTED: gettext_lazy("not started"),
    UNKNOWN: gettext_lazy("nobody has said"),
}


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone on a day. `due`, `forecast` and `done_on` are in words; `days_late` is 0 unless the state is late."""

    milestone: Milestone
    state: str
    due: str
    forecast: str
    done_on: str
    days_late: int

    @property
    def state_words(self) -> str:
        return str(STATES[self.state])


@dataclass(frozen=True, slots=True)
class PriorityLine:
    """A priority action on a day. `dates` and `leads` are in words; `is_led` is False where nobody is named
    to lead it or to see to it.

    `is_over` is True where its own time has passed and it is not done.
    """

    priority: Priority
    state: str
    dates: str
    leads: str
    milestones: tuple[MilestoneLine, ...]
    has_own_plan: bool
    is_led: bool
    is_over: bool

    @property
    def state_words(self) -> str:
        return str(STATES[self.state])

    @property
    def milestone_words(self) -> str:
        """How many milestones are done and which are late; "" where there is none."""
        if not self.milestones:
            return ""
        done = sum(each.state == DONE for each in self.milestones)
        words = _("%(done)s of %(all)s done") % {"done": done, "all": len(self.milestones)}
        late = "; ".join(each.milestone.text for each in self.milestones if each.state == LATE)
        return _("%(done)s; late: %(late)s") % {"done": words, "late": late} if late else words


@dataclass(frozen=True, slots=True)
class Progress:
    """A plan on a day. `counts` has every state, 0 where no action is in it; `missing` says what the plan lacks."""

    plan: Plan
    on: datetime.date
    lines: tuple[PriorityLine, ...]
    counts: dict[str, int]
    missing: tuple[str, ...]

    @property
    def count_words(self) -> tuple[tuple[str, str, int], ...]:
        """State, its words and how many actions are in it, for the states that some action is in."""
        return tuple((state, str(STATES[state]), number) for state, number in self.counts.items() if number)

    @property
    def late(self) -> tuple[PriorityLine, ...]:
        return tuple(line for line in self.lines if line.state == LATE)


def progress(plan: Plan, on: datetime.date) -> Progress:
    """How far a plan is on a day."""
    return progress_of([plan], on)[0]


def progress_of(plans: Iterable[Plan], on: datetime.date) -> list[Progress]:
    """How far each plan is on a day, in their order; as many queries for a hundred plans as for one."""
    plans = list(plans)
    rows = Priority.objects.filter(plan__in=plans).select_related("own_plan").order_by("number")
    by_plan: dict[int, list[PriorityLine]] = {plan.pk: [] for plan in plans}
    for row in rows.prefetch_related("leads", "milestones__activities", "principles"):
        by_plan[row.plan_id].append(_priority_line(row, on))
    budgeted, risky = (_plans_with(model, plans) for model in (BudgetLine, Risk))
    return [
        Progress(
            plan,
            on,
            tuple(by_plan[plan.pk]),
            dict.fromkeys(STATES, 0) | Counter(line.state for line in by_plan[plan.pk]),
            tuple(_missing(plan, on, by_plan[plan.pk], has_budget=plan.pk in budgeted, has_risks=plan.pk in risky)),
        )
        for plan in plans
    ]


def _plans_with(model: type[Model], plans: list[Plan]) -> set[int]:
    return set(model.objects.filter(plan__in=plans).values_list("plan", flat=True))


def late_milestones(on: datetime.date) -> list[MilestoneLine]:
    """Milestones of every plan that were not done by the day that was set, the longest late first."""
    rows = Milestone.objects.overdue(on).select_related("priority__plan").prefetch_related("activities")
    found = [line for row in rows if (line := milestone_line(row, on)).state == LATE]
    return sorted(found, key=lambda line: (-line.days_late, line.milestone.pk))


def top_risks(on: datetime.date, most: int = 5) -> list[Risk]:
    """The greatest risks that are open on a day, of plans that have begun, the highest score first (PLN-007).

    A plan without a day counts as begun.
    """
    began = Q(plan__starts_on=None) | Q(plan__starts_on__lte=on)
    return list(Risk.objects.open_on(on).filter(began).select_related("plan", "priority", "project")[:most])


# States ------------------------------------------------------------------------------------------


def milestone_line(row: Milestone, on: datetime.date) -> MilestoneLine:
    """A milestone on a day."""
    state = _milestone_state(row, on)
    return MilestoneLine(
        row,
        state,
        due=said(row.due_on, row.precision),
        forecast=said(row.forecast_on, row.precision) if row.forecast_on else "",
        done_on=said(row.done_on) if state == DONE else "",
        days_late=(on - last_day(row.due_on, row.precision)).days if state == LATE else 0,
    )


def _milestone_state(row: Milestone, on: datetime.date) -> str:
    if row.done_on and row.done_on <= on:
        return DONE
    if row.due_on and last_day(row.due_on, row.precision) < on:
        return LATE
    # Done later, and in time so far: on that day it was on its way.
    return ON_TRACK if row.done_on else row.status


def _priority_line(row: Priority, on: datetime.date) -> PriorityLine:
    milestones = tuple(milestone_line(each, on) for each in row.milestones.all())
    leads = _leads(row)
    is_done = bool(row.done_on and row.done_on <= on)
    is_over = bool(row.ends_on and last_day(row.ends_on, row.precision) < on) and not is_done
    of_milestones = {line.state for line in milestones} | ({LATE} if is_over else set())
    return PriorityLine(
        row,
        state=DONE if is_done else _state_of_open(row, on, of_milestones),
        dates=dates(row),
        leads=leads or _("not recorded"),
        milestones=milestones,
        has_own_plan=hasattr(row, "own_plan"),
        is_led=bool(leads or row.owner),
        is_over=is_over,
    )


def _state_of_open(row: Priority, on: datetime.date, said_of_it: set[str]) -> str:
    """The first of the rules that fits an action that is not done."""
    for state in (LATE, AT_RISK):
        if state in said_of_it:
            return state
    if said_of_it & {ON_TRACK, DONE}:
        return ON_TRACK
    return NOT_STARTED if row.starts_on and row.starts_on > on else UNKNOWN


def last_day(day: datetime.date, precision: str) -> datetime.date:
    """The last day that a date may mean: of a month, its last."""
    if precision == Precision.MONTH:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day


# Words -------------------------------------------------------------------------------------------


def public_words(state: str) -> str:
    """Staff are told that nobody has said; everybody else, that it is not recorded."""
    return capfirst(_("not recorded") if state == UNKNOWN else STATES[state])


def said(day: datetime.date | None, precision: str = Precision.DAY) -> str:
    """A day no more exact than it is known: "July 2022", "5 July 2022", "not recorded"."""
    if day is None:
        return _("not recorded")
    return date_format(day, "F Y" if precision == Precision.MONTH else "j F Y")


def span(first: datetime.date | None, last: datetime.date | None, precision: str = Precision.DAY) -> str:
    """The time between two days, either of which may not be known; "" where neither is."""
    start, end = (said(day, precision) for day in (first, last))
    if first and last:
        return start if start == end else _("%(start)s to %(end)s") % {"start": start, "end": end}
    if first:
        return _("from %(date)s, no end") % {"date": start}
    return _("by %(date)s") % {"date": end} if last else ""


def dates(row: Priority) -> str:
    """When a priority action runs, with what the plan says of the time: open-ended and missing dates are valid."""
    words = span(row.starts_on, row.ends_on, row.precision)
    if words and row.date_note:
        return _("%(dates)s (%(note)s)") % {"dates": words, "note": row.date_note}
    return words or row.date_note or _("not recorded")


def _leads(row: Priority) -> str:
    names = [organisation.name for organisation in row.leads.all()]
    return ", ".join([*names, *filter(None, [row.lead_note])])


# What a plan lacks -------------------------------------------------------------------------------


def _missing(plan: Plan, on: datetime.date, lines: list[PriorityLine], *, has_budget: bool, has_risks: bool):
    if not lines:
        yield _("No priority action is recorded")
    yield from _lacking(plan, lines)
    undated = sum(not each.milestone.due_on and each.state != DONE for line in lines for each in line.milestones)
    if undated:
        words = ngettext("%(number)s milestone has no due day", "%(number)s milestones have no due day", undated)
        yield words % {"number": undated}
    is_whole = plan.kind != Plan.Kind.ACTION  # the plan of one action has its money and its lead from the plan above
    if is_whole and not has_budget:
        yield _("No budget is recorded")
    if not has_risks:
        yield _("No risk is recorded")
    if is_whole and not plan.executive_lead:
        yield _("No executive lead is recorded")
    if plan.next_review_on and plan.next_review_on < on:
        yield _("It was to be looked at again by %(date)s") % {"date": said(plan.next_review_on)}


def _lacking(plan: Plan, lines: list[PriorityLine]):
    """Kinds of gaps of priority actions, with the numbers of the actions."""
    is_strategy = plan.kind == Plan.Kind.STRATEGY
    gaps = (
        (_("No plan of its own"), lambda line: is_strategy and not line.has_own_plan),
        (_("Nobody named to lead"), lambda line: not line.is_led),
        (_("No date"), lambda line: not (line.priority.starts_on or line.priority.ends_on or line.priority.date_note)),
        (_("No milestone"), lambda line: not is_strategy and not line.milestones),
    )
    for words, lacks in gaps:
        numbers = [str(line.priority.number) for line in lines if line.state != DONE and lacks(line)]
        if numbers:
            actions = ngettext("action %(numbers)s", "actions %(numbers)s", len(numbers))
            named = actions % {"numbers": get_text_list(numbers, _("and"))}
            yield _("%(gap)s: %(actions)s") % {"gap": words, "actions": named}
