"""Days on which people are away: bank holidays of England, known by law, and school holidays, kept as rows."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import holidays
from django.db.models import Q

from engagement.models import Project, SchoolHoliday
from people.models import Area

ONE_DAY = datetime.timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Away:
    """A holiday, as far as it falls into the days that were asked for. `where` is empty when it is for everybody."""

    name: str
    first: datetime.date
    last: datetime.date
    where: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def days_between(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """Every day from the first to the last, both included."""
    while first <= last:
        yield first
        first += ONE_DAY


def weekdays(days) -> int:
    """How many of the days are from Monday to Friday."""
    return sum(day.weekday() < SATURDAY for day in days)


def bank_holidays(first: datetime.date, last: datetime.date) -> list[Away]:
    """The bank and public holidays of England between two days, substitute days included, in order."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1))
    return [Away(name, day, day) for day, name in sorted(found.items()) if first <= day <= last]


def school_holidays(project: Project, first: datetime.date, last: datetime.date) -> list[Away]:
    """School holidays in the places of a project, in what these belong to, and for everybody, in order."""
    rows = SchoolHoliday.objects.filter(starts_on__lte=last, ends_on__gte=first).select_related("area")
    rows = rows.filter(Q(area=None) | Q(area__in=_places_of(project)))
    return [
        Away(row.name, max(first, row.starts_on), min(last, row.ends_on), row.area.name if row.area else "")
        for row in rows
    ]


def _places_of(project: Project) -> set[int]:
    """The numbers of a project's areas, and of all that they are part of."""
    parents = dict(Area.objects.values_list("pk", "parent_id"))
    found = set()
    for area in project.areas.values_list("pk", flat=True):
        while area is not None and area not in found:
            found.add(area)
            area = parents[area]
    return found
