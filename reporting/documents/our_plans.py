"""A published plan as everybody may read it: a plan on a page (PLN-006, PLN-014).

It holds no words that staff wrote for themselves: no owners, risks, money, evidence or reasons for a state. Activities
are named only where their own pages are public.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from core.charts import Span, time_in_words
from engagement.models import Activity
from reporting.documents.plans import AT_RISK, LATE, MilestoneLine, PriorityLine, Progress, progress, public_words, span
from reporting.models import Milestone, Phase, Plan, Priority

Link = tuple[str, str]  # words and address


@dataclass(frozen=True, slots=True)
class Stretch:
    """One bar of the roadmap, and its row in the table beside it."""

    span: Span
    time: str
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone. `expected` is empty unless it is late or at risk and a new date is known."""

    text: str
    due: str
    state: str
    state_words: str
    expected: str


@dataclass(frozen=True, slots=True)
class Action:
    """A priority action with its milestones, the activities that serve it, and its own plan where that is published.

    `principles` are those that it puts into practice, each by its number and in a few words.
    """

    number: int
    text: str
    outcome: str
    leads: str
    dates: str
    state: str
    state_words: str
    steps: tuple[Step, ...]
    activities: tuple[Link, ...]
    own_plan_url: str
    principles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicPlan:
    """All that the public page of a plan prints."""

    plan: Plan
    time: str
    counts: tuple[tuple[str, str, int], ...]
    roadmap: tuple[Stretch, ...]
    roadmap_column: str
    actions: tuple[Action, ...]
    made_in: tuple[Link, ...]
    delivers: Link | None


def public_plan(plan: Plan, on: datetime.date) -> PublicPlan:
    """A plan on a day. As many queries for a hundred actions as for one."""
    found = progress(plan, on)
    served = public_activities([plan])
    stretches, column = _roadmap(plan, found)
    return PublicPlan(
        plan,
        time=_time(plan) or _("not recorded"),
        counts=counts(found),
        roadmap=tuple(stretches),
        roadmap_column=column,
        actions=tuple(_action(line, served[line.priority.pk]) for line in found.lines),
        made_in=_links(plan.developed_in.public()),
        delivers=_delivers(plan),
    )


def _time(plan: Plan) -> str:
    """From when to when, in months where whole months are meant."""
    if plan.starts_on:
        return time_in_words(Span(plan.title, plan.starts_on, plan.ends_on))
    return span(None, plan.ends_on)


def counts(found: Progress) -> tuple[tuple[str, str, int], ...]:
    """State, its words and how many actions are in it, for the states that some action is in."""
    return tuple((state, public_words(state), number) for state, _words, number in found.count_words)


def _action(line: PriorityLine, activities: Iterable[Activity]) -> Action:
    row = line.priority
    own = row.own_plan if line.has_own_plan else None
    return Action(
        row.number,
        row.text,
        row.outcome,
        leads=line.leads,
        dates=line.dates,
        state=line.state,
        state_words=public_words(line.state),
        steps=tuple(_step(each) for each in line.milestones),
        activities=_links(activities),
        own_plan_url=reverse("our_plans:plan_detail", args=[own.code]) if own and own.is_published else "",
        principles=tuple(str(principle) for principle in row.principles.all()),
    )


def _step(line: MilestoneLine) -> Step:
    expected = line.forecast if line.state in (LATE, AT_RISK) else ""
    return Step(line.milestone.text, line.due, line.state, public_words(line.state), expected)


def _delivers(plan: Plan) -> Link | None:
    """The published plan of which this one delivers an action."""
    above = plan.delivers.plan if plan.delivers else None
    if above is None or not above.is_published:
        return None
    return above.title, reverse("our_plans:plan_detail", args=[above.code])


# Activities --------------------------------------------------------------------------------------


def public_activities(plans: Iterable[Plan]) -> dict[int, list[Activity]]:
    """Public activities by the number of row of the action that they serve, or whose milestones they show."""
    plans = list(plans)
    of_action = Priority.activities.through.objects.filter(priority__plan__in=plans)
    of_step = Milestone.activities.through.objects.filter(milestone__priority__plan__in=plans)
    pairs = [
        *of_action.values_list("priority", "activity"),
        *of_step.values_list("milestone__priority", "activity"),
    ]
    public = Activity.objects.public().in_bulk({activity for _action, activity in pairs})
    served = defaultdict(list)
    for action, activity in dict.fromkeys(pairs):
        if activity in public:
            served[action].append(public[activity])
    return served


def _links(activities: Iterable[Activity]) -> tuple[Link, ...]:
    return tuple((row.title, reverse("taking_part:activity_detail", args=[row.slug])) for row in activities)


# The roadmap -------------------------------------------------------------------------------------


def _roadmap(plan: Plan, found: Progress) -> tuple[list[Stretch], str]:
    """The phases of a plan; without any its dated actions; without those its dated milestones. And what a row tells."""
    if phases := list(plan.phases.all()):
        return [_of_phase(phase) for phase in phases], _("Aims")
    actions = [_of_action(line) for line in found.lines if line.priority.starts_on]
    steps = [_of_step(each) for line in found.lines for each in line.milestones if each.milestone.due_on]
    return actions or steps, _("State")


def _of_phase(phase: Phase) -> Stretch:
    bar = Span(phase.name, phase.starts_on, phase.ends_on)
    return Stretch(bar, time_in_words(bar), "; ".join(phase.aims.splitlines()) or _("not recorded"))


def _of_action(line: PriorityLine) -> Stretch:
    row, state = line.priority, public_words(line.state)
    return Stretch(Span(f"{row.number}. {row.text}", row.starts_on, row.ends_on, state.lower()), line.dates, state)


def _of_step(line: MilestoneLine) -> Stretch:
    row, state = line.milestone, public_words(line.state)
    first = row.due_on.replace(day=1) if row.precision == "month" else row.due_on
    return Stretch(Span(row.text, first, row.due_on, state.lower()), line.due, state)
