"""The record of a consultation: what is proposed, from when to when, what was ready, what came of it (SVC-013, 014)."""

import datetime
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit
from engagement.documents.clock import is_ready, read_share
from engagement.models import Consultation, ConsultationDocument, Policy, Project
from engagement.services.doors import goes_through, has_reached
from engagement.services.gates import Obstacle
from engagement.services.parts import Part
from engagement.services.projects import locked
from people.models import User

Stage = Project.Stage
# What people are asked about, and from when to when: fixed as soon as they are asked.
FIXED = ("proposal", "options", "preferred", "opens_on", "closes_on")
CHANGEABLE = ("activity", "says_not_a_vote", "midpoint_on", "analyst", "reach_plan")


def label(consultation: Consultation | None, policy: Policy) -> str:
    """What a consultation is called. Only one that was marked so is formal; strict terms keep the word for it alone."""
    if consultation is not None and consultation.is_formal:
        return _("formal consultation")
    return _("public involvement") if policy.has_strict_terms else _("consultation")


def is_fixed(project: Project) -> bool:
    """Whether people are being asked, or have been, so that what they were asked about stays."""
    return has_reached(project, Stage.CONSULTATION)


@transaction.atomic
def save_consultation(project: Project, *, by: User, **fields) -> Consultation:
    """Write the record of a project's consultation. The same values again change nothing.

    Once the project is at its consultation, proposal and days stay: `extend` alone moves the last one.
    Raises ValidationError.
    """
    project = _open(locked(project, by))
    row = Consultation.objects.filter(project=project).first() or Consultation(project=project)
    changed = [name for name in (*FIXED, *CHANGEABLE) if name in fields and getattr(row, name) != fields[name]]
    if is_fixed(project) and (fixed := [name for name in changed if name in FIXED]):
        words = _("The consultation has begun, so this stays as people were told")
        raise ValidationError({name: ValidationError(words, code="begun") for name in fixed})
    if row.pk and not changed:
        return row
    for name in changed:
        setattr(row, name, fields[name])
    if row.activity_id and row.activity.project_id != project.pk:
        raise ValidationError({"activity": _("Choose an activity of this project")})
    if row.midpoint_on and not (row.opens_on and row.closes_on):
        raise ValidationError({"midpoint_on": _("Enter the first and the last day too")})
    row.full_clean()
    row.save()
    audit.record(by, "changed", row, fields=changed)
    return row


def _open(project: Project) -> Project:
    if not project.is_open:
        raise ValidationError(_("This project has ended, so nothing about it changes"), code="ended")
    return project


def _locked(consultation: Consultation, by: User) -> Consultation:
    """The consultation as it is now, its project locked and open."""
    project = _open(locked(consultation.project, by))
    return Consultation.objects.select_related("project").get(project=project)


@transaction.atomic
def extend(consultation: Consultation, *, by: User, extended_to: datetime.date, because: str) -> Consultation:
    """Give people more time while it is open. The same day again changes nothing. Raises ValidationError."""
    row = _locked(consultation, by)
    if row.extended_to == extended_to:
        return row
    today = timezone.localdate()
    if row.project.stage != Stage.CONSULTATION or not row.opens_on <= today <= row.last_day:
        raise ValidationError(_("Only a consultation that is open can be extended"), code="not_open")
    if extended_to <= row.last_day:
        words = _("Enter a day after %(day)s, the last day as it stands") % {"day": _day(row.last_day)}
        raise ValidationError({"extended_to": ValidationError(words, code="not_later")})
    if not because.strip():
        raise ValidationError({"because": _("Say why people get more time")})
    before = row.last_day
    row.extended_to, row.extended_because = extended_to, because.strip()
    row.full_clean()
    row.save(update_fields=["extended_to", "extended_because", "updated_at"])
    audit.record(by, "extended", row, origin=before.isoformat(), to=extended_to.isoformat(), because=because.strip())
    return row


@transaction.atomic
def record_midpoint(consultation: Consultation, *, by: User, found: str) -> Consultation:
    """Record what the half-time review found and changed, from its day on. Raises ValidationError."""
    row = _locked(consultation, by)
    if row.project.stage != Stage.CONSULTATION:
        raise ValidationError(_("The half-time review belongs to the time when people respond"), code="not_open")
    if row.midpoint_on is None or timezone.localdate() < row.midpoint_on:
        raise ValidationError(
            _("The half-time review is on %(day)s. Change the day first") % {"day": _day(row.midpoint_on)},
            code="too_early",
        )
    if not found.strip():
        raise ValidationError({"found": _("Say what the review found and changed")})
    if row.midpoint_found != found.strip():
        row.midpoint_found = found.strip()
        row.save(update_fields=["midpoint_found", "updated_at"])
        audit.record(by, "reviewed at half-time", row)
    return row


