"""Buddies: asked for, found, ended. Adults only: for people under 18 the safeguarding lead finds support."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from forums.models import Buddy, PracticeGroup
from forums.services.support import buddies
from forums.tests import factories
from people.models import Message, Person
from people.tests import factories as people

pytestmark = pytest.mark.django_db
GOALS = "Speaking up in meetings 🙂"


def today(days: int = 0) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def seated(name: str = "", **fields) -> Person:
    """An adult, as far as we know, with a seat on a forum."""
    person = people.member(name, **fields)
    factories.membership(factories.forum(), person)
    return person


def group(**fields):
    """The forum of a practice's patient group."""
    forum = factories.forum(**fields)
    PracticeGroup.objects.create(forum=forum, practice=people.organisation())
    return forum


def asked(person: Person | None = None) -> Buddy:
    person = person or people.member()
    return buddies.ask(person, GOALS, by=person.user)


def young(**fields) -> Person:
    return people.member("Zoë Young", adult_from=today(400), safeguards="cleared", **fields)


@pytest.fixture(autouse=True)
def purpose():
    """What the system writes for, as a body's profile has it."""
    return people.purpose()


@pytest.fixture
def lead():
    return people.user("lead")


# Ask ---------------------------------------------------------------------------------------------


def test_asking_twice_is_one_request():
    person = people.member()
    first = asked(person)
    assert (first.goals, first.asked_on, first.buddy) == (GOALS, today(), None)
    assert buddies.ask(person, "Something else", by=person.user) == first
    assert AuditEvent.objects.filter(verb="asked for buddy").count() == 1


@pytest.mark.parametrize("goals", ["", "  ", "x" * 2001])
def test_a_request_says_what_for(goals):
    person = people.member()
    with pytest.raises(ValidationError) as caught:
        buddies.ask(person, goals, by=person.user)
    assert list(caught.value.message_dict) == ["goals"]


def test_people_who_are_or_may_be_under_18_do_not_ask_here():
    for person in (young(), people.member(birth_year=today().year - 18)):
        with pytest.raises(ValidationError, match="safeguarding lead"):
            buddies.ask(person, GOALS, by=person.user)
    assert asked(people.member(birth_year=today().year - 19)).pk
    assert asked(people.member(adult_from=today(), safeguards="cleared")).pk


def test_an_entry_that_is_not_in_use_does_not_ask():
    with pytest.raises(ValidationError, match="no longer in use"):
        buddies.ask(people.person(erased_at=timezone.now()), GOALS, by=people.user("lead"))


def test_a_patient_group_asks_once_and_another_forum_not_at_all(lead):
    forum = group()
    first = buddies.ask_for_group(forum, GOALS, by=lead)
    assert buddies.ask_for_group(forum, GOALS, by=lead) == first
    with pytest.raises(ValidationError) as caught:
        buddies.ask_for_group(factories.forum(), GOALS, by=lead)
    assert list(caught.value.message_dict) == ["forum"]


def test_a_request_can_be_taken_back_until_somebody_is_found(lead):
    request = asked()
    buddies.withdraw(request, by=request.person.user)
    assert not Buddy.objects.exists()
    again = asked(request.person)
    buddies.match(again, seated(), by=lead)
    with pytest.raises(ValidationError, match="You have a buddy already"):
        buddies.withdraw(again, by=request.person.user)


# Match and end -----------------------------------------------------------------------------------


def test_a_match_tells_both_the_name_and_nothing_else(lead):
    request = asked(people.member("Ruth Osei", phone="01992 000000", known_as="Ruth"))
    buddy = seated("Ada Okafor", phone="01992 111111")
    for _time in range(2):
        found = buddies.match(request, buddy, by=lead)
    assert (found.buddy, found.started_on) == (buddy, today())
    to = {message.person: message.body for message in Message.objects.all()}
    assert set(to) == {request.person, buddy}
    assert to[buddy] == "You have agreed to be a buddy for Ruth. The engagement team will help you to get in touch."
    assert to[request.person] == "Ada Okafor is your buddy. The engagement team will help you to get in touch."
    assert AuditEvent.objects.get(verb="matched buddy").detail == {"buddy": buddy.pk}


def test_a_group_is_matched_and_its_buddy_told(lead):
    request = buddies.ask_for_group(group(name="Lodge Surgery group"), GOALS, by=lead)
    buddies.match(request, seated(), by=lead)
    assert "Lodge Surgery group" in Message.objects.get().body


