"""Consultations as anybody may read of them: what is proposed, until when, in which formats, what came of it (PUB-005).

Which are public says `public_pages.consultations`. What is proposed is shown from the first day on.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagement.documents.public_answers import Weighed
from engagement.documents.public_pages import SUMMARY_WORDS, PublicActivity, address_of
from engagement.models import Activity, Consultation, ConsultationDocument, Project

Status = Callable[[Project, Consultation], tuple[str, str]]


# Lists -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConsultationCard:
    title: str
    url: str
    summary: str
    status: str
    colour: str
    opens_on: datetime.date
    last_day: datetime.date | None


def cards(rows: Iterable[Consultation], status_of: Status) -> list[ConsultationCard]:
    """Cards of consultations that were read with their activity and project; no further query."""
    return [_card(row, *_status(row, status_of)) for row in rows]


def _card(row: Consultation, status: str, colour: str) -> ConsultationCard:
    return ConsultationCard(
        title=row.activity.title,
        url=consultation_url(row.activity),
        summary=Truncator(_shown(row, row.proposal) or row.activity.public_summary).words(SUMMARY_WORDS),
        status=status,
        colour=colour,
        opens_on=row.opens_on,
        last_day=row.last_day,
    )


def consultation_url(activity: Activity) -> str:
    return reverse("taking_part:consultation_detail", args=[activity.slug])


def _status(row: Consultation, status_of: Status) -> tuple[str, str]:
    if row.project.stopped_on:
        return _("stopped"), "grey"
    if row.project.decided_on:
        return _("decided"), "grey"
    return status_of(row.project, row)


def _has_opened(row: Consultation) -> bool:
    return row.opens_on <= timezone.localdate()


def _shown(row: Consultation, words: str) -> str:
    """Words about the proposal: nothing before people are asked."""
    return words if _has_opened(row) else ""


# One page ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """One document in one format and language. `ready_on` is None while it is being made."""

    title: str
    file_format: str
    language: str
    ready_on: datetime.date | None
    url: str


@dataclass(frozen=True, slots=True)
class PublicConsultation:
    """The page of one consultation, all that it shows."""

    kind: str
    status: str
    colour: str
    has_opened: bool
    is_open: bool
    proposal: str
    options: str
    preferred: str
    says_not_a_vote: bool
    opens_on: datetime.date
    closes_on: datetime.date | None
    last_day: datetime.date | None
    extended_because: str
    midpoint_on: datetime.date | None
    midpoint_found: str
    analyst: str
    documents: tuple[Document, ...]
    results_on: datetime.date | None
    results_url: str
    decides: str
    decision_due_on: datetime.date | None
    decided_on: datetime.date | None
    decision: str
    stopped_on: datetime.date | None
    weighed: tuple[Weighed, ...]
    activity: PublicActivity
    activity_url: str
    address: str


def consultation_page(
    row: Consultation, *, activity: PublicActivity, kind: str, status_of: Status, weighed: Iterable[Weighed]
) -> PublicConsultation:
    """The page of a consultation that was read with its activity, analyst, documents and project with its board."""
    project, today = row.project, timezone.localdate()
    status, colour = _status(row, status_of)
    is_asked = project.is_open and project.stage == Project.Stage.CONSULTATION
    return PublicConsultation(
        kind=kind,
        status=status,
        colour=colour,
        has_opened=_has_opened(row),
        is_open=is_asked and _has_opened(row) and (row.last_day is None or today <= row.last_day),
        proposal=_shown(row, row.proposal),
        options=_shown(row, row.options),
        preferred=_shown(row, row.preferred),
        says_not_a_vote=row.says_not_a_vote,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        last_day=row.last_day,
        extended_because=row.extended_because,
        midpoint_on=row.midpoint_on,
        midpoint_found=row.midpoint_found,
        analyst=row.analyst.name if row.analyst else "",
        documents=tuple(_document(each) for each in row.documents.all()) if _has_opened(row) else (),
        results_on=row.results_published_on,
        results_url=row.results_link if row.results_published_on else "",
        decides=project.decision_by.name if project.decision_by else "",
        decision_due_on=project.decision_due_on,
        decided_on=project.decided_on,
        decision=project.decision,
        stopped_on=project.stopped_on,
        weighed=tuple(weighed) if project.decided_on else (),
        activity=activity,
        activity_url=address_of(row.activity),
        address=settings.SITE_URL + consultation_url(row.activity),
    )


def _document(row: ConsultationDocument) -> Document:
    """A document that is being made is named without its address."""
    is_ready = row.ready_on is not None and row.ready_on <= timezone.localdate()
    return Document(row.title, row.get_file_format_display(), row.language, row.ready_on, row.link if is_ready else "")
