"""Who took part in one activity, or in all of a period, as it may be shown; and how it changed (ENG-023, ENG-024)."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from core import disclosure
from engagement.documents.representation import Ends, Picture, Since, label_of, options_by_group, picture, since
from engagement.documents.residents import Population, Residents, population
from engagement.models import Activity, OutreachAction, Participation, Period
from forums.models import Forum
from people.models import EqualityQuestion, PopulationGroup

WEEKS = 13


@dataclass(frozen=True, slots=True)
class Point:
    """The people up to a day: the base, and the share of each group, as texts that may be shown."""

    until: datetime.date
    base: str
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """How the shares of the groups of a question changed since it began. `groups` are the headings of the shares."""

    question: EqualityQuestion
    groups: tuple[str, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class WhoTookPart:
    """An activity’s picture, its changes over time by the number of the question, and what was done about gaps."""

    picture: Picture
    trends: dict[int, Trend]
    sources: tuple[str, ...]
    outreach: tuple[tuple[OutreachAction, Since], ...]


def questions_with_answers() -> list[EqualityQuestion]:
    return list(EqualityQuestion.objects.prefetch_related("options"))


def who_took_part(activity: Activity) -> WhoTookPart:
    """Everything of one activity: seven queries, whatever the number of answers."""
    questions = questions_with_answers()
    rows = list(Participation.objects.filter(activity=activity).order_by("on"))
    people = _people_of(activity, questions)
    given: dict[int, int] = defaultdict(int)
    for row in rows:
        given[row.option_id] += row.number
    found = picture(questions, given, people)
    trends = {each.question.pk: _trend(each.question, rows, each.residents) for each in found.comparisons}
    outreach = OutreachAction.objects.filter(activity=activity).select_related("option", "option__question")
    return WhoTookPart(
        found,
        trends,
        tuple(dict.fromkeys(row.source for row in rows)),
        tuple((action, closing_of(action, found)) for action in outreach),
    )


def picture_of(activity: Activity) -> Picture:
    """The picture alone, with the figures of today."""
    questions = questions_with_answers()
    rows = Participation.objects.filter(activity=activity)
    return picture(questions, _totals(rows), _people_of(activity, questions))


def _people_of(activity: Activity, questions: list[EqualityQuestion]) -> Population:
    areas = activity.areas.values_list("pk", flat=True)
    return population(areas, [question.characteristic for question in questions])


def _totals(rows) -> dict[int, int]:
    sums = rows.order_by().values("option").annotate(people=Sum("number"))
    return {row["option"]: row["people"] for row in sums}


# Outreach ------------------------------------------------------------------------------------------


def frozen(shown: Picture, option) -> tuple[Decimal | None, int | None]:
    """The share and the base of an answer’s group as they are shown today, to be kept with an outreach action.

    Without a share the count was hidden; without a base nothing was shown.
    """
    base, group = shown.group_of(option)
    if not base or group is None:
        return None, None
    is_hidden = group.ends.low != group.ends.high
    return (None if is_hidden else (Decimal(100 * min(group.ends.low, base)) / base).quantize(Decimal("0.1"))), base


def closing_of(action: OutreachAction, shown: Picture) -> Since:
    """The gap of an action then and now, both from figures that were shown."""
    base, group = shown.group_of(action.option)
    expected = group.expected if group else None
    return since(_then(action), (base, group.ends if group else None), expected)


def _then(action: OutreachAction) -> tuple[int, Ends | None]:
    if action.base_then is None:
        return 0, None
    if action.share_then is None:
        return action.base_then, Ends.of(disclosure.HIDDEN)
    count = round(float(action.share_then) * action.base_then / 100)
    return action.base_then, Ends(count, count)


# Over time -----------------------------------------------------------------------------------------


def _trend(question: EqualityQuestion, rows: list[Participation], residents: Residents) -> Trend:
    """The shares at the end of each week, or of each month when it takes more than a quarter.

    Two tables that differ by fewer than eight people would tell about these: such a step waits for the next one, and
    the last step takes the place of the one before it.
    """
    groups, _apart = options_by_group(question, residents)
    group_of = {option.pk: name for name, options in groups.items() for option in options}
    mine = [row for row in rows if row.option_id in group_of]
    points: list[tuple[int, Point]] = []
    counts = dict.fromkeys(groups, 0)
    steps = _steps(mine)
    for until, those in steps:
        for row in those:
            counts[group_of[row.option_id]] += row.number
        base = sum(counts.values())
        is_last = until == steps[-1][0]
        if points and base - points[-1][0] < disclosure.SMALLEST_SHOWN:
            if not is_last:
                continue
            points.pop()
        points.append((base, _point(until, counts)))
    labels = tuple(label_of(name, options) for name, options in groups.items())
    return Trend(question, labels, tuple(point for _base, point in points))


def _point(until: datetime.date, counts: dict[str, int]) -> Point:
    table = disclosure.breakdown(counts)
    shares = tuple(share for _label, _people, share in table.rows)
    return Point(until, table.base if shares else "", shares)


def _steps(rows: list[Participation]) -> list[tuple[datetime.date, list[Participation]]]:
    """The rows by the last day of their week or month, in order."""
    if not rows:
        return []
    by_week = (rows[-1].on - rows[0].on).days < 7 * WEEKS
    found: dict[datetime.date, list[Participation]] = defaultdict(list)
    for row in rows:
        found[_last_of_week(row.on) if by_week else _last_of_month(row.on)].append(row)
    today = timezone.localdate()
    return [(min(until, max(today, rows[-1].on)), those) for until, those in found.items()]


def _last_of_week(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=6 - day.weekday())


def _last_of_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)


# A period ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupHeard:
    """In how many activities and forums of a period a group was heard, and when it was heard last, ever."""

    group: PopulationGroup
    activities: int
    forums: int
    last_heard_on: datetime.date | None

    @property
    def is_missing(self) -> bool:
        return not self.activities


@dataclass(frozen=True, slots=True)
class PeriodPicture:
    """Who took part in all activities of a period that somebody may see, and the groups, the unheard ones first."""

    period: Period
    activities: int
    activities_with_numbers: int
    picture: Picture
    groups: tuple[GroupHeard, ...]

    @property
    def unheard(self) -> list[GroupHeard]:
        return [each for each in self.groups if each.is_missing]


def taking_part_in(period: Period, user=None) -> PeriodPicture:
    """Participation by group across what took place in a period, or what `user` may see of it (ENG-024).

    The queries do not grow with the rows.
    """
    everything = Activity.objects.for_user(user) if user else Activity.objects.all()
    mine = everything.exclude(state=Activity.State.PLANNED)
    those = mine.in_period(period)
    numbers = Participation.objects.filter(
        activity__in=mine.values("pk"), on__gte=period.starts_on, on__lte=period.ends_on
    )
    questions = questions_with_answers()
    areas = (user.only_areas() if user else None) or ()
    people = population(areas, [question.characteristic for question in questions])
    return PeriodPicture(
        period,
        those.count(),
        numbers.order_by().values("activity").distinct().count(),
        picture(questions, _totals(numbers), people),
        _groups(mine, those),
    )


def _groups(mine, those) -> tuple[GroupHeard, ...]:
    """Every group, those without any contact first, then by name."""
    in_period, ever = Q(activities__in=those.values("pk")), Q(activities__in=mine.values("pk"))
    last = Coalesce("activities__ends_on", "activities__starts_on")
    heard = PopulationGroup.objects.annotate(
        in_period=Count("activities", filter=in_period, distinct=True), last_heard=Max(last, filter=ever)
    )
    forums = Forum.objects.forums().filter(activities__in=those.values("pk"), activities__groups=OuterRef("pk"))
    per_group = forums.order_by().values("activities__groups").annotate(number=Count("pk", distinct=True))
    rows = heard.annotate(number_of_forums=Coalesce(Subquery(per_group.values("number")[:1]), 0))
    found = [GroupHeard(row, row.in_period, row.number_of_forums, row.last_heard) for row in rows.order_by("name")]
    return tuple(sorted(found, key=lambda each: not each.is_missing))
