"""The words of the messages about a meeting. Each says what it is about, when, where, and how to answer."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forums.models import Attendance, Meeting
from people.models import Channel, Organisation

MEMBERS_PAGE = "members:meeting"


def in_words(meeting: Meeting) -> str:
    """The day and the time, as “Tuesday 3 March 2026, 10:00 to 12:00”."""
    start, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return _("%(day)s, %(start)s to %(end)s") % {
        "day": date_format(start, "l j F Y"),
        "start": date_format(start, "H:i"),
        "end": date_format(end, "H:i"),
    }


def facts(meeting: Meeting, *, with_link: bool = True) -> str:
    """When, how, where and with what access, a line each."""
    lines = [meeting.title, in_words(meeting), _("How: %(mode)s") % {"mode": meeting.get_mode_display()}]
    if meeting.venue:
        lines.append(_("Place: %(place)s") % {"place": meeting.venue})
    if meeting.access:
        lines.append(_("Access: %(access)s") % {"access": meeting.access})
    if with_link and meeting.join_link:
        lines.append(_("Join online: %(link)s") % {"link": meeting.join_link})
    return "\n".join(lines)


def answer_here(attendance: Attendance) -> str:
    """How to answer: in the portal for those who sign in, else by phone, by post or by e-mail."""
    meeting, body, lines = attendance.meeting, Organisation.objects.body(), []
    signs_in = attendance.person.user_id is not None
    if signs_in and attendance.part != Attendance.Part.PUBLIC:
        page = settings.SITE_URL + reverse(MEMBERS_PAGE, args=[meeting.pk])
        lines.append(_("Open %(page)s") % {"page": page})
    if not signs_in and body and body.phone:
        lines.append(_("You can call us on %(phone)s. We then note your answer for you.") % {"phone": body.phone})
    elif not signs_in and attendance.person.channel == Channel.POST:
        lines.append(_("You can write your answer on this letter and send it back. We then note it for you."))
    contact = meeting.forum.contact or (body.email if body and not signs_in else "")
    if contact:
        lines.append(_("To tell us something, write to %(contact)s") % {"contact": contact})
    return "\n".join(lines)


def _letter(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def invitation(attendance: Attendance) -> str:
    """Come to the meeting: please say whether you do."""
    meeting = attendance.meeting
    reply_by = _("Reply by %(day)s.") % {"day": date_format(meeting.reply_by, "j F Y")} if meeting.reply_by else ""
    return _letter(
        _("You are invited to this meeting:"),
        facts(meeting),
        _("Please say if you can come."),
        reply_by,
        _("Tell us what you need to take part."),
        answer_here(attendance),
    )


def change(attendance: Attendance, *, asked_again: bool) -> str:
    """Something about the meeting changed, or it is off."""
    meeting = attendance.meeting
    if meeting.status == meeting.Status.CANCELLED:
        return _letter(_("This meeting is cancelled:"), facts(meeting, with_link=False))
    again = _("The way to join has changed. Please reply again.") if asked_again else ""
    return _letter(_("This meeting has changed. It is now:"), facts(meeting), again, answer_here(attendance))


def place(attendance: Attendance) -> str:
    """What became of a reply: a place, the waiting list, or apologies."""
    words = {
        Attendance.Reply.IN_PERSON: _("You have a place. We look forward to seeing you."),
        Attendance.Reply.ONLINE: _("You can join online. We look forward to seeing you."),
        Attendance.Reply.WAITING: _("All places are taken. You are on the waiting list. We tell you if one is free."),
        Attendance.Reply.APOLOGIES: _("You told us that you cannot come."),
    }[attendance.reply]
    with_link = attendance.reply == Attendance.Reply.ONLINE
    return _letter(words, facts(attendance.meeting, with_link=with_link), answer_here(attendance))


def moved_up(attendance: Attendance) -> str:
    """A place is free, and it is theirs."""
    return _letter(
        _("A place is free, and it is yours."),
        facts(attendance.meeting),
        _("If you cannot come, please tell us soon."),
        answer_here(attendance),
    )


def papers(attendance: Attendance, titles: list[str]) -> str:
    """New papers can be read."""
    names = "\n".join(f"- {title}" for title in titles)
    return _letter(_("These papers are ready:"), names, facts(attendance.meeting), answer_here(attendance))


def were_needs_met(attendance: Attendance) -> str:
    """The day after: did you get what you needed?"""
    question = _("You came to “%(meeting)s”. Were your needs met?") % {"meeting": attendance.meeting.title}
    return _letter(question, answer_here(attendance))