@transaction.atomic
def mark_formal(consultation: Consultation, *, by: User, is_formal: bool = True) -> Consultation:
    """Call a consultation formal, or take that back (SVC-014). Raises PermissionDenied for whoever may not."""
    if not by.has_perm("engagement.mark_formal"):
        raise PermissionDenied
    row = _locked(consultation, by)
    if row.is_formal != is_formal:
        row.is_formal = is_formal
        row.save(update_fields=["is_formal", "updated_at"])
        audit.record(by, "marked as formal" if is_formal else "no longer marked as formal", row)
    return row


@transaction.atomic
def publish_results(
    consultation: Consultation, *, by: User, results_published_on: datetime.date, results_link: str = ""
) -> Consultation:
    """Record when the results were published, and where: once the consultation is over. Raises ValidationError."""
    row = _locked(consultation, by)
    if not has_reached(row.project, Stage.ANALYSIS):
        raise ValidationError(_("Results are published when the consultation is over"), code="not_over")
    if results_published_on > timezone.localdate():
        raise ValidationError({"results_published_on": _("The day must be today or in the past")})
    if results_published_on <= row.last_day:
        words = _("Enter a day after %(day)s, the last day for responses") % {"day": _day(row.last_day)}
        raise ValidationError({"results_published_on": words})
    now = (results_published_on, results_link)
    if (row.results_published_on, row.results_link) != now:
        row.results_published_on, row.results_link = now
        row.full_clean()
        row.save(update_fields=["results_published_on", "results_link", "updated_at"])
        audit.record(by, "published the results", row)
    return row


# Documents ---------------------------------------------------------------------------------------


@transaction.atomic
def add_document(consultation: Consultation, *, by: User, **fields) -> ConsultationDocument:
    """A document in one format and language: title, file_format, language, and since when it is ready, if it is.

    The same again is one document. Raises ValidationError.
    """
    consultation = _locked(consultation, by)
    key = {name: fields[name] for name in ("title", "file_format", "language") if name in fields}
    if found := consultation.documents.filter(**key, ready_on=fields.get("ready_on")).first():
        return found
    _check_ready(consultation, fields.get("ready_on"))
    row = ConsultationDocument(consultation=consultation, **fields)
    row.full_clean()
    row.save()
    audit.record(by, "added a document", consultation, document=row.pk)
    return row


@transaction.atomic
def document_ready(document: ConsultationDocument, *, by: User, ready_on: datetime.date) -> ConsultationDocument:
    """Say since when a document is ready. A day that is there stays, once people are asked. Raises ValidationError."""
    consultation = _locked(document.consultation, by)
    row = consultation.documents.get(pk=document.pk)
    if row.ready_on == ready_on:
        return row
    if row.ready_on and is_fixed(consultation.project):
        raise ValidationError({"ready_on": _("The consultation has begun, so this day stays")})
    _check_ready(consultation, ready_on)
    row.ready_on = ready_on
    row.save(update_fields=["ready_on"])
    audit.record(by, "document is ready", consultation, document=row.pk)
    return row


def _check_ready(consultation: Consultation, ready_on: datetime.date | None) -> None:
    """Nothing is ready in the future; and what comes while people respond was not ready before the first day."""
    if ready_on is None:
        return
    today = timezone.localdate()
    if ready_on > today:
        raise ValidationError({"ready_on": ValidationError(_("The day must be today or in the past"), code="future")})
    has_begun = is_fixed(consultation.project) and consultation.opens_on and consultation.opens_on <= today
    if has_begun and ready_on < consultation.opens_on:
        words = _("The consultation has begun: the day cannot be before %(day)s") % {"day": _day(consultation.opens_on)}
        raise ValidationError({"ready_on": ValidationError(words, code="begun")})


@transaction.atomic
def remove_document(document: ConsultationDocument, *, by: User) -> None:
    """Take a document out that was entered by mistake, before people are asked. Raises ValidationError."""
    consultation = _locked(document.consultation, by)
    if is_fixed(consultation.project):
        raise ValidationError(_("The consultation has begun, so its documents stay"), code="begun")
    number, _rows = consultation.documents.filter(pk=document.pk).delete()
    if number:
        audit.record(by, "removed a document", consultation, document=document.pk)