def test_a_buddy_is_an_adult_with_a_seat_today(lead):
    request = asked()
    left = people.member()
    factories.membership(factories.forum(), left, ended_on=today(), left_because="time")
    child = young()
    factories.membership(factories.forum(), child)
    unsure = seated(birth_year=today().year - 18)
    for person in (people.member(), left, child, unsure):
        with pytest.raises(ValidationError):
            buddies.match(request, person, by=lead)
    assert list(buddies.can_be_buddies(lead)) == []
    assert list(buddies.can_be_buddies(lead).filter(pk=seated().pk))


def test_somebody_who_turned_out_to_be_under_18_is_not_matched(lead):
    request = asked()
    Person.objects.filter(pk=request.person_id).update(adult_from=today(30), safeguards="cleared")
    with pytest.raises(ValidationError, match="safeguarding lead"):
        buddies.match(request, seated(), by=lead)


def test_nobody_is_their_own_buddy_or_gets_a_second(lead):
    request = asked(seated())
    with pytest.raises(ValidationError, match="their own buddy"):
        buddies.match(request, request.person, by=lead)
    buddies.match(request, seated(), by=lead)
    with pytest.raises(ValidationError, match="a buddy already"):
        buddies.match(request, seated(), by=lead)


def test_support_ends_once_with_what_came_of_it(lead):
    request = asked()
    with pytest.raises(ValidationError, match="not begun"):
        buddies.end(request, "Good", by=lead)
    buddies.match(request, seated(), by=lead)
    with pytest.raises(ValidationError) as caught:
        buddies.end(request, " ", by=lead)
    assert list(caught.value.message_dict) == ["outcome"]
    for day in (today(1), today(-1)):
        with pytest.raises(ValidationError):
            buddies.end(request, "Good", by=lead, on=day)
    ended = buddies.end(request, "She chairs now", by=lead)
    assert (ended.ended_on, ended.outcome) == (today(), "She chairs now")
    assert buddies.end(request, "Something else", by=lead).outcome == "She chairs now"
    assert asked(request.person) != request


# Pages of members --------------------------------------------------------------------------------


def test_a_member_asks_takes_back_and_asks_again(client):
    person = people.member()
    client.force_login(person.user)
    assert client.post(reverse("members:buddy"), {"goals": ""}).status_code == 422
    text = client.post(reverse("members:buddy"), {"goals": GOALS}, follow=True).content.decode()
    assert "We are looking for somebody" in text
    request = person.supported_by.get()
    url = reverse("members:buddy_withdraw", args=[request.pk])
    assert client.get(url).status_code == 405
    assert "Ask for a buddy" in client.post(url, follow=True).content.decode()
    assert client.post(url).status_code == 404


def test_a_member_sees_their_buddy_and_whom_they_support(client, lead):
    request = asked(people.member("Ruth Osei", phone="01992 000000"))
    buddy = seated("Ada Okafor", phone="01992 111111")
    group_request = buddies.ask_for_group(group(name="Lodge Surgery group"), GOALS, by=lead)
    asked(people.member("Canary"))
    for each in (request, group_request):
        buddies.match(each, buddy, by=lead)
    client.force_login(request.person.user)
    text = client.get(reverse("members:buddy")).content.decode()
    assert "Ada Okafor is your buddy" in text
    assert "01992 111111" not in text
    page = client.post(reverse("members:buddy_withdraw", args=[request.pk]), follow=True)
    assert "You have a buddy already" in page.content.decode()
    client.force_login(buddy.user)
    text = client.get(reverse("members:buddy")).content.decode()
    assert "Ruth Osei" in text
    assert "Lodge Surgery group" in text
    assert "01992 000000" not in text
    assert "Canary" not in text


def test_the_request_of_another_is_not_found(client):
    theirs = asked()
    client.force_login(people.member().user)
    assert client.post(reverse("members:buddy_withdraw", args=[theirs.pk])).status_code == 404
    assert Buddy.objects.count() == 1


def test_somebody_under_18_reads_who_helps_and_cannot_ask(client):
    person = young()
    client.force_login(person.user)
    page = client.get(reverse("members:buddy"))
    text = page.content.decode()
    assert "Our safeguarding lead looks after this" in text
    assert "<textarea" not in text
    assert client.post(reverse("members:buddy"), {"goals": GOALS}).status_code == 422
    assert not Buddy.objects.exists()


def test_the_page_is_for_members(client, lead):
    client.force_login(lead)
    assert client.get(reverse("members:buddy")).status_code == 403


# Pages of staff ----------------------------------------------------------------------------------


