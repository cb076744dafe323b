"""Who comes to a meeting: replies, places, the waiting list, sign-up by anybody, and whether needs were met."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from forums.documents import calendar, letters
from forums.models import Attendance, Meeting, Mode
from people.models import AccessNeed, ConsentPurpose, ConsentWording, How, Message, NeedKind, Person, User
from people.models.register import digits
from people.services import consents, messages, needs, register

Reply = Attendance.Reply
ANSWERS = {
    Mode.IN_PERSON: (Reply.IN_PERSON, Reply.APOLOGIES),
    Mode.ONLINE: (Reply.ONLINE, Reply.APOLOGIES),
    Mode.HYBRID: (Reply.IN_PERSON, Reply.ONLINE, Reply.APOLOGIES),
    Mode.CORRESPONDENCE: (),  # held in writing: nobody comes
}
DAYS_TO_ASK = 14  # attendance may be recorded late; after that nobody is asked any more


def answers(meeting: Meeting) -> tuple[str, ...]:
    """What may be answered: only the ways in which the meeting is held."""
    return ANSWERS[meeting.mode]


def limited(meeting: Meeting) -> str | None:
    """The reply that takes one of the limited places: in person wherever there is a room, else online."""
    return next((answer for answer in answers(meeting) if answer != Reply.APOLOGIES), None)


def places_left(meeting: Meeting) -> int | None:
    """How many places are free now; None without a limit."""
    if meeting.places is None:
        return None
    taken = meeting.attendances.taking_a_place().filter(reply=limited(meeting)).count()
    return max(meeting.places - taken, 0)


def purpose_for(attendance: Attendance) -> str:
    """Members are written to as members; the public is answered about what it asked for."""
    is_public = attendance.part == Attendance.Part.PUBLIC
    return ConsentPurpose.SERVICE if is_public else ConsentPurpose.MEMBERSHIP


def closed_because(meeting: Meeting) -> str:
    """Why nobody can reply any more, in words; empty while they can."""
    if meeting.status == Meeting.Status.CANCELLED:
        return _("This meeting is cancelled. You need not reply")
    if meeting.starts_at <= timezone.now() or meeting.status == Meeting.Status.HELD:
        return _("This meeting has started. Contact the people who run it")
    if meeting.status == Meeting.Status.DRAFT:
        return _("This meeting is not announced yet. Announce it first")
    return ""


@transaction.atomic
def reply(attendance: Attendance, answer: str, *, by: User | None, needs_note: str | None = None) -> Attendance:
    """Keep somebody's reply. Without a free place they go on the waiting list; a place given up goes to its first.

    The meeting's row is locked, so that two people cannot take the last place. The same reply again changes nothing
    but the note; without `needs_note` the note stays too. Raises ValidationError once the meeting has started, when it
    is cancelled, and for a way in which it is not held. Requirement MTG-001.
    """
    meeting = Meeting.objects.select_for_update().get(pk=attendance.meeting_id)
    attendance = Attendance.objects.select_related("meeting__forum", "person").get(pk=attendance.pk)
    if reason := closed_because(meeting):
        raise ValidationError(reason)
    if answer not in answers(meeting):
        raise ValidationError(_("Choose one of the ways in which this meeting is held"))
    if needs_note is not None and needs_note.strip() != attendance.needs_note:
        attendance.needs_note = needs_note.strip()
        attendance.save(update_fields=["needs_note"])
        audit.record(by, "changed needs for a meeting", attendance)
    is_waiting = attendance.reply == Reply.WAITING and answer == limited(meeting)
    if attendance.reply != answer and not is_waiting:
        _keep(attendance, answer, by=by)
        move_up(meeting, by=by)
    return attendance


def _keep(attendance: Attendance, answer: str, *, by: User | None) -> None:
    """Write the reply, or the waiting list where it needs a place that is not free."""
    meeting = attendance.meeting
    left = places_left(meeting) if answer == limited(meeting) else None
    attendance.reply = Reply.WAITING if left == 0 else answer
    attendance.replied_at, attendance.replied_by = timezone.now(), by
    attendance.save(update_fields=["reply", "replied_at", "replied_by"])
    audit.record(by, "replied", attendance, reply=attendance.reply)


def move_up(meeting: Meeting, *, by: User | None) -> int:
    """Give free places to the first of the waiting list, and tell them. The caller holds the lock. Returns how many."""
    seat = limited(meeting)
    if seat is None or closed_because(meeting):
        return 0
    waiting = meeting.attendances.waiting_list().select_related("meeting__forum", "person")
    moved = list(waiting[: places_left(meeting)])
    for attendance in moved:
        key = f"meeting-{meeting.pk}-place-{attendance.person_id}-{attendance.replied_at:%Y%m%d%H%M%S%f}"
        attendance.reply = seat
        attendance.save(update_fields=["reply"])
        audit.record(by, "moved up from waiting list", attendance)
        tell(attendance, _("You have a place"), letters.moved_up(attendance), by=by, key=key)
    return len(moved)


def tell(attendance: Attendance, subject: str, body: str, *, by: User | None, key: str) -> Message:
    """Write to somebody about a meeting, with its calendar file."""
    return messages.write(
        attendance.person,
        purpose_for(attendance),
        f"{subject}: {attendance.meeting.title}",
        body,
        by=by,
        key=key,
        attachment=calendar.invitation(attendance),
        attachment_name=calendar.file_name(attendance.meeting),
    )


@transaction.atomic
def reply_as_member(meeting: Meeting, person: Person, answer: str, *, by: User, needs_note: str) -> Attendance:
    """The reply of somebody who may see the meeting, invited by name or not yet."""
    attendance, _is_new = Attendance.objects.get_or_create(meeting=meeting, person=person)
    return reply(attendance, answer, by=by, needs_note=needs_note)


# Anybody -----------------------------------------------------------------------------------------


@transaction.atomic
def sign_up(
    meeting: Meeting,
    answer: str,
    *,
    name: str,
    email: str = "",
    phone: str = "",
    asked_for: dict[str, str] | None = None,
    wording: ConsentWording | None = None,
) -> Attendance:
    """Let anybody come to an open meeting, without an account (MTG-016). The same form twice is one reply.

    `asked_for` maps kinds of need to words. What is on record of somebody known stays: their needs are added to the
    note for this meeting, and a reply that they have given is not changed by a public form. Raises ValidationError.
    """
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    asked_for = asked_for or {}
    person, is_new = _find_or_add(name=name, email=email, phone=phone)
    attendance, _is_first = Attendance.objects.get_or_create(
        meeting=meeting, person=person, defaults={"part": Attendance.Part.PUBLIC}
    )
    if is_new and asked_for:
        needs.set_needs(person, asked_for, by=None)
    elif asked_for:
        _add_to_note(attendance, asked_for)
    if wording and not person.is_under_18:
        consents.give(person, wording, how=How.WEB, by=None)
    if not attendance.reply:
        attendance = reply(attendance, answer, by=None)
    key = f"meeting-{meeting.pk}-sign-up-{person.pk}"
    messages.write(
        person, ConsentPurpose.SERVICE, _("Your reply: %(title)s") % {"title": meeting.title},
        letters.place(attendance), by=None, key=key,
        attachment=calendar.invitation(attendance) if attendance.reply in Attendance.COMING else None,
        attachment_name=calendar.file_name(meeting),
    )  # fmt: skip
    return attendance


def _find_or_add(*, name: str, email: str, phone: str) -> tuple[Person, bool]:
    """By name and address as the register does, or else by name and telephone number."""
    if not email and digits(phone):
        named = Person.objects.known().filter(name__iexact=" ".join(name.split())).exclude(phone="")
        if same := next((person for person in named if digits(person.phone) == digits(phone)), None):
            return same, False
    channel = "email" if email else "phone"
    return register.find_or_add(by=None, name=name, email=email, phone=phone, channel=channel)


def _add_to_note(attendance: Attendance, asked_for: dict[str, str]) -> None:
    """Keep needs from a public form beside those on record, once."""
    lines = [
        f"{NeedKind(kind).label}: {words}" if words else str(NeedKind(kind).label) for kind, words in asked_for.items()
    ]
    new = [line for line in lines if line not in attendance.needs_note.splitlines()]
    if new:
        attendance.needs_note = "\n".join([*attendance.needs_note.splitlines(), *new])[:1000]
        attendance.save(update_fields=["needs_note"])
        audit.record(None, "changed needs for a meeting", attendance)


# Afterwards --------------------------------------------------------------------------------------


@transaction.atomic
def needs_met(attendance: Attendance, met: str, comment: str = "", *, by: User) -> Attendance:
    """Keep whether somebody's needs were met. “No” and “partly” wait for staff. Raises ValidationError."""
    attendance = (
        Attendance.objects.select_for_update(of=("self",)).select_related("meeting", "person").get(pk=attendance.pk)
    )
    if attendance.meeting.ends_at > timezone.now() or attendance.meeting.status == Meeting.Status.CANCELLED:
        raise ValidationError(_("Tell us after the meeting"))
    if met not in {Attendance.Met.YES, Attendance.Met.PARTLY, Attendance.Met.NO}:
        raise ValidationError(_("Choose yes, partly or no"))
    comment = comment.strip()
    if (attendance.needs_met, attendance.needs_comment) != (met, comment):
        attendance.needs_met, attendance.needs_comment, attendance.needs_followed_up_on = met, comment, None
        attendance.save(update_fields=["needs_met", "needs_comment", "needs_followed_up_on"])
        audit.record(by, "said whether needs were met", attendance)
    return attendance


