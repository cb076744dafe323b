"""The meeting list as staff work with it: needs, replies, papers, attendance, actions."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from forums.models import Action, Attendance, Format, Meeting, Paper
from forums.services import meetings
from forums.tests import factories
from people.models import AccessNeed, NeedKind, Person
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LONG_NAME = "أحمد بن محمد 🙂 " + "x" * 285


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


# The meeting list --------------------------------------------------------------------------------


def need(person, kind, detail=""):
    AccessNeed.objects.create(person=person, kind=kind, detail=detail)
    return person


@pytest.fixture
def meeting(forum):
    """Four people: two come, one waits, one sent apologies; and papers of which one is in large print."""
    forum.papers_days = 5
    forum.save()
    row = factories.meeting(forum, places=20, title="Spring meeting")
    come, waits, away = (people.member(name) for name in ("Aisha", "Cai", "Dee"))
    also = people.person(LONG_NAME)
    need(come, NeedKind.HEARING_LOOP)
    need(come, NeedKind.LARGE_PRINT)
    need(also, NeedKind.HEARING_LOOP)
    need(waits, NeedKind.BRAILLE)
    need(waits, NeedKind.PAPER)
    need(away, NeedKind.QUIET_SPACE)
    factories.attendance(row, come, reply="in_person", needs_note="near the door")
    factories.attendance(row, also, reply="online")
    factories.attendance(row, waits, reply="waiting")
    factories.attendance(row, away, reply="apologies")
    Paper.objects.create(meeting=row, title="Plan", file="papers/a.pdf", format=Format.LARGE_PRINT)
    return row


def test_the_meeting_list_counts_needs_for_the_organiser(client, lead, meeting):
    answer = client.get(url("meeting_sheet", meeting))
    text = answer.content.decode()
    needs = answer.context["needs"]
    assert needs.totals == [("hearing loop", 2), ("large print", 1)]
    assert "2 hearing loop, 1 large print" in text
    assert [(row.label, row.people, row.is_ready) for row in needs.formats] == [
        ("papers by post", ["Cai"], None),
        ("large print", ["Aisha"], True),
        ("braille", ["Cai"], False),
    ]
    assert "No paper in this form yet." in text
    assert "near the door" in text
    assert "quiet space" not in text
    assert dict(answer.context["counts"]) == {
        "no reply yet": 0,
        "coming in person": 1,
        "joining online": 1,
        "on the waiting list": 1,
        "cannot come": 1,
    }
    assert [row.person.name for row in answer.context["waiting"]] == ["Cai"]
    assert LONG_NAME in text
    assert len(LONG_NAME) == 300


def test_every_reading_of_needs_is_audited(client, lead, meeting):
    client.get(url("meeting_sheet", meeting))
    events = AuditEvent.objects.filter(verb="read access needs", actor_id=lead.pk)
    expected = meeting.attendances.exclude(reply="apologies").values_list("person", flat=True)
    assert sorted(int(event.subject_id) for event in events) == sorted(expected)
    assert {event.detail["purpose"] for event in events} == {f"meeting {meeting.pk}"}


def test_a_note_of_somebody_who_cannot_come_is_audited_too(client, lead, meeting):
    away = meeting.attendances.get(reply="apologies")
    Attendance.objects.filter(pk=away.pk).update(needs_note="next time")
    client.get(url("meeting_sheet", meeting))
    assert AuditEvent.objects.filter(verb="read access needs", subject_id=str(away.person_id)).count() == 1


def test_an_administrator_sees_who_comes_and_not_what_they_need(client, meeting):
    client.force_login(people.user("administrator"))
    Attendance.objects.filter(meeting=meeting).update(needs_met="no", needs_comment="The loop was off")
    text = client.get(url("meeting_sheet", meeting)).content.decode()
    assert "Aisha" in text
    for secret in ("hearing loop", "near the door", "The loop was off"):
        assert secret not in text
    assert not AuditEvent.objects.filter(verb="read access needs").exists()
    row = meeting.attendances.first()
    assert client.post(url("needs_followed_up", row)).status_code == 403


def test_who_has_no_part_in_meetings_is_refused(client, meeting):
    row, action = meeting.attendances.first(), meeting.actions.create(text="Write", owner="Aisha")
    pages = [reverse("work:meeting_list"), reverse("work:action_list"), url("action_done", action)]
    pages += [url(name, meeting) for name in ("meeting_sheet", "meeting_attendance", "meeting_minutes")]
    pages += [url("meeting_reply_for", row)]
    writes = [url(name, meeting) for name in ("meeting_invite", "meeting_papers", "meeting_status")]
    for page in pages:
        assert client.get(page)["Location"].startswith("/accounts/login/")
    for user in (people.member().user, people.user("secretary"), people.user("project_lead")):
        client.force_login(user)
        assert {client.get(page).status_code for page in pages} == {403}
        assert {client.post(page).status_code for page in writes} == {403}


def test_meetings_of_another_area_are_not_found(client, meeting):
    row, action = meeting.attendances.first(), meeting.actions.create(text="Write", owner="Aisha")
    client.force_login(people.user("officer", people.area("West")))
    for name in ("meeting_sheet", "meeting_attendance", "meeting_minutes", "minutes_file"):
        assert client.get(url(name, meeting)).status_code == 404
    for name in ("meeting_invite", "meeting_papers", "meeting_status"):
        assert client.post(url(name, meeting), {"all": "1", "status": "cancelled"}).status_code == 404
    assert client.get(url("meeting_reply_for", row)).status_code == 404
    assert client.post(url("needs_followed_up", row)).status_code == 404
    assert client.get(url("action_done", action)).status_code == 404
    assert list(client.get(reverse("work:meeting_list")).context["page"]) == []
    assert list(client.get(reverse("work:action_list")).context["page"]) == []
    meeting.refresh_from_db()
    assert meeting.status == "planned"


def test_pages_that_only_write_answer_no_get(client, lead, meeting):
    for name in ("meeting_invite", "meeting_papers", "meeting_status"):
        assert client.get(url(name, meeting)).status_code == 405


def test_papers_are_shared_and_published_from_the_list(client, lead, meeting):
    answer = client.post(url("meeting_papers", meeting), {"do": "share"}, follow=True)
    assert said(answer) == ["1 paper was shared."]
    assert said(client.post(url("meeting_papers", meeting), {"do": "share"}, follow=True)) == [
        "There was no new paper to share."
    ]
    answer = client.post(url("meeting_papers", meeting), {"do": "publish"}, follow=True)
    assert "not held in public" in said(answer)[0]
    Meeting.objects.filter(pk=meeting.pk).update(is_public=True)
    for expected in ("1 paper was published.", "There was no new paper to publish. Share papers with members first."):
        assert said(client.post(url("meeting_papers", meeting), {"do": "publish"}, follow=True)) == [expected]


def test_late_papers_are_marked(client, lead, forum):
    forum.papers_days = 7
    forum.save()
    meeting = factories.meeting(forum, 2)
    Paper.objects.create(meeting=meeting, title="Plan", file="papers/a.pdf")
    text = client.get(url("meeting_sheet", meeting)).content.decode()
    assert "not shared yet" in text
    assert "late</strong>" in text


def test_staff_reply_for_somebody_and_the_note_stays(client, lead, meeting):
    row = meeting.attendances.get(reply="in_person")
    page = client.get(url("meeting_reply_for", row))
    assert "near the door" not in page.content.decode()
    answer = client.post(url("meeting_reply_for", row), {"reply": "online", "needs_note": ""}, follow=True)
    assert said(answer) == ["Recorded: joining online."]
    row.refresh_from_db()
    assert (row.reply, row.replied_by, row.needs_note) == ("online", lead, "near the door")
    client.post(url("meeting_reply_for", row), {"reply": "online", "needs_note": "a taxi"})
    row.refresh_from_db()
    assert row.needs_note == "a taxi"
    assert client.post(url("meeting_reply_for", row), {"reply": "maybe"}).status_code == 422


def test_a_reply_for_somebody_is_refused_after_the_start(client, lead, forum):
    row = factories.attendance(factories.meeting(forum, -1), people.member())
    answer = client.post(url("meeting_reply_for", row), {"reply": "online"}, follow=True)
    assert "has started" in said(answer)[0]


# Attendance and actions --------------------------------------------------------------------------


def test_attendance_is_recorded_for_all_in_one_form(client, lead, forum):
    meeting = factories.meeting(forum, -1)
    rows = [factories.attendance(meeting, people.member()) for _number in range(3)]
    data = {f"presence_{row.pk}": presence for row, presence in zip(rows, ["present", "absent", ""], strict=True)}
    for _time in range(2):
        assert said(client.post(url("meeting_attendance", meeting), data, follow=True)) == ["Attendance is recorded."]
    assert [Attendance.objects.get(pk=row.pk).presence for row in rows] == ["present", "absent", ""]
    event = AuditEvent.objects.get(verb="recorded attendance")
    assert event.detail == {"attendances": sorted(row.pk for row in rows[:2])}
    page = client.get(url("meeting_attendance", meeting))
    assert page.context["form"][f"presence_{rows[0].pk}"].value() == "present"


def test_attendance_of_another_meeting_is_not_written(client, lead, forum):
    meeting, other = factories.meeting(forum, -1), factories.meeting(forum, -2)
    row = factories.attendance(other, people.member())
    client.post(url("meeting_attendance", meeting), {f"presence_{row.pk}": "present"})
    meetings.record_presence(meeting, {row.pk: "present"}, by=lead)
    row.refresh_from_db()
    assert row.presence == ""


def test_attendance_is_not_recorded_before_the_start_or_as_nonsense(client, lead, forum):
    ahead, held = factories.meeting(forum), factories.meeting(forum, -1)
    for meeting in (ahead, held):
        factories.attendance(meeting, people.member())
    row = ahead.attendances.get()
    answer = client.post(url("meeting_attendance", ahead), {f"presence_{row.pk}": "present"}, follow=True)
    assert "has not started yet" in said(answer)[0]
    wrong = {f"presence_{held.attendances.get().pk}": "asleep"}
    assert client.post(url("meeting_attendance", held), wrong).status_code == 422
    assert not Attendance.objects.exclude(presence="").exists()


def test_open_actions_are_listed_overdue_first(client, lead, forum):
    meeting, today = factories.meeting(forum, -1), timezone.localdate()
    for text, due_on in (("undated", None), ("later", today), ("overdue", today - datetime.timedelta(days=1))):
        meeting.actions.create(text=text, owner="Aisha", due_on=due_on)
    meeting.actions.create(text="finished", owner="Aisha", done_on=today, outcome="It was.")
    answer = client.get(reverse("work:action_list"))
    assert [action.text for action in answer.context["page"]] == ["overdue", "later", "undated"]
    assert answer.content.decode().count("overdue</strong>") == 1


def test_an_action_is_done_with_what_came_of_it(client, lead, forum):
    action = factories.meeting(forum, -1).actions.create(text="Write", owner="Aisha")
    assert client.post(url("action_done", action), {"outcome": " "}).status_code == 422
    answer = client.post(url("action_done", action), {"outcome": "They answered."}, follow=True)
    assert said(answer) == ["The action is done."]
    client.post(url("action_done", action), {"outcome": "Something else"})
    action.refresh_from_db()
    assert (action.done_on, action.outcome) == (timezone.localdate(), "They answered.")
    assert AuditEvent.objects.filter(verb="finished action").count() == 1
    with pytest.raises(ValidationError, match="Say what came of"):
        meetings.finish_action(Action.objects.create(meeting=action.meeting, text="A", owner="B"), " ", by=lead)


# As many queries however many rows ----------------------------------------------------------------


def queries_of(client, address):
    """How many queries a page takes. Rows of the audit trail are left out: there is one for each person read."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return sum('INSERT INTO "core_auditevent"' not in query["sql"] for query in captured)


