"""Quality visits with patients: planned, with trained visitors, observed, reported, answered (QPE-002)."""

import datetime
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.portal import Card
from forums.models import Membership, QualityVisit, TrainingRecord, Visitor
from forums.services.support import training
from people.models import Area, Consent, ConsentPurpose, Organisation, Person, User
from people.models.register import Safeguards

Status = QualityVisit.Status
DAYS_TO_ANSWER = 28  # a provider's month, as for other letters; each visit may have its own day
DAYS_SHOWN = 90  # so long the answer of a provider stands on a visitor's page
CHANGEABLE = ("provider", "service", "area", "visited_on", "purpose", "training_required")

# Planning ----------------------------------------------------------------------------------------


@transaction.atomic
def plan(
    *,
    by: User,
    provider: Organisation,
    service: str,
    visited_on: datetime.date,
    area: Area | None = None,
    purpose: str = "",
    training_required: str = "",
) -> QualityVisit:
    """Put a visit on the list. The same provider, service and day is one visit. Raises ValidationError."""
    service = " ".join(service.split())
    found = QualityVisit.objects.filter(provider=provider, service__iexact=service, visited_on=visited_on).first()
    if found:
        return found
    visit = QualityVisit(provider=provider, service=service, visited_on=visited_on, area=area)
    visit.purpose, visit.training_required = purpose.strip(), training_required.strip()
    visit.full_clean()
    visit.save()
    audit.record(by, "planned quality visit", visit)
    return visit


@transaction.atomic
def change(visit: QualityVisit, *, by: User, **values) -> QualityVisit:
    """Change a planned visit. A training that is asked for now is checked for each visitor. Raises ValidationError."""
    if unknown := set(values) - set(CHANGEABLE):
        raise TypeError(f"change() cannot change {', '.join(sorted(unknown))}")
    visit = _locked(visit, Status.PLANNED)
    changed = [name for name, value in values.items() if getattr(visit, name) != value]
    if not changed:
        return visit
    for name in changed:
        setattr(visit, name, values[name])
    visit.full_clean()
    visit.save(update_fields=[*changed, "updated_at"])
    if "training_required" in changed:
        _check_all(visit)
    audit.record(by, "changed quality visit", visit, fields=changed)
    return visit


def can_come(user: User) -> QuerySet[Person]:
    """Who can be asked along, of the areas that the user works for: people with a seat, and volunteers.

    A volunteer has agreed to hear of other ways to take part, or has done or booked a training.
    """
    today = timezone.localdate()
    seated = Membership.objects.current().values("person")
    consents = Consent.objects.filter(purpose__code=ConsentPurpose.OPPORTUNITIES, withdrawn_at=None)
    trained = TrainingRecord.objects.exclude(status=TrainingRecord.Status.CANCELLED).values("person")
    volunteers = Q(pk__in=seated) | Q(pk__in=consents.values("person")) | Q(pk__in=trained)
    cleared = Q(adult_from=None) | Q(adult_from__lte=today) | Q(safeguards=Safeguards.CLEARED)
    return Person.objects.known().for_user(user).filter(volunteers, cleared).order_by("name", "pk")


# Visitors ----------------------------------------------------------------------------------------


@transaction.atomic
def add_visitor(visit: QualityVisit, *, by: User, person: Person, waived_because: str = "") -> Visitor:
    """Choose somebody to come along. Twice is harmless; a reason that is given later is kept then.

    Where the visit needs a training that they have not done, or that is due again, `by` has to say why they come all
    the same: their name is kept beside it. Raises ValidationError, by field.
    """
    visit = _locked(visit, Status.PLANNED)
    visitor, reason = visit.visitors.filter(person=person).select_related("person").first(), waived_because.strip()
    if visitor and reason in ("", visitor.waived_because):
        return visitor
    _check_person(person)
    visitor = visitor or Visitor(visit=visit, person=person)
    visitor.visit = visit
    _check_training(visitor, reason, by)
    visitor.full_clean()
    visitor.save()
    audit.record(by, "chose visitor", visit, person=person.pk, waived=bool(visitor.waived_because))
    return visitor


