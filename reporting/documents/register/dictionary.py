"""The data dictionary of the open register: what stands in the definitions, as lines for a page and for a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from people.models import Organisation
from reporting.documents.register.shape import COUNT_PARTS, LIST_MARK, Column, Table, Type

LICENCE_NAME = "Open Government Licence v3.0"
LICENCE_ADDRESS = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


@dataclass(frozen=True)
class Licence:
    """On which terms the register may be used, and the words that whoever uses it has to print."""

    publisher: str
    name: str
    address: str
    attribution: str


@dataclass(frozen=True)
class Entry:
    """One line of the dictionary: a column as it stands in JSON, or one part of a count."""

    name: str
    in_csv: str
    type: str
    may_be_empty: bool
    meaning: str
    unit: str
    codes: tuple[tuple[str, str], ...]
    example: str
    source: str


def licence() -> Licence:
    """The licence with the body named; its name is missing before a profile is loaded."""
    body = Organisation.objects.body()
    publisher = body.name if body else ""
    words = (
        _("Contains public sector information from %(body)s, licensed under the Open Government Licence v3.0.")
        if publisher
        else _("Contains public sector information licensed under the Open Government Licence v3.0.")
    )
    return Licence(publisher, LICENCE_NAME, LICENCE_ADDRESS, words % {"body": publisher} if publisher else words)


def entries(table: Table) -> Iterator[Entry]:
    """What each column of a table means, in the order of the table."""
    for column in table.columns:
        source = str(column.source or table.source)
        yield Entry(
            column.name,
            "" if column.type is Type.COUNT else column.name,
            str(column.type.label),
            not column.is_always_there,
            str(column.meaning),
            str(column.unit),
            _codes(column.codes),
            _example(column),
            source,
        )
        if column.type is Type.COUNT:
            yield from _parts(column, source)


def _parts(column: Column, source: str) -> Iterator[Entry]:
    for part, in_csv in zip(COUNT_PARTS, column.csv_names, strict=True):
        value = column.example[part.name]
        yield Entry(
            f"{column.name}.{part.name}",
            in_csv,
            str((Type.WHOLE if part.is_number else Type.CODE if part.codes else Type.TEXT).label),
            part.name != "words" or not column.is_always_there,
            str(part.meaning),
            str(column.unit) if part.is_number else "",
            _codes(part.codes),
            "" if value is None else str(value),
            source,
        )


def _codes(codes) -> tuple[tuple[str, str], ...]:
    return tuple((code, str(label)) for code, label in codes.choices if code) if codes else ()


def _example(column: Column) -> str:
    if column.type is Type.COUNT:
        return str(column.example["words"])
    if column.type is Type.LIST:
        return LIST_MARK.join(column.example)
    return str(column.example).lower() if column.type is Type.YES_NO else str(column.example)


HEADERS = (
    *("table", "column", "column_in_csv", "type", "may_be_empty", "meaning", "unit", "codes", "example", "source"),
    *("publisher", "licence", "licence_address"),
)


def lines(tables: tuple[Table, ...]) -> Iterator[tuple]:
    """The whole dictionary as rows of a file, in the order of `HEADERS`."""
    terms = licence()
    for table in tables:
        for entry in entries(table):
            codes = LIST_MARK.join(f"{code}: {label}" for code, label in entry.codes)
            may_be_empty = str(entry.may_be_empty).lower()
            yield (
                *(table.name, entry.name, entry.in_csv, entry.type, may_be_empty, entry.meaning, entry.unit),
                *(codes, entry.example, entry.source, terms.publisher, terms.name, terms.address),
            )
