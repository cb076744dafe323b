"""Thanks: on the record, sent once, and nobody who gave their time forgotten."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from forums.documents.thanks import contribution, contribution_pdf
from forums.models import Attendance, Review, ReviewAnswer, ReviewVersion, Thanks
from forums.services.support import thanks
from forums.tests import factories
from people.models import Message, Person
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Kind = Thanks.Kind
REASON = "You read every leaflet 🙂"


def today(days: int = 0) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def came(person: Person, days: int = -10, **fields) -> Attendance:
    """Somebody was at a meeting so many days from today."""
    meeting = factories.meeting(factories.forum(), days)
    return factories.attendance(meeting, person, **{"presence": "present"} | fields)


def left(person: Person, days: int = -10):
    return factories.membership(factories.forum(), person, ended_on=today(days), left_because="term")


def waiting(user=None) -> list[str]:
    return sorted(thanks.to_thank(user or people.user("lead")).values_list("name", flat=True))


@pytest.fixture(autouse=True)
def purpose():
    """What the system writes for, as a body's profile has it."""
    return people.purpose()


@pytest.fixture
def lead():
    return people.user("lead")


# Thank -------------------------------------------------------------------------------------------


def test_a_message_of_thanks_is_sent_once(lead):
    person = people.member(known_as="Ruth")
    for _time in range(2):
        row = thanks.thank(person, kind=Kind.MESSAGE, reason=f" {REASON} ", by=lead, send=True)
    message = Message.objects.get()
    assert (row.message, row.reason, row.by, row.on) == (message, REASON, lead, today())
    assert message.body == f"Dear Ruth,\n\n{REASON}\n\nThank you."
    assert person.thanks.count() == 1
    assert AuditEvent.objects.filter(verb="thanked").get().detail == {"person": person.pk, "how": "message"}


def test_what_was_recorded_first_can_be_sent_later(lead):
    person = people.member()
    assert thanks.thank(person, kind=Kind.LETTER, reason=REASON, by=lead, send=False).message is None
    assert thanks.thank(person, kind=Kind.LETTER, reason=REASON, by=lead, send=True).message is not None
    assert person.thanks.count() == 1


@pytest.mark.parametrize("kind", [Kind.CARD, Kind.EVENT, Kind.AWARD])
def test_a_card_or_an_event_is_recorded_and_not_written(kind, lead):
    row = thanks.thank(people.member(), kind=kind, reason=REASON, by=lead, send=True)
    assert row.message is None
    assert not Message.objects.exists()


def test_thanks_to_somebody_who_did_not_agree_to_be_written_to_stay_visible(lead):
    person = people.member(agrees_to=())
    row = thanks.thank(person, kind=Kind.MESSAGE, reason=REASON, by=lead, send=True)
    assert row.message.state == "failed"
    assert "has not agreed" in row.message.error


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 4001])
def test_thanks_say_what_for_and_not_too_long(reason, lead):
    with pytest.raises(ValidationError) as caught:
        thanks.thank(people.person(), kind=Kind.CARD, reason=reason, by=lead, send=False)
    assert list(caught.value.message_dict) == ["reason"]


def test_there_are_so_many_ways_to_thank(lead):
    with pytest.raises(ValidationError) as caught:
        thanks.thank(people.person(), kind="shout", reason=REASON, by=lead, send=False)
    assert list(caught.value.message_dict) == ["kind"]


def test_an_entry_that_is_not_in_use_is_not_thanked(lead):
    for person in (people.person(erased_at=timezone.now()), people.person(merged_into=people.person())):
        with pytest.raises(ValidationError, match="no longer in use"):
            thanks.thank(person, kind=Kind.CARD, reason=REASON, by=lead, send=False)


# Whom to thank -----------------------------------------------------------------------------------


