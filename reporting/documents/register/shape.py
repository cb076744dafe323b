"""The shape of the open register: tables and their columns. JSON, CSV, dictionary and OpenAPI are made from them alone.

Nothing leaves the record but what a column names (PUB-018): a field that no column reads cannot get out.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from django.db import models
from django.db.models import Count as Number
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from core import counts

LIST_MARK = "; "  # between the entries of a list, in a CSV cell


class Type(models.TextChoices):
    """What a column holds."""

    TEXT = "text", _("text")
    WHOLE = "whole_number", _("whole number")
    YES_NO = "true_or_false", _("true or false")
    DAY = "date", _("date")
    MOMENT = "date_time", _("date and time")
    ADDRESS = "web_address", _("web address")
    CODE = "code", _("code")
    LIST = "list", _("list of texts")
    COUNT = "count", _("count")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a count: its name behind that of the column, and what it says."""

    name: str
    is_number: bool
    meaning: str
    codes: type[models.TextChoices] | None = None


COUNT_PARTS = (
    Part("words", False, _("the figure as people read it, with its qualifier and its words")),
    Part("value", True, _("the number in it, the lower one of a range")),
    Part("upper", True, _("the upper number of a range")),
    Part("qualifier", False, _("how exact the number is: empty means exactly"), counts.Qualifier),
    Part("kind", False, _("what it counts: unlike kinds must not be added"), counts.Kind),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it means, where it comes from, and the one way to read it from a row.

    `value` reads the attribute called like the column unless it is given. Empty means “not recorded”, never 0.
    """

    name: str
    type: Type
    meaning: str
    example: object
    value: Callable | None = None
    codes: type[models.TextChoices] | None = None
    unit: str = ""
    source: str = ""
    is_always_there: bool = False

    def read(self, row):
        """What the column says of a row, as JSON knows it."""
        value = (self.value or attrgetter(self.name))(row)
        is_empty = value is None or (value == "" and not self.is_always_there)
        return None if is_empty else _PLAIN[self.type](value)

    @property
    def csv_names(self) -> list[str]:
        """The columns of the CSV file that it fills: a count fills one for each of its parts."""
        return [f"{self.name}_{part.name}" for part in COUNT_PARTS] if self.type is Type.COUNT else [self.name]

    def cells(self, value) -> Iterator[object]:
        """What `read` gave, as the cells of a CSV file."""
        if self.type is Type.COUNT:
            yield from ((value or {}).get(part.name) for part in COUNT_PARTS)
        elif self.type is Type.LIST:
            yield LIST_MARK.join(value)
        elif self.type is Type.YES_NO:
            yield None if value is None else str(value).lower()
        else:
            yield value


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the register. `rows` gives what anybody may read, in an order that stays the same.

    `changed` is the field that says when a row was last changed, where the record keeps that.
    """

    name: str
    title: str
    description: str
    source: str
    rows: Callable[[], QuerySet]
    columns: tuple[Column, ...]
    changed: str = ""

    def size(self) -> tuple[int, datetime.datetime | None]:
        """How many rows there are, and when one of them was last changed: None where that is not kept."""
        newest = {"newest": Max(self.changed)} if self.changed else {}
        found = self.rows().order_by().aggregate(number=Number("pk"), **newest)
        return found["number"], found.get("newest")

    def records(self, rows: Iterable) -> list[dict]:
        """Rows of the record as the register shows them: what the columns name, and nothing else."""
        return [{column.name: column.read(row) for column in self.columns} for row in rows]

    @property
    def csv_names(self) -> list[str]:
        return [name for column in self.columns for name in column.csv_names]

    def csv_rows(self) -> Iterator[list]:
        """The whole table as rows of a CSV file."""
        for record in self.records(self.rows()):
            yield [cell for column in self.columns for cell in column.cells(record[column.name])]


def _count(value: counts.Count) -> dict:
    return {
        "words": str(value),
        "value": value.value,
        "upper": value.upper,
        "qualifier": str(value.qualifier),
        "kind": str(value.kind) or None,
    }


def _moment(value: datetime.datetime) -> str:
    return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_PLAIN: dict[Type, Callable] = {
    Type.TEXT: str,
    Type.WHOLE: int,
    Type.YES_NO: bool,
    Type.DAY: datetime.date.isoformat,
    Type.MOMENT: _moment,
    Type.ADDRESS: str,
    Type.CODE: str,
    Type.LIST: lambda values: [str(value) for value in values],
    Type.COUNT: _count,
}
