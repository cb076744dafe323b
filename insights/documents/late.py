"""What is late: activities whose people wait for an answer, and promises whose day has passed (YSD-002 to YSD-004).

A day that nobody recorded is not late and not in time: it is counted by itself.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagement.documents.public_answers import Answers
from engagement.documents.public_pages import SURVEYS, WITH_CARDS, Standing, address_of, last_day, with_standing
from engagement.models import Activity, Period, Policy
from insights.models import Reminder, Response
from people.models import User

ANSWER, PROMISE = "answer", "promise"
Level = Reminder.Level


@dataclass(frozen=True, slots=True)
class Late:
    """One answer that people wait for, or one promise that is not kept, for how many days, and how far it climbed.

    `response` is None where there is no answer to read yet; `owner` is None where nobody owns the activity. `reminded`
    are the levels that were reminded of this day.
    """

    kind: str
    words: str
    activity: Activity
    response: Response | None
    due_on: datetime.date
    days: int
    level: Level
    owner: User | None
    reminded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How many activities that are over have a public answer, and after how many days the first one came.

    `closed` and `closed_answered` count those that are closed; `median_days` is over `measured` activities whose last
    day is known. `undated` have no last day on record, so nobody can say how soon.
    """

    over: int
    answered: int
    closed: int
    closed_answered: int
    median_days: float | None
    measured: int
    undated: int

    @property
    def percent(self) -> int | None:
        """The share of activities that are over and answered, rounded down; None where none is over."""
        return 100 * self.answered // self.over if self.over else None

    @property
    def closed_percent(self) -> int | None:
        """The share of closed activities with a public answer, rounded down; None where none is closed (YSD-002)."""
        return 100 * self.closed_answered // self.closed if self.closed else None


def late(period: Period | None = None, *, user: User | None = None) -> list[Late]:
    """What is late today, the longest first: all of it, or what fell due in a period, or what a user may see.

    A fixed number of queries.
    """
    policy, today = Policy.objects.current(), timezone.localdate()
    activities = Activity.objects.for_user(user) if user else Activity.objects.all()
    found = [*_unanswered(activities, policy, today), *_promises(activities, policy, today)]
    if period:
        found = [row for row in found if period.starts_on <= row.due_on <= period.ends_on]
    return sorted(found, key=lambda row: (-row.days, row.activity.reference, row.response.pk if row.response else 0))


def level_after(days: int, policy: Policy) -> Level:
    """Who has to hear of something that is so many days late."""
    if days >= policy.board_after_days:
        return Level.BOARD
    return Level.LEAD if days >= policy.lead_after_days else Level.OWNER


def answered_by(activity: Activity, weeks: int) -> datetime.date | None:
    """By when people were to hear what came of an activity, read with SURVEYS and WITH_CARDS; None without a day."""
    day = last_day(activity)
    return day + datetime.timedelta(weeks=weeks) if day else None


def awaiting(activities):
    """Activities that are over and have no public answer, with what `answered_by` needs."""
    answered = Response.objects.public().answered()
    rows = with_standing(activities, answered).filter(standing=Standing.AWAITING)
    return rows.select_related("owner", *WITH_CARDS).prefetch_related(SURVEYS)


def clock(activity: Activity) -> str:
    """By when we said that we would answer, in words for everybody, late or not; nothing once there is an answer."""
    row = awaiting(Activity.objects.filter(pk=activity.pk)).first()
    return Answers().clock(last_day(row), Policy.objects.current().answer_weeks) if row else ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An activity whose people wait for an answer: its title, its public page, and the clock in words."""

    title: str
    url: str
    clock: str


def waiting(most: int) -> list[Waiting]:
    """Public activities whose people have waited longer than we said, the longest first."""
    weeks, today = Policy.objects.current().answer_weeks, timezone.localdate()
    rows = [(answered_by(row, weeks), row) for row in awaiting(Activity.objects.public())]
    late = sorted(((day, row) for day, row in rows if day and day < today), key=lambda each: (each[0], each[1].pk))
    return [Waiting(row.title, address_of(row), Answers().clock(last_day(row), weeks)) for _day, row in late[:most]]


def _unanswered(activities, policy: Policy, today: datetime.date) -> Iterable[Late]:
    for row in awaiting(activities).prefetch_related("reminders"):
        due_on = answered_by(row, policy.answer_weeks)
        if due_on and due_on < today:
            yield _late(ANSWER, row.title, row, None, due_on, today, policy)


def _promises(activities, policy: Policy, today: datetime.date) -> Iterable[Late]:
    rows = Response.objects.public().late(today).filter(activity__in=activities.values("pk"))
    for row in rows.select_related("activity__owner", "topic").prefetch_related("reminders"):
        words = Truncator(row.we_did).words(20)
        yield _late(PROMISE, f"{row.topic}: {words}", row.activity, row, row.due_on, today, policy)


def _late(kind, words, activity, response, due_on, today, policy) -> Late:
    days = (today - due_on).days
    reminders = (response or activity).reminders.all()
    reminded = tuple(row.level for row in reminders if row.due_on == due_on)
    return Late(kind, words, activity, response, due_on, days, level_after(days, policy), activity.owner, reminded)


def ages(rows: Iterable[Late]) -> list[tuple[str, int]]:
    """How many are late for how long, by who has to hear of it, the worst first."""
    counted = Counter(row.level for row in rows)
    labels = {
        Level.BOARD: _("Late enough for the Board report"),
        Level.LEAD: _("Late enough for the engagement lead"),
        Level.OWNER: _("Late, with the owner"),
    }
    return [(label, counted[level]) for level, label in labels.items()]


# How often, how soon -----------------------------------------------------------------------------


def timeliness(period: Period | None = None, *, user: User | None = None) -> Timeliness:
    """How many activities have public answers, and how soon they came: all of them, or those of a period (YSD-003)."""
    rows = Activity.objects.for_user(user) if user else Activity.objects.all()
    rows = rows.in_period(period) if period else rows
    public = Response.objects.public().answered()
    over = with_standing(rows, public).filter(standing__in=[Standing.AWAITING, Standing.ANSWERED])
    theirs = Prefetch("responses", Response.objects.public(), to_attr="public_answers")
    others = Prefetch("further_answers", Response.objects.public(), to_attr="public_answers_elsewhere")
    over = list(over.select_related(*WITH_CARDS).prefetch_related(SURVEYS, theirs, others))
    first = {row.pk: _first_answer(row) for row in over}
    closed = [row for row in over if row.state == Activity.State.CLOSED]
    answered = [row for row in over if first[row.pk]]
    days = [(first[row.pk] - day).days for row in answered if (day := last_day(row)) and first[row.pk] >= day]
    return Timeliness(
        over=len(over),
        answered=len(answered),
        closed=len(closed),
        closed_answered=sum(first[row.pk] is not None for row in closed),
        median_days=median(days) if days else None,
        measured=len(days),
        undated=sum(last_day(row) is None for row in over),
    )


def _first_answer(row: Activity) -> datetime.date | None:
    days = [each.published_at for each in (*row.public_answers, *row.public_answers_elsewhere)]
    return timezone.localdate(min(days)) if days else None