# What stands in the way, and the line on the project's page --------------------------------------


def gate(project: Project, to: str) -> Iterator[Obstacle]:
    """Opening asks for days and a document; the analysis for the last day and the review; the decision for reading."""
    consultation = Consultation.objects.filter(project=project).first()
    if goes_through(project, to, Stage.CONSULTATION):
        yield from before_opening(project, consultation)
    elif goes_through(project, to, Stage.ANALYSIS):
        yield from before_analysis(project, consultation)
    elif goes_through(project, to, Stage.DECISION) and project.is_consulted_on is not False:
        yield from before_decision(project)


def before_opening(project: Project, consultation: Consultation | None) -> Iterator[Obstacle]:
    """What is missing before people are asked. A first day that has passed and late documents can be overridden."""
    page = reverse("engagement:consultation_detail", args=[project.pk])
    edit = reverse("engagement:consultation_edit", args=[project.pk])
    if consultation is None:
        yield Obstacle(_("Record what is proposed, and from when to when people can respond"), edit, False)
        return
    if not consultation.opens_on or not consultation.closes_on:
        yield Obstacle(_("Enter the first and the last day for responses"), edit, False)
    if not consultation.midpoint_on:
        yield Obstacle(_("Enter the day of the half-time review"), edit, False)
    if consultation.opens_on and consultation.opens_on < timezone.localdate():
        words = _("The first day, %(day)s, has passed: choose a later one") % {"day": _day(consultation.opens_on)}
        yield Obstacle(words, edit)
    documents = list(consultation.documents.all())
    if not documents:
        yield Obstacle(_("Add at least one document that says what is proposed"), page, False)
    elif not any(is_ready(consultation, row) for row in documents):
        yield Obstacle(_("No document is ready before the first day"), page)


def before_analysis(project: Project, consultation: Consultation | None) -> Iterator[Obstacle]:
    """What is missing before responses are analysed: the last day is over, and the half-time review was held."""
    page = reverse("engagement:consultation_detail", args=[project.pk])
    if consultation is None or consultation.last_day is None:
        yield Obstacle(_("The last day for responses is not recorded"), page, False)
        return
    if timezone.localdate() <= consultation.last_day:
        words = _("People can respond until %(day)s") % {"day": _day(consultation.last_day)}
        yield Obstacle(words, page, False)
    if not consultation.midpoint_found:
        yield Obstacle(_("Record what the half-time review found"), page)


def before_decision(project: Project) -> Iterator[Obstacle]:
    """Nobody decides before every response was read."""
    share = read_share(project)
    page = reverse("engagement:consultation_detail", args=[project.pk])
    if share.received is None:
        yield Obstacle(_("Record how many responses came, by which route, and who read them"), page)
    elif not share.is_complete:
        yield Obstacle(_("Read every response before the decision: %(share)s") % {"share": share.words}, page)


def part(project: Project, user: User) -> Part | None:
    """Where the consultation stands; nothing where the signed plan says that there is none."""
    if project.is_consulted_on is False or not user.has_perm("engagement.view_consultation"):
        return None
    row = Consultation.objects.filter(project=project).first()
    title = label(row, Policy.objects.current())
    status, colour = status_of(project, row)
    words = _("Nothing is recorded yet.")
    if row is not None:
        days = {"first": _day(row.opens_on), "last": _day(row.last_day)}
        words = _("First day: %(first)s. Last day: %(last)s.") % days
    url = reverse("engagement:consultation_detail", args=[project.pk])
    return Part(title[:1].upper() + title[1:], status, colour, words, url)


def status_of(project: Project, consultation: Consultation | None) -> tuple[str, str]:
    """A word for where a consultation stands, and the colour of its tag (requirements.md 2.27)."""
    if consultation is None:
        return _("not recorded"), "grey"
    if has_reached(project, Stage.DECISION):
        return _("over"), "grey"
    if has_reached(project, Stage.ANALYSIS):
        return _("being analysed"), "blue"
    if not has_reached(project, Stage.CONSULTATION):
        return _("in preparation"), "yellow"
    today = timezone.localdate()
    if consultation.opens_on is None or today < consultation.opens_on:
        return _("about to open"), "blue"
    if consultation.last_day and today > consultation.last_day:
        return _("closed"), "orange"
    return (_("extended"), "green") if consultation.extended_to else (_("open"), "green")


def _day(day: datetime.date | None) -> str:
    return date_format(day, "j F Y") if day else _("not recorded")
