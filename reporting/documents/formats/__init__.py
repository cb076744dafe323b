"""The further formats of a report, made from the same snapshot as its page and PDFs (REP-007, REP-008, REP-036).

A format registers itself below with the kinds of report that have it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reporting.documents.formats import cover_sheet, docx, easy_read, plain_text, summary, tables
from reporting.models import BuildFile, Report


@dataclass(frozen=True, slots=True)
class Made:
    """One format of one version. `pages` is None where it has none."""

    kind: str
    ending: str
    content: bytes
    pages: int | None = None


# What makes a format: it takes the facts, `fingerprint` and `is_draft`, and gives the content and its pages, if any.
Maker = Callable[..., tuple[bytes, int | None]]
EVERY_KIND = tuple(Report.Kind)
FORMATS: tuple[tuple[BuildFile.Kind, str, tuple[Report.Kind, ...], Maker], ...] = (
    (BuildFile.Kind.SUMMARY, "pdf", EVERY_KIND, summary.summary),
    (BuildFile.Kind.EASY_READ, "html", EVERY_KIND, easy_read.easy_read),
    (BuildFile.Kind.XLSX, "xlsx", EVERY_KIND, tables.xlsx),
    (BuildFile.Kind.CSV, "zip", EVERY_KIND, tables.csv_zip),
    (BuildFile.Kind.DOCX, "docx", (Report.Kind.ANNUAL,), docx.extract),
    (BuildFile.Kind.TEXT, "txt", EVERY_KIND, plain_text.plain_text),
    (BuildFile.Kind.COVER, "pdf", EVERY_KIND, cover_sheet.cover_sheet),
)


def make(kind: str, facts: Any, *, fingerprint: str, is_draft: bool) -> list[Made]:
    """Every further format of a kind of report."""
    wanted = [(each, ending, maker) for each, ending, kinds, maker in FORMATS if kind in kinds]
    return [
        Made(each, ending, *maker(facts, fingerprint=fingerprint, is_draft=is_draft)) for each, ending, maker in wanted
    ]
