"""The columns of a sheet: from what stands in a cell to a value, and from a record to the text of its present value.

Names are looked up in what was read once. What is wrong with a cell is said as the NHS manual asks: the problem, then
what would be right.
"""

import calendar
import datetime
import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from import_export import fields

from core.counts import Count, parse_count
from core.spreadsheets import Cell, fold, shorten

MOST_PROBLEMS = 50
MOST_NEW_NAMES = 500
CHUNK = 1000


class Wrong(Exception):
    """Cells that cannot be taken as they stand: what is wrong, what would be right, and the text it is about."""

    def __init__(self, problem: str = "", fix: str = "", value: str | None = None):
        self.entries: list[tuple[str, str, str | None]] = [(problem, fix, value)] if problem else []
        super().__init__(problem)


def wrong_from(error: ValidationError, value: str | None = None) -> Wrong:
    """The same as a ValidationError says: its first message is the problem, its second the remedy."""
    problem, *fix = error.messages
    if not fix:
        problem, _dot, rest = problem.rpartition(". ")
        problem, fix = (problem, [rest]) if problem else (rest, [""])
    return Wrong(problem, fix[0], value)


def several(cell: Cell) -> list[str]:
    """The values of a cell that separates them with a semicolon, each once."""
    parts = (" ".join(part.split()) for part in str(cell).split(";"))
    return list({fold(part): part for part in parts if part}.values())


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


# Names -------------------------------------------------------------------------------------------


class Names:
    """The rows of one model under every name that they have. New names wait here until the sheet is taken in."""

    def __init__(self, model: type[models.Model]):
        self.model = model
        queryset = model._default_manager.all()
        named = queryset.by_name() if hasattr(queryset, "by_name") else {row.name: row for row in queryset}
        self.rows = {fold(name): row for name, row in named.items()}
        self.pending: list[models.Model] = []
        self._asked: dict[tuple[str, float], list[str]] = {}

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    def find(self, name: str) -> models.Model | None:
        return self.rows.get(fold(name))

    def close(self, name: str, cutoff: float = 0.6) -> list[str]:
        """Recorded names that look like this one. After many questions there are none, to stay fast on a wrong file."""
        asked = (fold(name)[:100], cutoff)
        if asked not in self._asked and len(self._asked) < MOST_NEW_NAMES + MOST_PROBLEMS:
            found = difflib.get_close_matches(
                asked[0], [key for key in self.rows if len(key) <= 200], n=3, cutoff=cutoff
            )
            self._asked[asked] = list(dict.fromkeys(self.rows[key].name for key in found))
        return self._asked.get(asked, [])

    def missing(self, name: str) -> Wrong:
        near = self.close(name)
        fix = (
            _("Did you mean %(names)s?") % {"names": quoted(near)}
            if near
            else _("Write a name that is recorded, or add it in the admin first")
        )
        return Wrong(
            _("There is no %(what)s called “%(name)s”") % {"what": self.label, "name": shorten(name)}, fix, name
        )

    def add(self, name: str, *, refuse_near: bool) -> models.Model:
        """A new row of this name, not yet saved. A name almost like a recorded one is refused as a slip of the pen."""
        most = self.model._meta.get_field("name").max_length
        if len(name) > most:
            raise Wrong(
                _("“%(name)s” is too long for a name") % {"name": shorten(name, 40)},
                _("Write at most %(most)s characters") % {"most": most},
                name,
            )
        if len(self.pending) == MOST_NEW_NAMES:
            raise Wrong(
                _("More than %(most)s names are new") % {"most": MOST_NEW_NAMES},
                _("Check the column, or import the file in parts"),
                name,
            )
        if refuse_near and (near := self.close(name, 0.9)):
            raise Wrong(
                _("There is no %(what)s called “%(name)s”") % {"what": self.label, "name": shorten(name)},
                _("Did you mean %(names)s? If not, add the new one in the admin first") % {"names": quoted(near[:1])},
                name,
            )
        row = self.model(name=name)
        self.rows[fold(name)] = row
        self.pending.append(row)
        return row

    def save(self) -> None:
        """Write the new rows."""
        taken = (
            set(self.model._default_manager.values_list("slug", flat=True))
            if self.pending and hasattr(self.model, "slug")
            else set()
        )
        for row in self.pending:
            if hasattr(row, "slug"):
                row.slug = _free_slug(row.name, taken)
            row.save()


