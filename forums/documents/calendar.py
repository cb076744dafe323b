"""A meeting as a calendar file (RFC 5545), for members and for the public."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from forums.models import Attendance, Meeting, Mode

MEMBERS_PAGE, PUBLIC_PAGE = "members:meeting", "forums:meeting_detail"
PRODUCT = "-//People and communities//Meetings//EN"


def file_name(meeting: Meeting) -> str:
    return f"meeting-{meeting.pk}.ics"


def invitation(attendance: Attendance) -> bytes:
    """What is attached to a message: it updates an earlier one in the reader's calendar, or cancels it."""
    meeting, person = attendance.meeting, attendance.person
    event = _event(meeting, with_link=True, page="" if attendance.part == Attendance.Part.PUBLIC else MEMBERS_PAGE)
    organiser = vCalAddress(f"mailto:{meeting.forum.contact or settings.DEFAULT_FROM_EMAIL}")
    organiser.params["CN"] = vText(meeting.forum.name)
    event.add("organizer", organiser)
    if person.email and not person.write_to_guardian:
        event.add("attendee", vCalAddress(f"mailto:{person.email}"))
    is_off = meeting.status == Meeting.Status.CANCELLED
    return _calendar(event, method="CANCEL" if is_off else "REQUEST")


def member_file(meeting: Meeting) -> bytes:
    """What a member downloads: with the link to join."""
    return _calendar(_event(meeting, with_link=True, page=MEMBERS_PAGE), method="PUBLISH")


def public_file(meeting: Meeting) -> bytes:
    """What anybody downloads of a public meeting: without the link to join."""
    return _calendar(_event(meeting, with_link=False, page=PUBLIC_PAGE), method="PUBLISH")


def _calendar(event: Event, *, method: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(meeting: Meeting, *, with_link: bool, page: str) -> Event:
    """The number of the meeting is its identity for ever; `sequence` says which version of it this is."""
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.updated_at)
    event.add("dtstart", timezone.localtime(meeting.starts_at))
    event.add("dtend", timezone.localtime(meeting.ends_at))
    event.add("summary", meeting.title)
    event.add("status", "CANCELLED" if meeting.status == Meeting.Status.CANCELLED else "CONFIRMED")
    if location := meeting.venue or (_("Online") if meeting.mode == Mode.ONLINE else ""):
        event.add("location", location)
    event.add("description", _description(meeting, with_link=with_link))
    if page:
        event.add("url", settings.SITE_URL + reverse(page, args=[meeting.pk]))
    return event


def _description(meeting: Meeting, *, with_link: bool) -> str:
    lines = [str(meeting.forum)]
    if with_link and meeting.join_link:
        lines.append(_("Join online: %(link)s") % {"link": meeting.join_link})
    if meeting.access:
        lines.append(_("Access: %(access)s") % {"access": meeting.access})
    if meeting.is_public and meeting.public_information:
        lines.append(meeting.public_information)
    return "\n\n".join(lines)
