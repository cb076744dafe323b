"""A committee's cover sheet: what a board secretary puts before the report, on one or two pages (REP-036).

It is made from the frozen facts alone. What bodies said on the way of a version comes after its facts, so the sheet
says where that stands instead.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.pdf import PDF, render_pdf
from insights.models import Status
from reporting.documents.assessment import AssessmentFacts
from reporting.documents.assessment.duties import GAP, NO_CASE, PARTLY
from reporting.documents.assessment.facts import DutyFacts
from reporting.documents.duties import code_of
from reporting.documents.facts import AnnualFacts
from reporting.documents.formats.examples import whole_sentences
from reporting.documents.formats.summary.shared import drawn
from reporting.documents.quarter import QuarterFacts
from reporting.documents.quarter.facts import Concern, Table
from reporting.models import RouteStep

STYLESHEETS = ("pdf.css", "summary.css", "cover-sheet.css")
MOST_PAGES = 2
ROOM = (12, 6, 3, 1)  # rows of each part: the first number that two pages hold is taken
MOST_WORDS = 40  # of a risk
MOST_NAMES = 6  # of groups in one sentence
EQUALITY = "149"  # `code_of` the public sector equality duty

Task = RouteStep.Task
PURPOSES = {
    Task.COMMENTS: gettext_lazy("for comment"),
    Task.AGREES: gettext_lazy("for decision"),
    Task.NOTES: gettext_lazy("to note"),
}
TASKS = {
    Task.COMMENTS: gettext_lazy("comment on the report before it goes further"),
    Task.AGREES: gettext_lazy("decide whether it agrees the report"),
    Task.NOTES: gettext_lazy("take note of the report"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sheet: its lines, of which some may be left out, or in their place why there are none."""

    heading: str
    lines: list[str]
    nothing: str = ""
    lead: str = ""
    more: int = 0

    def cut(self, most: int) -> "Part":
        return Part(self.heading, self.lines[:most], self.nothing, self.lead, max(0, len(self.lines) - most))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the sheet says of one kind of report. `purposes` beside those of the route; `as_at` where it has a day."""

    asks: list[str]
    equality: list[str]
    duties: list[str]
    risks: list[str] = field(default_factory=list)
    purposes: list[str] = field(default_factory=list)
    as_at: str = ""


def cover_sheet(facts: Any, *, fingerprint: str, is_draft: bool) -> tuple[bytes, int]:
    """The sheet as a tagged PDF, and its pages."""
    made = laid_out(facts, fingerprint=fingerprint, is_draft=is_draft)
    return made.content, made.pages


def laid_out(facts: Any, *, fingerprint: str, is_draft: bool) -> PDF:
    """The sheet with as many rows as two pages hold."""
    for most in ROOM:
        made = render_pdf(
            sheet_page(facts, most=most, fingerprint=fingerprint, is_draft=is_draft), stylesheets=STYLESHEETS
        )
        if made.pages <= MOST_PAGES:
            break
    return made


def sheet_page(facts: Any, *, most: int, fingerprint: str, is_draft: bool) -> str:
    """The sheet as a page of HTML, with at most so many rows in a part."""
    sheet = SHEETS[type(facts)](facts)
    purposes = [*(str(PURPOSES[Task(task)]) for task in facts.tasks), *sheet.purposes]
    return drawn(
        "reporting/cover_sheet.html",
        facts,
        fingerprint=fingerprint,
        is_draft=is_draft,
        sheet=sheet,
        purpose=capfirst(get_text_list(list(dict.fromkeys(purposes)), _("and"))),
        parts=[part.cut(most) for part in _parts(facts, sheet)],
        address=f"{settings.SITE_URL}{reverse('reporting:report_list')}",
    )


def _parts(facts: Any, sheet: Sheet) -> Iterator[Part]:
    asks = [*(str(TASKS[Task(task)]) for task in facts.tasks), *sheet.asks]
    nothing = _("What is asked of the committee is not recorded.")
    yield Part(_("What the committee is asked"), asks, nothing, _("The committee is asked to:") if asks else "")
    yield Part(_("Equality impact"), sheet.equality, _("The facts of this report hold nothing on equality impact."))
    yield Part(_("Legal duties"), sheet.duties, _("Which legal duty it concerns is not recorded."))
    if sheet.risks:
        yield Part(_("Risks"), sheet.risks)


# The annual report -------------------------------------------------------------------------------


def _annual(facts: AnnualFacts) -> Sheet:
    return Sheet(
        asks=list(_annual_asks(facts)), equality=list(_heard(facts)), duties=[facts.duty] if facts.duty else []
    )


def _annual_asks(facts: AnnualFacts) -> Iterator[str]:
    kinds = sum(bool(gap.items) for gap in facts.gaps)
    if kinds:
        words = ngettext(
            "note %(number)s kind of gap in the record", "note %(number)s kinds of gap in the record", kinds
        )
        yield words % {"number": kinds}
    answers = [answer for item in facts.items for answer in item.answers]
    if number := sum(answer.status in {Status.PROMISED, Status.UNDER_WAY} for answer in answers):
        words = ngettext("note %(number)s promise that is still open", "note %(number)s promises still open", number)
        yield words % {"number": number}
    if number := len(facts.coverage.overrides):
        words = ngettext(
            "note %(number)s check that was overridden", "note %(number)s checks that were overridden", number
        )
        yield words % {"number": number}
    if number := sum(not row.answer for row in facts.voices.questions):
        words = ngettext(
            "note %(number)s public question to the Board without an answer",
            "note %(number)s public questions to the Board without an answer",
            number,
        )
        yield words % {"number": number}


def _heard(facts: AnnualFacts) -> Iterator[str]:
    groups = facts.coverage.groups
    if not groups:
        return
    never = [row.group for row in facts.coverage.never]
    said = {"heard": len(groups) - len(never), "all": len(groups), "day": facts.coverage.as_at}
    yield _("Groups of people that were ever heard from, up to %(day)s: %(heard)s of %(all)s.") % said
    if never:
        yield _("Never heard from: %(groups)s.") % {"groups": _listed(never)}
    yield _("Equality assessments stand in the quarterly reports, not in this one.")


# The quarterly report ----------------------------------------------------------------------------


def _quarter(facts: QuarterFacts) -> Sheet:
    said = {section.key: section.sentences for section in facts.sections}
    tables = {table.key: table for section in facts.sections for table in section.tables}
    decides = any(concern.is_to_decide for concern in facts.asked)
    asks = [_ask(concern) for concern in sorted(facts.asked, key=lambda each: not each.is_to_decide)]
    if unknown := len(facts.not_on_record):
        said_of = {"number": unknown, "all": len(facts.concerns)}
        asks.append(_("note that %(number)s of %(all)s kinds of exception have nothing on record") % said_of)
    return Sheet(
        asks=asks or [_("note the first page: there is no exception")],
        equality=said.get("equality", []),
        duties=said.get("duties", []),
        risks=_risks(tables["risks"]) if "risks" in tables else [],
        purposes=[*([str(PURPOSES[Task.AGREES])] if decides else []), _("for assurance")],
        as_at="" if facts.is_over else facts.as_at,
    )


def _ask(concern: Concern) -> str:
    said = {"asked": concern.asked, "name": concern.name, "now": concern.now, "change": concern.change}
    return _("%(asked)s: %(name)s (%(now)s; %(change)s)") % said


def _risks(table: Table) -> list[str]:
    """The words and the score of each of the greatest risks, as the report's own table has them."""
    too_long = _("A risk whose words do not fit here")
    return [
        _("%(risk)s (score %(score)s of 25)")
        % {"risk": whole_sentences(row.cells[0], MOST_WORDS)[0] or f"{too_long}.", "score": row.cells[1]}
        for row in table.rows
    ]


