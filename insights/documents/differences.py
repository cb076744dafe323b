"""Which groups speak of which themes more often, and what changes over time, as it may be shown (INS-022).

Everything is worked out from plain numbers. Each person is in one group and counts once for a theme. A count is shown
only as core.disclosure publishes it, and shares and differences come from the figures that are shown, so that nobody
can work back to a hidden one. Whether a difference holds is told from the true counts: Fisher's exact test, two-sided,
at 5% after Holm's correction for all comparisons that were made (core.intervals).
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import TextChoices
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.disclosure import SMALLEST_BASE, breakdown
from core.intervals import Difference, holm, two_proportions

LEVEL = 0.05

Counts = Mapping[str, Mapping[str, int]]


class Verdict(TextChoices):
    """What can be said of a share beside another."""

    MORE = "more", gettext_lazy("more often")
    LESS = "less", gettext_lazy("less often")
    NOT_TOLD = "not_told", gettext_lazy("no difference can be told")
    TOO_FEW = "too_few", gettext_lazy("too few people to compare")
    HIDDEN = "hidden", gettext_lazy("not shown, to protect people")


@dataclass(frozen=True, slots=True)
class Shown:
    """A share as it may be published: texts such as "45", "10%" and "450"; "*" for a hidden one.

    `withheld` says in words why nothing is shown, and then the texts are empty.
    """

    count: str
    percent: str
    base: str
    withheld: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it has a percentage."""
        return self.percent.endswith("%")

    @property
    def points(self) -> int:
        return int(self.percent.removesuffix("%"))


@dataclass(frozen=True, slots=True)
class Row:
    """How often one group speaks of one theme, beside everybody else in the table.

    `points` is the difference of the shown shares, in percentage points; `p` is corrected for all comparisons of the
    table. Both are None where one of the two shares may not be shown, and `p` also where too few people were asked.
    """

    group: str
    theme: str
    share: Shown
    others: Shown
    points: int | None
    p: float | None
    verdict: Verdict
    sentence: str = ""


def shown(count: int, base: int) -> Shown:
    """How many of a base speak of a theme, as it may be published. Raises ValueError for more than the base."""
    if not 0 <= count <= base:
        raise ValueError("a count lies between 0 and its base")
    table = breakdown({"spoke": count, "did not": base - count})
    if table.withheld:
        return Shown("", "", table.base, table.withheld)
    _name, text, percent = table.rows[0]
    return Shown(text, percent, table.base)


def differences(counts: Counts, bases: Mapping[str, int], people: Mapping[str, str] | None = None) -> list[Row]:
    """Each group against all others together, for each theme, in the order given.

    `counts` holds by group how many people speak of a theme; a theme that a group lacks was spoken of by nobody in it.
    `bases` holds how many people each group has; one without a base is an error. `people` names a group in words that
    begin a sentence: “People who care for somebody”. Two groups are one comparison for each theme, not two.
    Raises ValueError for a count above its base, KeyError for a group without a base.
    """
    cells = [
        _Cell(group, theme, counts[group].get(theme, 0), bases[group], *_rest(counts, bases, group, theme))
        for group in counts
        for theme in _themes(counts)
    ]
    corrected = _corrected(cells, is_mirrored=len(counts) == 2)
    return [_row(cell, corrected.get((cell.group, cell.theme)), people or {}) for cell in cells]


@dataclass(frozen=True, slots=True)
class _Cell:
    group: str
    theme: str
    count: int
    base: int
    other_count: int
    other_base: int

    @property
    def has_enough(self) -> bool:
        return min(self.base, self.other_base) >= SMALLEST_BASE

    def compared(self) -> Difference:
        return two_proportions(self.count, self.base, self.other_count, self.other_base)


def _themes(counts: Counts) -> list[str]:
    """Every theme once, in the order in which they come."""
    return list(dict.fromkeys(theme for themes in counts.values() for theme in themes))


def _rest(counts: Counts, bases: Mapping[str, int], group: str, theme: str) -> tuple[int, int]:
    others = [other for other in counts if other != group]
    return sum(counts[other].get(theme, 0) for other in others), sum(bases[other] for other in others)


def _corrected(cells: Sequence[_Cell], is_mirrored: bool) -> dict[tuple[str, str], float]:
    """The p of every cell that can be compared, by group and theme. Hidden cells count among the comparisons too."""
    able = [cell for cell in cells if cell.has_enough]
    names = [("" if is_mirrored else cell.group, cell.theme) for cell in able]
    family = {name: cell.compared().p for name, cell in zip(names, able, strict=True)}
    corrected = dict(zip(family, holm(list(family.values())), strict=True))
    return {(cell.group, cell.theme): corrected[name] for name, cell in zip(names, able, strict=True)}


def _row(cell: _Cell, p: float | None, people: Mapping[str, str]) -> Row:
    share, others = shown(cell.count, cell.base), shown(cell.other_count, cell.other_base)
    verdict = _verdict(cell, share, others, p)
    is_open = share.is_whole and others.is_whole
    return Row(
        cell.group,
        cell.theme,
        share,
        others,
        share.points - others.points if is_open else None,
        p if is_open else None,
        verdict,
        _sentence(cell, share, others, people) if verdict == Verdict.MORE else "",
    )


