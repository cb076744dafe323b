"""Working days of England, and how long people wait for another format (PUB-009)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import holidays
from django.utils import timezone

from people.models import FormatRequest

SATURDAY = 5
ONE_DAY = datetime.timedelta(days=1)


def add_working_days(day: datetime.date, number: int) -> datetime.date:
    """The day so many working days later: weekends and the bank holidays of England are not counted."""
    away = holidays.country_holidays("GB", subdiv="ENG")
    while number > 0:
        day += ONE_DAY
        number -= day.weekday() < SATURDAY and day not in away
    return day


@dataclass(frozen=True, slots=True)
class Times:
    """How requests were answered. `median_days`, in calendar days, is of the `sent` alone; None where none was sent.

    `due` are those whose day has passed or that are settled, but not withdrawn; `in_time` of them were sent in time.
    """

    sent: int
    median_days: float | None
    due: int
    in_time: int

    @property
    def percent(self) -> int | None:
        """Those sent in time, of those due, in whole per cent rounded down; None where none was due."""
        return 100 * self.in_time // self.due if self.due else None


def times_of(requests: Iterable[FormatRequest]) -> Times:
    """The times of some requests. What could not be made counts as due and not as in time."""
    State, today = FormatRequest.State, timezone.localdate()
    days, due, in_time = [], 0, 0
    for each in requests:
        due += each.state in {State.SENT, State.COULD_NOT} or (each.state == State.OPEN and each.due_on < today)
        if each.state == State.SENT:
            days.append((each.settled_on - timezone.localdate(each.asked_at)).days)
            in_time += each.settled_on <= each.due_on
    return Times(len(days), median(days) if days else None, due, in_time)
