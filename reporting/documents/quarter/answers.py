"""(8) “You said, we did” of the quarter, promises that are overdue, and how people say we heard them (REP-018)."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.disclosure import SMALLEST_SHOWN
from insights.documents.verdicts import figures
from insights.models import Response, Status, Verdict
from reporting.documents.promises import OPEN, public_on
from reporting.documents.quarter.cases import Case
from reporting.documents.quarter.checks import override_table
from reporting.documents.quarter.facts import Row, Section, Table
from reporting.documents.quarter.span import Span, address, evidence, row, table
from reporting.documents.words import day_in_words


@dataclass(frozen=True, slots=True)
class Promise:
    """A public answer as it stood on a day."""

    response: Response
    status: str
    due_on: datetime.date | None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


def section(span: Span, found: list[Case]) -> Section:
    public = as_it_stood(span)
    published = [each for each in public if timezone.localdate(each.response.published_at) >= span.first]
    late = overdue(public, span)
    overrides = override_table(span)
    tables = [_published_table(published), _overdue_table(late, span), overrides, _verdict_table(span)]
    said = [_published_words(published), _late_words(public, late), _gate_words(found, len(overrides.rows))]
    return evidence("answers", said, tables)


# As it stood -------------------------------------------------------------------------------------


def as_it_stood(span: Span) -> list[Promise]:
    """Answers on the public page that went there by the last day, each as it stood then. Two queries."""
    rows = public_on(span.as_at).select_related("topic", "activity").prefetch_related("status_changes")
    return [_then(each, span.as_at) for each in rows.order_by("published_at", "pk")]


def _then(response: Response, on: datetime.date) -> Promise:
    if not response.was_open:
        return Promise(response, response.status, None)
    changes = response.status_changes.all()
    last = [each.status for each in changes if each.status in OPEN and timezone.localdate(each.at) <= on]
    status = response.status if response.status in OPEN else last[-1] if last else Status.PROMISED
    days = (response.promised_for, response.next_update_on)
    return Promise(response, status, min((day for day in days if day), default=None))


def overdue(public: list[Promise], span: Span) -> list[Promise]:
    """Promises whose day had passed on the last day without the thing being done, the longest late first."""
    late = [each for each in public if each.is_open and each.due_on and each.due_on < span.as_at]
    return sorted(late, key=lambda each: (each.due_on, each.response.pk))


# Words -------------------------------------------------------------------------------------------


def _published_words(published: list[Promise]) -> str:
    if not published:
        return _("No answer went on the public page in this quarter. That is a finding.")
    return ngettext(
        "%(number)s answer went on the public page.", "%(number)s answers went on the public page.", len(published)
    ) % {"number": len(published)}


def _late_words(public: list[Promise], late: list[Promise]) -> str:
    """How many promises were overdue. Not 0 where no promise was made to anybody: the first page says the same."""
    if not public:
        return _("No answer was public by the last day, so no promise could be overdue.")
    return ngettext(
        "%(number)s promise was overdue on the last day.",
        "%(number)s promises were overdue on the last day.",
        len(late),
    ) % {"number": len(late)}


def _gate_words(found: list[Case], overrides: int) -> str:
    if not found:
        return _("No project is recorded for this quarter, so no gate could be overridden.")
    return ngettext("%(number)s gate was overridden.", "%(number)s gates were overridden.", overrides) % {
        "number": overrides
    }


def _status(promise: Promise) -> str:
    return str(Status(promise.status).label)


def _published_table(rows: list[Promise]) -> Table:
    columns = (
        _("You said"),
        _("Topic"),
        (_("We did"), _("What was done, is promised, or why it could not be done.")),
        (_("Status"), _("As it stood on the last day of the quarter.")),
        _("Published"),
    )
    found = [_published_row(each) for each in rows]
    nothing = _("No answer went on the public page in this quarter.")
    return table("answers", _("You said, we did"), columns, found, nothing)


def _published_row(promise: Promise) -> Row:
    response = promise.response
    what = response.reason if response.status == Status.COULD_NOT else response.we_did
    return row(
        response.you_said,
        response.topic,
        what,
        _status(promise),
        day_in_words(response.published_at),
        url=address("insights:response_detail", response.reference),
    )


def _overdue_table(rows: list[Promise], span: Span) -> Table:
    columns = (_("Promise"), _("Activity"), _("Who sees to it"), _("Due"), _("Days late"), _("Status"))
    found = [
        row(
            each.response.we_did,
            each.response.activity,
            each.response.responsible_post,
            day_in_words(each.due_on),
            (span.as_at - each.due_on).days,
            _status(each),
            url=address("insights:response_detail", each.response.reference),
        )
        for each in rows
    ]
    nothing = _("No promise was overdue on the last day.")
    return table("promises-overdue", _("Promises that were overdue"), columns, found, nothing)


def _verdict_table(span: Span) -> Table:
    """Shares from 8 verdicts on, as on the public page: of fewer one could tell who said no."""
    found = figures(Verdict.objects.filter(at__date__range=span.days))
    columns = (_("Did we hear you right?"), _("People"), _("Share"))
    caption = _("How people said that we heard them")
    if found.number < SMALLEST_SHOWN:
        few = _("Fewer than %(least)s people said whether we heard them right: too few to show what they said.")
        nothing = few % {"least": SMALLEST_SHOWN} if found.number else _("Nobody said whether we heard them right.")
        return table("heard", caption, columns, [], nothing)
    note = _("%(number)s people answered. Disagreed, and not dealt with yet: %(waiting)s.")
    rows = [row(label, number, share, url=address("insight_work:verdict_list")) for label, number, share in found.rows]
    return table("heard", caption, columns, rows, "", note % {"number": found.number, "waiting": found.waiting})
