"""What a member sees on the home page, and what they say about taking part."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.models import AuditEvent
from forums.models import Feedback, Forum, Meeting, Membership
from people.models import Person, User

MEETINGS_SHOWN = 5


def home_of(person: Person) -> dict:
    """The forums somebody sits on, with their roles, and their next meetings."""
    memberships = Membership.objects.current().filter(person=person).select_related("forum__area", "role")
    meetings = Meeting.objects.for_person(person).upcoming().select_related("forum").order_by("starts_at")
    return {"memberships": memberships, "meetings": meetings[:MEETINGS_SHOWN]}


@transaction.atomic
def give_feedback(person: Person, forum: Forum, meeting: Meeting | None, *, by: User, **scores) -> Feedback:
    """Keep what somebody says; about one meeting once, said again it replaces. Raises ValidationError."""
    if meeting is not None and meeting.starts_at > timezone.now():
        raise ValidationError(_("This meeting has not been held yet"))
    key = {"person": person, "forum": forum, "meeting": meeting}
    if meeting is None:
        feedback = Feedback(**key, **scores)
    else:
        feedback = Feedback.objects.filter(**key).first() or Feedback(**key)
        for name, value in scores.items():
            setattr(feedback, name, value)
    feedback.full_clean()
    feedback.save()
    audit.record(by, "gave feedback", feedback, forum=forum.pk)
    return feedback


def who_looked(person: Person, days: int = 365) -> list[dict]:
    """Who read what is sensitive about somebody in the last year: day, whether a person or the system, and why.

    Somebody's own reading is left out. Newest first; the same reason on the same day is one line.
    """
    since = timezone.now() - datetime.timedelta(days=days)
    events = AuditEvent.objects.filter(
        subject_type="people.person", subject_id=str(person.pk), verb__startswith="read", at__gte=since
    ).order_by("-at")
    seen = {}
    for event in events.exclude(actor_id=person.user_id) if person.user_id else events:
        who = _("a member of staff") if event.actor_id else _("the system")
        day = timezone.localdate(event.at)
        seen.setdefault((day, who, event.verb, event.detail.get("purpose", "")), event)
    return [{"day": day, "who": who, "what": what, "why": why} for day, who, what, why in seen]
