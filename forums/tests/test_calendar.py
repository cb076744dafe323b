"""Calendar files of meetings, read back as a calendar reads them."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from forums.documents import calendar
from forums.services import meetings
from forums.tests import factories
from people.models import Message
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def forum(db):
    people.wording("membership")
    return factories.forum("Patient forum", contact="forum@example.org")


def at(month: int):
    return datetime.datetime(2027, month, 15, 10, tzinfo=LONDON)


def parsed(content: bytes):
    found = Calendar.from_ical(content)
    (event,) = found.walk("VEVENT")
    return found, event


@pytest.mark.parametrize(("month", "hours"), [(1, 0), (7, 1)])
def test_a_meeting_keeps_its_local_time_in_winter_and_summer(forum, month, hours):
    meeting = factories.meeting(forum, starts_at=at(month))
    found, event = parsed(calendar.member_file(meeting))
    start = event["DTSTART"]
    assert start.params["TZID"] == "Europe/London"
    assert start.dt.replace(tzinfo=None) == datetime.datetime(2027, month, 15, 10)
    assert start.dt.utcoffset() == datetime.timedelta(hours=hours)
    assert event["DTEND"].dt == meeting.ends_at
    assert [zone["TZID"] for zone in found.walk("VTIMEZONE")] == ["Europe/London"]


def test_the_file_for_members_says_where_and_how_to_join(forum, settings):
    settings.SITE_URL = "https://voices.example.org"
    meeting = factories.meeting(
        forum,
        title="Réunion, with; marks 🙂",
        join_link="https://example.org/join",
        access="Step-free",
        venue="Hall\nHarlow",
    )
    found, event = parsed(calendar.member_file(meeting))
    assert found["METHOD"] == "PUBLISH"
    assert event["UID"] == f"meeting-{meeting.pk}@voices.example.org"
    assert (event["SUMMARY"], event["LOCATION"]) == ("Réunion, with; marks 🙂", "Hall\nHarlow")
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert event["DESCRIPTION"] == "Patient forum\n\nJoin online: https://example.org/join\n\nAccess: Step-free"
    assert event["URL"] == f"https://voices.example.org/members/meetings/{meeting.pk}/"


def test_the_file_for_the_public_has_no_link_to_join(forum):
    meeting = factories.meeting(
        forum, is_public=True, join_link="https://example.org/join", public_information="Watch on our channel."
    )
    content = calendar.public_file(meeting)
    _found, event = parsed(content)
    assert b"example.org/join" not in content
    assert event["DESCRIPTION"] == "Patient forum\n\nWatch on our channel."
    assert event["URL"].endswith(f"/meetings/{meeting.pk}/")


def test_an_online_meeting_without_a_place_is_online(forum):
    _found, event = parsed(calendar.member_file(factories.meeting(forum, venue="", mode="online")))
    assert event["LOCATION"] == "Online"
    _found, event = parsed(calendar.member_file(factories.meeting(forum, venue="", mode="hybrid")))
    assert "LOCATION" not in event


def test_a_change_and_a_cancellation_are_new_versions_of_the_same_entry(forum):
    meeting = factories.meeting(forum)
    _found, first = parsed(calendar.member_file(meeting))
    meeting = meetings.meeting_changed(meeting, ["starts_at"], by=None)
    _found, second = parsed(calendar.member_file(meeting))
    meeting = meetings.set_status(meeting, "cancelled", by=None)
    _found, third = parsed(calendar.member_file(meeting))
    assert first["UID"] == second["UID"] == third["UID"]
    assert [event["SEQUENCE"] for event in (first, second, third)] == [0, 1, 2]
    assert [event["STATUS"] for event in (first, second, third)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_the_invitation_names_who_asks_and_who_is_asked(forum):
    person = people.member("Aisha", email="aisha@example.org")
    factories.membership(forum, person)
    meetings.invite_members(factories.meeting(forum), by=people.user("lead"))
    message = Message.objects.get()
    found, event = parsed(bytes(message.attachment))
    assert found["METHOD"] == "REQUEST"
    assert event["ORGANIZER"] == "mailto:forum@example.org"
    assert event["ORGANIZER"].params["CN"] == "Patient forum"
    assert event["ATTENDEE"] == "mailto:aisha@example.org"


def test_an_invitation_that_goes_to_a_guardian_holds_no_address(forum):
    person = people.member("Ali", write_to_guardian=True)
    row = factories.attendance(factories.meeting(forum), person)
    _found, event = parsed(calendar.invitation(row))
    assert "ATTENDEE" not in event


def test_members_download_it_and_anybody_that_of_a_public_meeting(client, forum):
    meeting, hidden = factories.meeting(forum, is_public=True), factories.meeting(forum)
    answer = client.get(reverse("forums:meeting_calendar", args=[meeting.pk]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="meeting-{meeting.pk}.ics"'
    assert parsed(answer.content)[1]["SUMMARY"] == meeting.title
    assert client.get(reverse("forums:meeting_calendar", args=[hidden.pk])).status_code == 404
    member = factories.membership(forum).person
    client.force_login(member.user)
    answer = client.get(reverse("members:meeting_calendar", args=[hidden.pk]))
    assert parsed(answer.content)[1]["UID"].startswith(f"meeting-{hidden.pk}@")
