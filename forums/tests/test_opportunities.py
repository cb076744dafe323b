"""Ways to take part: what anybody reads, what staff publish, what a role is about."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from forums.models import Application, Opportunity
from forums.services import recruitment as services
from forums.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PAGE = "/get-involved/"
WORDS = {"can_influence": "How clinics are run.", "cannot_influence": "National pay."}


@pytest.fixture
def yesterday():
    return timezone.localdate() - datetime.timedelta(days=1)


def shown(page):
    return [opportunity.title for opportunity in page.context["page"]]


# Public ------------------------------------------------------------------------------------------


def test_anybody_reads_what_is_open(client, yesterday):
    factories.opportunity(factories.forum("Youth Council"), title="Open", topic="Cancer")
    factories.opportunity(title="Canary draft", published_at=None, topic="Canary topic")
    factories.opportunity(title="Canary later", published_at=factories.in_days(2))
    factories.opportunity(title="Canary closed", closes_on=yesterday)
    factories.opportunity(title="Always", closes_on=None)
    page = client.get(PAGE)
    text = page.content.decode()
    assert shown(page) == ["Open", "Always"]
    assert "2 ways to take part" in text
    assert "Canary" not in text
    assert "Youth Council" in text


def test_the_last_day_is_still_open_and_full_places_are_said(client):
    opportunity = factories.opportunity(closes_on=timezone.localdate(), places=1)
    assert "All places are filled" not in client.get(PAGE).content.decode()
    Application.objects.create(
        opportunity=opportunity,
        person=people.person(),
        form_token="00000000-0000-0000-0000-000000000001",
        statement="Yes.",
        status="appointed",
        decided_at=timezone.now() + datetime.timedelta(minutes=1),
    )
    assert "All places are filled" in client.get(PAGE).content.decode()
    assert "All places are filled" in client.get(opportunity.get_absolute_url()).content.decode()


@pytest.fixture
def three():
    west = people.area("West", slug="west")
    town = people.area("Town", slug="town", parent=west)
    east = people.area("East", slug="east")
    factories.opportunity(title="A", area=town, topic="Cancer")
    factories.opportunity(factories.forum(area=east), title="B", topic="Dental")
    factories.opportunity(factories.forum(area=east), title="C", area=west, topic="Cancer")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["A", "B", "C"]),
        ({"place": "west"}, ["A", "C"]),
        ({"place": "town"}, ["A"]),
        ({"place": "east"}, ["B"]),
        ({"topic": "Cancer"}, ["A", "C"]),
        ({"topic": "Dental", "place": "west"}, []),
    ],
)
def test_each_filter_narrows_the_list(client, three, query, expected):
    assert shown(client.get(PAGE, query)) == expected


@pytest.mark.parametrize("name", ["place", "topic"])
@pytest.mark.parametrize("value", ["nonsense", "\x00", "9" * 40, "' OR 1=1 --", "🙂"])
def test_an_unknown_filter_is_left_out_with_a_notice(client, three, name, value):
    page = client.get(PAGE, {name: value})
    assert shown(page) == ["A", "B", "C"]
    assert "We did not know one of the filters" in page.content.decode()
    assert "There is a problem" not in page.content.decode()


def test_other_ways_to_be_involved_are_live(client):
    joinable = factories.forum("Open Network", is_open=True)
    factories.forum("Canary closed group", is_open=False)
    factories.forum("Canary paused", is_open=True, status="paused")
    factories.meeting(joinable, title="Seen meeting", is_public=True)
    factories.meeting(joinable, title="Canary private")
    factories.meeting(joinable, title="Canary past", days=-3, is_public=True)
    text = client.get(PAGE).content.decode()
    assert reverse("forums:forum_detail", args=[joinable.pk]) in text
    assert "Seen meeting" in text
    assert "Canary" not in text


def test_the_page_says_what_can_be_influenced_and_what_cannot(client):
    people.body(phone="01992 000 000")
    group = people.population_group("unpaid carers")
    opportunity = factories.opportunity(
        factories.forum("Panel", minimum_age=18, maximum_age=25), term="Two years", support="A buddy.", **WORDS
    )
    opportunity.wanted.add(group)
    text = client.get(opportunity.get_absolute_url()).content.decode()
    for words in (*WORDS.values(), "Two years", "A buddy.", "Two hours every two months", "Expenses", "unpaid carers"):
        assert words in text
    assert "You can also apply on paper or by phone." in text
    assert "the engagement team at engagement@example.org" in text
    assert "You need to be 18 or older." in text
    assert "You can be up to 25 years old." in text
    assert reverse("forums:opportunity_apply", args=[opportunity.pk]) in text


def test_a_closed_one_says_so_and_an_unpublished_one_is_not_there(client, yesterday):
    closed = factories.opportunity(closes_on=yesterday)
    draft = factories.opportunity(published_at=None)
    text = client.get(closed.get_absolute_url()).content.decode()
    assert "This is closed." in text
    assert reverse("forums:opportunity_apply", args=[closed.pk]) not in text
    for name in ("detail", "apply", "applied", "applied_young"):
        assert client.get(reverse(f"forums:opportunity_{name}", args=[draft.pk])).status_code == 404
        assert client.get(reverse(f"forums:opportunity_{name}", args=[closed.pk])).status_code == 200


def test_the_public_list_asks_the_database_as_often_for_many_as_for_few(client):
    counts = set()
    forum, area = factories.forum(), people.area()
    for number in (10, 90, 900):
        Opportunity.objects.bulk_create(
            Opportunity(
                forum=forum,
                role=factories.seat_role(),
                area=area,
                title="T",
                summary="S",
                commitment="C",
                payment="P",
                topic="Dental",
                published_at=timezone.now(),
            )
            for _number in range(number)
        )
        with CaptureQueriesContext(connection) as found:
            assert len(shown(client.get(PAGE))) == (20 if number > 10 else 10)
        counts.add(len(found))
    assert len(counts) == 1


# Members -----------------------------------------------------------------------------------------


def test_a_member_sees_open_ones_and_their_own_applications(client):
    member, other = people.member(), people.member()
    opportunity = factories.opportunity(title="Open one")
    factories.opportunity(title="Canary draft", published_at=None)
    people.purpose("service")
    for number, person in enumerate((member, other)):
        token = f"00000000-0000-0000-0000-00000000000{number}"
        services.apply_as_member(opportunity, person, form_token=token, statement="Why.", by=person.user)
    client.force_login(member.user)
    page = client.get(reverse("members:opportunity_list"))
    text = page.content.decode()
    assert "Open one" in text
    assert "You have applied." in text
    assert "Canary" not in text
    assert [each.person for each in page.context["applications"]] == [member]


def test_staff_without_an_entry_on_the_register_are_refused_in_the_portal(client):
    opportunity = factories.opportunity()
    client.force_login(people.user("officer"))
    assert client.get(reverse("members:opportunity_list")).status_code == 403
    assert client.get(reverse("members:opportunity_apply", args=[opportunity.pk])).status_code == 403


# What a role is about ----------------------------------------------------------------------------


def test_a_member_reads_and_accepts_what_the_role_is_about(client):
    forum, member = factories.forum("Panel", purpose="We review leaflets."), people.member()
    membership = factories.membership(forum, member)
    (card,) = services.waiting(member)
    assert (card.title, card.text) == ("Read what your role is about", "Panel: Citizen")
    client.force_login(member.user)
    assert "We review leaflets." in client.get(card.url).content.decode()
    for _time in range(2):
        assert client.post(card.url).status_code == 302
    membership.refresh_from_db()
    assert membership.accepted_on == timezone.localdate()
    assert AuditEvent.objects.filter(verb="accepted role description").count() == 1
    assert services.waiting(member) == []
    assert "You accepted this on" in client.get(card.url).content.decode()


def test_nobody_accepts_for_somebody_else_or_for_a_seat_they_left(client):
    forum, stranger = factories.forum(), people.member()
    theirs = factories.membership(forum)
    left = factories.membership(forum, stranger, ended_on=timezone.localdate(), left_because="time")
    client.force_login(stranger.user)
    for membership in (theirs, left):
        assert client.post(reverse("members:role_accept", args=[membership.pk])).status_code == 404
        membership.refresh_from_db()
        assert membership.accepted_on is None


def test_observers_and_employed_people_have_no_card():
    person = people.member()
    factories.membership(factories.forum(), person, is_observer=True)
    factories.membership(factories.forum(), person, paid="employed")
    assert services.waiting(person) == []


# The admin ---------------------------------------------------------------------------------------


def test_staff_publish_and_withdraw_from_the_list(client):
    officer, opportunity = people.user("officer"), factories.opportunity(published_at=None, **WORDS)
    vague = factories.opportunity(title="Vague", published_at=None)
    client.force_login(officer)
    url = reverse("admin:forums_opportunity_changelist")
    assert client.get(url).status_code == 200

    def do(action):
        sent = {"action": action, "_selected_action": [opportunity.pk, vague.pk]}
        return client.post(url, sent, follow=True).content.decode()

    page = do("publish")
    assert "1 opportunity is now public." in page
    assert "Say first what people can influence" in page
    opportunity.refresh_from_db()
    vague.refresh_from_db()
    assert opportunity.is_open
    assert vague.published_at is None
    services.publish(opportunity, by=officer)
    assert "1 opportunity is no longer public." in do("withdraw")
    assert client.get(opportunity.get_absolute_url()).status_code == 404
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["published", "withdrew"]


@pytest.mark.parametrize(("state", "titles"), [("open", {"O"}), ("closed", {"C"}), ("draft", {"D"})])
def test_the_admin_list_is_narrowed_by_state(client, yesterday, state, titles):
    factories.opportunity(title="O")
    factories.opportunity(title="C", closes_on=yesterday)
    factories.opportunity(title="D", published_at=None)
    client.force_login(people.user("officer"))
    page = client.get(reverse("admin:forums_opportunity_changelist"), {"state": state})
    assert {row.title for row in page.context["cl"].result_list} == titles


def test_an_officer_of_one_area_edits_that_area_alone(client):
    here, there = people.area(), people.area()
    mine = factories.opportunity(factories.forum(area=here))
    other = factories.opportunity(area=there)
    client.force_login(people.user("officer", area=here))
    assert client.get(reverse("admin:forums_opportunity_change", args=[mine.pk])).status_code == 200
    assert client.get(reverse("admin:forums_opportunity_change", args=[other.pk])).status_code == 404
    assert client.get(reverse("admin:forums_opportunity_add")).status_code == 200


def test_publishing_without_saying_what_can_be_influenced_is_refused():
    opportunity = factories.opportunity(published_at=None, can_influence="All of it.", cannot_influence=" ")
    with pytest.raises(ValidationError, match="what they cannot"):
        services.publish(opportunity, by=people.user("officer"))