def _free_slug(name: str, taken: set[str]) -> str:
    stem = slugify(name)[:90] or "name"
    slug = next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := stem if number == 1 else f"{stem}-{number}") not in taken
    )
    taken.add(slug)
    return slug


# Columns -----------------------------------------------------------------------------------------


class Column(fields.Field):
    """One column of a sheet: from a cell to a value, and from a record to its present value and the text of it."""

    is_related = False  # whether the value stands in other rows than the record's own
    hidden = False  # whether it follows from other columns and is no column of the sheet
    empty = None

    def __init__(self, attribute: str | None = None, *, required: bool = False):
        super().__init__(attribute=attribute)
        self.required = required

    def prepare(self, resource) -> None:
        """Read, once, what the cells will be looked up in."""
        self.model = resource._meta.model
        self.resource = resource

    def read(self, cell: Cell):
        """The value of a cell that is not empty. Raises Wrong."""
        raise NotImplementedError

    def current(self, instance):
        return getattr(instance, self.attribute)

    def same(self, old, new) -> bool:
        return old == new

    def text(self, value) -> str:
        return "" if value is None else str(value)

    def put(self, instance, value) -> None:
        setattr(instance, self.attribute, value)

    def write(self, changes: list[tuple[models.Model, object]]) -> None:
        """Write a related column for many records at once."""
        raise NotImplementedError

    def export(self, instance, **kwargs):
        return self.text(self.current(instance))

    @property
    def model_field(self) -> models.Field:
        return self.model._meta.get_field(self.attribute)


class Text(Column):
    """Words in one line, or with `long` as many as there are."""

    empty = ""

    def __init__(self, attribute: str, *, long: bool = False, **kwargs):
        super().__init__(attribute, **kwargs)
        self.long = long

    def read(self, cell):
        text = str(cell) if self.long else " ".join(str(cell).split())
        most = self.model_field.max_length
        if most and len(text) > most:
            raise Wrong(
                _("The text has %(count)s characters") % {"count": len(text)},
                _("Shorten it to at most %(most)s") % {"most": most},
            )
        return text


class Whole(Column):
    """A whole number."""

    def __init__(self, attribute: str, *, least: int = 0, most: int = 32_767, **kwargs):
        super().__init__(attribute, **kwargs)
        self.least, self.most = least, most

    def read(self, cell):
        text = str(cell).strip()
        if re.fullmatch(r"[0-9]{1,9}", text) and self.least <= int(text) <= self.most:
            return int(text)
        words = {"value": shorten(text), "least": self.least, "most": self.most}
        raise Wrong(
            _("“%(value)s” is not a whole number from %(least)s to %(most)s") % words,
            _("Write a number in digits, for example %(least)s") % {"least": max(self.least, 12)},
        )


class Choice(Column):
    """One of a list that the code knows, by its code, its label or a synonym."""

    empty = ""

    def __init__(
        self, attribute: str, choices: type[models.TextChoices], *, synonyms: dict[str, str] | None = None, **kwargs
    ):
        super().__init__(attribute, **kwargs)
        self.choices, self.synonyms = choices, synonyms or {}

    def prepare(self, resource):
        super().prepare(resource)
        self.known = {words(each.label): each.value for each in self.choices} | {
            words(each.value): each.value for each in self.choices
        }
        self.known |= {words(synonym): value for synonym, value in self.synonyms.items()}

    def read(self, cell):
        if (value := self.known.get(words(str(cell)))) is not None:
            return value
        labels = [str(each.label) for each in self.choices]
        raise unknown_choice(self.column_name, str(cell), labels, self.known)

    def text(self, value):
        return str(self.choices(value).label) if value else ""

    def export(self, instance, **kwargs):
        return str(self.current(instance))


