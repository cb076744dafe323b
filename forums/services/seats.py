"""Who sits where: appointed by the rules of the forum, and leaving with a reason (MEM-001, FOR-010)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.person_panels import Panel
from forums.documents.rules import rule_of
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


def appoint(
    person: Person, forum: Forum, role: SeatRole, *, by: User | None, started_on: datetime.date | None = None, **values
) -> Membership:
    """Give somebody a seat. Raises ValidationError where the forum's rules or the law forbid it.

    `values` are further fields of Membership.
    """
    started_on = started_on or timezone.localdate()
    return seat(Membership(person=person, forum=forum, role=role, started_on=started_on, **values), by=by)


def seat(membership: Membership, *, by: User | None) -> Membership:
    """Keep a membership that is new. Raises ValidationError as `appoint` does.

    The age is looked at before the transaction: that a birth date was read stays on record when the seat is refused.
    """
    check_age(membership.person, membership.forum)
    with transaction.atomic():
        check(membership)
        membership.full_clean()
        membership.save()
        audit.record(by, "appointed", membership, forum=membership.forum_id)
    return membership


def check(membership: Membership) -> None:
    """Raise ValidationError when the forum is closed, its seats are taken, or the person's entry is no longer in use.

    Call it in a transaction: it locks the forum's row, so that two people cannot take the last seat.
    """
    forum = Forum.objects.select_for_update().get(pk=membership.forum_id)
    if forum.status == Forum.Status.CLOSED:
        raise ValidationError(_("%(forum)s is closed. Choose a forum that is at work") % {"forum": forum})
    if membership.person.merged_into_id or membership.person.erased_at:
        raise ValidationError(_("This entry is no longer in use. Choose the person again"))
    _check_seats(membership)


def _check_seats(membership: Membership) -> None:
    """Raise ValidationError when every seat of the rule for this membership is taken. Without a rule there is no limit.

    Who sits at any time from the first day on counts, also somebody who is appointed but has not begun.
    """
    rules = list(membership.forum.seat_rules.filter(role=membership.role_id))
    rule = rule_of(membership, rules)
    if rule is None or rule.maximum is None or membership.is_observer:
        return
    others = membership.forum.memberships.filter(role=membership.role_id, is_observer=False)
    others = others.filter(person__merged_into=None, person__erased_at=None)
    still = others.filter(Q(ended_on=None) | Q(ended_on__gt=membership.started_on))
    if sum(rule_of(other, rules) == rule for other in still) >= rule.maximum:
        words = {"role": membership.role, "forum": membership.forum, "most": rule.maximum}
        raise ValidationError(
            ngettext(
                "%(forum)s has %(most)s seat for “%(role)s”, and it is taken. End that membership first",
                "%(forum)s has %(most)s seats for “%(role)s”, and all are taken. End a membership first",
                rule.maximum,
            )
            % words,
            code="full",
        )


@transaction.atomic
def set_dates(
    membership: Membership, *, by: User, accepted_on: datetime.date | None, inducted_on: datetime.date | None
) -> Membership:
    """Say when somebody accepted the role description and did the induction. None: not yet. Raises ValidationError."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if (membership.accepted_on, membership.inducted_on) == (accepted_on, inducted_on):
        return membership
    days = {"accepted_on": accepted_on, "inducted_on": inducted_on}
    late = [name for name, day in days.items() if day and day > timezone.localdate()]
    if late:
        raise ValidationError({name: _("The date must be today or in the past") for name in late})
    membership.accepted_on, membership.inducted_on = accepted_on, inducted_on
    membership.save(update_fields=[*days, "updated_at"])
    audit.record(by, "changed membership", membership, fields=list(days))
    return membership


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


def person_panel(person: Person, user: User) -> Panel | None:
    """Where somebody sits or sat, the newest first, for those who may see it."""
    if not user.has_perm("forums.view_membership"):
        return None
    rows = person.memberships.for_user(user).select_related("forum", "role").order_by("-started_on", "-pk")
    return Panel(_("Forums"), [(_in_words(row), reverse("work:membership_detail", args=[row.pk])) for row in rows])


def _in_words(membership: Membership) -> str:
    words = {"forum": membership.forum, "role": membership.role, "since": f"{membership.started_on:%-d %B %Y}"}
    if membership.ended_on is None:
        return _("%(forum)s: %(role)s, since %(since)s") % words
    words["until"] = f"{membership.ended_on:%-d %B %Y}"
    return _("%(forum)s: %(role)s, from %(since)s to %(until)s") % words
