"""Who took part in an activity and may be told: added by hand, from forums, from comments, each once (YSD-003)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import roles
from core.models import AuditEvent
from core.tests.racing import race
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights.documents import telling as documents
from insights.models import Contributor
from insights.services import contributors
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
How = Contributor.How
FIRST, LAST = datetime.date(2024, 3, 1), datetime.date(2024, 3, 31)


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def activity():
    return engagement.activity(starts_on=FIRST, ends_on=LAST)


def address(name: str, *args) -> str:
    return reverse(f"insight_work:{name}", args=args)


def names(activity) -> list[str]:
    return sorted(row.person.name for row in activity.contributors.select_related("person"))


def test_somebody_is_added_by_the_name_that_the_register_has(client, officer, activity):
    person = people.person("Ann Lee", email="ann@example.org")
    data = {"person": "ann lee", "how": "session"}
    for _time in range(2):
        assert client.post(address("contributor_add", activity.pk), data).status_code == 302
    row = Contributor.objects.get()
    assert (row.person, row.how, row.wants_no_news, row.noted_by) == (person, "session", False, officer)
    assert AuditEvent.objects.filter(verb="noted who took part").count() == 1


def test_somebody_who_is_not_on_the_register_is_refused_beside_the_field(client, officer, activity):
    page = client.post(address("contributor_add", activity.pk), {"person": "Nobody Here", "how": "session"})
    assert page.status_code == 422
    assert "Nobody on the register has this name" in page.content.decode()
    assert 'value="Nobody Here"' in page.content.decode()


def test_an_entry_that_is_no_longer_in_use_is_not_added(officer, activity):
    with pytest.raises(ValidationError, match="no longer in use"):
        contributors.add_contributor(activity, people.person(erased_at=timezone.now()), by=officer)


def test_the_database_has_each_person_once(activity):
    row = factories.contributor(activity=activity)
    with pytest.raises(IntegrityError):
        factories.contributor(activity=activity, person=row.person)


def test_forums_bring_those_who_sat_on_them_then_and_nobody_else(officer, activity):
    forum, other = forums.forum(), forums.forum()
    activity.forums.add(forum)
    seats = {
        "Before": {"started_on": datetime.date(2023, 1, 1), "ended_on": FIRST, "left_because": "moved"},
        "Into it": {
            "started_on": datetime.date(2023, 1, 1),
            "ended_on": FIRST + datetime.timedelta(1),
            "left_because": "moved",
        },
        "From the last day": {"started_on": LAST},
        "After": {"started_on": LAST + datetime.timedelta(1)},
    }
    for name, days in seats.items():
        forums.membership(forum, people.person(name), **days)
    forums.membership(other, people.person("Elsewhere"), started_on=FIRST)
    gone = people.person("Erased", erased_at=timezone.now())
    forums.membership(forum, gone, started_on=FIRST)
    assert contributors.add_from_forums(activity, by=officer) == 2
    assert contributors.add_from_forums(activity, by=officer) == 0
    assert names(activity) == ["From the last day", "Into it"]
    assert {row.how for row in activity.contributors.all()} == {How.FORUM}
    assert AuditEvent.objects.filter(verb="noted who took part").count() == 1


def test_two_seats_of_one_person_are_one_person(officer, activity):
    forum, other, person = forums.forum(), forums.forum(), people.person()
    activity.forums.add(forum, other)
    for each in (forum, other):
        forums.membership(each, person, started_on=FIRST)
    assert contributors.add_from_forums(activity, by=officer) == 1


def test_an_activity_without_a_forum_or_that_has_not_begun_says_what_to_do(officer, activity):
    with pytest.raises(ValidationError, match="Name the forums first"):
        contributors.add_from_forums(activity, by=officer)
    later = engagement.activity(starts_on=projects.in_days(5), ends_on=projects.in_days(9))
    later.forums.add(forums.forum())
    with pytest.raises(ValidationError, match="has not begun"):
        contributors.add_from_forums(later, by=officer)


def test_comments_bring_those_who_are_known_to_have_sent_them(officer, activity):
    collection, person = factories.collection(activity=activity), people.person("Ann Lee")
    for said_by in (person, person, None):
        factories.comment(collection=collection, said_by=said_by)
    factories.comment(said_by=people.person("Of another activity"))
    assert contributors.add_from_comments(activity, by=officer) == 1
    assert [(row.person.name, row.how) for row in activity.contributors.all()] == [("Ann Lee", How.COMMENT)]


def test_who_is_on_the_list_stays_as_they_are(officer, activity):
    forum, row = forums.forum(), factories.contributor(activity=activity, how=How.COMMENT, wants_no_news=True)
    activity.forums.add(forum)
    forums.membership(forum, row.person, started_on=FIRST)
    assert contributors.add_from_forums(activity, by=officer) == 0
    row.refresh_from_db()
    assert (row.how, row.wants_no_news) == (How.COMMENT, True)


def test_somebody_may_want_no_news_and_be_taken_off(client, officer, activity):
    row = factories.contributor(activity=activity)
    client.post(address("contributor_news", row.pk), {"news": "no"})
    row.refresh_from_db()
    assert row.wants_no_news
    client.post(address("contributor_news", row.pk), {"news": "yes"})
    row.refresh_from_db()
    assert not row.wants_no_news
    client.post(address("contributor_remove", row.pk))
    assert not Contributor.objects.exists()


@pytest.mark.parametrize("source", ["forums", "comments"])
def test_the_buttons_gather(client, officer, activity, source):
    forum, person = forums.forum(), people.person()
    activity.forums.add(forum)
    forums.membership(forum, person, started_on=FIRST)
    factories.comment(collection=factories.collection(activity=activity), said_by=person)
    page = client.post(address("contributor_gather", activity.pk), {"source": source}, follow=True)
    assert "1 person is new on the list" in page.content.decode()


def test_an_unknown_source_is_not_found(client, officer, activity):
    assert client.post(address("contributor_gather", activity.pk), {"source": "x"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_gather_at_once_add_nobody_twice(tmp_path):
    activity, user = engagement.activity(starts_on=FIRST, ends_on=LAST), people.user("officer")
    forum = forums.forum()
    activity.forums.add(forum)
    forums.membership(forum, people.person(), started_on=FIRST)
    calls = [lambda: contributors.add_from_forums(activity, by=user) for _time in range(2)]
    assert sorted(race(tmp_path, *calls)) == [0, 1]


# How each is told --------------------------------------------------------------------------------


def rows(activity) -> dict[str, str]:
    found = documents.rows(documents.with_people(activity.contributors.all()))
    return {row.contributor.person.name: row.obstacle or row.way for row in found}


def test_everybody_has_a_way_or_a_reason(activity):
    people.purpose("membership", name="Forum business")
    people.purpose("service")
    agreed = people.person("Agreed", email="a@example.org")
    people.consent(agreed)
    given = {
        agreed: How.FORUM,
        people.person("Never agreed", email="n@example.org"): How.FORUM,
        people.person("Said it", email="s@example.org"): How.COMMENT,
        people.person("By post", channel="post", address="1 High Street"): How.SESSION,
        people.person("No address", channel="post"): How.SESSION,
        people.person("No e-mail"): How.SESSION,
        people.person("By phone", channel="phone", phone="01992 555555"): How.OTHER,
        people.person(
            "A child", email="c@example.org", adult_from=projects.in_days(900), safeguards="waiting"
        ): How.OTHER,
    }
    for person, how in given.items():
        factories.contributor(activity=activity, person=person, how=how)
    assert rows(activity) == {
        "Agreed": "e-mail",
        "Never agreed": "This person has not agreed to “Forum business”",
        "Said it": "e-mail",
        "By post": "post",
        "No address": "This person has no postal address",
        "No e-mail": "This person has no e-mail address",
        "By phone": "phone call",
        "A child": "This person is under 18 and the consents are missing",
    }


def test_a_withdrawn_consent_counts_no_more(activity):
    person = people.person("Ann Lee", email="a@example.org")
    row = people.consent(person)
    row.withdrawn_at, row.withdrawn_how = timezone.now(), "phone"
    row.save()
    factories.contributor(activity=activity, person=person, how=How.FORUM)
    assert rows(activity) == {"Ann Lee": "This person has not agreed to “membership”"}


def test_looking_at_the_list_reads_no_guardian(activity):
    person = people.person("A child", adult_from=projects.in_days(900), safeguards="cleared", write_to_guardian=True)
    people.purpose("service", for_under_18=True)
    factories.contributor(activity=activity, person=person)
    assert rows(activity) == {"A child": "e-mail"}
    assert not AuditEvent.objects.filter(verb="read guardian").exists()


def test_those_who_cannot_be_told_are_counted_with_the_reason(client, officer, activity):
    for number in range(3):
        factories.contributor(activity=activity, person=people.person(f"Without {number}"))
    factories.contributor(activity=activity, person=people.person("With", email="w@example.org"))
    factories.contributor(activity=activity, person=people.person("Quiet", email="q@example.org"), wants_no_news=True)
    found = documents.reachable(activity.contributors.all())
    assert (found.people, found.can, found.no_news, found.ways) == (5, 1, 1, (("e-mail", 1),))
    assert found.cannot == (("This person has no e-mail address", 3),)
    text = client.get(address("contributor_list", activity.pk)).content.decode()
    assert "<strong>3:</strong> This person has no e-mail address" in text
    assert "does not want to be told" in text


def test_the_list_asks_as_often_for_one_as_for_a_hundred(client, officer):
    counts = []
    for number in (1, 10, 100):
        activity = engagement.activity()
        for _each in range(number):
            factories.contributor(activity=activity, person=people.person(email="a@example.org"), how=How.FORUM)
        with CaptureQueriesContext(connection) as queries:
            client.get(address("contributor_list", activity.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


# Who may -----------------------------------------------------------------------------------------

GET_PAGES = ("contributor_list", "contributor_add", "slips_add")


@pytest.mark.parametrize("name", GET_PAGES)
def test_who_may_open_the_pages(client, activity, name):
    factories.contributor(activity=activity, person=people.person("Ann Secret"))
    for user, status in (
        (people.user("lead"), 200),
        (people.user("project_lead"), 403),
        (people.member().user, 403),
        (people.user("officer", area=people.area()), 404),
    ):
        client.force_login(user)
        page = client.get(address(name, activity.pk))
        assert page.status_code == status, (name, user.name)
        assert ("Ann Secret" in page.content.decode()) == (status == 200 and name == "contributor_list")
    client.logout()
    assert client.get(address(name, activity.pk)).status_code == 302


def test_whoever_may_change_lists_still_has_to_work_on_the_project(client, monkeypatch):
    names = {f"insights.{verb}" for verb in ("add_contributor", "change_contributor", "add_slips", "add_told")}
    monkeypatch.setitem(roles._allowed, "project_lead", roles._allowed["project_lead"] | names)
    mine = people.user("project_lead")
    for lead, status in ((mine, 302), (people.user("project_lead"), 403)):
        row = factories.contributor(activity=engagement.activity(project=projects.project(lead=lead)))
        client.force_login(mine)
        source = {"source": "comments"}
        assert client.post(address("contributor_gather", row.activity_id), source).status_code == status
        assert client.get(address("slips_add", row.activity_id)).status_code == (200 if status == 302 else 403)
        assert client.post(address("contributor_remove", row.pk)).status_code == status
        assert Contributor.objects.filter(pk=row.pk).exists() is (status == 403)


def test_another_area_can_change_nobody(client, activity):
    row = factories.contributor(activity=activity)
    client.force_login(people.user("officer", area=people.area()))
    assert client.post(address("contributor_news", row.pk), {"news": "no"}).status_code == 404
    assert client.post(address("contributor_remove", row.pk)).status_code == 404
    assert client.post(address("contributor_gather", activity.pk), {"source": "forums"}).status_code == 404
    row.refresh_from_db()
    assert not row.wants_no_news
