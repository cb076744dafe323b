"""People's rights over their data: a copy of it, and its erasure (GOV-003, UK GDPR articles 15, 17 and 20).

What is erased follows the register of personal data (`core.privacy`), so that a model that is added later is covered.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import audit
from core.privacy import models_about_people
from people.documents import my_data
from people.models import ErasureRequest, Person, User
from people.services import erasing
from people.services.needs import forget_equality_answers, own_equality_answers
from people.services.register import works_for_the_body

DAYS_TO_ANSWER = 30  # “one month”, UK GDPR article 12(3); the shortest month that has 30 days is safe

# What stands against an erasure for now: each returns a reason in words for staff, or "". Upper apps add theirs.
holds: list[Callable[[Person], str]] = []


def reasons_to_wait(person: Person) -> list[str]:
    """Why somebody cannot be erased yet, from every app that has a reason."""
    reasons = [reason for hold in holds if (reason := hold(person))]
    if person.user_id and works_for_the_body(person.user):
        reasons.append(_("Their account is used for staff work. Ask an administrator to take away its roles first"))
    return reasons


# A copy ------------------------------------------------------------------------------------------


def export(person: Person, *, by: User) -> bytes:
    """Everything that is kept about somebody, as a ZIP. Audited, with the kinds of special data that were read.

    Only the person's own account gets the equality answers, and what the safeguarding lead alone may read is left out
    for other staff: the file names what it leaves out.
    """
    is_own = person.user_id is not None and person.user_id == by.pk
    without = () if is_own else tuple(label for label, permission in GUARDED.items() if not by.has_perm(permission))
    equality = own_equality_answers(person, by=by) if is_own else None
    read = sorted(set(GUARDED) - set(without))
    audit.record(by, "read and exported everything", person, purpose="a copy of the data", special=read)
    may_see_needs = is_own or by.has_perm("people.view_accessneed")
    hides = frozenset() if may_see_needs else frozenset({"P4"})
    return my_data.build(person, without=without, hides=hides, equality=equality)


# Special data with a permission of its own; everything else goes with the permission to see people.
GUARDED = {
    "people.AccessNeed": "people.view_accessneed",
    "people.PanelProfile": "people.view_accessneed",
    "people.YoungPerson": "people.view_youngperson",
}


# Erasure -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes of one kind of record: rows deleted, rows emptied of personal words, rows that stay as they are."""

    kind: str
    title: str
    deleted: int
    cleared: int
    kept: int


