"""The figures of a period, each with its aim and the same figure of the period before; and its trend (PLN-009)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.models import Period
from reporting.documents.kpis.record import Asked
from reporting.documents.kpis.shape import (
    MEASURES,
    Figure,
    Found,
    Group,
    Measure,
    is_better,
    is_reached,
    target_in_words,
    text_of,
    value_of,
)
from reporting.models import Kpi, KpiValue

ORDER = list(Group)
ONE_DAY = datetime.timedelta(days=1)
TREND = 8  # periods


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one figure means, whether it is computed or entered; `kpi` holds what the body has set, if anything."""

    code: str
    group: Group
    unit: str
    direction: str
    name: str
    definition: str
    numerator: str
    denominator: str
    source: str
    measure: Measure | None
    kpi: Kpi | None

    @property
    def is_computed(self) -> bool:
        return self.measure is not None

    @property
    def is_yearly(self) -> bool:
        return self.kpi is not None and self.kpi.frequency == Kpi.Frequency.YEAR

    def is_asked_of(self, period: Period) -> bool:
        """A yearly figure is not asked of a quarter."""
        return not self.is_yearly or period.kind == Period.Kind.YEAR


def meanings() -> list[Meaning]:
    """Every figure: what can be computed always, and what the body has somebody enter; group by group. One query.

    A row of a measure that this version does not know is left out, since nobody could say what it means.
    """
    kpis = list(Kpi.objects.order_by("order", "code"))
    rows = {kpi.measure: kpi for kpi in kpis if kpi.measure}
    computed = [_computed(measure, rows.get(code)) for code, measure in MEASURES.items()]
    entered = [_entered(kpi) for kpi in kpis if not kpi.measure]
    places = {code: place for place, code in enumerate(MEASURES)}

    def rank(one: Meaning) -> tuple:
        order = one.kpi.order if one.kpi else Kpi._meta.get_field("order").default
        return ORDER.index(one.group), order, places.get(one.measure.code, 0) if one.measure else 0, one.code

    return sorted([*computed, *entered], key=rank)


def _computed(measure: Measure, kpi: Kpi | None) -> Meaning:
    words = (measure.name, measure.definition, measure.numerator, measure.denominator, measure.source)
    code = kpi.code if kpi else measure.code
    return Meaning(code, measure.group, measure.unit, measure.direction, *map(str, words), measure, kpi)


def _entered(kpi: Kpi) -> Meaning:
    words = (kpi.name, kpi.definition, kpi.numerator, kpi.denominator, kpi.source)
    return Meaning(kpi.code, Group.ENTERED, kpi.unit, kpi.direction, *words, None, kpi)


def latest_period(*, is_year: bool = False) -> Period | None:
    """The newest quarter that has begun, else the present year; None where the record has neither."""
    quarters = Period.objects.filter(kind=Period.Kind.QUARTER, starts_on__lte=timezone.localdate())
    return (None if is_year else quarters.order_by("-starts_on").first()) or Period.objects.present()


def before(period: Period | None) -> Period | None:
    """The quarter or year that ends on the day before; None where the record has none."""
    return Period.objects.filter(kind=period.kind, ends_on=period.starts_on - ONE_DAY).first() if period else None


class _Values:
    """What each figure was in one period; what somebody entered is read once."""

    def __init__(self, period: Period | None):
        self.asked = Asked(period) if period else None
        rows = KpiValue.objects.filter(period=period) if period else ()
        self.entered = {row.kpi_id: row for row in rows}

    def of(self, one: Meaning) -> Found:
        if self.asked is None:
            return Found()
        if one.measure is None:
            row = self.entered.get(one.kpi.pk)
            return Found(row.numerator, row.denominator) if row else Found()
        return one.measure.compute(self.asked) if self.asked.has_begun else Found(missing=_("not begun"))


def figures(period: Period) -> list[Figure]:
    """All figures of a quarter or year, group by group. The number of queries does not grow with the record."""
    now, then = _Values(period), _Values(before(period))
    return [_figure(one, now.of(one), then.of(one)) for one in meanings() if one.is_asked_of(period)]


def figure(one: Meaning, period: Period) -> Figure:
    """One figure of a period."""
    return _figure(one, _Values(period).of(one), _Values(before(period)).of(one))


def _figure(one: Meaning, found: Found, earlier: Found) -> Figure:
    value, before_value = value_of(one.unit, found), value_of(one.unit, earlier)
    target = one.kpi.target if one.kpi else None
    return Figure(
        code=one.code,
        group=str(one.group),
        name=one.name,
        definition=one.definition,
        numerator=one.numerator,
        denominator=one.denominator,
        unit=str(one.unit),
        direction=str(one.direction),
        source=one.source,
        owner=one.kpi.owner if one.kpi else "",
        is_computed=one.is_computed,
        text=text_of(one.unit, found),
        value=value,
        counted=_plain(found.counted),
        out_of=_plain(found.out_of),
        target_words=target_in_words(one.unit, one.direction, target, one.kpi.target_by if target else None),
        reached=is_reached(one.direction, value, target),
        before=text_of(one.unit, earlier),
        before_value=before_value,
        better=is_better(one.direction, value, before_value),
        records=found.records,
    )


def _plain(number) -> float | int | None:
    """A number that JSON knows, whole where it is whole."""
    if number is None:
        return None
    return int(number) if float(number).is_integer() else float(number)


# The trend ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """What a figure was in one period; `value` is None where it is not known."""

    period: Period
    value: float | None
    text: str


def trend(one: Meaning, period: Period) -> list[Point]:
    """At most eight periods of the same kind up to this one, the oldest first: those that have begun.

    It begins after the last gap between periods: a line across years of which nothing is on record would be a guess.
    """
    rows = Period.objects.filter(kind=period.kind, starts_on__lte=period.starts_on)
    newest_first = rows.select_related("principle_set").order_by("-starts_on")[:TREND]
    found = [(row, _Values(row)) for row in _unbroken(newest_first)]
    points = [(row, values.of(one)) for row, values in found if values.asked.has_begun]
    return [Point(row, value_of(one.unit, each), text_of(one.unit, each)) for row, each in points]


def _unbroken(newest_first: Iterable[Period]) -> list[Period]:
    """The periods that follow one another without a gap up to the newest, the oldest first."""
    run: list[Period] = []
    for row in newest_first:
        if run and row.ends_on != run[-1].starts_on - ONE_DAY:
            break
        run.append(row)
    return run[::-1]
