"""When each group of people was last heard from, and in which place (INC-019)."""

import calendar
import datetime
from collections import defaultdict

from django.db.models import Case, Count, DateField, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from engagement.documents.coverage.places import Places
from engagement.documents.coverage.shape import DUE, HEARD, NEVER, GroupRow, Heard
from engagement.models import Activity
from people.models import PopulationGroup


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months earlier; the last of the month where that month is shorter."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class Groups:
    """Asks once, when told to `count`; rows are made when it is known which places there are.

    Everything up to the day counts, also from before the period. What is only planned has not been heard. An activity
    without a day counts as on the first of its period: no later than it can have been.
    """

    def __init__(self, everything: QuerySet[Activity], in_period: QuerySet[Activity], as_at, months: int):
        self._everything, self._in_period = everything, in_period
        self.as_at, self._since = as_at, months_before(as_at, months)
        self._last: dict[tuple[int, str], datetime.date] = {}
        self._numbers: dict[int, int] = {}

    def count(self, places: Places) -> None:
        first = Coalesce("starts_on", "ends_on", "period__starts_on")
        last = Coalesce("ends_on", "starts_on", "period__starts_on")
        now = Value(self.as_at, DateField())
        day = Case(When(Q(is_ongoing=True) | Q(until__gt=self.as_at), then=now), default=F("until"))
        heard = self._everything.alias(since=first, until=last).filter(since__lte=self.as_at, groups__isnull=False)
        keys = Places.keys("areas", "level")
        for row in heard.values("groups", **keys).annotate(day=Max(day)).order_by():
            key = row["groups"], places.name(row["place"], row["level_alone"])
            self._last[key] = max(row["day"], self._last.get(key, row["day"]))
        counted = self._in_period.filter(groups__isnull=False).values("groups").annotate(number=Count("pk"))
        self._numbers = dict(counted.order_by().values_list("groups", "number"))

    def _heard(self, day: datetime.date | None) -> Heard:
        if day is None:
            return Heard(NEVER, None)
        return Heard(HEARD if day >= self._since else DUE, day)

    def rows(self, places: list[str]) -> list[GroupRow]:
        """Every group on the list: those never heard from first, then the longest ago."""
        days: dict[int, dict[str, datetime.date]] = defaultdict(dict)
        for (group, place), day in self._last.items():
            days[group][place] = day
        rows = [self._row(group, days[group.pk], places) for group in PopulationGroup.objects.all()]
        return sorted(rows, key=lambda row: (row.last.on or datetime.date.min, row.name))

    def _row(self, group: PopulationGroup, by_place: dict[str, datetime.date], places: list[str]) -> GroupRow:
        last = max(by_place.values(), default=None)
        return GroupRow(
            name=group.name,
            kind=group.get_kind_display(),
            last=self._heard(last),
            where=[place for place in places if last and by_place.get(place) == last],
            activities=self._numbers.get(group.pk, 0),
            places=[self._heard(by_place.get(place)) for place in places],
        )
