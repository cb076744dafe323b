"""Papers of meetings: shared with members, published for everybody, read by whom (MTG-008, MTG-009, MEM-009)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from forums.documents import letters
from forums.models import Attendance, Meeting, Paper, PaperRead
from forums.services import meetings, replies
from people.models import Person, User


def due_on(meeting: Meeting) -> datetime.date | None:
    """By when papers have to go out, by the rule of the forum; None without a rule."""
    days = meeting.forum.papers_days
    return None if days is None else timezone.localdate(meeting.starts_at) - datetime.timedelta(days=days)


def is_late(paper: Paper, due: datetime.date | None) -> bool:
    """Whether a paper went out after the day, or has not gone out and the day is over."""
    went_out = paper.shared_at or timezone.now()
    return due is not None and timezone.localdate(went_out) > due


def for_member(person: Person) -> QuerySet:
    """Papers that somebody may read in the portal: shared, of meetings they take part in, or published."""
    is_inside = Q(shared_at__isnull=False, meeting__in=meetings.inside(person))
    is_public = Q(published_at__isnull=False, meeting__in=Meeting.objects.for_person(person).filter(is_public=True))
    return Paper.objects.filter(is_inside | is_public)


def for_everybody() -> QuerySet:
    """Published papers of public meetings."""
    return Paper.objects.filter(published_at__isnull=False, meeting__in=Meeting.objects.public())


def note_read(paper: Paper, person: Person) -> None:
    """Somebody opened a paper: it waits for them no longer."""
    PaperRead.objects.get_or_create(paper=paper, person=person)


@transaction.atomic
def share(meeting: Meeting, *, by: User) -> int:
    """Let members read the papers that they cannot read yet, and tell them once. Returns how many papers.

    Everybody invited is told, but for the public, who read what is published.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.status in {Meeting.Status.DRAFT, Meeting.Status.CANCELLED}:
        raise ValidationError(_("Papers are shared once the meeting is announced, and not when it is cancelled"))
    batch = list(meeting.papers.filter(shared_at=None))
    if not batch:
        return 0
    meeting.papers.filter(pk__in=[paper.pk for paper in batch]).update(shared_at=timezone.now())
    audit.record(by, "shared papers", meeting, papers=[paper.pk for paper in batch])
    for attendance in meeting.attendances.exclude(part=Attendance.Part.PUBLIC).select_related(
        "meeting__forum", "person"
    ):
        key = f"meeting-{meeting.pk}-papers-{min(paper.pk for paper in batch)}-{attendance.person_id}"
        body = letters.papers(attendance, [str(paper) for paper in batch])
        replies.tell(attendance, _("Papers"), body, by=by, key=key)
    return len(batch)


@transaction.atomic
def publish(meeting: Meeting, *, by: User) -> int:
    """Let everybody read the papers that members have. Returns how many. Raises ValidationError if it is not public."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not meeting.is_public:
        raise ValidationError(_("This meeting is not held in public, so its papers are for members alone"))
    found = list(meeting.papers.filter(published_at=None).exclude(shared_at=None).values_list("pk", flat=True))
    if found:
        meeting.papers.filter(pk__in=found).update(published_at=timezone.now())
        audit.record(by, "published papers", meeting, papers=found)
    return len(found)
