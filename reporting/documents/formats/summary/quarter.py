"""The summary of the quarterly report: what the committee is asked, then the nine kinds of evidence."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.documents.formats.summary.shared import Cut, Few, cut, drawn, every_version, few, public_reports, written
from reporting.documents.quarter.facts import KpiLine, QuarterFacts, Row, Section, Table


@dataclass(frozen=True, slots=True)
class Room:
    """How much is told: rows of each table, words of a row or of what somebody wrote, sentences of a section."""

    rows: int
    words: int
    sentences: int


# The first that fits is taken.
ROOMS = (Room(5, 50, 6), Room(3, 50, 6), Room(3, 35, 5), Room(2, 30, 4), Room(1, 25, 3), Room(1, 15, 2), Room(0, 0, 1))
LONGEST = 60  # words of a sentence: a longer one stands in the report alone
MOST_GROUPS = 4  # independent groups
NO_NOTE = "–"  # what stands in a table where there is nothing to note

# The main figures of performance for each kind of evidence, by their codes.
FIGURES = {
    "activities": ("activities-held", "places-active", "milestones-on-time"),
    "findings": ("findings-unused", "insight-early"),
    "learning": ("decisions-weighed",),
    "equality": ("equality-final",),
    "duties": ("plans-signed", "principles-verified"),
    "feedback": ("comments-read", "groups-heard"),
    "answers": ("promises-kept", "people-told", "heard-right"),
}
# The tables of each kind of evidence whose first rows are told, by key and in order, and which of their columns.
TABLES = {
    "activities": {"took-part": (1, 2, 3), "reached": (1, 2, 3), "late-milestones": (2, 3, 4)},
    "findings": {"reports-of-findings": (1, 3, 4)},
    "learning": {"lessons": (1, 2), "actions-open": (2, 3, 4)},
    "equality": {"assessments-missing": (1, 2), "negative-effects": (1, 3, 4, 5)},
    "duties": {"red-answers": (1, 2), "conditions": (1, 2, 5, 6), "assurance": (1, 2)},
    "feedback": {"themes": (1, 2, 3)},
    "answers": {"overrides": (1, 2, 4, 5), "promises-overdue": (2, 3, 4), "answers": (2, 3), "heard": (1, 2)},
    "review": {"reviews": (1, 2, 6)},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: what it is called, and some of its cells with the names of their columns."""

    name: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Rows:
    caption: str
    shown: Few


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of evidence."""

    section: Section
    written: Cut | None
    sentences: Few
    figures: list[KpiLine]
    tables: list[Rows]


@dataclass(frozen=True, slots=True)
class Said:
    """What an independent group says."""

    forum: str
    result_label: str
    said: Cut


def pages(facts: QuarterFacts, *, fingerprint: str, is_draft: bool) -> Iterator[str]:
    """The summary with ever fewer rows and shorter texts."""
    for room in ROOMS:
        yield page(facts, room, fingerprint=fingerprint, is_draft=is_draft)


def page(facts: QuarterFacts, room: Room, *, fingerprint: str, is_draft: bool) -> str:
    """The summary as a page of HTML, with as much as there is room for."""
    blocks = [_block(facts, section, text, room) for section, text in facts.written]
    words = [Said(row.forum, row.result_label, cut(" ".join(row.paragraphs), room.words)) for row in facts.words]
    return drawn(
        "reporting/summary/quarter.html",
        facts,
        fingerprint=fingerprint,
        is_draft=is_draft,
        written_first=written(facts.written_first, room.words),
        words=few(words, MOST_GROUPS),
        blocks=blocks,
        more_figures=len(facts.figures) - sum(len(block.figures) for block in blocks),
        places=[every_version(), public_reports()],
    )


def _block(facts: QuarterFacts, section: Section, text: str, room: Room) -> Block:
    wanted = FIGURES.get(section.key, ())
    tables = {table.key: table for table in section.tables if table.rows}
    told = {key: columns for key, columns in TABLES.get(section.key, {}).items() if key in tables}
    return Block(
        section,
        written(text, room.words),
        _sentences(section, room),
        [figure for figure in facts.figures if figure.code in wanted],
        [_rows(tables[key], columns, room) for key, columns in told.items()],
    )


def _sentences(section: Section, room: Room) -> Few:
    told = [each for each in section.sentences if len(each.split()) <= LONGEST][: room.sentences]
    return Few(told, len(section.sentences) - len(told))


def _rows(table: Table, columns: tuple[int, ...], room: Room) -> Rows:
    """The first rows that have room as a whole: half a cell could mean something else."""
    lines = [_line(table, row, columns) for row in table.rows]
    told = [line for line in lines if len(" ".join([line.name, *line.cells]).split()) <= room.words][: room.rows]
    return Rows(table.caption, Few(told, len(lines) - len(told)))


def _line(table: Table, row: Row, columns: tuple[int, ...]) -> Line:
    cells = [(table.columns[each].name, row.cells[each]) for each in columns if row.cells[each] != NO_NOTE]
    return Line(row.cells[0], [_("%(name)s: %(words)s") % {"name": name, "words": words} for name, words in cells])
