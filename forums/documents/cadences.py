"""Months, and how many meetings a forum was to hold by its own word (FOR-005)."""

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from math import floor

from forums.models import Cadence, Forum

DAY = datetime.timedelta(days=1)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another, both included."""

    first: datetime.date
    last: datetime.date

    def __contains__(self, day: datetime.date) -> bool:
        return self.first <= day <= self.last

    def within(self, first: datetime.date | None, last: datetime.date | None) -> "Span | None":
        """The part that lies between two days, an end that is None being open; None when there is no such day."""
        cut = Span(max(self.first, first or self.first), min(self.last, last or self.last))
        return cut if cut.first <= cut.last else None


def life_of(forum: Forum, paused_on: datetime.date | None) -> tuple[datetime.date | None, datetime.date | None]:
    """The first and the last day on which a forum was to meet, None for one that is not known or has not come."""
    ends = [day for day in (forum.closed_on, paused_on) if day]
    begins = [day for day in (forum.interim_on, forum.established_on) if day]
    return min(begins, default=None), min(ends, default=None)


@dataclass(frozen=True, slots=True)
class Expected:
    """How many meetings were to be held. `number` is None where nobody recorded how often; `since` says from when."""

    number: int | None
    since: datetime.date | None = None
    as_needed: bool = False


def expected(cadences: Iterable[Cadence], span: Span | None, begun_on: datetime.date | None = None) -> Expected:
    """Meetings expected in the days of the span, by the cadence in force on each of them.

    An interval of weeks or months counts from the first day of its row, or of the forum when that began later; a
    meeting is due by the last day of each interval. So many times a year counts by days, rounded to the nearest whole
    number. Days before the first row are unknown.
    """
    if span is None:
        return Expected(0)
    rows = sorted(cadences, key=lambda cadence: cadence.starts_on)
    ends = [following.starts_on - DAY for following in rows[1:]]
    parts = [(row, span.within(row.starts_on, end)) for row, end in zip_longest(rows, ends, fillvalue=span.last)]
    known = [(row, part) for row, part in parts if part]
    if not known:
        return Expected(None)
    intervals = sum(_intervals(row, part, begun_on) for row, part in known)
    in_a_year = sum((_in_a_year(row, part) for row, part in known), Fraction())
    return Expected(
        intervals + floor(in_a_year + Fraction(1, 2)),
        since=known[0][1].first if known[0][1].first > span.first else None,
        as_needed=all(row.unit == Cadence.Unit.AS_NEEDED for row, _part in known),
    )


def step(cadence: Cadence, day: datetime.date, times: int) -> datetime.date:
    """The day so many intervals of the cadence after a day. Only for weeks and months."""
    if cadence.unit == Cadence.Unit.WEEKS:
        return day + datetime.timedelta(weeks=cadence.number * times)
    return add_months(day, cadence.number * times)


def _intervals(cadence: Cadence, part: Span, begun_on: datetime.date | None) -> int:
    if cadence.unit not in {Cadence.Unit.WEEKS, Cadence.Unit.MONTHS}:
        return 0
    anchor = max(cadence.starts_on, begun_on or cadence.starts_on)
    due, times = 0, 1
    while (last := step(cadence, anchor, times) - DAY) <= part.last:
        due += last >= part.first
        times += 1
    return due


def _in_a_year(cadence: Cadence, part: Span) -> Fraction:
    if cadence.unit != Cadence.Unit.PER_YEAR:
        return Fraction()
    days = (part.last - part.first).days + 1
    return Fraction(cadence.number * days, (add_months(part.first, 12) - part.first).days)


def sleeps_from(cadence: Cadence | None, last_held: datetime.date) -> datetime.date | None:
    """The last day by which a forum has to meet again: twice its cadence after it last met, 12 months when unknown.

    None for one that meets as needed.
    """
    if cadence is None:
        return add_months(last_held, 12)
    if cadence.unit == Cadence.Unit.AS_NEEDED:
        return None
    if cadence.unit == Cadence.Unit.PER_YEAR:
        return last_held + datetime.timedelta(days=2 * 365 // cadence.number)
    return step(cadence, last_held, 2)
