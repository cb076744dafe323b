"""Replies to a meeting: places, the waiting list, and whether needs were met."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from core.tests.racing import race
from forums.models import Attendance, Meeting
from forums.services import meetings, replies
from forums.tests import factories
from people.models import Message
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Reply = Attendance.Reply


@pytest.fixture
def forum(db):
    people.wording("membership")
    people.purpose("service")
    return factories.forum("Patient forum", contact="forum@example.org")


def invited(meeting, name="", **fields):
    person = people.member(name)
    return factories.attendance(meeting, person, **fields)


def answer(attendance, reply, **fields):
    return replies.reply(attendance, reply, by=attendance.person.user, **fields)


def again(attendance):
    return Attendance.objects.get(pk=attendance.pk)


# Places ------------------------------------------------------------------------------------------


def test_a_reply_is_kept_with_who_gave_it_and_audited(forum):
    row = invited(factories.meeting(forum))
    answer(row, Reply.IN_PERSON, needs_note=" a quiet corner ")
    row.refresh_from_db()
    assert (row.reply, row.replied_by, row.needs_note) == ("in_person", row.person.user, "a quiet corner")
    assert [event.verb for event in AuditEvent.objects.order_by("pk")] == ["changed needs for a meeting", "replied"]
    assert AuditEvent.objects.get(verb="replied").detail == {"reply": "in_person"}


def test_the_same_reply_again_changes_nothing(forum):
    row = invited(factories.meeting(forum, places=1))
    answer(row, Reply.IN_PERSON, needs_note="parking")
    first = again(row)
    answer(row, Reply.IN_PERSON)
    assert again(row).replied_at == first.replied_at
    assert again(row).reply == Reply.IN_PERSON
    assert again(row).needs_note == "parking"
    assert AuditEvent.objects.filter(verb="replied").count() == 1


def test_without_a_free_place_somebody_goes_on_the_waiting_list(forum):
    meeting = factories.meeting(forum, places=1)
    first, second = invited(meeting), invited(meeting)
    assert answer(first, Reply.IN_PERSON).reply == Reply.IN_PERSON
    assert answer(second, Reply.IN_PERSON).reply == Reply.WAITING
    waiting_since = again(second).replied_at
    assert answer(second, Reply.IN_PERSON).reply == Reply.WAITING
    assert again(second).replied_at == waiting_since


def test_the_limit_of_a_hybrid_meeting_is_for_the_room_alone(forum):
    meeting = factories.meeting(forum, places=1)
    rows = [invited(meeting) for _number in range(3)]
    assert [answer(row, Reply.ONLINE).reply for row in rows] == ["online"] * 3
    assert replies.places_left(meeting) == 1


def test_the_limit_of_an_online_meeting_is_for_those_online(forum):
    meeting = factories.meeting(forum, places=1, mode="online")
    rows = [invited(meeting) for _number in range(2)]
    assert [answer(row, Reply.ONLINE).reply for row in rows] == ["online", "waiting"]


@pytest.mark.parametrize("gives_up", [Reply.APOLOGIES, Reply.ONLINE])
def test_a_place_given_up_goes_to_the_first_of_the_waiting_list(forum, gives_up):
    meeting = factories.meeting(forum, places=1)
    rows = [invited(meeting) for _number in range(3)]
    for row in rows:
        answer(row, Reply.IN_PERSON)
    answer(rows[0], gives_up)
    assert [again(row).reply for row in rows] == [gives_up, "in_person", "waiting"]
    message = Message.objects.get()
    assert (message.person, message.subject) == (rows[1].person, f"You have a place: {meeting.title}")
    assert message.attachment_name == f"meeting-{meeting.pk}.ics"


def test_somebody_moved_up_twice_is_told_twice(forum):
    meeting = factories.meeting(forum, places=1)
    first, second = invited(meeting), invited(meeting)
    for _time in range(2):
        answer(first, Reply.IN_PERSON)
        answer(second, Reply.IN_PERSON)
        answer(first, Reply.APOLOGIES)
        assert again(second).reply == Reply.IN_PERSON
        answer(second, Reply.APOLOGIES)
    assert Message.objects.filter(person=second.person).count() == 2


def test_more_places_move_people_up(forum):
    meeting = factories.meeting(forum, places=1)
    rows = [invited(meeting) for _number in range(3)]
    for row in rows:
        answer(row, Reply.IN_PERSON)
    Meeting.objects.filter(pk=meeting.pk).update(places=2)
    meetings.meeting_changed(meeting, ["places"], by=None)
    assert [again(row).reply for row in rows] == ["in_person", "in_person", "waiting"]
    Meeting.objects.filter(pk=meeting.pk).update(places=None)
    meetings.meeting_changed(meeting, ["places"], by=None)
    assert again(rows[2]).reply == Reply.IN_PERSON


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"days": -1}, "has started"),
        ({"days": 3, "status": "cancelled"}, "is cancelled"),
        ({"days": 3, "status": "draft"}, "not announced yet"),
    ],
)
def test_a_reply_is_refused_when_it_is_too_late_or_the_meeting_is_off(forum, fields, words):
    row = invited(factories.meeting(forum, **fields))
    with pytest.raises(ValidationError, match=words):
        answer(row, Reply.IN_PERSON)
    assert again(row).reply == ""


@pytest.mark.parametrize(
    ("mode", "reply"),
    [
        ("online", "in_person"),
        ("in_person", "online"),
        ("correspondence", "online"),
        ("hybrid", "waiting"),
        ("hybrid", ""),
    ],
)
def test_a_way_in_which_the_meeting_is_not_held_is_refused(forum, mode, reply):
    row = invited(factories.meeting(forum, mode=mode))
    with pytest.raises(ValidationError, match="ways in which"):
        answer(row, reply)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_reply_for_the_last_place_get_one(forum, tmp_path):
    meeting = factories.meeting(forum, places=1)
    rows = [invited(meeting) for _number in range(2)]
    calls = [lambda row=row: answer(row, Reply.IN_PERSON).reply for row in rows]
    assert sorted(race(tmp_path, *calls)) == ["in_person", "waiting"]


def test_the_row_of_the_meeting_is_locked_for_a_reply(forum):
    row = invited(factories.meeting(forum, places=1))
    with CaptureQueriesContext(connection) as queries:
        answer(row, Reply.IN_PERSON)
    first = next(query["sql"] for query in queries if '"forums_meeting"' in query["sql"])
    assert ("FOR UPDATE" in first) == connection.features.has_select_for_update