def test_those_who_came_or_left_in_half_a_year_wait_for_thanks():
    came(people.person("Came"))
    left(people.person("Left"))
    left(people.person("Left today"), 0)
    came(people.person("Came on the first day"), -thanks.DAYS_BACK)
    came(people.person("Came long ago"), -thanks.DAYS_BACK - 1)
    left(people.person("Left long ago"), -thanks.DAYS_BACK - 1)
    left(people.person("Leaves tomorrow"), 1)
    came(people.person("Sent apologies"), presence="apologies")
    came(people.person("Not recorded"), presence="")
    factories.membership(factories.forum(), people.person("Still there"))
    cancelled = came(people.person("Cancelled")).meeting
    cancelled.status = "cancelled"
    cancelled.save()
    came(people.person("Erased", erased_at=timezone.now()))
    assert waiting() == ["Came", "Came on the first day", "Left", "Left today"]


def thanked(person: Person, days: int) -> None:
    Thanks.objects.create(person=person, kind=Kind.CARD, reason=REASON, on=today(days))


def test_thanks_count_from_the_last_time_somebody_gave_theirs():
    for name, day in (("Before", -11), ("The same day", -10), ("After", -9)):
        person = people.person(name)
        came(person, -10)
        thanked(person, day)
    twice = people.person("Between a meeting and leaving")
    came(twice, -20)
    thanked(twice, -15)
    left(twice, -10)
    both = people.person("After both")
    came(both, -20)
    left(both, -10)
    thanked(both, -10)
    assert waiting() == ["Before", "Between a meeting and leaving"]


def test_people_of_another_area_are_thanked_by_others():
    here = people.area()
    came(people.person("Here", area=here))
    came(people.person("There", area=people.area()))
    came(people.person("Unknown area"))
    assert waiting(people.user("lead", here)) == ["Here"]


# The page of staff -------------------------------------------------------------------------------


def test_staff_thank_several_at_once(client, lead):
    one, two, three = (people.member(name) for name in ("Ada", "Ruth", "Zoë"))
    came(one)
    left(two)
    came(three)
    left(three, -5)
    client.force_login(lead)
    text = client.get(reverse("work:thanks_list")).content.decode()
    assert "Ada: was at a meeting on" in text
    assert "Ruth: left on" in text
    assert "3 people" in text
    answers = {"people": [one.pk, two.pk], "kind": "message", "reason": REASON, "send": "on"}
    text = client.post(reverse("work:thanks_list"), answers, follow=True).content.decode()
    assert "2 people are thanked" in text
    assert "Ruth: left on" not in text
    assert Message.objects.count() == 2
    client.post(reverse("work:thanks_list"), answers)  # the same again, from an old page
    assert (Thanks.objects.count(), Message.objects.count()) == (2, 2)
    last = {"people": [three.pk], "kind": "card", "reason": REASON}
    assert "1 person is thanked" in client.post(reverse("work:thanks_list"), last, follow=True).content.decode()
    assert "Everybody has been thanked" in client.get(reverse("work:thanks_list")).content.decode()


def test_wrong_answers_thank_nobody(client, lead):
    here = people.area()
    mine, theirs = people.person(area=here), people.person(area=people.area())
    came(mine)
    came(theirs)
    client.force_login(people.user("lead", here))
    good = {"people": [mine.pk], "kind": "card", "reason": REASON}
    for wrong in (
        {"people": [mine.pk, theirs.pk]},
        {"people": []},
        {"people": ["x"]},
        {"kind": "shout"},
        {"reason": " "},
        {"reason": "x" * 4001},
    ):
        assert client.post(reverse("work:thanks_list"), good | wrong).status_code == 422
    assert not Thanks.objects.exists()


@pytest.mark.parametrize("role", ["member", "secretary", "safeguarding", "project_lead"])
def test_other_roles_do_not_thank(client, role):
    client.force_login(people.user(role))
    assert client.get(reverse("work:thanks_list")).status_code == 403
    assert client.post(reverse("work:thanks_list")).status_code == 403


