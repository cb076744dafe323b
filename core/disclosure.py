"""The one way to publish a count of people broken down by a personal characteristic (quality.md, REP-027, GOV).

The rule follows the practice of NHS hospital statistics: 0 stays 0, 1 to 7 is hidden, 8 and more is rounded to the
nearest 5; totals are rounded by themselves, percentages come from rounded figures. A base under 30 is not shown at
all, nor is a table in which one category holds everybody, nor one whose rounded figures and base, taken together, would
leave a single possible count. It replaces hand-made secondary suppression, which leaks. Where figures that are
published apart add up, such as a year and its quarters, `solved` says which of them somebody could work out together.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HIDDEN = "*"
SMALLEST_SHOWN = 8
SMALLEST_BASE = 30
WOULD_TELL = "Not shown: the rounded figures together would tell an exact number of people."


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table that may be published: each category with its text ("0", "*", "45"), and the base's text.

    `withheld` says in words why nothing is shown; then `rows` is empty.
    """

    rows: tuple[tuple[str, str, str], ...]
    base: str
    withheld: str = ""


def published(count: int) -> str:
    """One count as it may be published."""
    if count < 0:
        raise ValueError("a count of people cannot be negative")
    if count == 0:
        return "0"
    return HIDDEN if count < SMALLEST_SHOWN else str(_rounded(count))


def breakdown(counts: dict[str, int]) -> Breakdown:
    """The table of people by category, made safe. Categories must already be merged where they are rare.

    Each row is (category, count, percentage of the base); a hidden count has a hidden percentage.
    """
    base = sum(counts.values())
    if base < SMALLEST_BASE:
        return Breakdown((), "", f"Not shown: fewer than {SMALLEST_BASE} people.")
    if any(count == base for count in counts.values()):
        return Breakdown((), str(_rounded(base)), "Not shown: everybody is in one category.")
    if _tells_a_count(list(counts.values()), base):
        return Breakdown((), "", WOULD_TELL)
    return Breakdown(
        tuple((category, published(count), _percentage(count, base)) for category, count in counts.items()),
        str(_rounded(base)),
    )


def _rounded(count: int) -> int:
    return 5 * ((count + 2) // 5)


def possible(text: str) -> tuple[int, int]:
    """The least and the most that a published figure may stand for."""
    if text == HIDDEN:
        return 1, SMALLEST_SHOWN - 1
    shown = int(text)
    return (max(SMALLEST_SHOWN, shown - 2), shown + 2) if shown else (0, 0)


def _tells_a_count(counts: list[int], base: int) -> bool:
    """Whether somebody who adds up what is published is left with one possible count where several should be.

    The counts add up to the base, and a shown base is 30 at least. So each count is the base less the others.
    """
    ranges = [possible(published(count)) for count in counts]
    least_base, most_base = possible_base(str(_rounded(base)))
    least, most = sum(low for low, _high in ranges), sum(high for _low, high in ranges)
    for low, high in ranges:
        smallest = max(low, least_base - (most - high))
        greatest = min(high, most_base - (least - low))
        if low < high and smallest == greatest:
            return True
    return False


def possible_base(text: str) -> tuple[int, int]:
    """The least and the most that a published base may stand for: it is 30 at least."""
    least, most = possible(text)
    return max(SMALLEST_BASE, least), most


# Figures that are published apart ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """What somebody knows of several counts: each, by its place, times its factor adds up to between two numbers."""

    factors: Mapping[int, int]
    least: int
    most: int


def solved(ranges: Sequence[tuple[int, int]], sums: Iterable[Sum]) -> list[int]:
    """The places of the counts that are left with one possible number, though each by itself would have several.

    `ranges` holds for each count what it may be by itself (`possible`). Raises ValueError for what cannot be true.
    """
    from scipy.optimize import linprog  # slow to import, and most processes never need it

    rows, limits = [], []
    for each in sums:
        factors = [each.factors.get(place, 0) for place in range(len(ranges))]
        rows += [factors, [-factor for factor in factors]]
        limits += [each.most, -each.least]
    found = []
    for place in (place for place, (low, high) in enumerate(ranges) if low < high):
        ends = []
        for sign in (1, -1):
            aim = [sign * (other == place) for other in range(len(ranges))]
            answer = linprog(aim, A_ub=rows or None, b_ub=limits or None, bounds=ranges, method="highs")
            if not answer.success:
                raise ValueError(f"these figures cannot all be true: {answer.message}")
            ends.append(sign * answer.fun)
        if math.ceil(ends[0] - _NEAR) == math.floor(ends[1] + _NEAR):
            found.append(place)
    return found


_NEAR = 1e-6  # how far the solver may be from a whole number


def _percentage(count: int, base: int) -> str:
    if 0 < count < SMALLEST_SHOWN:
        return HIDDEN
    return f"{100 * _rounded(count) / _rounded(base):.0f}%" if count else "0%"
