"""Meetings as staff run them: the admin, invitations, the meeting list, attendance, actions."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import person_panels
from core.models import AuditEvent, JobState
from forums.documents import letters
from forums.models import Attendance, Meeting
from forums.services import meetings
from forums.tests import factories
from people.models import Message
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def forum(db):
    people.wording("membership")
    people.purpose("service")
    return factories.forum("Patient forum", contact="forum@example.org")


@pytest.fixture
def lead(client):
    user = people.user("lead")
    client.force_login(user)
    return user


def url(name, row):
    return reverse(f"work:{name}", args=[row.pk])


def said(answer):
    """What the page says at its top after a form was sent."""
    return [str(message) for message in answer.context["messages"]]


# Invitations -------------------------------------------------------------------------------------


def test_all_members_of_the_forum_and_of_joint_forums_are_invited_once(client, lead, forum):
    other = factories.forum("Joint forum")
    meeting = factories.meeting(forum, venue="Hall", join_link="https://example.org/join")
    meeting.joint_with.add(other)
    first, second = factories.membership(forum).person, factories.membership(other).person
    factories.membership(other, first)
    factories.membership(forum, ended_on=timezone.localdate(), left_because="term")
    factories.membership(factories.forum("Elsewhere"))
    for expected in ("2 people were invited.", "0 people were invited."):
        answer = client.post(url("meeting_invite", meeting), {"all": "1"}, follow=True)
        assert said(answer) == [expected]
    assert {row.person for row in meeting.attendances.all()} == {first, second}
    message = Message.objects.get(person=first)
    assert message.key == f"meeting-{meeting.pk}-invite-{first.pk}"
    assert message.subject == f"Invitation: {meeting.title}"
    assert message.attachment_name == f"meeting-{meeting.pk}.ics"
    assert f"/members/meetings/{meeting.pk}/" in message.body
    assert "forum@example.org" in message.body
    assert AuditEvent.objects.filter(verb="invited").count() == 2


def test_a_member_who_cannot_be_written_to_is_invited_and_staff_see_it(forum):
    factories.membership(forum, people.person("No address"))
    assert meetings.invite_members(factories.meeting(forum), by=None) == 1
    assert Message.objects.get().state == JobState.FAILED


@pytest.mark.parametrize("fields", [{"days": -1}, {"status": "cancelled"}, {"status": "draft"}])
def test_nobody_is_invited_to_what_they_cannot_come_to(client, lead, forum, fields):
    factories.membership(forum)
    meeting = factories.meeting(forum, **fields)
    answer = client.post(url("meeting_invite", meeting), {"all": "1"}, follow=True)
    assert answer.context["messages"]
    assert not meeting.attendances.exists()


@pytest.mark.parametrize("who", ["EXPERT@example.org", " Zoë  Expert "])
def test_somebody_else_on_the_register_is_invited_once(client, lead, forum, who):
    person = people.member("Zoë Expert", email="expert@example.org")
    meeting = factories.meeting(forum)
    for _time in range(2):
        assert client.post(url("meeting_invite", meeting), {"who": who, "part": "expert"}).status_code == 302
    row = Attendance.objects.get()
    assert (row.person, row.part) == (person, "expert")
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"who": "Nobody", "part": "guest"}, "Nobody on the register"),
        ({"who": "Twin", "part": "guest"}, "Several people fit"),
        ({"who": "", "part": "guest"}, "Enter e-mail address or full name"),
        ({"who": "Erased", "part": "guest"}, "Nobody on the register"),
        ({"who": "Zoë", "part": "public"}, "Select an answer from the list"),
    ],
)
def test_an_invitation_that_names_nobody_is_explained(client, lead, forum, data, words):
    for name in ("Twin", "Twin", "Zoë"):
        people.person(name)
    people.person("Erased", erased_at=timezone.now())
    answer = client.post(url("meeting_invite", factories.meeting(forum)), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Attendance.objects.exists()


def test_an_officer_of_one_area_finds_nobody_of_another(client, forum):
    west = people.area("West")
    person = people.person("Zoë", area=people.area("East"))
    client.force_login(people.user("officer", west))
    meeting = factories.meeting(factories.forum("Near", area=west))
    answer = client.post(url("meeting_invite", meeting), {"who": person.name, "part": "guest"})
    assert answer.status_code == 422


def test_somebody_who_came_is_added_afterwards_without_a_letter(client, lead, forum):
    person = people.member("Zoë")
    held = factories.meeting(forum, -1)
    assert said(client.post(url("meeting_invite", held), {"who": "Zoë", "part": "guest"}, follow=True)) == ["Added."]
    assert held.attendances.get().person == person
    assert not Message.objects.exists()


# Changes -----------------------------------------------------------------------------------------


def admin_data(meeting, **changes):
    start, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    data = {
        "title": meeting.title,
        "forum": meeting.forum_id,
        "status": meeting.status,
        "starts_at_0": f"{start:%Y-%m-%d}",
        "starts_at_1": f"{start:%H:%M:%S}",
        "ends_at_0": f"{end:%Y-%m-%d}",
        "ends_at_1": f"{end:%H:%M:%S}",
        "mode": meeting.mode,
        "venue": meeting.venue,
    }
    for prefix in ("agenda", "papers", "actions"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data | changes


def change(client, meeting, **changes):
    address = reverse("admin:forums_meeting_change", args=[meeting.pk])
    answer = client.post(address, admin_data(meeting, **changes))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    meeting.refresh_from_db()


def test_a_change_of_place_in_the_admin_is_a_new_version_and_people_are_told(client, lead, forum):
    meeting = factories.meeting(forum)
    row = factories.attendance(meeting, people.member(), reply="online")
    change(client, meeting, venue="Another hall")
    assert meeting.sequence == 1
    message = Message.objects.get()
    assert (message.person, message.subject) == (row.person, f"Changed: {meeting.title}")
    assert "Another hall" in message.body


def test_a_change_that_is_not_announced_tells_nobody(client, lead, forum):
    meeting = factories.meeting(forum)
    factories.attendance(meeting, people.member(), reply="online")
    change(client, meeting, notes="Tea was good.")
    assert meeting.sequence == 0
    assert not Message.objects.exists()


def test_who_chose_a_way_that_is_no_longer_offered_is_asked_again(client, lead, forum):
    meeting = factories.meeting(forum)
    there, online = (factories.attendance(meeting, people.member(), reply=reply) for reply in ("in_person", "online"))
    change(client, meeting, mode="online")
    there.refresh_from_db()
    online.refresh_from_db()
    assert (there.reply, there.replied_at, online.reply) == ("", None, "online")
    assert "Please reply again." in Message.objects.get(person=there.person).body
    assert "Please reply again." not in Message.objects.get(person=online.person).body


def test_more_places_in_the_admin_move_the_waiting_list_up(client, lead, forum):
    meeting = factories.meeting(forum, places=1)
    factories.attendance(meeting, people.member(), reply="in_person")
    waiting = factories.attendance(meeting, people.member(), reply="waiting")
    change(client, meeting, places="2")
    waiting.refresh_from_db()
    assert waiting.reply == "in_person"


def test_a_meeting_must_end_after_it_starts(client, lead, forum):
    meeting = factories.meeting(forum)
    data = admin_data(meeting, ends_at_0="2020-01-01")
    answer = client.post(reverse("admin:forums_meeting_change", args=[meeting.pk]), data)
    assert "The meeting must end after it starts" in answer.content.decode()


def test_the_admin_shows_no_needs_and_no_attendance(client, lead, forum):
    meeting = factories.meeting(forum)
    factories.attendance(meeting, people.member("Canary"), needs_note="secret note")
    text = client.get(reverse("admin:forums_meeting_change", args=[meeting.pk])).content.decode()
    assert url("meeting_sheet", meeting) in text
    assert "secret note" not in text
    listed = client.get(reverse("admin:forums_meeting_changelist")).content.decode()
    assert meeting.title in listed


def test_a_meeting_is_added_in_the_admin_with_agenda_and_actions(client, lead, forum):
    assert client.get(reverse("admin:forums_meeting_add")).status_code == 200
    data = admin_data(factories.meeting(forum), title="New")
    data |= {"agenda-TOTAL_FORMS": "1", "agenda-0-number": "1", "agenda-0-title": "Welcome"}
    data |= {"actions-TOTAL_FORMS": "1", "actions-0-text": "Write", "actions-0-owner": "Aisha"}
    assert client.post(reverse("admin:forums_meeting_add"), data).status_code == 302
    meeting = Meeting.objects.get(title="New")
    assert (str(meeting.agenda.get()), meeting.actions.get().owner, meeting.sequence) == ("1. Welcome", "Aisha", 0)


def test_a_cancelled_meeting_tells_everybody_invited_once(client, lead, forum):
    meeting = factories.meeting(forum, join_link="https://example.org/join")
    for reply in ("", "online", "apologies"):
        factories.attendance(meeting, people.member(), reply=reply)
    for _time in range(2):
        answer = client.post(url("meeting_status", meeting), {"status": "cancelled"}, follow=True)
    assert said(answer) == ["The meeting is marked: cancelled."]
    assert [message.subject for message in Message.objects.all()] == [f"Cancelled: {meeting.title}"] * 3
    assert "example.org/join" not in Message.objects.first().body
    meeting.refresh_from_db()
    assert meeting.sequence == 1


@pytest.mark.parametrize(
    ("days", "status", "then", "words"),
    [
        (1, "planned", "held", "has not started yet"),
        (-1, "held", "cancelled", "was held"),
        (1, "planned", "draft", "Choose held or cancelled"),
        (1, "planned", "", "Choose held or cancelled"),
    ],
)
def test_a_status_that_cannot_be_is_refused(client, lead, forum, days, status, then, words):
    meeting = factories.meeting(forum, days, status=status)
    answer = client.post(url("meeting_status", meeting), {"status": then}, follow=True)
    assert words in said(answer)[0]
    meeting.refresh_from_db()
    assert meeting.status == status


def test_a_past_meeting_is_marked_as_held_and_nobody_is_written_to(client, lead, forum):
    meeting = factories.meeting(forum, -1, status="planned")
    factories.attendance(meeting, people.member(), reply="online")
    client.post(url("meeting_status", meeting), {"status": "held"})
    meeting.refresh_from_db()
    assert meeting.status == "held"
    assert not Message.objects.exists()


def test_an_invitation_to_a_cancelled_meeting_or_of_an_erased_entry_is_refused(forum):
    with pytest.raises(ValidationError, match="is cancelled"):
        meetings.invite(factories.meeting(forum, status="cancelled"), people.member(), "guest", by=None)
    with pytest.raises(ValidationError, match="no longer in use"):
        meetings.invite(factories.meeting(forum), people.person(erased_at=timezone.now()), "guest", by=None)


def test_a_letter_leaves_out_what_is_not_recorded(forum):
    forum.contact = ""
    forum.save()
    meeting = factories.meeting(forum, venue="", mode="online", access="Captions", reply_by=timezone.localdate())
    member = factories.attendance(meeting, people.member())
    guest = factories.attendance(meeting, people.member(), part="public")
    text = letters.invitation(member)
    assert "Access: Captions" in text
    assert f"Reply by {timezone.localdate():%-d %B %Y}." in text
    for word in ("Place:", "write to"):
        assert word not in text
    assert letters.answer_here(guest) == ""


def test_the_register_shows_the_meetings_of_a_person(forum):
    person = people.member()
    meeting = factories.meeting(forum)
    factories.attendance(meeting, person, reply="online")
    panel = meetings.person_panel(person, people.user("lead"))
    assert panel.lines == [(f"{meeting}: joining online", url("meeting_sheet", meeting))]
    assert meetings.person_panel(person, people.user("project_lead")) is None
    far = people.user("officer", people.area("West"))
    assert meetings.person_panel(person, far).lines == []
    assert meetings.person_panel in person_panels._panels


def test_staff_see_meetings_to_come_before_those_of_the_past(client, lead, forum):
    rows = {days: factories.meeting(forum, days) for days in (-9, 5, -2, 2)}
    page = client.get(reverse("work:meeting_list")).context["page"]
    assert list(page) == [rows[days] for days in (2, 5, -2, -9)]