def _check_person(person: Person) -> None:
    if person.merged_into_id or person.erased_at:
        raise ValidationError({"person": _("This entry is no longer in use")})
    if person.may_be_under_18 or (person.is_under_18 and person.safeguards != Safeguards.CLEARED):
        raise ValidationError({"person": _("Their age or their consents are not settled. Ask the safeguarding lead")})


def _check_training(visitor: Visitor, waived_because: str, by: User | None) -> None:
    """Note how somebody stands with the training. Raises ValidationError where neither it nor a reason is there."""
    visitor.training, visitor.training_done_on = visitor.visit.training_required.strip(), None
    if not visitor.training:
        return
    need = training.stands(visitor.person, visitor.training)
    if need.state == training.State.DONE:
        visitor.training_done_on = need.done_on
        return
    if not waived_because:
        words = {"name": visitor.person, "title": visitor.training}
        missing = _("%(name)s has not done the training “%(title)s”. Say why they come along all the same")
        due = _("%(name)s has to do the training “%(title)s” again. Say why they come along all the same")
        text = due if need.state == training.State.DUE else missing
        raise ValidationError({"waived_because": text % words}, code="untrained")
    visitor.waived_because, visitor.waived_by = waived_because, by


def _check_all(visit: QualityVisit) -> None:
    """Check each visitor against what the visit needs now; what somebody said about one of them stands."""
    for visitor in visit.visitors.select_related("person"):
        visitor.visit = visit
        _check_training(visitor, visitor.waived_because, visitor.waived_by)
        visitor.save()


@transaction.atomic
def remove_visitor(visitor: Visitor, *, by: User) -> None:
    """Take somebody off a planned visit. Raises ValidationError once it was made, or they wrote what they saw."""
    visit = _locked(visitor.visit, Status.PLANNED)
    if visitor.observations:
        raise ValidationError(_("They have written what they observed, so they stay on the visit"))
    if visit.visitors.filter(pk=visitor.pk).delete()[0]:
        audit.record(by, "took visitor off", visit, person=visitor.person_id)


@transaction.atomic
def observe(visitor: Visitor, *, by: User, observations: str) -> Visitor:
    """Write what a visitor observed: they themselves, or staff for them. Open until the findings are sent.

    Raises ValidationError.
    """
    visit = _locked(visitor.visit, Status.PLANNED, Status.MADE)
    visitor = visit.visitors.select_for_update(of=("self",)).select_related("visit", "person").get(pk=visitor.pk)
    observations = observations.strip()
    if visitor.observations == observations:
        return visitor
    if visit.visited_on > timezone.localdate():
        raise ValidationError(_("The visit has not been yet. Write it on its day or after"), code="early")
    visitor.observations, visitor.observed_at, visitor.observed_by = observations, timezone.now(), by
    visitor.full_clean()
    visitor.save(update_fields=["observations", "observed_at", "observed_by", "updated_at"])
    audit.record(by, "wrote observations", visit, person=visitor.person_id)
    return visitor


# From the visit to the answer --------------------------------------------------------------------


@transaction.atomic
def mark_made(visit: QualityVisit, *, by: User) -> QualityVisit:
    """Say that the visit took place. The training of each visitor is looked at once more. Raises ValidationError."""
    visit = _locked(visit, Status.PLANNED, Status.MADE)
    if visit.status == Status.MADE:
        return visit
    if visit.visited_on > timezone.localdate():
        raise ValidationError(_("The visit has not been yet"), code="early")
    if not visit.visitors.exists():
        raise ValidationError(_("Add the patients who went along. Without any, cancel the visit"), code="nobody")
    _check_all(visit)
    return _move(visit, by, "noted quality visit as made", status=Status.MADE)


@transaction.atomic
def write_findings(visit: QualityVisit, *, by: User, findings: str) -> QualityVisit:
    """Write what the visit found, or correct it until it is sent. The same again changes nothing."""
    visit = _locked(visit, Status.MADE)
    if visit.findings == findings.strip():
        return visit
    return _move(visit, by, "wrote findings", findings=findings.strip())


