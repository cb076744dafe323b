"""What is going on, everywhere or in one place, and whom we still need to hear from (PUB-002, PUB-012, ENG-023).

Plain data, as in `public_pages`. Groups are named, never counted: a number of people by a characteristic is not shown.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from engagement.documents.coverage import DUE, NEVER
from engagement.documents.coverage.groups import Groups
from engagement.documents.coverage.places import Places
from engagement.documents.public_pages import SUMMARY_WORDS, PublicSession, session_of
from engagement.models import Activity, GroupPlan, OutreachAction, Policy, Session, Survey
from forums.models import Forum, Meeting
from people.models import Area, EqualityOption

MOST = 20


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    title: str
    url: str
    summary: str
    closes_on: datetime.date
    without_internet: str


@dataclass(frozen=True, slots=True)
class PublicMeeting:
    """A meeting that anybody may watch, as its own page shows it."""

    title: str
    url: str
    starts_at: datetime.datetime
    mode: str
    place: str
    access: str


@dataclass(frozen=True, slots=True)
class PublicForum:
    """A forum of a place, with the address that it gives to the public."""

    name: str
    url: str
    kind: str
    contact: str


def open_surveys(there: Q | None = None) -> list[OpenSurvey]:
    """Surveys that take answers today, the one that closes first at the top."""
    rows = Survey.objects.open().order_by("closes_on", "title", "pk")
    if there is not None:
        rows = rows.filter(activity__in=Activity.objects.filter(there).values("pk"))
    return [
        OpenSurvey(
            row.title,
            row.get_absolute_url(),
            Truncator(row.introduction).words(SUMMARY_WORDS),
            row.closes_on,
            row.paper_contact,
        )
        for row in rows[:MOST]
    ]


def coming_sessions(activities: QuerySet[Activity]) -> list[PublicSession]:
    """Sessions of public activities from today on, the next first."""
    rows = Session.objects.filter(held_on__gte=timezone.localdate(), activity__in=activities.values("pk"))
    rows = rows.select_related("activity", "venue", "method", "host").order_by("held_on", "pk")
    return [session_of(row, row.activity) for row in rows[:MOST]]


def coming_meetings(there: Q | None = None) -> list[PublicMeeting]:
    """Meetings in public, the next first."""
    rows = Meeting.objects.public().upcoming().filter(there or Q()).order_by("starts_at", "pk").distinct()
    return [
        PublicMeeting(
            row.title, row.get_absolute_url(), row.starts_at, row.get_mode_display(), row.venue.strip(), row.access
        )
        for row in rows[:MOST]
    ]


def forums_in(area: Area) -> list[PublicForum]:
    """Forums that work in a place or a part of it now."""
    rows = Forum.objects.forums().live().filter(Q(area=area) | Q(area__parent=area)).select_related("kind")
    return [
        PublicForum(row.name, reverse("forums:forum_detail", args=[row.pk]), row.kind.name, row.contact)
        for row in rows.order_by("name")
    ]


# Whom we still need to hear from -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupWanted:
    """A group with a plan: where, and in which ways we want to hear from it."""

    name: str
    where: str
    how: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StillToHear:
    """Names of groups alone. `due` were not heard for `months` months; `wanted` are groups with a plan.

    `looked_for` are answers to equality questions that are rarer among those who took part than among residents, by
    the question: no activity is named with them and no number, so that nobody is found out.
    """

    never: tuple[str, ...]
    due: tuple[str, ...]
    months: int
    wanted: tuple[GroupWanted, ...]
    looked_for: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def is_empty(self) -> bool:
        return not (self.never or self.due or self.wanted or self.looked_for)


def still_to_hear() -> StillToHear:
    """As the record stands today, in a number of queries that no row adds to."""
    months = Policy.objects.current().heard_months
    recorded = Activity.objects.exclude(state=Activity.State.PLANNED)
    groups = Groups(recorded, Activity.objects.none(), timezone.localdate(), months)
    groups.count(Places())
    rows = groups.rows([])
    return StillToHear(
        never=tuple(row.name for row in rows if row.last.status == NEVER),
        due=tuple(row.name for row in rows if row.last.status == DUE),
        months=months,
        wanted=tuple(_wanted(plan) for plan in _plans()),
        looked_for=_looked_for(),
    )


def _plans() -> QuerySet[GroupPlan]:
    return GroupPlan.objects.select_related("group", "area").prefetch_related(Prefetch("methods"))


def _wanted(plan: GroupPlan) -> GroupWanted:
    return GroupWanted(
        plan.group.name, plan.area.name if plan.area else "", tuple(each.name for each in plan.methods.all())
    )


def _looked_for() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who is looked for in outreach that is not done yet; the wider category where an answer has one."""
    going_on = OutreachAction.objects.filter(done_on=None)
    options = EqualityOption.objects.filter(pk__in=going_on.values("option")).exclude(
        code=EqualityOption.PREFER_NOT_TO_SAY
    )
    found: dict[str, list[str]] = {}
    for option in options.select_related("question").order_by("question__order", "question__code", "order", "pk"):
        names = found.setdefault(option.question.text, [])
        name = option.group or option.label
        if name not in names:
            names.append(name)
    return tuple((question, tuple(names)) for question, names in found.items())
