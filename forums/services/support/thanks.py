"""Thanks: said once, on the record, and nobody who gave their time forgotten (MEM-017)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from forums.models import Attendance, Meeting, Membership, Thanks
from people.models import ConsentPurpose, Person, User
from people.services import messages

DAYS_BACK = 183  # half a year
LONGEST = 4000  # characters of a reason
WRITTEN = (Thanks.Kind.MESSAGE, Thanks.Kind.LETTER)  # what the system itself can send


@transaction.atomic
def thank(person: Person, *, kind: str, reason: str, by: User, send: bool) -> Thanks:
    """Record that somebody is thanked; a message or a letter is also sent where `send` says so.

    The same thanks on the same day is the same row. Raises ValidationError.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.merged_into_id or person.erased_at:
        raise ValidationError(_("This entry is no longer in use"))
    reason = reason.strip()
    if len(reason) > LONGEST:
        raise ValidationError({"reason": _("Use at most %(most)s characters") % {"most": LONGEST}})
    found = person.thanks.filter(kind=kind, reason=reason, on=timezone.localdate()).first()
    if found is None:
        found = Thanks(person=person, kind=kind, reason=reason, by=by)
        found.full_clean()
        found.save()
        audit.record(by, "thanked", found, person=person.pk, how=kind)
    if send and kind in WRITTEN and found.message_id is None:
        found.message = _write(found, by)
        found.save(update_fields=["message"])
    return found


def _write(thanks: Thanks, by: User):
    """The words go by the channel that the person prefers, if they agreed to be written to."""
    text = _("Dear %(name)s,\n\n%(reason)s\n\nThank you.") % {"name": thanks.person.called, "reason": thanks.reason}
    return messages.write(
        thanks.person, ConsentPurpose.MEMBERSHIP, _("Thank you"), text, by=by, key=f"thanks-{thanks.pk}"
    )


def to_thank(user: User):
    """People who left a forum or came to a meeting in the last half year, and have had no thanks since.

    Each with `left` and `met`, the last days of both, or None. Only people of the areas that the user works for.
    """
    today = timezone.localdate()
    since = today - datetime.timedelta(days=DAYS_BACK)
    left = Membership.objects.filter(person=OuterRef("pk"), ended_on__range=(since, today)).order_by("-ended_on")
    met = (
        Attendance.objects.filter(
            person=OuterRef("pk"), presence=Attendance.Presence.PRESENT, meeting__status=Meeting.Status.HELD
        )
        .annotate(day=TruncDate("meeting__starts_at"))
        .filter(day__range=(since, today))
        .order_by("-day")
    )
    people = Person.objects.known().for_user(user)
    people = people.annotate(
        left=Subquery(left.values("ended_on")[:1]), met=Subquery(met.values("day")[:1], output_field=DateField())
    )
    thanked = Thanks.objects.filter(person=OuterRef("pk"))
    return people.filter(
        Q(left__isnull=False) & ~Exists(thanked.filter(on__gte=OuterRef("left")))
        | Q(met__isnull=False) & ~Exists(thanked.filter(on__gte=OuterRef("met")))
    )
