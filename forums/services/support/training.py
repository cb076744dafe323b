"""Training of members: booked by them, needed for a seat, done and due again (MEM-011, POR-008)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from forums.models import Membership, SeatRole, Training, TrainingRecord
from people.models import Person, User
from people.models.register import Safeguards

Status = TrainingRecord.Status


def with_places():
    """Trainings, each with how many have booked it or did it as `taken`."""
    taken = Count("records", filter=~Q(records__status=Status.CANCELLED))
    return Training.objects.annotate(taken=taken)


def open_to_book():
    """Trainings that members may book now: open, not begun, with a place left. One without a time is always on."""
    to_come = Q(starts_at__isnull=True) | Q(starts_at__gt=timezone.now())
    return with_places().filter(to_come, Q(places__isnull=True) | Q(taken__lt=F("places")), is_open=True)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later; the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    first = datetime.date(day.year + years, month + 1, 1)
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    return day.replace(year=first.year, month=first.month, day=min(day.day, last.day))


def due_on(record: TrainingRecord) -> datetime.date | None:
    """When a training that was done is due again; None for one that lasts, or was not done."""
    if record.done_on is None or record.training.refresh_months is None:
        return None
    return add_months(record.done_on, record.training.refresh_months)


def is_due(record: TrainingRecord) -> bool:
    """Whether it was done, but too long ago."""
    due = due_on(record)
    return due is not None and due <= timezone.localdate()


# Book and cancel ---------------------------------------------------------------------------------


@transaction.atomic
def book(training: Training, person: Person, *, by: User) -> TrainingRecord:
    """Take a place. Twice is harmless. Done before and due again, the day it was done stays. Raises ValidationError.

    The training's row is locked, so that two people cannot take the last place.
    """
    training = Training.objects.select_for_update().get(pk=training.pk)
    record = training.records.select_related("training").filter(person=person).first()
    if record and (record.status == Status.BOOKED or (record.status == Status.DONE and not is_due(record))):
        return record
    _check_person(person)
    _check_open(training, record)
    if record is None:
        record = TrainingRecord(training=training, person=person)
    record.status, record.booked_at = Status.BOOKED, timezone.now()
    record.full_clean()
    record.save()
    audit.record(by, "booked training", training, person=person.pk)
    return record


def _check_person(person: Person) -> None:
    if person.merged_into_id or person.erased_at:
        raise ValidationError(_("This entry is no longer in use"))
    if person.may_be_under_18 or (person.is_under_18 and person.safeguards != Safeguards.CLEARED):
        raise ValidationError(_("We need to know your age and have your consents first. Ask the engagement team"))


def _check_open(training: Training, record: TrainingRecord | None) -> None:
    if not training.is_open:
        raise ValidationError(_("This training cannot be booked"))
    if training.starts_at is not None and training.starts_at <= timezone.now():
        raise ValidationError(_("This training has begun. Choose another"))
    others = training.records.exclude(status=Status.CANCELLED).exclude(pk=record.pk if record else None)
    if training.places is not None and others.count() >= training.places:
        raise ValidationError(_("All places are taken. Choose another training"), code="full")


@transaction.atomic
def cancel(training: Training, person: Person, *, by: User) -> TrainingRecord | None:
    """Give a place back. Without one, or twice, nothing happens. What was done before stays done."""
    Training.objects.select_for_update().get(pk=training.pk)
    record = training.records.filter(person=person).first()
    if record is None or record.status != Status.BOOKED:
        return record
    record.status = Status.DONE if record.done_on else Status.CANCELLED
    record.save(update_fields=["status"])
    audit.record(by, "cancelled training", training, person=person.pk)
    return record


# What a seat needs -------------------------------------------------------------------------------


class State:
    """How somebody stands with a training that their seat needs."""

    DONE, DUE, MISSING = "done", "due", "missing"


@dataclass(frozen=True, slots=True)
class Need:
    """A training that a seat needs: its title, whether it is done, due again or missing, and the days of that."""

    title: str
    state: str
    done_on: datetime.date | None = None
    due_on: datetime.date | None = None


def needed(membership: Membership) -> Need | None:
    """The training that the role of a seat needs, and how its holder stands; None for a role that needs none."""
    title = membership.role.training_required.strip()
    return _needs([(membership.person_id, title)])[membership.person_id, title] if title else None


def stands(person: Person, title: str) -> Need:
    """How somebody stands with a training, by its title: for what is not a seat, such as a visit."""
    return _needs([(person.pk, title.strip())])[person.pk, title.strip()]


def needed_by(person: Person) -> list[Need]:
    """The trainings that the present seats of somebody need, each once."""
    titles = person.memberships.current().exclude(role__training_required="").values_list("role__training_required")
    pairs = [(person.pk, title.strip()) for (title,) in titles.order_by("role__training_required").distinct()]
    return list(_needs(pairs).values())


def _needs(pairs: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Need]:
    """How each person stands with each title. Every session of that title counts, whatever its capitals."""
    pairs = list(pairs)
    titles = {title.casefold() for _person, title in pairs}
    named = {pk: title.strip().casefold() for pk, title in Training.objects.values_list("pk", "title")}
    records = (
        TrainingRecord.objects.filter(training__in=[pk for pk, title in named.items() if title in titles])
        .filter(done_on__lte=timezone.localdate())
        .exclude(status=Status.CANCELLED)
        .select_related("training")
    )
    if len(people := {person for person, _title in pairs}) == 1:
        records = records.filter(person__in=people)
    newest: dict[tuple[int, str], TrainingRecord] = {}
    for record in records.order_by("done_on", "pk"):
        newest[record.person_id, named[record.training_id]] = record
    return {(person, title): _need(title, newest.get((person, title.casefold()))) for person, title in pairs}


def _need(title: str, record: TrainingRecord | None) -> Need:
    if record is None:
        return Need(title, State.MISSING)
    return Need(title, State.DUE if is_due(record) else State.DONE, record.done_on, due_on(record))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many holders of a role did the training that it needs. The three parts add up to `members`."""

    role: SeatRole
    members: int
    done: int
    due: int
    missing: int

    @property
    def percent(self) -> int | None:
        """Those who are done, of all holders, in whole per cent rounded down; None where nobody holds the role."""
        return 100 * self.done // self.members if self.members else None


def coverage(user: User) -> list[Coverage]:
    """Every role that needs a training, with those who hold it on forums of the areas that the user works for."""
    roles = list(SeatRole.objects.exclude(training_required=""))
    seats = Membership.objects.current().for_user(user).filter(role__in=roles)
    held: dict[int, set[int]] = {role.pk: set() for role in roles}
    for role, person in seats.order_by().values_list("role", "person").distinct():
        held[role].add(person)
    needs = _needs((person, role.training_required.strip()) for role in roles for person in held[role.pk])
    return [_coverage(role, held[role.pk], needs) for role in roles]


def _coverage(role: SeatRole, people: set[int], needs: dict) -> Coverage:
    states = [needs[person, role.training_required.strip()].state for person in people]
    return Coverage(role, len(people), *map(states.count, (State.DONE, State.DUE, State.MISSING)))