@transaction.atomic
def ask_for_erasure(person: Person, *, how: str, by: User | None) -> ErasureRequest:
    """Note that somebody asked to be erased. While a request is open, asking again finds it."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if found := person.erasure_requests.filter(decided_at=None).first():
        return found
    if person.merged_into_id or person.erased_at:
        raise ValidationError(_("This entry is no longer in use"))
    request = ErasureRequest.objects.create(person=person, how=how, recorded_by=by)
    audit.record(by, "recorded request to be erased", person, how=how)
    return request


def due_on(request: ErasureRequest) -> datetime.date:
    """The last day to answer."""
    return timezone.localdate(request.asked_at) + datetime.timedelta(days=DAYS_TO_ANSWER)


def preview_erasure(person: Person, *, by: User) -> list[Part]:
    """What an erasure would do, by kind of record, without doing it. Kinds without rows are left out.

    That somebody has needs on record is sensitive by itself, so the look is audited.
    """
    audit.record(by, "read what an erasure would do", person, purpose="a request to be erased")
    parts = []
    for model in models_about_people():
        number = my_data.rows_about(model, person).count()
        fate = erasing.fate_of(model)
        if number:
            parts.append(
                Part(model._meta.label, _title(model), *(number if fate == each else 0 for each in erasing.FATES))
            )
    return parts


def certificate_of(request: ErasureRequest) -> list[Part]:
    """What an erasure did, as it was written down then."""
    titles = {model._meta.label: _title(model) for model in models_about_people()}
    return [
        Part(kind, titles.get(kind, kind), *(numbers.get(fate, 0) for fate in erasing.FATES))
        for kind, numbers in request.certificate.items()
    ]


def _title(model: type[models.Model]) -> str:
    return capfirst(str(model._meta.verbose_name_plural))


def may_decide(request: ErasureRequest, by: User) -> bool:
    """Whether somebody is the second pair of eyes: neither who noted the request, nor the person."""
    return by.pk not in {request.recorded_by_id, request.person.user_id}


def _locked(request: ErasureRequest, by: User) -> ErasureRequest:
    """The open request, for whoever may decide it. Raises ValidationError."""
    Person.objects.select_for_update().get(pk=request.person_id)
    request = ErasureRequest.objects.select_for_update(of=("self",)).select_related("person__user").get(pk=request.pk)
    if not may_decide(request, by):
        raise ValidationError(_("Ask a second person to decide. You noted this request, or it is about you"))
    return request


@transaction.atomic
def erase(request: ErasureRequest, *, by: User) -> ErasureRequest:
    """Erase the person of a request: for good, in every app. Doing it twice is harmless. Raises ValidationError.

    What stays is without a name: who sat where and when, what was paid, that a consent was given.
    """
    request = _locked(request, by)
    if request.certificate:
        return request
    if request.decided_at:
        raise ValidationError(_("This request was refused. Note a new one"))
    if reasons := reasons_to_wait(request.person):
        raise ValidationError(reasons)
    people = list(Person.objects.select_for_update().filter(pk__in=my_data.entries(request.person)).order_by("pk"))
    trail = erasing.Trail.of(people)
    for person in people:
        forget_equality_answers(person)
    certificate = erasing.forget_rows(request.person)
    _forget_accounts(trail.accounts)
    stamps = dict.fromkeys(("erased_at", "updated_at"), timezone.now())
    nobody = {"adult_from": None, "safeguards": "", "write_to_guardian": False}
    Person.objects.filter(pk__in=trail.entries).update(**stamps, **nobody)
    values = {"decided_at": timezone.now(), "decided_by": by, "certificate": certificate}
    ErasureRequest.objects.filter(pk=request.pk).update(**values)
    audit.record(by, "erased", Person.objects.get(pk=request.person_id), certificate=certificate)
    erasing.forget_trail(trail)
    request.refresh_from_db()
    return request


def _forget_accounts(numbers: Iterable[int]) -> None:
    """Delete accounts with their addresses and second factors, and end their sessions."""
    numbers = {str(number) for number in numbers}
    for session in Session.objects.all() if numbers else ():
        if session.get_decoded().get("_auth_user_id") in numbers:
            session.delete()
    User.objects.filter(pk__in=numbers).delete()


@transaction.atomic
def refuse(request: ErasureRequest, reason: str, *, by: User) -> ErasureRequest:
    """Say no, with the reason that the person is told. Raises ValidationError without one."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why. The person has a right to know")})
    request = _locked(request, by)
    if request.certificate:
        raise ValidationError(_("They have been erased already"))
    if request.decided_at is None:
        request.decided_at, request.decided_by, request.refused_because = timezone.now(), by, reason.strip()
        request.save(update_fields=["decided_at", "decided_by", "refused_because"])
        audit.record(by, "refused to erase", request.person)
    return request


def open_requests(user: User) -> models.QuerySet[ErasureRequest]:
    """Requests that wait for a decision, of the people the user may see, the oldest first."""
    return requests_for(user).filter(decided_at=None).order_by("asked_at", "pk")


def requests_for(user: User) -> models.QuerySet[ErasureRequest]:
    """Requests of the people of the areas that the user works for."""
    areas = user.only_areas()
    found = ErasureRequest.objects.select_related("person__area", "person__user", "recorded_by", "decided_by")
    return found if areas is None else found.filter(Q(person__area__in=areas))
