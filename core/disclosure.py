"""The one way to publish a count of people broken down by a personal characteristic (quality.md, REP-027, GOV).

The rule follows the practice of NHS hospital statistics: 0 stays 0, 1 to 7 is hidden, 8 and more is rounded to the
nearest 5; totals are rounded by themselves, percentages come from rounded figures. A base under 30 is not shown at
all, nor is a table in which one category holds everybody. It replaces hand-made secondary suppression, which leaks.
"""

from dataclasses import dataclass

HIDDEN = "*"
SMALLEST_SHOWN = 8
SMALLEST_BASE = 30


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
    return Breakdown(
        tuple((category, published(count), _percentage(count, base)) for category, count in counts.items()),
        str(_rounded(base)),
    )


def _rounded(count: int) -> int:
    return 5 * ((count + 2) // 5)


def _percentage(count: int, base: int) -> str:
    if 0 < count < SMALLEST_SHOWN:
        return HIDDEN
    return f"{100 * _rounded(count) / _rounded(base):.0f}%" if count else "0%"
