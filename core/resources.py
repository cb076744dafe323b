"""Take in a sheet whole or not at all: every row is checked and judged new, changed, unchanged or wrong before any is written.

A TableResource declares its columns and nothing else is read or exported. It reads names once, not row by row, collects
what is wrong with row, column and remedy, and knows a row that says what is recorded already: that row is not touched.
"""

import calendar
import datetime
import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from import_export import fields, resources

from core.counts import Count, parse_count
from core.spreadsheets import Cell, Problem, Row, Sheet, SpreadsheetError, fold, shorten

MOST_PROBLEMS = 50
MOST_NEW_NAMES = 500
CHUNK = 1000


class Wrong(Exception):
    """Cells that cannot be taken as they stand: for each, what is wrong, what would be right, and the text it is about."""

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
    """The rows of one model under every name that they have. Names that are new wait here until the sheet is taken in."""

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
        """Recorded names that look like this one. After many questions the answer is none, to stay fast on a wrong file."""
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
        """A new row under this name, not yet saved. A name almost like a recorded one is refused as a slip of the pen."""
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

    def prepare(self, resource: "TableResource") -> None:
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


def words(text: str) -> str:
    """The text as choices are compared: letters and digits alone."""
    return " ".join(re.sub(r"[^\w]+|_", " ", fold(text).replace("'", "")).split())


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
        r"(?:[A-Za-z]{3,9},? )?(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<month>[A-Za-z]{3,9})\.?,?[ -](?P<year>\d{4}|\d{2})"
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