def _verdict(cell: _Cell, share: Shown, others: Shown, p: float | None) -> Verdict:
    if p is None:
        return Verdict.TOO_FEW
    if not (share.is_whole and others.is_whole):
        return Verdict.HIDDEN
    if p > LEVEL or share.points == others.points:  # a difference that rounding hides is not shown by a word either
        return Verdict.NOT_TOLD
    return Verdict.MORE if cell.count * cell.other_base > cell.other_count * cell.base else Verdict.LESS


def _sentence(cell: _Cell, share: Shown, others: Shown, people: Mapping[str, str]) -> str:
    words = {
        "people": people.get(cell.group) or _("People in the group “%(group)s”") % {"group": cell.group},
        "theme": cell.theme,
        "share": share.percent,
        "base": share.base,
        "other_share": others.percent,
        "other_base": others.base,
    }
    return (
        _(
            "%(people)s speak of “%(theme)s” more often: %(share)s of about %(base)s people, "
            "against %(other_share)s of about %(other_base)s others."
        )
        % words
    )


# Over time ---------------------------------------------------------------------------------------


class Change(TextChoices):
    """What can be said of a share beside that of the period before."""

    FIRST = "first", gettext_lazy("the first period")
    ROSE = "rose", gettext_lazy("more often than in the period before")
    FELL = "fell", gettext_lazy("less often than in the period before")
    NOT_TOLD = "not_told", gettext_lazy("no change can be told")


@dataclass(frozen=True, slots=True)
class Moment:
    """How often a theme was spoken of in one period. `p` is corrected for all changes of the table."""

    period: str
    theme: str
    share: Shown
    p: float | None
    change: Change


def over_time(counts: Counts, bases: Mapping[str, int]) -> list[Moment]:
    """Each theme by period, in the order given, each period against the one before it.

    `counts` holds by period how many people speak of a theme, `bases` how many people spoke at all. Where one of two
    periods has fewer than 30 people, or a share that may not be shown, no change can be told.
    Raises ValueError for a count above its base, KeyError for a period without a base.
    """
    periods, themes = list(counts), _themes(counts)
    cells = [
        _Cell(after, theme, counts[after].get(theme, 0), bases[after], counts[before].get(theme, 0), bases[before])
        for theme in themes
        for before, after in pairwise(periods)
    ]
    rows = {(cell.group, cell.theme): (cell, p) for cell, p in _with_p(cells)}
    return [
        _moment(period, theme, counts[period].get(theme, 0), bases[period], *rows.get((period, theme), (None, None)))
        for theme in themes
        for period in periods
    ]


def _with_p(cells: Sequence[_Cell]) -> Iterable[tuple[_Cell, float | None]]:
    corrected = _corrected(cells, is_mirrored=False)
    return ((cell, corrected.get((cell.group, cell.theme))) for cell in cells)


def _moment(period: str, theme: str, count: int, base: int, cell: _Cell | None, p: float | None) -> Moment:
    share = shown(count, base)
    if cell is None:
        return Moment(period, theme, share, None, Change.FIRST)
    before = shown(cell.other_count, cell.other_base)
    said = _verdict(cell, share, before, p)
    change = {Verdict.MORE: Change.ROSE, Verdict.LESS: Change.FELL}.get(said, Change.NOT_TOLD)
    return Moment(period, theme, share, p if share.is_whole and before.is_whole else None, change)


@dataclass(frozen=True, slots=True)
class Periods:
    """Counts and bases for `over_time`, and how many comments have no date: they are in no period."""

    counts: dict[str, dict[str, int]]
    bases: dict[str, int]
    undated: int


def by_period(comments: Iterable[tuple[datetime.date | None, Iterable[str]]], months: int = 3) -> Periods:
    """Comments with their date and themes, by calendar quarter, or by month for `months=1`.

    A period in which nobody spoke stands between the others with a base of 0. Raises ValueError for other lengths.
    """
    if months not in (1, 3):
        raise ValueError("by month (1) or by quarter (3)")
    found: dict[int, Counter] = {}
    bases: Counter = Counter()
    undated = 0
    for date, themes in comments:
        if date is None:
            undated += 1
            continue
        place = (date.year * 12 + date.month - 1) // months
        bases[place] += 1
        found.setdefault(place, Counter()).update(set(themes))
    places = range(min(bases), max(bases) + 1) if bases else ()
    names = {place: _period_name(place * months, months) for place in places}
    counts = {names[place]: dict(found.get(place, {})) for place in places}
    return Periods(counts, {names[place]: bases[place] for place in places}, undated)


def _period_name(first_month: int, months: int) -> str:
    """“March 2024”, or “April to June 2024”: NHS quarters have numbers that the public does not know."""
    year, month = divmod(first_month, 12)
    first, last = (datetime.date(year, month + place, 1) for place in (1, months))
    if months == 1:
        return formats.date_format(first, "F Y")
    return _("%(first)s to %(last)s") % {
        "first": formats.date_format(first, "F"),
        "last": formats.date_format(last, "F Y"),
    }