@transaction.atomic
def send_findings(
    visit: QualityVisit, *, by: User, sent_on: datetime.date, response_due_on: datetime.date | None = None
) -> QualityVisit:
    """Note the day on which the provider got the findings, and the day by which it answers. Raises ValidationError."""
    visit = _locked(visit, Status.MADE, Status.SENT)
    if visit.status == Status.SENT:
        return visit
    if not visit.findings:
        raise ValidationError(_("Write the findings first"), code="no_findings")
    _check_day("sent_on", visit.visited_on, sent_on)
    due = response_due_on or sent_on + datetime.timedelta(days=DAYS_TO_ANSWER)
    if due < sent_on:
        raise ValidationError({"response_due_on": _("The day must not be before the findings were sent")})
    return _move(visit, by, "sent findings", status=Status.SENT, sent_on=sent_on, response_due_on=due)


@transaction.atomic
def record_response(visit: QualityVisit, *, by: User, response: str, responded_on: datetime.date) -> QualityVisit:
    """Keep the provider's answer. The same again changes nothing; it may be corrected. Raises ValidationError."""
    visit = _locked(visit, Status.SENT, Status.ANSWERED)
    if (visit.response, visit.responded_on) == (response.strip(), responded_on):
        return visit
    _check_day("responded_on", visit.sent_on, responded_on)
    values = {"response": response.strip(), "responded_on": responded_on}
    return _move(visit, by, "recorded answer of the provider", status=Status.ANSWERED, **values)


@transaction.atomic
def cancel(visit: QualityVisit, *, by: User, cancelled_because: str) -> QualityVisit:
    """Call a planned visit off, with the reason. A second time changes nothing. Raises ValidationError."""
    visit = _locked(visit, Status.PLANNED, Status.CANCELLED)
    if visit.status == Status.CANCELLED:
        return visit
    reason = cancelled_because.strip()
    return _move(visit, by, "cancelled quality visit", status=Status.CANCELLED, cancelled_because=reason)


def _check_day(name: str, earliest: datetime.date, day: datetime.date) -> None:
    if not earliest <= day <= timezone.localdate():
        words = {"day": f"{earliest:%-d %B %Y}"}
        raise ValidationError({name: _("The day must lie between %(day)s and today") % words})


def _locked(visit: QualityVisit, *statuses: str) -> QualityVisit:
    """The visit's row, for whoever changes it. Raises ValidationError where it is past what is asked for."""
    rows = QualityVisit.objects.select_for_update(of=("self",)).select_related("provider")
    visit = rows.get(pk=visit.pk)
    if visit.status not in statuses:
        words = {"status": visit.get_status_display()}
        raise ValidationError(_("This cannot be done any more or yet: the visit is %(status)s") % words, code="status")
    return visit


def _move(visit: QualityVisit, by: User, verb: str, **values) -> QualityVisit:
    for name, value in values.items():
        setattr(visit, name, value)
    visit.full_clean()
    visit.save(update_fields=[*values, "updated_at"])
    audit.record(by, verb, visit)
    return visit


# On a visitor's own page -------------------------------------------------------------------------


def cards(person: Person) -> Iterator[Card]:
    """Visits to come, and those whose visitor has not written yet what they observed."""
    today = timezone.localdate()
    mine = Visitor.objects.of(person).filter(visit__status__in=[Status.PLANNED, Status.MADE])
    for each in mine.select_related("visit__provider"):
        visit, url = each.visit, reverse("members:visit", args=[each.pk])
        words = {"service": visit.service, "provider": visit.provider}
        if visit.visited_on >= today and visit.status == Status.PLANNED:
            title = _("Visit to %(service)s, %(provider)s") % words
            yield Card(title, _("You go along on a quality visit."), url, visit.visited_on)
        elif not each.observations:
            title = _("Write what you saw: %(service)s, %(provider)s") % words
            yield Card(title, _("Your words go into the findings."), url)


def came_of_it(person: Person) -> Iterator[Card]:
    """What providers answered lately to the visits that somebody went along on."""
    since = timezone.localdate() - datetime.timedelta(days=DAYS_SHOWN)
    mine = Visitor.objects.of(person).filter(visit__responded_on__gte=since)
    for each in mine.select_related("visit__provider").order_by("-visit__responded_on", "pk"):
        title = _("%(provider)s answered to your visit: %(service)s")
        words = {"service": each.visit.service, "provider": each.visit.provider}
        yield Card(title % words, each.visit.response[:200], reverse("members:visit", args=[each.pk]))