@transaction.atomic
def follow_up(attendance: Attendance, *, by: User) -> Attendance:
    """Say that unmet needs were dealt with. Doing it twice is harmless; met ones need no follow-up."""
    attendance = (
        Attendance.objects.select_for_update(of=("self",)).select_related("meeting", "person").get(pk=attendance.pk)
    )
    if attendance.needs_met not in {Attendance.Met.PARTLY, Attendance.Met.NO}:
        raise ValidationError(_("There is nothing to follow up here"))
    if attendance.needs_followed_up_on is None:
        attendance.needs_followed_up_on = timezone.localdate()
        attendance.save(update_fields=["needs_followed_up_on"])
        audit.record(by, "followed up needs", attendance)
    return attendance


def with_needs(attendances):
    """Those of people who have a need on record or wrote one for the meeting."""
    recorded = Exists(AccessNeed.objects.filter(person=OuterRef("person")))
    return attendances.filter(recorded | ~Q(needs_note=""))


def ask_whether_needs_met() -> int:
    """Every day: ask those who were there, with needs, from the day after the meeting on, once. Returns how many."""
    today = timezone.localdate()
    first = today - datetime.timedelta(days=DAYS_TO_ASK)
    there = Attendance.objects.filter(
        presence=Attendance.Presence.PRESENT,
        needs_met="",
        meeting__ends_at__date__range=(first, today - datetime.timedelta(days=1)),
    ).exclude(meeting__status=Meeting.Status.CANCELLED)
    asked = 0
    for attendance in with_needs(there).select_related("meeting__forum", "person"):
        asked += _ask(attendance)
    return asked


@transaction.atomic
def _ask(attendance: Attendance) -> bool:
    key = f"meeting-{attendance.meeting_id}-needs-{attendance.person_id}"
    if Message.objects.filter(key=key).exists():
        return False
    audit.record(None, "read access needs", attendance.person, purpose=f"after meeting {attendance.meeting_id}")
    subject, body = _("Were your needs met?"), letters.were_needs_met(attendance)
    messages.write(attendance.person, purpose_for(attendance), subject, body, by=None, key=key)
    return True
