"""Take in a sheet whole or not at all: every row is judged new, changed, unchanged or wrong before any is written.

A TableResource declares its columns and nothing else is read or exported. It collects what is wrong with row, column
and remedy, and knows a row that says what is recorded already: that row is not touched.
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import DataError, IntegrityError, models, transaction
from django.utils.translation import gettext as _
from import_export import resources

from core import search
from core.columns import CHUNK, Names, Wrong, quoted
from core.spreadsheets import Cell, Problem, Row, Sheet, SpreadsheetError, fold, shorten

MOST_PROBLEMS = 50


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
    """A kind of sheet. Subclasses declare its columns, say what identifies a row and check what no cell says alone."""

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
        """Check what no cell can say alone, and add values that follow from others. Errors go to `wrong()`."""

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
        plans = self._plan(sheet, columns, outcome)
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

    def _plan(self, sheet: Sheet, places: dict[str, int], outcome: Outcome) -> list[Plan]:
        found: dict[int, list[Problem]] = {}
        ignored = set(map(fold, outcome.ignored_columns))
        for problem in sheet.problems:
            if fold(problem.column) in ignored:
                continue
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
        for kind in search.kinds().values():
            if kind.model is model:
                search.index(kind.code, [plan.instance for plan in plans])

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
            if re.search(rf"\b{constraint.name}\b", text):
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
