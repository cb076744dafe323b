"""Who sits where: appointed by the rules of the forum, and leaving with a reason (MEM-001, FOR-010)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from forums.models import Forum, Membership, SeatRole
from people.models import Person, User
from people.models.register import Safeguards
from people.services import safeguarding


def check_age(person: Person, forum: Forum) -> None:
    """Raise ValidationError for somebody outside the ages of the forum, or whose age is not known well enough.

    With only a year of birth somebody may be one of two ages: at the lower limit the date decides, not the hope.
    """
    if person.may_be_under_18:
        raise ValidationError(
            _("%(name)s may be under 18. Ask the safeguarding lead to record the date of birth first")
            % {"name": person}
        )
    if person.is_under_18 and person.safeguards != Safeguards.CLEARED:
        raise ValidationError(
            _("%(name)s is under 18. The consents that this age needs are not recorded yet") % {"name": person}
        )
    if forum.minimum_age is None and forum.maximum_age is None:
        return
    youngest, oldest = _ages(person)
    words = {"name": person, "forum": forum, "minimum": forum.minimum_age, "maximum": forum.maximum_age}
    if forum.minimum_age is not None and youngest < forum.minimum_age:
        raise ValidationError(_("%(forum)s is for people of %(minimum)s and over") % words, code="too_young")
    if forum.maximum_age is not None and oldest > forum.maximum_age:
        raise ValidationError(_("%(forum)s is for people up to %(maximum)s") % words, code="too_old")


def _ages(person: Person) -> tuple[int, int]:
    """The lowest and the highest age that somebody may have. Raises ValidationError when there is no year of birth."""
    exact = safeguarding.age_of(person, purpose="a seat on a forum")
    if exact is not None:
        return exact, exact
    if person.birth_year is None:
        raise ValidationError(_("Record the year of birth of %(name)s: this forum has an age limit") % {"name": person})
    this_year = timezone.localdate().year
    return this_year - person.birth_year - 1, this_year - person.birth_year


@transaction.atomic
def appoint(
    person: Person, forum: Forum, role: SeatRole, *, by: User | None, started_on: datetime.date | None = None, **values
) -> Membership:
    """Give somebody a seat. Raises ValidationError where the forum's rules or the law forbid it.

    `values` are further fields of Membership. The forum's row is locked, so that two people cannot take the last seat.
    """
    forum = Forum.objects.select_for_update().get(pk=forum.pk)
    if forum.status == Forum.Status.CLOSED:
        raise ValidationError(_("%(forum)s is closed") % {"forum": forum})
    if person.merged_into_id or person.erased_at:
        raise ValidationError(_("This entry is no longer in use"))
    check_age(person, forum)
    membership = Membership(
        person=person, forum=forum, role=role, started_on=started_on or timezone.localdate(), **values
    )
    _check_seats(membership)
    membership.full_clean()
    membership.save()
    audit.record(by, "appointed", membership, forum=forum.pk)
    return membership


def _check_seats(membership: Membership) -> None:
    """Raise ValidationError when every seat of this role is taken. A role without a rule has no limit."""
    rules = membership.forum.seat_rules.filter(role=membership.role, from_forum=membership.represents)
    rules = rules.filter(nominated_by=membership.organisation) or rules.filter(nominated_by=None)
    for rule in rules:
        sitting = membership.forum.memberships.current().filter(role=membership.role, is_observer=False)
        if rule.from_forum_id:
            sitting = sitting.filter(represents=rule.from_forum_id)
        if rule.nominated_by_id:
            sitting = sitting.filter(organisation=rule.nominated_by_id)
        if not membership.is_observer and rule.maximum is not None and sitting.count() >= rule.maximum:
            words = {"role": membership.role, "forum": membership.forum, "most": rule.maximum}
            raise ValidationError(
                _("%(forum)s has %(most)s seats for “%(role)s”, and all are taken") % words, code="full"
            )


@transaction.atomic
def leave(membership: Membership, because: str, *, by: User | None, on: datetime.date | None = None) -> Membership:
    """End a membership with its reason. One that has ended stays as it is. Raises ValidationError."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.ended_on is not None:
        return membership
    membership.ended_on, membership.left_because = on or timezone.localdate(), because
    membership.full_clean()
    membership.save(update_fields=["ended_on", "left_because", "updated_at"])
    audit.record(by, "ended membership", membership, because=because)
    return membership
