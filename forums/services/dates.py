"""Meetings drafted for the year to come (FOR-005)."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from forums.models import Forum, Meeting, Mode
from people.models import User

BEGINS, LASTS = datetime.time(10), datetime.timedelta(hours=2)  # where no meeting before shows how it is done


@transaction.atomic
def plan_meetings(forum: Forum, days: Iterable[datetime.date], *, by: User) -> list[Meeting]:
    """Draft a meeting on each of the days that has none yet. Nobody is told: a draft waits to be announced.

    Time, place and way of meeting are those of the last meeting. Raises ValidationError for a closed forum, or a day
    that has passed.
    """
    forum = Forum.objects.select_for_update().get(pk=forum.pk)
    if forum.status == Forum.Status.CLOSED:
        raise ValidationError(_("%(forum)s is closed. Choose a forum that is at work") % {"forum": forum})
    days = sorted(set(days))
    if any(day <= timezone.localdate() for day in days):
        raise ValidationError(_("Choose days that are still to come"))
    known = forum.meetings.exclude(status=Meeting.Status.CANCELLED).order_by("-starts_at")
    taken = {timezone.localdate(at) for at in known.values_list("starts_at", flat=True)}
    last = known.filter(status__in=[Meeting.Status.HELD, Meeting.Status.PLANNED]).first()
    drafts = [_draft(forum, day, last) for day in days if day not in taken]
    for draft in drafts:
        draft.full_clean()
        draft.save()
        audit.record(by, "drafted meeting", draft, forum=forum.pk)
    return drafts


def _draft(forum: Forum, day: datetime.date, last: Meeting | None) -> Meeting:
    at = timezone.localtime(last.starts_at).time() if last else BEGINS
    starts_at = timezone.make_aware(datetime.datetime.combine(day, at))
    return Meeting(
        forum=forum,
        title=(_("Meeting of %(forum)s") % {"forum": forum})[:200],
        starts_at=starts_at,
        ends_at=starts_at + (last.ends_at - last.starts_at if last else LASTS),
        mode=last.mode if last else forum.default_mode or Mode.ONLINE,
        venue=last.venue if last else "",
        access=last.access if last else "",
        is_public=last.is_public if last else False,
        status=Meeting.Status.DRAFT,
    )
