"""What a plain table of a report is: rows under columns that say what they mean. CSV and XLSX are made from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from reporting.documents.register.shape import LIST_MARK

UNKNOWN = _("not recorded")
NOTHING = _("none")  # what an empty cell means where the record is complete

Cell = str | int | float
LONGEST_NAME = 31  # of a sheet in Excel


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `if_empty` says what an empty cell of it means; "" for a column that always says something.

    A column with `says_unknown` says “not recorded” in the cell itself.
    """

    name: str
    meaning: str
    unit: str = ""
    if_empty: str = ""
    says_unknown: bool = False

    def cell(self, value: object) -> Cell:
        """A value of the facts as a cell: numbers stay numbers, lists are joined, what is unknown says so."""
        if isinstance(value, (int, float)):
            return value
        text = LIST_MARK.join(map(str, value)) if isinstance(value, (list, tuple)) else str(value or "")
        return text or (str(UNKNOWN) if self.says_unknown else "")

    @property
    def empty_means(self) -> str:
        """What the dictionary says of a cell without a value."""
        if self.says_unknown:
            return str(_("The cell says “not recorded”. It never stands for 0."))
        return str(self.if_empty) or str(_("There is no empty cell."))


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `name` is that of its file and of its sheet, at most 31 small letters and dashes."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)


def table(name: str, title: object, columns: Sequence[Column], rows: Iterable[Iterable[object]]) -> Table:
    """A table from values of the facts. Each row has a value for each column."""
    made = [tuple(column.cell(value) for column, value in zip(columns, row, strict=True)) for row in rows]
    return Table(name, str(title), tuple(columns), made)


def fitted(name: str) -> str:
    """A name for a file and a sheet: what Excel takes, cut at 31 letters."""
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())[:LONGEST_NAME].strip("-")
