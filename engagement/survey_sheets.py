"""Answers from another tool: a sheet with a column for each question and a row for each response (ENG-027).

A sheet is taken in whole or not at all. Two columns are no questions: `id` tells the rows apart, so that the same file
again changes nothing, and `date` says when a row was sent. Without `id` their places in the file tell them apart.
"""

import datetime
import hashlib
import re
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, spreadsheets
from core.columns import Wrong, parse_date, quoted, several
from core.resources import MOST_PROBLEMS
from core.spreadsheets import Cell, Problem, Row, Sheet, SpreadsheetError, fold, shorten
from engagement.models import Survey, SurveyQuestion, SurveyResponse, SurveyUpload
from engagement.services.surveys.responses import add_from_file, fault, is_answered, locked_with_project
from people.models import User

Kind = SurveyQuestion.Kind
ID, DATE = "id", "date"
LONGEST_ID = 120
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}.*$")


@dataclass(slots=True)
class Plan:
    """What is to become of one row."""

    number: int
    key: str = ""
    key_text: str = ""
    on: datetime.date | None = None
    answers: dict[int, object] = field(default_factory=dict)
    is_new: bool = True
    problems: list[Problem] = field(default_factory=list)

    @property
    def fate(self) -> str:
        return "wrong" if self.problems else "new" if self.is_new else "unchanged"


@dataclass(slots=True)
class Found:
    """What stands in a sheet: a plan for each row, and the columns that no question is asked for."""

    plans: list[Plan]
    unknown: list[str]

    def as_dict(self) -> dict:
        """As plain data, with the first of the problems and a fate for each row."""
        fates = [plan.fate for plan in self.plans]
        problems = [problem for plan in self.plans for problem in plan.problems]
        return {
            "rows": len(fates),
            "new": fates.count("new"),
            "unchanged": fates.count("unchanged"),
            "wrong": fates.count("wrong"),
            "errors": [problem.as_dict() for problem in problems[:MOST_PROBLEMS]],
            "error_count": len(problems),
            "unknown_columns": self.unknown,
            "fates": [_fate(plan) for plan in self.plans],
        }


def _fate(plan: Plan) -> dict:
    said = [f"{problem.column}: {problem.problem}. {problem.fix}" for problem in plan.problems]
    return {"row": plan.number, "key": plan.key_text, "fate": plan.fate, "problems": said}


@transaction.atomic
def upload(survey: Survey, file_name: str, content: bytes, *, by: User) -> SurveyUpload:
    """Keep a file for at most a day and say what would become of each row. Nothing else is written."""
    row = SurveyUpload(survey=survey, file_name=file_name[-200:], content=content, uploaded_by=by)
    row.result = _result(survey, content, file_name)
    row.save()
    audit.record(by, "uploaded answers", survey, rows=row.result["rows"])
    return row


@transaction.atomic
def take_in(row: SurveyUpload, *, by: User) -> bool:
    """Write what a checked file says. The file is checked again, as others may have written meanwhile.

    Returns whether it is in. A second time it is, and nothing changes.
    """
    survey = locked_with_project(row.survey)
    row = SurveyUpload.objects.select_for_update().get(pk=row.pk)
    if row.taken_in_at is not None:
        return True
    content = bytes(row.content)
    row.result = _result(survey, content, row.file_name)
    if not row.result["error_count"]:
        plans = read(survey, content, row.file_name).plans
        add_from_file(survey, [(plan.key, plan.on, plan.answers) for plan in plans if plan.is_new], by=by)
        row.taken_in_at, row.content = timezone.now(), b""
        audit.record(by, "took in answers", survey, new=row.result["new"], unchanged=row.result["unchanged"])
    row.save(update_fields=["result", "taken_in_at", "content"])
    return row.taken_in_at is not None


def _result(survey: Survey, content: bytes, file_name: str) -> dict:
    try:
        return read(survey, content, file_name).as_dict()
    except SpreadsheetError as error:
        empty = Found([], []).as_dict()
        return empty | {"errors": [error.problem.as_dict()], "error_count": 1}


# Reading -----------------------------------------------------------------------------------------


def read(survey: Survey, content: bytes, file_name: str) -> Found:
    """Every row of a file and what becomes of it. Raises SpreadsheetError for a file that is wrong as a whole."""
    sheet = spreadsheets.read(content, file_name, kind="answers")
    columns, unknown = _match(sheet, list(survey.questions.order_by("order")))
    flawed: dict[int, list[Problem]] = {}
    for problem in sheet.problems:
        if problem.column not in unknown:
            flawed.setdefault(problem.row, []).append(problem)
    mark = hashlib.sha256(content).hexdigest()[:16]
    plans = [_plan(sheet, row, columns, flawed.get(row.number, []), mark) for row in sheet.rows]
    _refuse_repeats(sheet, plans)
    _find_known(sheet, survey, plans)
    return Found(plans, unknown)


