"""Buddies: a member supports another member, or a practice's patient group, for a time (MEM-010, PPG-004)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from forums.models import Buddy, Forum, Membership
from people.models import ConsentPurpose, Person, User
from people.services import messages

LONGEST = 2000  # characters of what somebody wants help with


def for_user(user: User):
    """Requests and buddies of people and groups of the areas that the user works for."""
    areas = user.only_areas()
    rows = Buddy.objects.select_related("buddy", "person", "forum")
    return rows if areas is None else rows.filter(Q(person__area__in=areas) | Q(forum__area__in=areas))


def may_take_part(person: Person) -> bool:
    """Whether somebody is an adult as far as we know. For people under 18 the safeguarding lead finds support."""
    return not (person.is_under_18 or person.may_be_under_18)


def can_be_buddies(user: User):
    """Adults with a seat on a forum today, of the areas that the user works for."""
    today = timezone.localdate()
    seated = Membership.objects.current().values("person")
    grown_up = Q(adult_from__lte=today) | Q(adult_from__isnull=True) & (
        Q(birth_year__isnull=True) | Q(birth_year__lt=today.year - 18)
    )
    return Person.objects.known().for_user(user).filter(grown_up, pk__in=seated)


@transaction.atomic
def ask(person: Person, goals: str, *, by: User) -> Buddy:
    """Ask for a buddy. While a request is open or a buddy there, asking again finds it. Raises ValidationError."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    _check(person)
    return person.supported_by.filter(ended_on=None).first() or _asked(Buddy(person=person), goals, by)


@transaction.atomic
def ask_for_group(forum: Forum, goals: str, *, by: User) -> Buddy:
    """Ask for a buddy for a practice's patient group; asking again finds the request. Raises ValidationError."""
    forum = Forum.objects.select_for_update(of=("self",)).get(pk=forum.pk)
    if not hasattr(forum, "practice_group"):
        raise ValidationError({"forum": _("Choose the patient group of a practice")})
    return forum.buddies.filter(ended_on=None).first() or _asked(Buddy(forum=forum), goals, by)


def _asked(request: Buddy, goals: str, by: User) -> Buddy:
    request.goals = goals.strip()
    if len(request.goals) > LONGEST:
        raise ValidationError({"goals": _("Use at most %(most)s characters") % {"most": LONGEST}})
    request.full_clean()
    request.save()
    audit.record(by, "asked for buddy", request)
    return request


def _check(person: Person) -> None:
    if person.merged_into_id or person.erased_at:
        raise ValidationError(_("This entry is no longer in use"))
    if not may_take_part(person):
        raise ValidationError(_("For people under 18, the safeguarding lead finds support. Ask the engagement team"))


@transaction.atomic
def withdraw(request: Buddy, *, by: User) -> None:
    """Take back a request that nobody has been found for yet. Raises ValidationError once there is a buddy."""
    request = _locked(request)
    if request.started_on is not None:
        raise ValidationError(_("You have a buddy already. Ask the engagement team to end it"))
    audit.record(by, "withdrew request for buddy", request)
    request.delete()


@transaction.atomic
def match(request: Buddy, buddy: Person, *, by: User) -> Buddy:
    """Find a buddy for a request, and tell both. The same buddy twice is harmless. Raises ValidationError."""
    request = _locked(request)
    if request.started_on is not None:
        if request.buddy_id == buddy.pk:
            return request
        raise ValidationError(_("There is a buddy already. End that first, then ask again"))
    _check(buddy)
    if request.person:
        _check(request.person)
    if not buddy.memberships.current().exists():
        raise ValidationError({"buddy": _("Choose somebody who sits on a forum today")})
    request.buddy, request.started_on = buddy, timezone.localdate()
    request.full_clean()
    request.save(update_fields=["buddy", "started_on", "updated_at"])
    audit.record(by, "matched buddy", request, buddy=buddy.pk)
    _tell(request, by)
    return request


def _tell(request: Buddy, by: User) -> None:
    """Both hear the other's name and nothing else: how to reach each other they settle with the team."""
    supported = request.person.called if request.person else request.forum.name
    asked = _("You have agreed to be a buddy for %(name)s. The engagement team will help you to get in touch.")
    _write(request.buddy, request, asked % {"name": supported}, by)
    if request.person:
        found = _("%(name)s is your buddy. The engagement team will help you to get in touch.")
        _write(request.person, request, found % {"name": request.buddy.called}, by)


def _write(person: Person, request: Buddy, text: str, by: User) -> None:
    key = f"buddy-{request.pk}-{person.pk}"
    messages.write(person, ConsentPurpose.MEMBERSHIP, _("Your buddy"), text, by=by, key=key)


@transaction.atomic
def end(request: Buddy, outcome: str, *, by: User, on: datetime.date | None = None) -> Buddy:
    """End the support, with what came of it. One that has ended stays as it is. Raises ValidationError."""
    request = _locked(request)
    if request.ended_on is not None:
        return request
    if request.started_on is None:
        raise ValidationError(_("It has not begun yet"))
    if not outcome.strip():
        raise ValidationError({"outcome": _("Say what came of it")})
    request.ended_on, request.outcome = on or timezone.localdate(), outcome.strip()
    if request.ended_on > timezone.localdate():
        raise ValidationError({"on": _("The day must be today or in the past")})
    request.full_clean()
    request.save(update_fields=["ended_on", "outcome", "updated_at"])
    audit.record(by, "ended buddy", request)
    return request


def _locked(request: Buddy) -> Buddy:
    rows = Buddy.objects.select_for_update(of=("self",)).select_related("buddy", "person", "forum")
    return rows.get(pk=request.pk)
