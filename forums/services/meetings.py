"""Meetings from the invitation to the minutes and actions, and what waits for members (MTG-001, MTG-008)."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.person_panels import Panel
from core.portal import Card
from forums.documents import letters
from forums.models import Action, Attendance, Meeting, Membership, Paper
from forums.services import replies
from people.models import Person, User

# A change of one of these makes a new version of the calendar entry, and people are told.
ANNOUNCED = frozenset({"title", "starts_at", "ends_at", "mode", "venue", "access", "join_link", "status"})
SHOWN_ON_THE_REGISTER = 10


def ahead_first(meetings: QuerySet) -> QuerySet:
    """Those to come, the next one first; then those of the past, the last one first. Each knows `is_ahead`."""
    is_ahead = Q(ends_at__gte=timezone.now())
    soonest = Case(When(is_ahead, then=F("starts_at")))
    return meetings.annotate(is_ahead=is_ahead).order_by("-is_ahead", soonest, "-starts_at", "pk")


def open_to_anybody() -> QuerySet:
    """Meetings for which anybody may sign up: public ones ahead, and those of open forums."""
    return Meeting.objects.upcoming().filter(Q(is_public=True) | Q(forum__is_open=True)).select_related("forum")


def inside(person: Person) -> QuerySet:
    """Meetings that somebody takes part in as a member or a guest, not as a member of the public alone."""
    mine = Membership.objects.current().filter(person=person).values("forum")
    invited = Attendance.objects.filter(person=person).exclude(part=Attendance.Part.PUBLIC)
    belongs = Q(forum__in=mine) | Q(joint_with__in=mine) | Q(attendances__in=invited)
    return Meeting.objects.exclude(status=Meeting.Status.DRAFT).filter(belongs).distinct()


# Invitations -------------------------------------------------------------------------------------


@transaction.atomic
def invite_members(meeting: Meeting, *, by: User) -> int:
    """Invite everybody who sits on the forum, or on one that meets with it, today. Returns how many are new.

    Doing it again invites only those who came since. Raises ValidationError for a meeting that nobody can come to.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    _refuse_closed(meeting)
    forums = [meeting.forum_id, *meeting.joint_with.values_list("pk", flat=True)]
    seats = Membership.objects.current().filter(forum__in=forums)
    people = Person.objects.known().filter(memberships__in=seats).distinct()
    new = 0
    for person in people.exclude(attendances__meeting=meeting):
        _invite(meeting, person, Attendance.Part.MEMBER, by=by)
        new += 1
    return new


@transaction.atomic
def invite(meeting: Meeting, person: Person, part: str, *, by: User) -> Attendance:
    """Add somebody who is no member: an expert by experience, a guest. Adding them twice is harmless.

    Once the meeting has started nobody is written to: then it is a note of who was there.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.status == Meeting.Status.CANCELLED:
        raise ValidationError(_("This meeting is cancelled, so nobody can be invited"))
    if person.merged_into_id or person.erased_at:
        raise ValidationError(_("This entry is no longer in use"))
    found = Attendance.objects.filter(meeting=meeting, person=person).first()
    return found or _invite(meeting, person, part, by=by)


def _refuse_closed(meeting: Meeting) -> None:
    if reason := replies.closed_because(meeting):
        raise ValidationError(reason)


def _invite(meeting: Meeting, person: Person, part: str, *, by: User) -> Attendance:
    attendance = Attendance.objects.create(meeting=meeting, person=person, part=part)
    audit.record(by, "invited", attendance, part=part)
    if not replies.closed_because(meeting):
        key = f"meeting-{meeting.pk}-invite-{person.pk}"
        replies.tell(attendance, _("Invitation"), letters.invitation(attendance), by=by, key=key)
    return attendance


# Changes -----------------------------------------------------------------------------------------


@transaction.atomic
def meeting_changed(meeting: Meeting, fields: Iterable[str], *, by: User) -> Meeting:
    """What follows from a change of the named fields: a new version of the calendar entry, and people are told.

    Everybody invited is told, unless the meeting is over or not announced. Who chose a way that is no longer offered
    is asked again. More places go to the waiting list.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("forum").get(pk=meeting.pk)
    changed = ANNOUNCED.intersection(fields)
    if changed:
        meeting.sequence += 1
        meeting.save(update_fields=["sequence", "updated_at"])
        audit.record(by, "changed announced meeting", meeting, fields=sorted(changed))
        _tell_of_change(meeting, by=by)
    replies.move_up(meeting, by=by)
    return meeting


def _tell_of_change(meeting: Meeting, *, by: User) -> None:
    if meeting.ends_at <= timezone.now() or meeting.status in {Meeting.Status.DRAFT, Meeting.Status.HELD}:
        return
    possible = {*replies.answers(meeting), Attendance.Reply.NONE, Attendance.Reply.WAITING}
    for attendance in meeting.attendances.select_related("meeting__forum", "person"):
        asked_again = attendance.reply not in possible
        if asked_again:
            attendance.reply, attendance.replied_at, attendance.replied_by = Attendance.Reply.NONE, None, None
            attendance.save(update_fields=["reply", "replied_at", "replied_by"])
        subject = _("Cancelled") if meeting.status == Meeting.Status.CANCELLED else _("Changed")
        key = f"meeting-{meeting.pk}-change-{meeting.sequence}-{attendance.person_id}"
        replies.tell(attendance, subject, letters.change(attendance, asked_again=asked_again), by=by, key=key)