# The resource ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Plan:
    """What is to become of one row of the sheet."""

    number: int
    key: object = None
    key_text: str = ""
    values: dict[str, object] = field(default_factory=dict)
    instance: models.Model | None = None
    is_new: bool = True
    changes: list[tuple[str, object, object]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def fate(self) -> str:
        if self.problems:
            return "wrong"
        if self.is_new:
            return "new"
        return "changed" if self.changes else "unchanged"


@dataclass(slots=True)
class Outcome:
    """What a sheet did, or would do."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    ignored_columns: list[str] = field(default_factory=list)
    new_names: dict[str, list[str]] = field(default_factory=dict)
    fates: list[dict] = field(default_factory=list)

    @property
    def is_accepted(self) -> bool:
        return not self.problem_count

    def as_dict(self) -> dict:
        """As plain data. `errors` holds the first of them, `error_count` says how many there are."""
        return {
            "rows": self.rows,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "wrong": self.wrong,
            "errors": [problem.as_dict() for problem in self.problems],
            "error_count": self.problem_count,
            "ignored_columns": self.ignored_columns,
            "new_names": self.new_names,
        }


class TableResource(resources.Resource):
    """A kind of sheet. Subclasses declare columns, say what identifies a row and how rows that belong together are checked."""

    select_related: tuple[str, ...] = ()
    prefetch_related: tuple[str, ...] = ()

    def __init__(self, *, by=None, late_reason: str = "", source: str = "", **kwargs):
        super().__init__(**kwargs)
        self.by, self.late_reason, self.source = by, late_reason, source
        self.existing: set[models.Model] = set()
        self._names: dict[type[models.Model], Names] = {}

    # What a subclass says

    def key(self, values: dict) -> object | None:
        """What identifies a row, or None when the cells that say it are wrong."""
        raise NotImplementedError

    def key_text(self, values: dict, cells: dict[str, Cell]) -> str:
        """The key as the preview shows it."""
        raise NotImplementedError

    def index(self) -> dict[object, int]:
        """The record number by key, for every record."""
        raise NotImplementedError

    def before(self, plans: list[Plan]) -> None:
        """Look at all rows once their cells are read: names that stand in one row and are meant in another."""

    def complete(self, plan: Plan) -> None:
        """Check what no cell can say alone, and add values that follow from others. Uses `wrong` to say what is wrong."""

    # What it does

    def names(self, model: type[models.Model]) -> Names:
        if model not in self._names:
            self._names[model] = Names(model)
        return self._names[model]

    def import_data(self, *args, **kwargs):
        raise NotImplementedError("use load(): it checks every row and writes all of them or none")

    def get_queryset(self):
        queryset = self._meta.model._default_manager.all()
        return queryset.select_related(*self.select_related).prefetch_related(*self.prefetch_related)

    def get_export_fields(self, selected_fields=None):
        return [column for column in super().get_export_fields(selected_fields) if not column.hidden]

    @transaction.atomic
    def load(self, sheet: Sheet, *, dry_run: bool, progress: Callable[[int, int], None] | None = None) -> Outcome:
        """Check the sheet and, unless it is a dry run or a row is wrong, take it in. Raises SpreadsheetError.

        A dry run writes as the real one does and takes it back, so that it meets every rule of the database too.
        """
        self.progress = progress or (lambda done, of: None)
        outcome = Outcome(rows=len(sheet.rows))
        columns = self._match(sheet, outcome)
        for column in self.fields.values():
            column.prepare(self)
        plans = self._plan(sheet, columns)
        failure = None if any(plan.problems for plan in plans) else self._write_or_explain(plans, sheet, dry_run)
        self._sum_up(outcome, plans, failure, sheet)
        if dry_run or not outcome.is_accepted:
            transaction.set_rollback(True)
        return outcome

    def _match(self, sheet: Sheet, outcome: Outcome) -> dict[str, int]:
        """The place of each column that is known. Columns that are not known are named in the outcome."""
        known = {fold(column.column_name): name for name, column in self.fields.items() if not column.hidden}
        places = {known[fold(name)]: place for place, name in enumerate(sheet.header) if fold(name) in known}
        outcome.ignored_columns = [name for name in sheet.header if name and fold(name) not in known]
        missing = [column.column_name for name, column in self.fields.items() if column.required and name not in places]
        if missing:
            near = [
                match
                for name in missing
                for match in difflib.get_close_matches(name, map(fold, outcome.ignored_columns), n=1)
            ]
            fix = _("Name the columns in the first row exactly so")
            if near:
                fix = _("Is it the column %(names)s? Correct its name in the first row") % {"names": quoted(near)}
            raise SpreadsheetError(
                _("The sheet has no column called %(names)s") % {"names": quoted(missing)},
                fix,
                sheet=sheet.name,
                column=missing[0],
            )
        return places

    def _plan(self, sheet: Sheet, places: dict[str, int]) -> list[Plan]:
        found = {}
        for problem in sheet.problems:
            found.setdefault(problem.row, []).append(problem)
        self.sheet = sheet.name
        plans = [self._read_row(row, places, found.get(row.number, [])) for row in sheet.rows]
        self._refuse_repeats(plans)
        self._find_existing(plans)
        self.before(plans)
        for done, plan in enumerate(plans):
            if done % 500 == 0:
                self.progress(done, len(plans))
            self.complete(plan)
            self._compare(plan)
        return plans

    def _read_row(self, row: Row, places: dict[str, int], problems: list[Problem]) -> Plan:
        plan = Plan(row.number, problems=list(problems))
        unread = {fold(problem.column) for problem in problems}
        pending = {names: len(names.pending) for names in self._names.values()}
        cells = {name: row.cells[place] for name, place in places.items()}
        for name, cell in cells.items():
            column = self.fields[name]
            if fold(column.column_name) in unread:
                continue
            try:
                plan.values[name] = column.empty if cell == "" else column.read(cell)
                if cell == "" and column.required:
                    raise Wrong(_("The cell is empty"), _("Fill it in: every row needs it"))
            except Wrong as wrong:
                plan.values.pop(name, None)
                self.wrong(plan, name, wrong, str(cell))
        for names, before in pending.items():
            plan.notes += [
                _("new %(what)s “%(name)s”") % {"what": names.label, "name": row.name} for row in names.pending[before:]
            ]
        plan.key = self.key(plan.values)
        plan.key_text = shorten(self.key_text(plan.values, cells))
        return plan

    def wrong(self, plan: Plan, name: str, wrong: Wrong, value: str = "") -> None:
        """Note what is wrong with a cell of a row."""
        column = self.fields[name].column_name if name in self.fields else name
        plan.problems += [
            Problem(problem, fix, self.sheet, plan.number, column, shorten(value if about is None else about))
            for problem, fix, about in wrong.entries
        ]

    def _refuse_repeats(self, plans: list[Plan]) -> None:
        first: dict[object, Plan] = {}
        for plan in plans:
            if plan.key is None:
                continue
            earlier = first.setdefault(plan.key, plan)
            if earlier is not plan:
                words = {"key": plan.key_text, "row": earlier.number}
                name = self._meta.import_id_fields[0]
                self.wrong(
                    plan,
                    name,
                    Wrong(_("“%(key)s” stands in row %(row)s already") % words, _("Keep one of the two rows")),
                    plan.key_text,
                )

    def _find_existing(self, plans: list[Plan]) -> None:
        index = self.index()
        wanted = {index[plan.key]: plan for plan in plans if plan.key in index}
        numbers = list(wanted)
        queryset = self.get_queryset()
        mine = None
        if self.by is not None and hasattr(queryset, "for_user"):
            mine = set(queryset.model._default_manager.for_user(self.by).values_list("pk", flat=True))
        for start in range(0, len(numbers), CHUNK):
            for instance in queryset.filter(pk__in=numbers[start : start + CHUNK]).select_for_update(of=("self",)):
                plan = wanted[instance.pk]
                plan.instance, plan.is_new = instance, False
                self.existing.add(instance)
                if mine is not None and instance.pk not in mine:
                    name = self._meta.import_id_fields[0]
                    self.wrong(
                        plan,
                        name,
                        Wrong(
                            _("This record belongs to a part that you do not work for"),
                            _("Take the row out of the file"),
                        ),
                        plan.key_text,
                    )

    def _compare(self, plan: Plan) -> None:
        for name, value in plan.values.items():
            column = self.fields[name]
            old = column.empty if plan.is_new else column.current(plan.instance)
            if not column.same(old, value):
                plan.changes.append((name, old, value))

    # Writing

    def _write_or_explain(self, plans: list[Plan], sheet: Sheet, dry_run: bool) -> Problem | None:
        try:
            with transaction.atomic():
                self.write([plan for plan in plans if plan.fate in {"new", "changed"}])
                return self._out_of_scope(plans)
        except (IntegrityError, DataError) as error:
            return Problem(
                self._explain(error),
                _("Look at the rows again. Somebody may have changed the same records meanwhile"),
                sheet.name,
            )

    def write(self, plans: list[Plan]) -> None:
        """Write new and changed rows: new names first, then records and their history, then what hangs on them."""
        self.save_names()
        related: dict[str, list] = {}
        created, model = [], self._meta.model
        for plan in plans:
            if plan.is_new:
                plan.instance = model()
            own = [name for name, _old, _new in plan.changes if not self.fields[name].is_related]
            for name in own:
                self.fields[name].put(plan.instance, plan.values[name])
            if plan.is_new:
                created.append(plan.instance)
            else:
                self._save(plan.instance, own)
            for name, _old, new in plan.changes:
                if self.fields[name].is_related:
                    related.setdefault(name, []).append((plan, new))
        model._default_manager.bulk_create(created, batch_size=CHUNK)
        if hasattr(model, "history"):
            model.history.bulk_history_create(
                created, batch_size=CHUNK, default_user=self.by, default_change_reason=self.reason
            )
        for name, changes in related.items():
            self.fields[name].write([(plan.instance, new) for plan, new in changes])

    def save_names(self) -> None:
        for names in self._names.values():
            names.save()

    @property
    def reason(self) -> str:
        """What stands in the history of a record as the reason for its change."""
        return f"import of {self.source}"[:100] if self.source else "import"

    def _save(self, instance: models.Model, names: list[str]) -> None:
        instance._history_user, instance._change_reason = self.by, self.reason
        instance.save(update_fields=[*(self.fields[name].attribute for name in names), "updated_at"])

    def _out_of_scope(self, plans: list[Plan]) -> Problem | None:
        """Why a row may not be written by this user: it would lie outside the part of the area that they work for."""
        manager = self._meta.model._default_manager
        if self.by is None or not hasattr(manager, "for_user"):
            return None
        written = {plan.instance.pk: plan for plan in plans if plan.is_new}
        mine = set(manager.for_user(self.by).values_list("pk", flat=True))
        for pk, plan in written.items():
            if pk not in mine:
                return Problem(
                    _("“%(key)s” would belong to a part that you do not work for") % {"key": plan.key_text},
                    _("Name a place that you work for, or ask somebody who works for the whole area"),
                    self.sheet,
                    plan.number,
                )
        return None

    def _explain(self, error: Exception) -> str:
        text = str(error)
        for constraint in self._meta.model._meta.constraints:
            if constraint.name in text:
                return str(constraint.get_violation_error_message())
        return _("The database does not take these rows")

    # The result

    def _sum_up(self, outcome: Outcome, plans: list[Plan], failure: Problem | None, sheet: Sheet) -> None:
        fates = [plan.fate for plan in plans]
        outcome.created, outcome.changed = fates.count("new"), fates.count("changed")
        outcome.unchanged, outcome.wrong = fates.count("unchanged"), fates.count("wrong")
        problems = [problem for plan in plans for problem in plan.problems] + ([failure] if failure else [])
        outcome.problem_count, outcome.problems = len(problems), problems[:MOST_PROBLEMS]
        outcome.new_names = {
            names.label: [row.name for row in names.pending] for names in self._names.values() if names.pending
        }
        outcome.fates = [self._fate(plan) for plan in plans]

    def _fate(self, plan: Plan) -> dict:
        changes = []
        if plan.fate == "changed":
            for name, old, new in plan.changes:
                column = self.fields[name]
                changes.append(
                    {
                        "column": column.column_name,
                        "old": shorten(column.text(old), 200),
                        "new": shorten(column.text(new), 200),
                    }
                )
        problems = [{"column": each.column, "problem": each.problem, "fix": each.fix} for each in plan.problems]
        return {
            "row": plan.number,
            "key": plan.key_text,
            "fate": plan.fate,
            "changes": changes,
            "notes": plan.notes,
            "problems": problems,
        }
