"""Who speaks of which theme more often: by group, by place, over time, as it may be shown (INS-022).

Each comment counts as one person and stands in one row: comments of several groups have a row of their own, so that
nobody is compared with themselves. Few themes are compared at once, because each comparison makes the others harder.
In each function `of` is how many comments have a theme at all.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncQuarter
from django.utils.translation import gettext as _

from core.disclosure import SMALLEST_BASE
from insights.documents import differences
from insights.documents.differences import Change, Row, Shown, Verdict
from insights.documents.theme_figures import Scope
from insights.models import Comment, Theme
from people.models import Area, PopulationGroup

MOST_COMPARED = 8  # themes, those spoken of most
MOST_PERIODS = 12  # quarters, the newest
SEVERAL = 0  # stands where a group's number would
WORDS = {Verdict.MORE: "more", Verdict.LESS: "less", Change.ROSE: "more", Change.FELL: "less"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A share as it may be shown; `way` is “more”, “less” or nothing, where a difference does not hold."""

    text: str
    way: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """One table: a row for each group, place or quarter with its base, a cell for each theme.

    `too_few` names the rows that are left out because fewer than 30 people are in them; `unknown` is how many comments
    are in no row because it is not recorded; `sentences` say only differences that hold, those of `told`.
    """

    themes: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Cell, ...]], ...]
    sentences: tuple[str, ...]
    too_few: tuple[str, ...]
    unknown: int
    told: tuple[Row, ...] = ()


Counts = dict[int, dict[str, int]]


def by_group(scope: Scope, themes: Sequence[Theme], of: int) -> Split:
    """How often each group speaks of these themes, beside everybody else whose group is known."""
    links = Comment.groups.through.objects.filter(comment__collection__in=scope.collections).order_by()
    several = links.values("comment").annotate(number=Count("pk")).filter(number__gt=1).values("comment")
    coded, codings = scope.coded(), scope.codings().filter(theme__in=themes)
    one, ones = coded.exclude(pk__in=several), codings.exclude(comment__in=several)
    bases = _bases(one.filter(groups__isnull=False), "groups")
    counts = _counts(ones.filter(comment__groups__isnull=False), "comment__groups")
    if number := coded.filter(pk__in=several).count():
        bases[SEVERAL] = number
        rows = codings.filter(comment__in=several).values_list("theme__name").annotate(number=Count("pk"))
        counts[SEVERAL] = dict(rows)
    names = dict(PopulationGroup.objects.filter(pk__in=bases).values_list("pk", "name"))
    people = {name: _("People in the group “%(group)s”") % {"group": name} for name in names.values()}
    names |= {SEVERAL: _("More than one group")}
    people[names[SEVERAL]] = _("People in more than one group")
    return _split(themes, names, counts, bases, people, of)


def by_place(scope: Scope, themes: Sequence[Theme], of: int) -> Split:
    """How often people of each place speak of these themes, beside everybody else whose place is known."""
    bases = _bases(scope.coded().filter(area__isnull=False), "area")
    codings = scope.codings().filter(theme__in=themes, comment__area__isnull=False)
    counts = _counts(codings, "comment__area")
    names = dict(Area.objects.filter(pk__in=bases).values_list("pk", "name"))
    people = {name: _("People in %(place)s") % {"place": name} for name in names.values()}
    return _split(themes, names, counts, bases, people, of)


def _bases(comments: QuerySet, field: str) -> dict[int, int]:
    return dict(comments.values_list(field).annotate(number=Count("pk")))


def _counts(codings: QuerySet, field: str) -> Counts:
    counts: Counts = defaultdict(dict)
    for row, theme, number in codings.values_list(field, "theme__name").annotate(number=Count("pk")):
        counts[row][theme] = number
    return counts


def _split(
    themes: Sequence[Theme],
    names: dict[int, str],
    counts: Counts,
    bases: dict[int, int],
    people: dict[str, str],
    of: int,
) -> Split:
    """The table of what was counted by number of a row; rows stand by name, that of several groups last."""
    shown = tuple(theme.name for theme in themes)
    order = sorted(bases, key=lambda row: (row == SEVERAL, names[row]))
    by_name = {names[row]: {theme: counts.get(row, {}).get(theme, 0) for theme in shown} for row in order}
    sizes = {names[row]: bases[row] for row in order}
    compared = differences.differences(by_name, sizes, people)
    cells: dict[str, list[tuple[Shown, Cell]]] = defaultdict(list)
    for row in compared:
        cells[row.group].append((row.share, Cell(_text(row.share), WORDS.get(row.verdict, ""))))
    told = tuple(row for row in compared if row.sentence)
    return Split(
        shown,
        _table(sizes, cells),
        tuple(row.sentence for row in told),
        tuple(name for name, size in sizes.items() if size < SMALLEST_BASE),
        of - sum(bases.values()),
        told,
    )


def _text(share: Shown) -> str:
    return share.percent or _("not shown")


def _table(sizes: dict[str, int], cells: dict[str, list[tuple[Shown, Cell]]]):
    """Rows with enough people, each with its rounded base."""
    return tuple(
        (name, cells[name][0][0].base, tuple(cell for _share, cell in cells[name]))
        for name, size in sizes.items()
        if size >= SMALLEST_BASE and cells[name]
    )


# Over time ---------------------------------------------------------------------------------------


def over_time(scope: Scope, themes: Sequence[Theme], of: int) -> Split:
    """How often people spoke of these themes in each quarter of the year, beside the quarter before."""
    dated = scope.coded().filter(said_on__isnull=False).annotate(quarter=TruncQuarter("said_on"))
    found = dict(dated.values_list("quarter").annotate(number=Count("pk")))
    codings = scope.codings().filter(theme__in=themes, comment__said_on__isnull=False)
    rows = codings.annotate(quarter=TruncQuarter("comment__said_on")).values_list("quarter", "theme__name")
    counted: dict[datetime.date, dict[str, int]] = defaultdict(dict)
    for quarter, theme, number in rows.annotate(number=Count("pk")):
        counted[quarter][theme] = number
    names = _quarters(found)
    shown = tuple(theme.name for theme in themes)
    sizes = {name: found.get(quarter, 0) for name, quarter in names.items()}
    counts = {
        name: {theme: counted.get(quarter, {}).get(theme, 0) for theme in shown} for name, quarter in names.items()
    }
    cells: dict[str, list[tuple[Shown, Cell]]] = defaultdict(list)
    for moment in differences.over_time(counts, sizes):
        cells[moment.period].append((moment.share, Cell(_text(moment.share), WORDS.get(moment.change, ""))))
    too_few = tuple(name for name, size in sizes.items() if 0 < size < SMALLEST_BASE)
    return Split(shown, _table(sizes, cells), (), too_few, of - sum(found.values()))


def _quarters(found: Iterable[datetime.date]) -> dict[str, datetime.date | None]:
    """The newest quarters by their names, from the first in which anybody spoke; one in between without a comment."""
    days = sorted(found)
    names = list(differences.by_period((day, ()) for day in days).counts)
    if not names:
        return {}
    first = days[0].year * 4 + (days[0].month - 1) // 3
    by_place = {day.year * 4 + (day.month - 1) // 3 - first: day for day in days}
    return {name: by_place.get(place) for place, name in list(enumerate(names))[-MOST_PERIODS:]}
