"""A member's page of a meeting: their reply, what waits for them, and whether their needs were met."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import portal
from core.models import AuditEvent, JobState
from forums.models import Attendance
from forums.services import meetings, replies
from forums.tests import factories
from people.models import AccessNeed, Message, NeedKind
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Reply = Attendance.Reply


@pytest.fixture
def forum(db):
    people.wording("membership")
    people.purpose("service")
    return factories.forum("Patient forum", contact="forum@example.org")


def invited(meeting, name="", **fields):
    return factories.attendance(meeting, people.member(name), **fields)


def answer(attendance, reply, **fields):
    return replies.reply(attendance, reply, by=attendance.person.user, **fields)


def again(attendance):
    return Attendance.objects.get(pk=attendance.pk)


# In the portal -----------------------------------------------------------------------------------


def page(meeting):
    return reverse("members:meeting", args=[meeting.pk])


def sign_in(client, person):
    client.force_login(person.user)
    return client


def test_a_member_replies_in_the_portal(client, forum):
    meeting, person = factories.meeting(forum), people.member("Aisha")
    factories.membership(forum, person)
    AccessNeed.objects.create(person=person, kind=NeedKind.HEARING_LOOP)
    sign_in(client, person)
    text = client.get(page(meeting)).content.decode()
    assert "hearing loop" in text
    assert reverse("members:needs") in text
    answer = client.post(page(meeting), {"reply": "online", "needs_note": "captions please 🙂"}, follow=True)
    assert "We have your reply: joining online." in answer.content.decode()
    row = Attendance.objects.get()
    assert (row.person, row.reply, row.part, row.needs_note) == (person, "online", "member", "captions please 🙂")


def test_reading_ones_own_needs_is_audited(client, forum):
    meeting, person = factories.meeting(forum), people.member()
    factories.membership(forum, person)
    sign_in(client, person).get(page(meeting))
    event = AuditEvent.objects.get(verb="read access needs")
    assert event.subject_id == str(person.pk)
    assert event.detail == {"purpose": f"own page of meeting {meeting.pk}"}


@pytest.mark.parametrize(
    "data", [{}, {"reply": "maybe"}, {"reply": "waiting"}, {"reply": "online", "needs_note": "x" * 1001}]
)
def test_a_reply_that_is_none_is_explained(client, forum, data):
    row = invited(factories.meeting(forum))
    answer = sign_in(client, row.person).post(page(row.meeting), data)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert again(row).reply == ""


def test_a_reply_after_the_start_is_refused_on_the_page(client, forum):
    row = invited(factories.meeting(forum, starts_at=timezone.now() - datetime.timedelta(minutes=1), status="planned"))
    answer = sign_in(client, row.person).post(page(row.meeting), {"reply": "online"})
    assert answer.status_code == 422
    assert "This meeting has started" in answer.content.decode()


def test_a_cancelled_meeting_takes_no_reply(client, forum):
    row = invited(factories.meeting(forum, status="cancelled"))
    text = sign_in(client, row.person).get(page(row.meeting)).content.decode()
    assert "This meeting is cancelled" in text
    assert 'name="reply"' not in text
    assert client.post(page(row.meeting), {"reply": "online"}).status_code == 422


def test_somebody_elses_meeting_is_not_found(client, forum):
    other = factories.meeting(factories.forum("Another forum"))
    row = invited(factories.meeting(forum))
    sign_in(client, row.person)
    for name in ("meeting", "meeting_calendar", "meeting_minutes"):
        assert client.get(reverse(f"members:{name}", args=[other.pk])).status_code == 404
    assert client.post(page(other), {"reply": "online"}).status_code == 404
    assert client.post(reverse("members:meeting_needs_met", args=[other.pk]), {"met": "yes"}).status_code == 404
    assert not other.attendances.exists()


def test_a_meeting_that_is_not_announced_is_not_found(client, forum):
    row = invited(factories.meeting(forum, status="draft"))
    assert sign_in(client, row.person).get(page(row.meeting)).status_code == 404


def test_the_page_names_nobody_else(client, forum):
    meeting = factories.meeting(forum)
    row = invited(meeting, "Aisha")
    others = [invited(meeting, "Zebedee Canary", reply="in_person", needs_note="secret note"), invited(meeting, "علي")]
    young = people.member(
        "Young Canary", adult_from=timezone.localdate() + datetime.timedelta(days=90), safeguards="cleared"
    )
    factories.attendance(meeting, young, reply="online")
    text = sign_in(client, row.person).get(page(meeting)).content.decode()
    for other in [*[each.person.name for each in others], "Young Canary", "secret note"]:
        assert other not in text
    assert "2 people are coming." in text


def test_somebody_on_the_waiting_list_sees_their_place_in_it(client, forum):
    meeting = factories.meeting(forum, places=1)
    rows = [invited(meeting) for _number in range(3)]
    for row in rows:
        answer(row, Reply.IN_PERSON)
    text = sign_in(client, rows[2].person).get(page(meeting)).content.decode()
    assert "You are number 2 on the waiting list" in text
    assert "All places are taken. You can go on the waiting list." in text
    assert "The limit is for the room." in text


def test_the_home_page_lists_what_waits(forum, django_assert_max_num_queries):
    person = people.member()
    factories.membership(forum, person)
    asked = factories.attendance(factories.meeting(forum, 5, reply_by=timezone.localdate()), person)
    meeting = factories.meeting(forum, 9)
    meeting.papers.create(title="Plan", file="papers/a.pdf", shared_at=timezone.now())
    meeting.papers.create(title="Not shared", file="papers/b.pdf")
    held = factories.meeting(forum, -3)
    factories.attendance(held, person, presence="present", needs_note="parking")
    held.actions.create(text="Write to the trust", owner="Aisha", person=person, due_on=timezone.localdate())
    cards = meetings.cards(person)
    assert [(card.title, card.text) for card in cards][1:] == [
        ("1 paper to read", meeting.title),
        ("Were your needs met?", held.title),
        ("Something to do", "Write to the trust"),
    ]
    assert cards[0].due == asked.meeting.reply_by
    assert meetings.cards in portal._waiting


def test_what_is_done_waits_no_longer(forum):
    person = people.member()
    factories.membership(forum, person)
    row = factories.attendance(factories.meeting(forum), person)
    paper = row.meeting.papers.create(title="Plan", file="papers/a.pdf", shared_at=timezone.now())
    paper.reads.create(person=person)
    replies.reply(row, Reply.ONLINE, by=person.user)
    was_there = factories.attendance(factories.meeting(forum, -3), person, presence="present", needs_note="parking")
    replies.needs_met(was_there, "yes", by=person.user)
    factories.attendance(factories.meeting(forum, -4), person, presence="absent")
    factories.attendance(factories.meeting(forum, -90), person, presence="present")
    assert meetings.cards(person) == []


def test_the_cards_take_the_same_queries_however_many(forum, django_assert_num_queries):
    person = people.member()
    factories.membership(forum, person)
    for _number in range(2):
        for days in range(1, 5):
            row = factories.attendance(factories.meeting(forum, days), person)
            row.meeting.papers.create(title="Plan", file="papers/a.pdf", shared_at=timezone.now())
            row.meeting.actions.create(text="Do it", owner="Aisha", person=person)
            factories.attendance(factories.meeting(forum, -days), person, presence="present", needs_note="parking")
        with django_assert_num_queries(4):
            meetings.cards(person)


# Were needs met? ---------------------------------------------------------------------------------


@pytest.fixture
def was_there(forum):
    row = invited(factories.meeting(forum, -1), presence="present")
    AccessNeed.objects.create(person=row.person, kind=NeedKind.LARGE_PRINT)
    return row


def test_the_day_after_those_with_needs_are_asked_once(was_there):
    without = invited(was_there.meeting, presence="present")
    absent = invited(was_there.meeting, presence="absent", needs_note="parking")
    assert replies.ask_whether_needs_met() == 1
    assert replies.ask_whether_needs_met() == 0
    message = Message.objects.get()
    assert (message.person, message.subject, message.state) == (
        was_there.person,
        "Were your needs met?",
        JobState.QUEUED,
    )
    assert {without.person, absent.person}.isdisjoint({message.person})
    assert AuditEvent.objects.filter(verb="read access needs", subject_id=str(was_there.person_id)).count() == 1


@pytest.mark.parametrize("days", [1, -15])
def test_nobody_is_asked_before_or_long_after(forum, days):
    invited(factories.meeting(forum, days), presence="present", needs_note="parking")
    assert replies.ask_whether_needs_met() == 0


def test_nobody_is_asked_on_the_day_itself(forum):
    starts_at = timezone.localtime().replace(hour=0, minute=0)
    ends_at = starts_at + datetime.timedelta(minutes=1)
    invited(factories.meeting(forum, starts_at=starts_at, ends_at=ends_at), presence="present", needs_note="parking")
    assert replies.ask_whether_needs_met() == 0


def test_a_member_says_what_went_wrong_and_staff_follow_it_up(client, was_there):
    sign_in(client, was_there.person)
    address = reverse("members:meeting_needs_met", args=[was_there.meeting_id])
    assert client.post(address, {"met": "no", "comment": "The loop was off."}).status_code == 302
    row = again(was_there)
    assert (row.needs_met, row.needs_comment) == ("no", "The loop was off.")
    client.force_login(people.user("lead"))
    sheet = reverse("work:meeting_sheet", args=[row.meeting_id])
    assert "The loop was off." in client.get(sheet).content.decode()
    for _time in range(2):
        assert client.post(reverse("work:needs_followed_up", args=[row.pk])).status_code == 302
    assert again(row).needs_followed_up_on == timezone.localdate()
    assert AuditEvent.objects.filter(verb="followed up needs").count() == 1
    assert "The loop was off." not in client.get(sheet).content.decode()


def test_a_new_complaint_waits_for_staff_again(was_there):
    by = was_there.person.user
    replies.needs_met(was_there, "no", "The loop was off.", by=by)
    replies.follow_up(was_there, by=by)
    replies.needs_met(was_there, "no", "The loop was off.", by=by)
    assert again(was_there).needs_followed_up_on is not None
    replies.needs_met(was_there, "partly", "Still off.", by=by)
    assert again(was_there).needs_followed_up_on is None


def test_needs_are_confirmed_after_the_meeting_alone(client, forum):
    row = invited(factories.meeting(forum))
    answer = sign_in(client, row.person).post(
        reverse("members:meeting_needs_met", args=[row.meeting_id]), {"met": "no"}
    )
    assert answer.status_code == 422
    assert again(row).needs_met == ""
    with pytest.raises(ValidationError, match="Choose yes"):
        replies.needs_met(invited(factories.meeting(forum, -1)), "maybe", by=row.person.user)
    with pytest.raises(ValidationError, match="nothing to follow up"):
        replies.follow_up(row, by=row.person.user)


def test_an_answer_about_needs_that_is_none_is_explained(client, was_there):
    sign_in(client, was_there.person)
    address = reverse("members:meeting_needs_met", args=[was_there.meeting_id])
    assert client.post(address, {"met": "maybe"}).status_code == 422
    assert client.post(address, {"met": "no", "comment": "x" * 1001}).status_code == 422
    assert again(was_there).needs_met == ""


def test_a_meeting_in_writing_asks_for_no_reply(client, forum):
    row = invited(factories.meeting(forum, mode="correspondence"))
    text = sign_in(client, row.person).get(page(row.meeting)).content.decode()
    assert "This meeting is held in writing." in text
    assert 'name="reply"' not in text
    assert meetings.cards(row.person) == []


def test_after_the_meeting_the_page_says_what_came_of_it(client, forum):
    meeting = factories.meeting(forum, -1, notes="We agreed on tea.", minutes_due_on=datetime.date(2027, 5, 4))
    row = invited(meeting, presence="present")
    meeting.actions.create(text="Buy tea", owner="Aisha", person=row.person)
    meeting.actions.create(text="Canary task", owner="Somebody else")
    text = sign_in(client, row.person).get(page(meeting)).content.decode()
    for words in ("We agreed on tea.", "Minutes are due on 4 May 2027.", "Were your needs met?", "Buy tea"):
        assert words in text
    assert "Canary task" not in text
    assert 'name="reply"' not in text