def test_the_list_asks_the_database_as_often_for_a_thousand_as_for_ten(client, lead):
    client.force_login(lead)
    client.get(reverse("work:thanks_list"))
    meeting, counted = factories.meeting(factories.forum(), -5), []
    for more in (10, 90, 900):
        start = Person.objects.count()
        persons = Person.objects.bulk_create(Person(name=f"Person {start + i}") for i in range(more))
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, person=person, presence="present") for person in persons
        )
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("work:thanks_list"))
        assert len(page.context["page"].object_list) == min(thanks.to_thank(lead).count(), 50)
        counted.append(len(captured))
    assert len(set(counted)) == 1, counted


# What a member gave ------------------------------------------------------------------------------


@pytest.fixture
def ruth() -> Person:
    """Somebody with a bit of everything on record, and things that do not count."""
    person = people.member("Ruth Osei <b>")
    forum = factories.forum("Reader panel")
    factories.membership(forum, person)
    left(person)
    was_there = factories.meeting(forum, -30, title="Meeting about leaflets")
    factories.attendance(was_there, person, presence="present")
    factories.attendance(factories.meeting(forum, -20, title="Missed meeting"), person, presence="absent")
    for number, is_sent in enumerate((True, True, False)):
        review = Review.objects.create(
            panel=forum, title=f"Leaflet {number}", kind="leaflet", audience="all", deadline=today(9)
        )
        version = ReviewVersion.objects.create(review=review, number=1, text="Words")
        ReviewAnswer.objects.create(
            review=review, version=version, person=person, sent_at=timezone.now() if is_sent else None
        )
    board = factories.meeting(factories.committee(), -5)
    factories.board_question(
        forum, person, text="Why are labels small?", status="submitted", board_meeting=board, slot=1,
        submitted_at=timezone.now(),
    )  # fmt: skip
    factories.board_question(forum, person, text="Only an idea")
    thanked(person, -3)
    return person


def test_a_contribution_is_what_is_on_record(ruth):
    found = contribution(ruth)
    assert [row.forum.name for row in found.memberships][-1] == "Reader panel"
    assert len(found.memberships) == 2
    assert [meeting.title for meeting in found.meetings] == ["Meeting about leaflets"]
    assert found.reviews == 2
    assert [question.text for question in found.questions] == ["Why are labels small?"]
    assert [row.reason for row in found.thanks] == [REASON]


def test_a_member_reads_what_they_gave(client, ruth):
    thanked(people.person(), 0)
    client.force_login(ruth.user)
    text = client.get(reverse("members:thanks_list")).content.decode()
    for words in (REASON, "Reader panel", "Meeting about leaflets", "2 documents", "Why are labels small?"):
        assert words in text
    assert "Missed meeting" not in text
    assert "Only an idea" not in text
    assert text.count(REASON) == 1


def test_what_is_not_recorded_is_said_so(client):
    client.force_login(people.member().user)
    text = client.get(reverse("members:thanks_list")).content.decode()
    for words in ("No thanks are recorded yet", "No forum is recorded", "No meeting is recorded"):
        assert words in text


def test_the_contribution_is_an_accessible_pdf(client, ruth):
    people.body()
    client.force_login(ruth.user)
    file = client.get(reverse("members:contribution_pdf"))
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF-")
    assert b"attachment" in file.headers["Content-Disposition"].encode()


def test_the_contribution_of_a_beginner_is_a_pdf_too():
    assert contribution_pdf(people.person("قارئة")).startswith(b"%PDF-")


def test_without_the_libraries_the_page_can_be_printed(client, ruth, without_pango):
    client.force_login(ruth.user)
    text = client.get(reverse("members:contribution_pdf"), follow=True).content.decode()
    assert "Print this page instead" in text
    assert "apt-get" not in text


def test_thanks_are_for_members(client, lead):
    client.force_login(lead)
    assert client.get(reverse("members:thanks_list")).status_code == 403
    assert client.get(reverse("members:contribution_pdf")).status_code == 403