def counted(client, address, add):
    """The queries at 10, 100 and 1,000 rows."""
    found, rows = [], 0
    for wanted in (10, 100, 1000):
        add(wanted - rows)
        rows = wanted
        found.append(queries_of(client, address))
    return found


def test_the_list_of_meetings_takes_the_same_queries_however_long(client, lead, forum):
    starts_at = factories.in_days(3)

    def add(count):
        Meeting.objects.bulk_create(
            Meeting(
                forum=forum,
                title="A",
                starts_at=starts_at,
                ends_at=starts_at + datetime.timedelta(hours=1),
                mode="online",
            )
            for _number in range(count)
        )

    client.get(reverse("work:meeting_list"))
    assert len(set(counted(client, reverse("work:meeting_list"), add))) == 1


@pytest.mark.parametrize("role", ["lead", "administrator"])
def test_the_meeting_list_takes_the_same_queries_however_many_come(client, forum, role):
    client.force_login(people.user(role))
    meeting = factories.meeting(forum)

    def add(count):
        there = Person.objects.count()
        added = Person.objects.bulk_create(Person(name=f"Person {there + number}") for number in range(count))
        Attendance.objects.bulk_create(Attendance(meeting=meeting, person=person) for person in added)
        AccessNeed.objects.bulk_create(AccessNeed(person=person, kind=NeedKind.PAPER) for person in added)

    client.get(url("meeting_sheet", meeting))
    assert len(set(counted(client, url("meeting_sheet", meeting), add))) == 1
