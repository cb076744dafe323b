"""What assessments said as plain tables: the levels of every year, and the last self-assessments in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from reporting.documents.levels import Maturity, Trend
from reporting.documents.tables import NOTHING, Column, Table, table


def levels_table(name: str, title: str, found: Iterable[tuple[str, Trend]]) -> Table:
    """A row for each dimension and year of each assessment; `found` has the name of each with its levels."""
    columns = [
        Column("assessment", _("its name")),
        Column("dimension", _("what is judged")),
        Column("year", _("the year")),
        Column("level", _("the level of that year"), says_unknown=True),
    ]
    rows = [
        (called, line.dimension, year, mark.name)
        for called, levels in found
        for line in levels.lines
        for year, mark in zip(levels.years, line.marks, strict=True)
    ]
    return table(name, title, columns, rows)


def maturity_tables(maturity: Maturity) -> list[Table]:
    """The tables of self-assessments; none for a snapshot from before they were kept."""
    if not maturity.until:
        return []
    title = _("Self-assessments: levels over the years")
    levels = levels_table("self-assessment-levels", title, ((one.name, one.levels) for one in maturity.yardsticks))
    return [levels, _said(maturity)]


def _said(maturity: Maturity) -> Table:
    columns = [
        Column("assessment", _("its name")),
        Column("year", _("the year that was judged")),
        Column("made_on", _("the day on which it was judged")),
        Column("forum", _("the group that judged"), if_empty=_("no group is named")),
        Column("dimension", _("what is judged")),
        Column("side", _("from whose side"), if_empty=_("it is judged from no side in particular")),
        Column("level", _("the level that it reached"), if_empty=_("it is judged in words")),
        Column("looks_like", _("what the body says of that level"), says_unknown=True),
        Column("text", _("why it was judged so"), says_unknown=True),
        Column("gap", _("what is missing"), says_unknown=True),
        Column("next_step", _("what comes next"), says_unknown=True),
        Column("activities", _("the references of activities that show it"), if_empty=str(NOTHING)),
    ]
    rows = [
        (
            *(one.name, one.period, one.made_on, one.forum, row.dimension, row.side, row.level),
            *(row.looks_like, row.text, row.gap, row.next_step, row.references),
        )
        for one in maturity.yardsticks
        for row in one.rows
    ]
    return table("self-assessments", _("Self-assessments: what the last ones said"), columns, rows)
