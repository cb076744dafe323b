"""Meetings as anybody reads about them, and the way into an open one without an account."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent, JobState
from forums.models import Attendance, Meeting
from forums.tests import factories
from people.models import AccessNeed, Consent, Message, NeedKind, Person
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/meetings/"


@pytest.fixture
def forum(db):
    people.wording("membership")
    people.purpose("service")
    return factories.forum("Assembly", contact="assembly@example.org")


@pytest.fixture
def meeting(forum):
    return factories.meeting(forum, is_public=True, title="Open meeting")


def detail(meeting):
    return reverse("forums:meeting_detail", args=[meeting.pk])


def join(meeting):
    return reverse("forums:meeting_join", args=[meeting.pk])


# Reading -----------------------------------------------------------------------------------------


def test_anybody_reads_about_a_public_meeting(client, forum):
    meeting = factories.meeting(
        forum,
        is_public=True,
        access="Step-free",
        public_information="Watch on our channel. Ask by Friday.",
        join_link="https://example.org/secret",
        minutes_due_on=datetime.date(2027, 5, 4),
    )
    meeting.agenda.create(number=1, title="Welcome", led_by="The chair", summary="what was said")
    text = client.get(detail(meeting)).content.decode()
    for words in ("Step-free", "Watch on our channel.", "1. Welcome (The chair)", "Minutes are due on 4 May 2027."):
        assert words in text
    assert "example.org/secret" not in text
    assert "what was said" not in text
    assert join(meeting) in text


@pytest.mark.parametrize("fields", [{}, {"is_public": True, "status": "draft"}])
def test_a_meeting_that_is_not_public_leaves_no_trace(client, forum, fields):
    meeting = factories.meeting(forum, title="Canary meeting", **fields)
    assert client.get(detail(meeting)).status_code == 404
    assert client.get(join(meeting)).status_code == 404
    assert client.post(join(meeting), {}).status_code == 404
    assert "Canary" not in client.get(LIST).content.decode()


def test_the_list_has_meetings_to_come_then_past_ones_with_their_minutes(client, forum):
    rows = {days: factories.meeting(forum, days, is_public=True) for days in (-9, 5, -2, 2)}
    Meeting.objects.filter(pk=rows[-2].pk).update(minutes="minutes/a.pdf", minutes_published_at=timezone.now())
    Meeting.objects.filter(pk=rows[-9].pk).update(minutes_due_on=datetime.date(2027, 5, 4))
    answer = client.get(LIST)
    text = answer.content.decode()
    assert list(answer.context["page"]) == [rows[days] for days in (2, 5, -2, -9)]
    assert reverse("forums:meeting_minutes", args=[rows[-2].pk]) in text
    assert "Minutes are due on 4 May 2027." in text
    assert text.index("Coming up") < text.index("Past meetings")


def test_without_meetings_the_list_says_so(client):
    assert "There is no meeting in public to show yet." in client.get(LIST).content.decode()


def test_a_cancelled_meeting_stays_on_the_page_and_takes_nobody(client, forum):
    meeting = factories.meeting(forum, is_public=True, status="cancelled")
    text = client.get(detail(meeting)).content.decode()
    assert "This meeting is cancelled." in text
    assert join(meeting) not in text
    assert client.get(join(meeting)).status_code == 404


def test_the_list_takes_the_same_queries_however_long(client, forum):
    found, rows = [], 0
    starts_at = factories.in_days(3)
    client.get(LIST)
    for wanted in (10, 100, 1000):
        Meeting.objects.bulk_create(
            Meeting(
                forum=forum,
                title="A",
                starts_at=starts_at,
                ends_at=starts_at + datetime.timedelta(hours=1),
                mode="online",
                is_public=True,
            )
            for _number in range(wanted - rows)
        )
        rows = wanted
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        found.append(len(captured))
    assert len(set(found)) == 1


# Signing up --------------------------------------------------------------------------------------


def sign_up(client, meeting, **changes):
    data = {"name": "Zoë Public", "email": "zoe@example.org", "reply": "in_person"}
    return client.post(join(meeting), data | changes, follow=True)


def test_anybody_signs_up_without_an_account(client, meeting):
    people.wording("opportunities")
    text = client.get(join(meeting)).content.decode()
    assert "You may use my details for opportunities." in text
    answer = sign_up(client, meeting, needs=["hearing_loop", "language"], language="Polish")
    assert "We have your reply" in answer.content.decode()
    row = Attendance.objects.get()
    assert (row.part, row.reply, row.needs_note, row.replied_by) == ("public", "in_person", "", None)
    assert (row.person.name, row.person.email) == ("Zoë Public", "zoe@example.org")
    assert {need.kind: need.detail for need in AccessNeed.objects.all()} == {"hearing_loop": "", "language": "Polish"}
    message = Message.objects.get()
    assert (message.purpose.code, message.state) == ("service", JobState.QUEUED)
    assert "You have a place." in message.body
    assert "/members/" not in message.body
    assert not Consent.objects.exists()


def test_a_tick_is_consent_to_the_wording_shown(client, meeting):
    wording = people.wording("opportunities")
    sign_up(client, meeting, agrees="on")
    consent = Consent.objects.get()
    assert (consent.wording, consent.how, consent.person.name) == (wording, "web", "Zoë Public")


def test_the_same_form_twice_is_one_reply(client, meeting):
    first = sign_up(client, meeting)
    second = sign_up(client, meeting)
    assert first.redirect_chain == second.redirect_chain
    assert Person.objects.count() == Attendance.objects.count() == Message.objects.count() == 1


def test_with_a_telephone_number_alone_the_same_form_twice_is_one_reply(client, meeting):
    sign_up(client, meeting, email="", phone="01234 567890")
    sign_up(client, meeting, email="", phone="+44 1234 567890")
    assert Attendance.objects.get().person.channel == "phone"
    assert Message.objects.get().channel == "phone"
    sign_up(client, meeting, email="", phone="01234 567891")
    assert Attendance.objects.count() == 2


def test_what_is_on_record_of_somebody_known_stays_and_the_page_is_the_same(client, meeting):
    known = people.member("Zoë Public", email="zoe@example.org", phone="1")
    AccessNeed.objects.create(person=known, kind=NeedKind.LARGE_PRINT)
    stranger = sign_up(client, meeting, name="New", email="new@example.org", needs=["hearing_loop"])
    answer = sign_up(client, meeting, phone="01234 567890", needs=["hearing_loop", "other"], other="a taxi 🙂")
    assert answer.redirect_chain == stranger.redirect_chain
    known.refresh_from_db()
    assert known.phone == "1"
    assert [need.kind for need in known.access_needs.all()] == ["large_print"]
    assert meeting.attendances.get(person=known).needs_note == "hearing loop\nsomething else: a taxi 🙂"
    sign_up(client, meeting, needs=["hearing_loop"])
    assert meeting.attendances.get(person=known).needs_note == "hearing loop\nsomething else: a taxi 🙂"


def test_a_reply_that_was_given_is_not_changed_by_the_public_form(client, meeting):
    known = people.member("Zoë Public", email="zoe@example.org")
    factories.attendance(meeting, known, reply="apologies")
    answer = sign_up(client, meeting)
    assert "We have your reply" in answer.content.decode()
    row = Attendance.objects.get()
    assert (row.reply, row.part) == ("apologies", "member")
    assert "You told us that you cannot come." in Message.objects.get().body


def test_an_account_under_18_gives_nothing_away(client, meeting):
    people.wording("opportunities")
    adult_from = timezone.localdate() + datetime.timedelta(days=90)
    people.person("Zoë Public", email="zoe@example.org", adult_from=adult_from, safeguards="waiting")
    answer = sign_up(client, meeting, agrees="on")
    assert "We have your reply" in answer.content.decode()
    assert Message.objects.get().state == JobState.FAILED
    assert not Consent.objects.exists()


def test_a_full_meeting_has_a_waiting_list_for_all(client, forum):
    meeting = factories.meeting(forum, is_public=True, places=1)
    assert "1 place is left." in client.get(join(meeting)).content.decode()
    first = sign_up(client, meeting)
    text = client.get(join(meeting)).content.decode()
    assert "All places are taken. You can go on the waiting list." in text
    second = sign_up(client, meeting, name="أحمد", email="ahmad@example.org")
    assert first.redirect_chain == second.redirect_chain
    assert [row.reply for row in Attendance.objects.order_by("pk")] == ["in_person", "waiting"]
    message = Message.objects.get(person__name="أحمد")
    assert "You are on the waiting list." in message.body
    assert message.attachment is None
    sign_up(client, meeting, name="Online", email="online@example.org", reply="online")
    assert Attendance.objects.get(person__name="Online").reply == "online"


def test_meetings_of_open_forums_take_anybody(client, forum):
    open_forum = factories.forum("Open forum", is_open=True)
    assert client.get(join(factories.meeting(open_forum))).status_code == 200
    assert client.get(join(factories.meeting(forum))).status_code == 404


@pytest.mark.parametrize("fields", [{"days": -1}, {"mode": "correspondence"}])
def test_nobody_signs_up_for_what_is_over_or_in_writing(client, forum, fields):
    meeting = factories.meeting(forum, is_public=True, **fields)
    assert client.post(join(meeting), {"name": "Zoë", "email": "z@example.org", "reply": "online"}).status_code == 404
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter full name"),
        ({"name": "x" * 301}, "must be 300 characters or fewer"),
        ({"email": "zoe"}, "Enter an email address in the correct format"),
        ({"email": f"{'z' * 60}@{'d' * 60}.{'d' * 60}.{'d' * 60}.{'d' * 60}.org"}, "at most 254 characters"),
        ({"email": ""}, "Enter an e-mail address or a telephone number"),
        ({"email": "", "phone": "12345"}, "Enter an e-mail address or a telephone number"),
        ({"reply": "apologies"}, "Select an answer from the list"),
        ({"reply": ""}, "How do you want to come?"),
        ({"needs": ["diet"]}, "Tell us more about: food"),
    ],
)
def test_a_form_that_lacks_something_says_what(client, meeting, changes, words):
    answer = sign_up(client, meeting, **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Person.objects.exists()


@pytest.mark.parametrize("name", ["x" * 300, "عبد الرحمن بن عوف", "🙂 Zoë"])
def test_names_are_taken_as_they_are(client, meeting, name):
    sign_up(client, meeting, name=name)
    assert Attendance.objects.get().person.name == name
    assert all(len(event.subject) <= 300 for event in AuditEvent.objects.all())
