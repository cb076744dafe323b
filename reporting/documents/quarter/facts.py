"""The facts of a quarterly assurance report: plain data, no database, the one thing that every format is drawn from."""

from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from reporting.documents.facts import Texts

# The first page, and the nine kinds of evidence in their order (REP-010 to REP-019). Keys stay: texts are kept by them.
SECTIONS = (
    ("first", _("What the committee is asked")),
    ("activities", _("Activities and outputs, and progress on plans")),
    ("findings", _("Reports of findings")),
    ("learning", _("Shared learning and high-impact actions")),
    ("experience", _("Patient experience beside staff satisfaction")),
    ("equality", _("Equality assessments")),
    ("duties", _("Duties by case")),
    ("feedback", _("What people told us, and what we learnt")),
    ("answers", _("You said, we did")),
    ("review", _("Yearly review of the strategy")),
)

MOST_UPRIGHT = 5  # columns that stand on an upright page
# Of the first page, on paper: below its headings, and of a paragraph on it.
FIRST_PAGE_LINES, LETTERS_IN_A_LINE = 34, 80


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `meaning` says how it is to be read; "" where its name says it."""

    name: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the first cell names it. `url` is the permanent address of its record, "" where it has no page."""

    cells: list[str]
    url: str = ""

    @property
    def rest(self) -> list[str]:
        return self.cells[1:]


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `key` is unique in the report; `nothing` is what is printed in its place where it has no rows."""

    key: str
    caption: str
    columns: list[Column]
    rows: list[Row]
    nothing: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two percentages of the same organisation, service and time, as dots: a label, across and up."""

    key: str
    title: str
    across: str
    up: str
    dots: list[tuple[str, float, float]]


@dataclass(frozen=True, slots=True)
class Section:
    """One of the nine kinds of evidence: what it comes to in sentences, then its tables and pictures."""

    key: str
    number: int
    name: str
    sentences: list[str]
    tables: list[Table] = field(default_factory=list)
    pairs: list[Pairs] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"section-{self.key}"

    @property
    def is_wide(self) -> bool:
        """Whether a table in it needs the long side of the page."""
        return any(len(table.columns) > MOST_UPRIGHT for table in self.tables if table.rows)


@dataclass(frozen=True, slots=True)
class Concern:
    """An exception that the committee is told of first: how many now, in the quarter before, and what it is asked.

    `now` and `before` are None where nothing of the kind was on record by then. `section` is the key of the
    section that lists them. `is_to_decide`: it is asked to decide, not only to note.
    """

    key: str
    name: str
    now: int | None
    before: int | None
    change: str
    asked: str
    section: str
    is_to_decide: bool = False

    @property
    def before_words(self) -> str:
        return "" if self.before is None else str(self.before)


@dataclass(frozen=True, slots=True)
class KpiLine:
    """One figure of performance, as printed, beside the quarter before. `way` says in words which way it went."""

    code: str
    name: str
    text: str
    before: str
    way: str
    target: str
    definition: str
    numerator: str
    denominator: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Word:
    """What an independent group says of this report, by its chair."""

    forum: str
    chair: str
    result: str
    result_label: str
    paragraphs: list[str]
    said_on: str


@dataclass(frozen=True, slots=True)
class QuarterFacts:
    """Everything that the quarterly assurance report says.

    `as_at` is the last day of the quarter, or the day of gathering while it goes on (`is_over` is then false).
    `edited` holds what people wrote by the key of the section.
    """

    SCHEMA: ClassVar[int] = 1

    schema: int
    title: str
    body: str
    short_name: str
    period: str
    first_day: str
    last_day: str
    as_at: str
    is_over: bool
    before: str
    prepared_for: str
    prepared_on: str
    concerns: list[Concern]
    figures: list[KpiLine]
    sections: list[Section]
    words: list[Word]
    edited: dict[str, str]
    texts: Texts
    tasks: list[str] = field(default_factory=list)

    @property
    def asked(self) -> list[Concern]:
        """What the committee is asked about: the exceptions that there are."""
        return [row for row in self.concerns if row.now]

    @property
    def not_on_record(self) -> list[Concern]:
        """Kinds of exception of which nothing was on record, so that none could be found."""
        return [row for row in self.concerns if row.now is None]

    @property
    def written(self) -> list[tuple[Section, str]]:
        """Each section with what somebody wrote for it; "" for most."""
        return [(section, self.edited.get(section.key, "")) for section in self.sections]

    @property
    def written_first(self) -> str:
        """What somebody wrote for the first page."""
        return self.edited.get("first", "")

    @property
    def first_figures(self) -> list[KpiLine]:
        """As many as fit on the first page with what else stands there; all of them stand at the end."""
        room = FIRST_PAGE_LINES - sum(
            _lines(
                (row.name, 29),
                (row.asked, 24),
                (row.change, 13),
                *[("not recorded", 8)] * (row.now is None or row.before is None),
            )
            for row in self.concerns
        )
        room -= sum(_lines((line, LETTERS_IN_A_LINE)) for line in self.written_first.splitlines())
        fitting = []
        for row in self.figures:
            room -= _lines((row.name, 36), (row.text, 18), (row.before, 14), (row.way, 12))
            if room < 0:
                break
            fitting.append(row)
        return fitting


def _lines(*cells: tuple[str, int]) -> float:
    """How many lines a row takes whose cells hold so many letters in a line, with the space between two rows."""
    return max(len(text) // letters + 1 for text, letters in cells) + 0.3
