"""Places of a period: what counts for a place, which rows there are, how much there was by quarter (ENG-007)."""

import datetime
from collections import defaultdict

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagement.documents.coverage.shape import PlaceRow, Quarter
from engagement.models import Activity, Period
from people.models import Area, Level, LevelBand


class Places:
    """The names of places: every place of the body, and whatever else something was recorded for.

    What was recorded for an area inside a place, such as a district or its neighbourhoods, counts for the place.
    """

    def __init__(self, user=None):
        self._areas = {row.pk: row for row in Area.objects.all()}
        self._levels = LevelBand.objects.names()
        only = user.only_areas() if user else None
        mine = {self.place_of(pk) for pk in (self._areas if only is None else only)}
        self.base = sorted(self._areas[pk].name for pk in mine if self._areas[pk].level == Level.PLACE)
        self._seen: set[tuple[int, str]] = set()

    def place_of(self, pk: int) -> int:
        """The place that an area lies in, as `keys` has it in SQL; the area itself where it lies in none."""
        area = self._areas[pk]
        for _generation in range(3):
            if area is not None and area.level == Level.PLACE:
                return area.pk
            area = self._areas.get(area.parent_id) if area else None
        return pk

    @staticmethod
    def keys(path: str, level: str | None) -> dict[str, Case]:
        """Grouping by place: `place` is the number of an area, or NULL; then `level_alone` is the level if known."""
        place = Case(
            *(
                When(**{f"{each}__level": Level.PLACE, "then": F(f"{each}__pk")})
                for each in (path, f"{path}__parent", f"{path}__parent__parent")
            ),
            default=F(f"{path}__pk"),
        )
        alone = Value("", CharField())
        if level:
            alone = Case(When(**{path: None, "then": F(level)}), default=Value(""))
        return {"place": place, "level_alone": alone}

    def name(self, place: int | None, level: str) -> str:
        """The name under which something is shown. The whole area is one row, whether it is named or not."""
        if place is not None:
            area = self._areas[place]
            order, name = (1, area.name) if area.level != Level.SYSTEM else (2, _("Whole area"))
        elif level == Level.SYSTEM:
            order, name = 2, _("Whole area")
        elif level:
            order, name = 3, _("%(level)s, not named") % {"level": self._levels[level].capitalize()}
        else:
            order, name = 4, _("Not recorded")
        self._seen.add((order, name))
        return name

    def listed(self) -> list[str]:
        """The places of the body, then what else was met so far, the vaguest last."""
        return self.base + [name for _order, name in sorted(self._seen) if name not in self.base]


def quarters_of(period: Period, as_at: datetime.date) -> list[Quarter]:
    """The time of the period in pieces of three months, from its first day; the last piece may be shorter."""
    pieces, first = [], period.starts_on
    while first <= period.ends_on:
        months = first.year * 12 + first.month - 1 + 3
        following = datetime.date(months // 12, months % 12 + 1, 1)
        last = min(period.ends_on, following - datetime.timedelta(days=1))
        words = {"first": date_format(first, "F"), "last": date_format(last, "F Y")}
        pieces.append(Quarter(_("%(first)s to %(last)s") % words, first, last, first <= as_at))
        first = following
    return pieces


def by_quarter(activities: QuerySet[Activity], quarters: list[Quarter], places: Places) -> dict[str, PlaceRow]:
    """Activities of each place by quarter, in one query. One still going on reaches to the end of what has begun."""
    known = ~Q(date_precision=Activity.Precision.YEAR) & Q(first_day__isnull=False)
    lasts = Q(is_ongoing=True) | Q(last_day__isnull=False)
    numbers = {"unknown": Count("pk", distinct=True, filter=~known), "total": Count("pk", distinct=True)}
    for index, quarter in enumerate(quarters):
        ends = Q(is_ongoing=True) | Q(last_day__gte=quarter.first)
        begun = Q(is_ongoing=False) | Q(is_ongoing=quarter.has_begun)
        inside = known & lasts & ends & begun & Q(first_day__lte=quarter.last)
        numbers[f"quarter_{index}"] = Count("pk", distinct=True, filter=inside)
    found: dict[str, list[dict]] = defaultdict(list)
    for row in activities.values(**Places.keys("areas", "level")).annotate(**numbers).order_by():
        found[places.name(row["place"], row["level_alone"])].append(row)
    return {
        name: PlaceRow(
            name,
            name in places.base,
            [sum(row[f"quarter_{index}"] for row in rows) for index in range(len(quarters))],
            sum(row["unknown"] for row in rows),
            sum(row["total"] for row in rows),
        )
        for name, rows in found.items()
    }