def test_staff_match_and_end(client, lead):
    request = asked(people.member("Ruth Osei"))
    buddy = seated("Ada Okafor")
    people.person("Not seated")
    client.force_login(lead)
    assert "nobody yet" in client.get(reverse("work:buddy_list")).content.decode()
    url = reverse("work:buddy_detail", args=[request.pk])
    text = client.get(url).content.decode()
    assert "Ada Okafor" in text
    assert "Not seated" not in text
    assert client.post(url, {"buddy": ""}).status_code == 422
    assert client.post(url, {"buddy": request.person.pk}).status_code == 422
    assert "End the support" in client.post(url, {"buddy": buddy.pk}, follow=True).content.decode()
    day = today()
    good = {"outcome": "Done well", "on_0": day.day, "on_1": day.month, "on_2": day.year}
    assert client.post(url, good | {"outcome": ""}).status_code == 422
    assert client.post(url, good | {"on_2": day.year - 1}).status_code == 422
    text = client.post(url, good, follow=True).content.decode()
    assert "Done well" in text
    assert '<form method="post" novalidate>' not in text
    assert client.post(url, good).status_code == 200
    assert "ended" in client.get(reverse("work:buddy_list")).content.decode()


def test_staff_record_requests_of_groups_and_of_people_on_paper(client, lead):
    forum, person = group(name="Lodge Surgery group"), people.person("Ruth Osei")
    client.force_login(lead)
    new = reverse("work:buddy_new")
    assert "Lodge Surgery group" in client.get(new).content.decode()
    assert client.post(new, {"forum": factories.forum().pk, "goals": GOALS}).status_code == 422
    assert client.post(new, {"forum": forum.pk, "goals": GOALS}).status_code == 302
    assert "A buddy for Ruth Osei" in client.get(f"{new}?person={person.pk}").content.decode()
    assert client.post(f"{new}?person={person.pk}", {"goals": GOALS}).status_code == 302
    text = client.get(reverse("work:buddy_list")).content.decode()
    assert "Lodge Surgery group" in text
    assert "Ruth Osei" in text
    for number in ("x", "0", "٣"):
        assert client.get(f"{new}?person={number}").status_code == 404


def test_what_is_open_comes_first_and_the_oldest_at_the_top(client, lead):
    ended, running, new, old = (asked() for _number in range(4))
    for each in (ended, running):
        buddies.match(each, seated(), by=lead)
    buddies.end(ended, "Good", by=lead)
    Buddy.objects.filter(pk=old.pk).update(asked_on=today(-9))
    client.force_login(lead)
    assert list(client.get(reverse("work:buddy_list")).context["page"]) == [old, new, running, ended]


def test_requests_of_another_area_are_not_found(client):
    here, there = people.area(), people.area()
    mine, theirs = asked(people.member("Mine", area=here)), asked(people.member("Canary", area=there))
    forum = group(name="Canary group", area=there)
    far = buddies.ask_for_group(forum, GOALS, by=people.user("lead"))
    seated("Canary buddy", area=there)
    client.force_login(people.user("lead", here))
    assert list(client.get(reverse("work:buddy_list")).context["page"]) == [mine]
    assert "Canary" not in client.get(reverse("work:buddy_detail", args=[mine.pk])).content.decode()
    assert "Canary" not in client.get(reverse("work:buddy_new")).content.decode()
    for each in (theirs, far):
        assert client.get(reverse("work:buddy_detail", args=[each.pk])).status_code == 404
    assert client.get(f"{reverse('work:buddy_new')}?person={theirs.person.pk}").status_code == 404


@pytest.mark.parametrize("role", ["member", "secretary", "safeguarding", "project_lead"])
def test_other_roles_see_no_requests(client, role):
    request = asked()
    client.force_login(people.user(role))
    for url in (reverse("work:buddy_list"), reverse("work:buddy_new"), reverse("work:buddy_detail", args=[request.pk])):
        assert client.get(url).status_code == 403


def test_the_list_asks_the_database_as_often_for_a_thousand_as_for_ten(client, lead):
    client.force_login(lead)
    client.get(reverse("work:buddy_list"))
    buddy, counted = people.person(), []
    for more in (10, 90, 900):
        start = Person.objects.count()
        persons = Person.objects.bulk_create(Person(name=f"Person {start + i}") for i in range(more))
        Buddy.objects.bulk_create(Buddy(person=person, buddy=buddy, goals=GOALS) for person in persons)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("work:buddy_list")).status_code == 200
        counted.append(len(captured))
    assert len(set(counted)) == 1, counted