@transaction.atomic
def set_status(meeting: Meeting, status: str, *, by: User) -> Meeting:
    """Say that a meeting was held, or is cancelled. The same again changes nothing. Raises ValidationError."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.status == status:
        return meeting
    if status == Meeting.Status.HELD and meeting.starts_at > timezone.now():
        raise ValidationError(_("This meeting has not started yet, so it was not held"))
    if status == Meeting.Status.CANCELLED and meeting.status == Meeting.Status.HELD:
        raise ValidationError(_("This meeting was held, so it cannot be cancelled"))
    if status not in {Meeting.Status.HELD, Meeting.Status.CANCELLED}:
        raise ValidationError(_("Choose held or cancelled"))
    meeting.status = status
    meeting.save(update_fields=["status", "updated_at"])
    return meeting_changed(meeting, ["status"], by=by)


# Afterwards --------------------------------------------------------------------------------------


@transaction.atomic
def record_presence(meeting: Meeting, presence: dict[int, str], *, by: User) -> int:
    """Say who was there: number of the attendance → presence. Returns how many changed. Raises ValidationError."""
    if meeting.starts_at > timezone.now():
        raise ValidationError(_("This meeting has not started yet. Record who came afterwards"))
    changed = []
    for attendance in meeting.attendances.select_for_update(of=("self",)).filter(pk__in=presence):
        if attendance.presence != presence[attendance.pk]:
            attendance.presence = presence[attendance.pk]
            changed.append(attendance)
    Attendance.objects.bulk_update(changed, ["presence"])
    if changed:
        audit.record(by, "recorded attendance", meeting, attendances=[attendance.pk for attendance in changed])
    return len(changed)


@transaction.atomic
def publish_minutes(meeting: Meeting, file: File, *, by: User) -> Meeting:
    """Keep the minutes and let members read them, and everybody if the meeting is public. Replaces earlier ones."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.starts_at > timezone.now():
        raise ValidationError(_("This meeting has not started yet, so it has no minutes"))
    meeting.minutes, meeting.minutes_published_at = file, timezone.now()
    meeting.save(update_fields=["minutes", "minutes_published_at", "updated_at"])
    audit.record(by, "published minutes", meeting)
    return meeting


@transaction.atomic
def finish_action(action: Action, outcome: str, *, by: User) -> Action:
    """Mark an action done with what came of it. One that is done stays as it is. Raises ValidationError."""
    action = Action.objects.select_for_update().get(pk=action.pk)
    if action.done_on is not None:
        return action
    if not outcome.strip():
        raise ValidationError(_("Say what came of the action"))
    action.done_on, action.outcome = timezone.localdate(), outcome.strip()
    action.save(update_fields=["done_on", "outcome", "updated_at"])
    audit.record(by, "finished action", action)
    return action


# What waits for a member -------------------------------------------------------------------------


def cards(person: Person) -> list[Card]:
    """Replies wanted, papers to read, needs to confirm and actions to do, for the home page of the portal."""
    return [*_reply_cards(person), *_paper_cards(person), *_needs_cards(person), *_action_cards(person)]


def _page(meeting: Meeting) -> str:
    return reverse("members:meeting", args=[meeting.pk])


def _ahead() -> Q:
    return Q(meeting__status=Meeting.Status.PLANNED, meeting__starts_at__gt=timezone.now())


def _reply_cards(person: Person) -> list[Card]:
    asked = person.attendances.filter(_ahead(), reply="").exclude(meeting__mode="correspondence")
    return [
        Card(
            _("Tell us if you can come"),
            f"{each.meeting.title}, {letters.in_words(each.meeting)}",
            _page(each.meeting),
            each.meeting.reply_by or timezone.localdate(each.meeting.starts_at),
        )
        for each in asked.select_related("meeting")
    ]


def _paper_cards(person: Person) -> list[Card]:
    unread = Q(papers__shared_at__isnull=False) & ~Exists(
        Paper.objects.filter(pk=OuterRef("papers"), reads__person=person)
    )
    ahead = Meeting.objects.upcoming().filter(pk__in=inside(person).values("pk"))
    meetings = ahead.annotate(unread=Count("papers", filter=unread, distinct=True)).filter(unread__gt=0)
    return [
        Card(
            ngettext("%(count)s paper to read", "%(count)s papers to read", each.unread) % {"count": each.unread},
            each.title,
            _page(each),
            timezone.localdate(each.starts_at),
        )
        for each in meetings
    ]


def _needs_cards(person: Person) -> list[Card]:
    """Everybody who was there is asked, so that the home page need not look at what they need."""
    recent = timezone.now() - datetime.timedelta(days=60)
    was_there = person.attendances.filter(
        presence=Attendance.Presence.PRESENT, needs_met="", meeting__ends_at__range=(recent, timezone.now())
    ).exclude(meeting__status=Meeting.Status.CANCELLED)
    return [
        Card(_("Were your needs met?"), each.meeting.title, f"{_page(each.meeting)}#needs")
        for each in was_there.select_related("meeting")
    ]


def _action_cards(person: Person) -> list[Card]:
    seen = Meeting.objects.for_person(person).values("pk")
    todo = person.actions.filter(done_on=None, meeting__in=seen).select_related("meeting")
    return [Card(_("Something to do"), each.text[:200], f"{_page(each.meeting)}#actions", each.due_on) for each in todo]


# What staff see on the register -------------------------------------------------------------------


def person_panel(person: Person, user: User) -> Panel | None:
    """The last meetings that somebody was invited to, with the reply, for those who work on meetings."""
    if not user.has_perm("forums.view_attendance"):
        return None
    rows = person.attendances.filter(meeting__in=Meeting.objects.for_user(user)).select_related("meeting")
    rows = rows.defer("needs_note", "needs_comment").order_by("-meeting__starts_at")[:SHOWN_ON_THE_REGISTER]
    lines = [
        (f"{row.meeting}: {row.get_reply_display()}", reverse("work:meeting_sheet", args=[row.meeting_id]))
        for row in rows
    ]
    return Panel(_("Meetings"), lines)