_NO_WORD = re.compile(r"[^\w]+|_")


def words(text: str) -> str:
    """The text as choices are compared: letters and digits alone."""
    return " ".join(_NO_WORD.sub(" ", fold(text).replace("'", "")).split())


def unknown_choice(column: str, value: str, labels: list[str], known: Iterable[str]) -> Wrong:
    near = difflib.get_close_matches(words(value)[:100], list(known), n=1)
    problem = _("There is no %(what)s called “%(name)s”") % {"what": column.replace("_", " "), "name": shorten(value)}
    listed = _("Write one of: %(names)s") % {"names": ", ".join(labels)}
    return Wrong(
        problem,
        _("Did you mean “%(name)s”? %(listed)s") % {"name": near[0], "listed": listed} if near else listed,
        value,
    )


class YesNo(Column):
    """Yes or no. Empty is no."""

    empty = False
    known = {
        "yes": True,
        "y": True,
        "true": True,
        "1": True,
        "x": True,
        "no": False,
        "n": False,
        "false": False,
        "0": False,
    }

    def read(self, cell):
        if (value := self.known.get(words(str(cell)))) is not None:
            return value
        raise Wrong(_("“%(value)s” is neither yes nor no") % {"value": shorten(str(cell))}, _("Write “yes” or “no”"))

    def text(self, value):
        return _("yes") if value else _("no")


MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_DAY_PATTERNS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[ T]\d{2}:\d{2}(?::\d{2})?)?"),
    re.compile(r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4}|\d{2})"),
    re.compile(
        r"(?:[A-Za-z]{3,9},? )?(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -]"
        r"(?P<month>[A-Za-z]{3,9})\.?,?[ -](?P<year>\d{4}|\d{2})"
    ),
    re.compile(r"(?P<month>[A-Za-z]{3,9})\.?[ -](?P<year>\d{4})"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a date can mean: one day, or a whole month where only the month is known."""

    first: datetime.date
    last: datetime.date

    @property
    def is_day(self) -> bool:
        return self.first == self.last


def parse_date(cell: Cell) -> Span:
    """Read a date as people write it, day before month. Raises Wrong."""
    if isinstance(cell, datetime.date):
        return _in_reach(cell, cell, str(cell))
    text = " ".join(cell.split())
    match = next((match for pattern in _DAY_PATTERNS if (match := pattern.fullmatch(text))), None)
    fix = _("Write it like 31/03/2024, 31 March 2024 or 2024-03-31; where only the month is known, March 2024")
    if match is None or not text.isascii():
        raise Wrong(_("“%(value)s” is not a date") % {"value": shorten(text)}, fix)
    found = match.groupdict()
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    month = int(found["month"]) if found["month"].isdigit() else MONTHS.get(found["month"].casefold(), 0)
    if not 1 <= month <= 12:
        raise Wrong(_("“%(value)s” has no month that exists") % {"value": shorten(text)}, fix)
    last_day = calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 0
    day = int(found.get("day") or 1)
    if not 1 <= day <= last_day:
        words = {"month": calendar.month_name[month], "year": year, "days": last_day}
        raise Wrong(
            _("“%(value)s” is a day that does not exist") % {"value": shorten(text)},
            _("%(month)s %(year)s has %(days)s days") % words,
        )
    first = datetime.date(year, month, day)
    return _in_reach(first, first if "day" in found else datetime.date(year, month, last_day), text)


def _in_reach(first: datetime.date, last: datetime.date, text: str) -> Span:
    if not 1948 <= first.year <= 2100:
        raise Wrong(
            _("“%(value)s” cannot be the right year") % {"value": shorten(text)}, _("Write a year from 1948 to 2100")
        )
    return Span(first, last)


class Day(Column):
    """A date to the day."""

    def read(self, cell):
        span = parse_date(cell)
        if not span.is_day:
            raise Wrong(
                _("“%(value)s” names a month, not a day") % {"value": cell},
                _("Write the day too, for example 1 %(value)s, or leave it empty") % {"value": cell},
            )
        return span.first

    def text(self, value):
        return value.isoformat() if value else ""


class One(Column):
    """A row of another model, by name. With `new`, a name that is not recorded is added."""

    def __init__(
        self, attribute: str, to: type[models.Model], *, new: bool = False, refuse_near: bool = False, **kwargs
    ):
        super().__init__(attribute, **kwargs)
        self.to, self.new, self.refuse_near = to, new, refuse_near

    def prepare(self, resource):
        super().prepare(resource)
        self.names = resource.names(self.to)

    def read(self, cell):
        return self.look_up(" ".join(str(cell).split()))

    def look_up(self, name: str):
        found = self.names.find(name)
        if found is None:
            if not self.new:
                raise self.names.missing(name)
            found = self.names.add(name, refuse_near=self.refuse_near)
        return found

    def text(self, value):
        return value.name if value else ""


class Coded(Column):
    """A row of a short list that the body keeps, by its code or its name."""

    def __init__(self, attribute: str, to: type[models.Model], **kwargs):
        super().__init__(attribute, **kwargs)
        self.to = to

    def prepare(self, resource):
        super().prepare(resource)
        rows = list(self.to._default_manager.all())
        self.labels = [row.code for row in rows]
        self.known = {words(str(row)): row for row in rows} | {words(row.code): row for row in rows}

    def read(self, cell):
        if (row := self.known.get(words(str(cell)))) is not None:
            return row
        raise unknown_choice(self.column_name, str(cell), self.labels, self.known)

    def export(self, instance, **kwargs):
        value = self.current(instance)
        return value.code if value else ""


class Figure(Column):
    """A count with its words, as core.counts reads it."""

    def read(self, cell):
        return read_count(cell, kind=self.model_field.kind, most=self.model_field.max_length)

    def same(self, old, new):
        return self.text(old) == self.text(new)

    def text(self, value):
        return value.text if value else ""


def read_count(cell: Cell, *, kind: str, most: int) -> Count | None:
    """One count from a cell, or None for “not recorded”. Raises Wrong."""
    if isinstance(cell, datetime.date):
        raise Wrong(
            _("The spreadsheet program took this for a date: %(value)s") % {"value": cell},
            _("Format the cell as text and write the figure again, for example “10 to 12”"),
        )
    try:
        count = parse_count(cell, kind=kind)
    except ValidationError as error:
        raise wrong_from(error, cell) from error
    if count and len(count.text) > most:
        raise Wrong(
            _("The count has %(count)s characters") % {"count": len(count.text)},
            _("Shorten its words to at most %(most)s") % {"most": most},
            cell,
        )
    return count


class Several(One):
    """Rows of another model behind a many-to-many field, by name, with a semicolon between."""

    is_related = True
    empty = ()

    def read(self, cell):
        found, wrong = [], Wrong()
        for name in several(cell):
            try:
                row = self.look_up(name)
            except Wrong as error:
                wrong.entries += error.entries
            else:
                found += [] if any(row is other for other in found) else [row]
        if wrong.entries:
            raise wrong
        return tuple(found)

    def current(self, instance):
        return tuple(getattr(instance, self.attribute).all())

    def same(self, old, new):
        return {row.pk for row in old} == {row.pk for row in new}

    def text(self, value):
        return "; ".join(row.name for row in value)

    def write(self, changes):
        link = self.model_field
        through, source, target = link.remote_field.through, link.m2m_field_name(), link.m2m_reverse_field_name()
        gone, added = models.Q(), []
        for instance, value in changes:
            new, old = (
                {row.pk for row in value},
                {row.pk for row in self.current(instance)} if instance in self.resource.existing else set(),
            )
            if old - new:
                gone |= models.Q(**{source: instance, f"{target}__in": old - new})
            added += [
                through(**{f"{source}_id": instance.pk, f"{target}_id": row.pk}) for row in value if row.pk not in old
            ]
        if gone:
            through._default_manager.filter(gone).delete()
        through._default_manager.bulk_create(added, batch_size=CHUNK)