def _match(sheet: Sheet, questions: list[SurveyQuestion]) -> tuple[dict[int, object], list[str]]:
    """What stands in each column, by its place: a question, ID or DATE; and the names that are none of these."""
    known: dict[str, object] = {ID: ID, DATE: DATE}
    for place, question in enumerate(questions, start=1):
        known |= dict.fromkeys((str(place), f"q{place}", fold(shorten(question.text))), question)
    columns = {place: known[fold(name)] for place, name in enumerate(sheet.header) if fold(name) in known}
    asked = [each for each in columns.values() if isinstance(each, SurveyQuestion)]
    if not asked:
        raise SpreadsheetError(
            _("No column is a question of this survey"),
            _("Name the columns in the first row by the words of the questions, or by their numbers: 1, 2, 3"),
            sheet=sheet.name,
        )
    for question in asked:
        if asked.count(question) > 1:
            raise SpreadsheetError(
                _("Two columns are the question “%(question)s”") % {"question": shorten(question.text)},
                _("Keep one of the two columns"),
                sheet=sheet.name,
            )
    return columns, [name for place, name in enumerate(sheet.header) if place not in columns]


def _plan(sheet: Sheet, row: Row, columns: dict[int, object], problems: list[Problem], mark: str) -> Plan:
    plan = Plan(row.number, problems=list(problems))
    unread = {problem.column for problem in problems}
    for place, what in columns.items():
        name, cell = sheet.header[place], row.cells[place]
        if name in unread:
            continue
        try:
            _take(plan, what, cell)
        except Wrong as wrong:
            plan.problems += [
                Problem(problem, fix, sheet.name, row.number, name, shorten(str(cell)))
                for problem, fix, _about in wrong.entries
            ]
    if ID not in columns.values():
        plan.key, plan.key_text = f"{mark} {row.number}", _("row %(number)s") % {"number": row.number}
    if not plan.answers and not plan.problems:
        plan.problems.append(
            Problem(_("The row has no answers"), _("Take the row out of the file"), sheet.name, row.number)
        )
    return plan


def _take(plan: Plan, what: object, cell: Cell) -> None:
    """Put what stands in a cell where it belongs. Raises Wrong."""
    if what == ID:
        plan.key = plan.key_text = _read_id(str(cell))
    elif what == DATE:
        plan.on = _read_day(cell) if cell else None
    elif is_answered(value := _read_answer(what, cell)):
        plan.answers[what.pk] = value


def _read_id(text: str) -> str:
    if not text:
        raise Wrong(_("The cell is empty"), _("Fill it in: every row needs it"))
    if len(text) > LONGEST_ID:
        raise Wrong(_("The id is too long"), _("Write at most %(most)s characters") % {"most": LONGEST_ID})
    return text


def _read_day(cell: Cell) -> datetime.date:
    """The day, of a moment too: other tools write the time behind it."""
    span = parse_date(_TIME.sub("", cell) if isinstance(cell, str) else cell)
    if span.first != span.last:
        raise Wrong(_("“%(value)s” names a month, not a day") % {"value": cell}, _("Write the day too"))
    if span.first > timezone.localdate():
        raise Wrong(_("“%(value)s” is in the future") % {"value": cell}, _("Write the day on which it was sent"))
    return span.first


def _read_answer(question: SurveyQuestion, cell: Cell) -> object:
    text = cell.isoformat() if isinstance(cell, datetime.date) else cell
    if not text:
        return None
    match question.kind:
        case Kind.ONE:
            value = _option(question, text)
        case Kind.MANY:
            value = [_option(question, part) for part in several(text)]
        case Kind.SCALE | Kind.NUMBER:
            value = int(text) if re.fullmatch(r"[0-9]{1,10}", text) else text
        case _:
            value = text
    if words := fault(question, value):
        raise Wrong(_("“%(value)s” cannot be taken") % {"value": shorten(text)}, words)
    return value


def _option(question: SurveyQuestion, text: str) -> str:
    """The answer that is meant, whatever its capitals; the text itself where there is none."""
    return next((option for option in question.options if fold(option) == fold(text)), text)


def _refuse_repeats(sheet: Sheet, plans: list[Plan]) -> None:
    first: dict[str, Plan] = {}
    for plan in plans:
        earlier = first.setdefault(plan.key, plan) if plan.key else plan
        if earlier is not plan:
            words = {"key": shorten(plan.key_text), "row": earlier.number}
            said = _("“%(key)s” stands in row %(row)s already") % words
            plan.problems.append(Problem(said, _("Keep one of the two rows"), sheet.name, plan.number, ID))


def _find_known(sheet: Sheet, survey: Survey, plans: list[Plan]) -> None:
    """Which rows are in already. One that now says something else is refused: it would change what was read."""
    rows = survey.responses.exclude(row_key="").prefetch_related("answers__question")
    known = {response.row_key: response for response in rows}
    for plan in plans:
        if plan.key not in known or plan.problems:
            continue
        plan.is_new = False
        if _said(known[plan.key]) != plan.answers:
            said = _("%(key)s was taken in before with other answers") % {"key": quoted([shorten(plan.key_text)])}
            fix = _("Take the row out of the file, or give it an id of its own")
            plan.problems.append(Problem(said, fix, sheet.name, plan.number, ID))


def _said(response: SurveyResponse) -> dict[int, object]:
    return {answer.question_id: answer.value for answer in response.answers.all()}