# The evidence for NHS England's assessment -------------------------------------------------------


def _assessment(facts: AssessmentFacts) -> Sheet:
    equality = [row for row in facts.duties if code_of(row) == EQUALITY]
    lines = [line for row in equality for line in _shown(row)]
    unheard = [group.name for group in facts.people.unheard]
    if unheard:
        said = {"number": len(unheard), "all": len(facts.people.groups), "groups": _listed(unheard)}
        lines.append(_("Groups without an activity in the year: %(number)s of %(all)s. %(groups)s.") % said)
    open_first = sorted(
        facts.duties, key=lambda row: (GAP, PARTLY).index(row.state) if row.state in (GAP, PARTLY) else 2
    )
    return Sheet(
        asks=list(_assessment_asks(facts)),
        equality=lines,
        duties=[_state(row) for row in open_first],
        as_at=facts.as_at,
    )


def _assessment_asks(facts: AssessmentFacts) -> Iterator[str]:
    if number := sum(row.state in (GAP, PARTLY) for row in facts.duties):
        words = ngettext(
            "note %(number)s legal duty that is not shown in full",
            "note %(number)s legal duties that are not shown in full",
            number,
        )
        yield words % {"number": number}
    if number := len(facts.questions):
        words = ngettext(
            "consider %(number)s question that a critical reader would ask",
            "consider %(number)s questions that a critical reader would ask",
            number,
        )
        yield words % {"number": number}
    if number := len(facts.refused):
        words = ngettext(
            "note %(number)s thing that was refused, sent back or stopped",
            "note %(number)s things that were refused, sent back or stopped",
            number,
        )
        yield words % {"number": number}


def _shown(row: DutyFacts) -> Iterator[str]:
    yield _state(row)
    if row.state != NO_CASE:
        for line in (*row.met, *row.gaps):
            yield f"{line.label} ({line.value})" if line.references else line.label


def _state(row: DutyFacts) -> str:
    duty = _("%(name)s (%(law)s)") % {"name": row.name, "law": row.law} if row.law else row.name
    return _("%(duty)s: %(state)s.") % {"duty": duty, "state": row.state_words}


def _listed(names: Iterable[str]) -> str:
    """Names as a sentence has them; those that do not fit are counted."""
    names = list(names)
    if (more := len(names) - MOST_NAMES) > 0:
        rest = ngettext("%(number)s more", "%(number)s more", more) % {"number": more}
        names = [*names[:MOST_NAMES], rest]
    return str(get_text_list(names, _("and")))


# The sheet of each kind of report, by its facts.
SHEETS: dict[type, Callable[[Any], Sheet]] = {
    AnnualFacts: _annual,
    QuarterFacts: _quarter,
    AssessmentFacts: _assessment,
}
