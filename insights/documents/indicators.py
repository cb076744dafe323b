"""Indicators side by side: what patients say and what staff say, for the same organisation, service and time (INS-016).

Two values make a pair when they are of the same organisation, service and days. Where one of the two is followed in
shorter periods, those that fill the longer one without a gap are put together, each weighing as much as it has
answers; a value without its number of answers cannot be put together with others. No value stands in two pairs.

Spearman's rank correlation: C. Spearman, American Journal of Psychology 15 (1904). Its interval by Fisher's z with
the standard error of D. G. Bonett and T. A. Wright, Psychometrika 65 (2000), 23-28.
"""

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, QuerySet

from core.charts import Dot
from core.intervals import Z_95
from insights.models import Indicator, IndicatorValue

LEAST_PAIRS = 10  # fewer say nothing about how two things go together


def with_reach(indicators: QuerySet[Indicator]) -> QuerySet[Indicator]:
    """Indicators, each with how many values of how many organisations it has, and the first and last day."""
    return indicators.annotate(
        number=Count("values"),
        organisations=Count("values__organisation", distinct=True),
        first=Min("values__starts_on"),
        last=Max("values__ends_on"),
    )


# Pairs -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """Two percentages of the same organisation, service and time, each with its base and from how many values.

    A base of None is not recorded.
    """

    organisation: str
    service: str
    starts_on: datetime.date
    ends_on: datetime.date
    first: float
    first_base: int | None
    first_values: int
    second: float
    second_base: int | None
    second_values: int

    @property
    def label(self) -> str:
        where = f"{self.organisation}, {self.service}" if self.service else self.organisation
        return f"{where}, {self.starts_on:%-d %B %Y} – {self.ends_on:%-d %B %Y}"

    @property
    def dot(self) -> Dot:
        return Dot(self.label, self.first, self.second)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All pairs of two indicators, and how many values of each found no other to stand beside."""

    pairs: tuple[Pair, ...]
    first_left: int
    second_left: int
    correlation: "Correlation | None"

    @property
    def is_enough(self) -> bool:
        return len(self.pairs) >= LEAST_PAIRS

    @property
    def has_repeats(self) -> bool:
        """Whether an organisation stands in more than one pair: such pairs are alike, and count for less."""
        return len({pair.organisation for pair in self.pairs}) < len(self.pairs)


def compare(first: Indicator, second: Indicator) -> Comparison:
    """Two indicators side by side, by organisation, service and time. One query."""
    values = IndicatorValue.objects.filter(indicator__in=[first, second]).select_related("organisation")
    sides: dict[tuple, tuple[list, list]] = defaultdict(lambda: ([], []))
    for value in values.order_by("organisation__name", "service", "starts_on", "ends_on"):
        side = sides[value.organisation.name, value.service.casefold()]
        side[value.indicator_id == second.pk].append(value)
    pairs = tuple(pair for ones, others in sides.values() for pair in _pairs(ones, others))
    counted = [sum(len(side[which]) for side in sides.values()) for which in (0, 1)]
    return Comparison(
        pairs,
        counted[0] - sum(pair.first_values for pair in pairs),
        counted[1] - sum(pair.second_values for pair in pairs),
        correlation([pair.first for pair in pairs], [pair.second for pair in pairs]),
    )


def _pairs(ones: list[IndicatorValue], others: list[IndicatorValue]) -> Iterator[Pair]:
    """Pairs of one organisation and service: the same days first, then a longer time beside what fills it."""
    same_days = {(other.starts_on, other.ends_on): other for other in others}
    left, taken = [], set()
    for one in ones:
        if other := same_days.get((one.starts_on, one.ends_on)):
            taken.add(other.pk)
            yield _pair(one, [one], [other])
        else:
            left.append(one)
    rest, used = [other for other in others if other.pk not in taken], set()
    for one in left:
        if parts := _filling(one, [each for each in rest if each.pk not in used]):
            used |= {part.pk for part in parts} | {one.pk}
            yield _pair(one, [one], parts)
    for other in (each for each in rest if each.pk not in used):
        if parts := _filling(other, [each for each in left if each.pk not in used]):
            used |= {part.pk for part in parts} | {other.pk}
            yield _pair(other, parts, [other])


def _filling(long: IndicatorValue, values: Iterable[IndicatorValue]) -> list[IndicatorValue]:
    """The values that fill a longer time day by day, each with its number of answers; nothing where they do not."""
    parts, day = [], long.starts_on
    for value in values:  # in the order of their days
        if value.starts_on == day and value.ends_on <= long.ends_on and value.base:
            parts.append(value)
            day = value.ends_on + datetime.timedelta(days=1)
    return parts if day > long.ends_on else []


def _pair(time: IndicatorValue, ones: list[IndicatorValue], others: list[IndicatorValue]) -> Pair:
    first, first_base = _together(ones)
    second, second_base = _together(others)
    return Pair(
        *(time.organisation.name, time.service, time.starts_on, time.ends_on),
        *(first, first_base, len(ones), second, second_base, len(others)),
    )


def _together(values: Sequence[IndicatorValue]) -> tuple[float, int | None]:
    if len(values) == 1:
        return float(values[0].percent), values[0].base
    base = sum(value.base for value in values)
    return float(sum(value.percent * value.base for value in values) / base), base


# How they go together ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's rank correlation, from −1 to 1, with its 95% interval; no interval where all ranks agree."""

    rho: float
    low: float | None
    high: float | None

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out that there is no link at all."""
        return self.low is not None and (self.low > 0 or self.high < 0)


def correlation(first: Sequence[float], second: Sequence[float]) -> Correlation | None:
    """How two lists go together; None for fewer pairs than LEAST_PAIRS, and where one of them never changes."""
    if len(first) < LEAST_PAIRS or len(set(first)) == 1 or len(set(second)) == 1:
        return None
    from scipy.stats import spearmanr

    rho = float(spearmanr(first, second).statistic)
    if math.isclose(abs(rho), 1):
        return Correlation(round(rho), None, None)
    reach = Z_95 * math.sqrt((1 + rho * rho / 2) / (len(first) - 3))
    return Correlation(rho, math.tanh(math.atanh(rho) - reach), math.tanh(math.atanh(rho) + reach))
