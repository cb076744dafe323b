"""The days that a report is about, and how rows of its tables are made."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.models import Period
from reporting.documents.quarter.facts import SECTIONS, Column, Pairs, Row, Section, Table


@dataclass(frozen=True, slots=True)
class Span:
    """A quarter, and the day as of which it is told: its last day, or today while it goes on."""

    period: Period
    as_at: datetime.date

    @property
    def first(self) -> datetime.date:
        return self.period.starts_on

    @property
    def last(self) -> datetime.date:
        return self.period.ends_on

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        return self.first, self.last


def span_of(period: Period) -> Span:
    return Span(period, min(period.ends_on, timezone.localdate()))


def span_before(span: Span) -> Span | None:
    """The quarter before, told as of its own last day; None where the record has no such period."""
    day = span.first - datetime.timedelta(days=1)
    period = Period.objects.filter(kind=Period.Kind.QUARTER, ends_on=day).first()
    return Span(period, day) if period else None


# What a section is made of --------------------------------------------------------------------------------------------


def address(name: str, *args) -> str:
    """The permanent address of a record."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def row(*cells: object, url: str = "") -> Row:
    """A row in words. What is empty says that it is not recorded, so that it cannot be read as 0."""
    return Row([str(cell) if str(cell) else _("not recorded") for cell in cells], url)


def table(
    key: str, caption: str, columns: Iterable[str | tuple[str, str]], rows: list[Row], nothing: str, note: str = ""
) -> Table:
    """A table; a column is its name, or its name and what it means."""
    named = [Column(each) if isinstance(each, str) else Column(*each) for each in columns]
    return Table(key, caption, named, rows, nothing, note)


def evidence(key: str, sentences: list[str], tables: list[Table], pairs: Iterable[Pairs] = ()) -> Section:
    """One of the nine sections, with its number and its name."""
    number = [each for each, _name in SECTIONS].index(key)
    return Section(key, number, str(SECTIONS[number][1]), sentences, tables, list(pairs))
