"""Every table of a report with its dictionary, as CSV files in a ZIP file and as a workbook (REP-024)."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from tablib import Dataset

from core.exports import SafeCSV, workbook
from reporting.documents.assessment import AssessmentFacts
from reporting.documents.facts import AnnualFacts
from reporting.documents.formats import annual_tables, assessment_tables, quarterly_tables
from reporting.documents.formats.packing import packed, repacked
from reporting.documents.quarter import QuarterFacts
from reporting.documents.tables import Column, Table, table

# The tables of each kind of report, by its facts.
TABLES: dict[type, Callable[[Any], list[Table]]] = {
    AnnualFacts: annual_tables.tables_of,
    QuarterFacts: quarterly_tables.tables_of,
    AssessmentFacts: assessment_tables.tables_of,
}


def tables_of(facts: Any, *, fingerprint: str, is_draft: bool) -> list[Table]:
    """Every table of a report: what it is, the tables of its kind, and the dictionary of them all."""
    known = [_about(facts, fingerprint, is_draft), *TABLES[type(facts)](facts)]
    return [*known, _dictionary(known)]


def csv_zip(facts: Any, *, fingerprint: str, is_draft: bool) -> tuple[bytes, None]:
    """One CSV file for each table, in UTF-8 with its mark."""
    made = tables_of(facts, fingerprint=fingerprint, is_draft=is_draft)
    return packed({f"{one.name}.csv": SafeCSV().export_data(_dataset(one)).encode() for one in made}), None


def xlsx(facts: Any, *, fingerprint: str, is_draft: bool) -> tuple[bytes, None]:
    """One sheet for each table."""
    made = tables_of(facts, fingerprint=fingerprint, is_draft=is_draft)
    return repacked(workbook(*map(_dataset, made))), None


def _dataset(one: Table) -> Dataset:
    return Dataset(*one.rows, headers=[column.name for column in one.columns], title=one.name)


def _about(facts: Any, fingerprint: str, is_draft: bool) -> Table:
    columns = [Column("what", _("what is said")), Column("words", _("what it is"), says_unknown=True)]
    rows = [
        (_("report"), facts.title),
        (_("body"), facts.body),
        (_("period"), facts.period),
        (_("first day"), facts.first_day),
        (_("last day"), facts.last_day),
        (_("state"), _("draft for checking, not for publication") if is_draft else _("final")),
        (_("fingerprint of the facts (SHA-256)"), fingerprint),
    ]
    return table("report", _("What this is"), columns, rows)


def _dictionary(tables: list[Table]) -> Table:
    columns = [
        Column("table", _("the name of the file or sheet")),
        Column("title", _("what the table shows")),
        Column("rows", _("how many rows it has"), _("rows")),
        Column("column", _("the name of the column")),
        Column("meaning", _("what the column says")),
        Column("unit", _("in what it counts"), if_empty=_("it holds words, or a number without a unit")),
        Column("empty_cell", _("what a cell without a value means")),
    ]
    own = Table("dictionary", str(_("What each column means")), tuple(columns))
    described = [*tables, own]
    lines = sum(len(one.columns) for one in described)
    rows = [
        (
            one.name,
            one.title,
            lines if one is own else len(one.rows),
            column.name,
            column.meaning,
            column.unit,
            column.empty_means,
        )
        for one in described
        for column in one.columns
    ]
    return table(own.name, own.title, columns, rows)
