"""The search of staff: activities and “you said, we did”, by words, filters and other names; and who may see what."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import search
from core.models import SearchDocument
from core.search import registry
from engagement.models import Activity
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from insights import searching
from insights.tests import factories
from people.tests import factories as people

PAGE = "/search/"


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registered")]


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(registry, "_other_names", [])
    search.ensure()
    searching.register()


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def titles(page):
    return sorted(str(hit.row) for hit in page.context["results"].hits)


def parking(reference="A-1", **fields):
    fields = {"title": "Parking at the clinic", "what_people_told_us": "There is <b>no parking</b>."} | fields
    return engagement.activity(reference, **fields)


# Who gets there ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["administrator", "lead", "officer", "project_lead"])
def test_staff_may_search(client, role):
    client.force_login(people.user(role))
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Nothing is asked yet" in page.content.decode()


def test_members_may_not_and_strangers_are_sent_to_sign_in(client):
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"
    client.force_login(people.member().user)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code == 403


def test_nothing_can_be_sent(client, officer):
    assert client.post(PAGE).status_code == 405


def test_staff_of_one_area_find_nothing_of_another(client):
    here, there = people.area("Here"), people.area("There")
    parking("A-1", areas=[here])
    canary = parking("A-2", areas=[there], title="Canary parking", what_people_told_us="Xylophone in the parking")
    factories.response(activity=canary, you_said="Canary parking", we_did="Xylophone")
    client.force_login(people.user("officer", here))
    page = client.get(PAGE, {"q": "parking"})
    assert titles(page) == ["A-1 Parking at the clinic"]
    assert (page.context["results"].total, page.context["results"].counts) == (1, {"activity": 1})
    for typed in ("xylophone", "xylophon", "xylophne", "canary"):
        page = client.get(PAGE, {"q": typed})
        assert page.context["results"].total == 0
        assert page.context["results"].suggestion == page.context["results"].corrected == ""
        assert "A-2" not in page.content.decode()


def test_published_answers_are_found_by_everybody_and_drafts_by_nobody_outside():
    factories.published_response("seen", you_said="Parking is dear")
    factories.response("draft", you_said="Parking is far")
    assert [hit.row.reference for hit in search.find("parking").hits] == ["seen"]
    member = people.member().user
    assert [hit.row.reference for hit in search.find("parking", user=member).hits] == ["seen"]


def test_an_answer_that_is_taken_back_is_not_found_any_more():
    answer = factories.published_response(you_said="Parking is dear")
    assert search.find("parking").total == 1
    answer.published_at = None
    answer.save()
    assert search.find("parking").total == 0


# What is found -----------------------------------------------------------------------------------


def test_activities_and_answers_are_found_with_excerpts(client, officer):
    activity = parking()
    factories.published_response("answer", activity=activity, you_said="No parking", we_did="We asked for spaces")
    factories.response("draft", activity=activity, you_said="Parking is far")
    page = client.get(PAGE, {"q": "parking"})
    text = page.content.decode()
    assert "3 results" in text
    assert f'<a href="/record/activities/{activity.pk}/">A-1 <mark>Parking</mark> at the clinic</a>' in text
    assert "There is &lt;b&gt;no <mark>parking</mark>&lt;/b&gt;." in text
    assert 'href="/you-said-we-did/answer/"' in text
    assert 'href="/admin/insights/response/' in text
    assert '<a href="?q=parking&amp;kind=response">You said, we did</a> (2)' in text


def test_filters(client, officer):
    county = people.area("County")
    town = people.area("Town", parent=county)
    topic, group = engagement.topic("Transport"), people.population_group("Carers")
    engagement.period("2023-24")
    one = parking("A-1", areas=[town], topics=[topic], groups=[group])
    parking("A-2", ends_on=datetime.date(2024, 4, 1), starts_on=datetime.date(2024, 4, 1))
    factories.published_response(activity=one, topic=topic, you_said="Parking", we_did="We did")
    chosen = {
        "kind": ("activity", ["A-1 Parking at the clinic", "A-2 Parking at the clinic"]),
        "topic": (topic.pk, ["A-1 Parking at the clinic", "Transport: Parking"]),
        "place": (county.pk, ["A-1 Parking at the clinic", "Transport: Parking"]),
        "group": (group.pk, ["A-1 Parking at the clinic", "Transport: Parking"]),
        "year": (2023, ["A-1 Parking at the clinic"]),
        "scope": ("public", ["Transport: Parking"]),
    }
    for name, (value, expected) in chosen.items():
        assert titles(client.get(PAGE, {"q": "parking", name: value})) == expected, name
    assert titles(client.get(PAGE, {"topic": topic.pk, "kind": "activity"})) == ["A-1 Parking at the clinic"]
    unknown = client.get(PAGE, {"q": "parking", "topic": "nonsense", "page": "²"})
    assert unknown.context["results"].total == 3
    assert "we left it out" in unknown.content.decode()


def test_links_change_what_is_found(client, officer):
    topic, area = engagement.topic("Transport"), people.area("Town")
    activity = parking()
    answer = factories.response(activity=activity, you_said="No spaces", we_did="We asked")
    assert client.get(PAGE, {"topic": topic.pk}).context["results"].total == 0
    activity.topics.add(topic)
    area.activities.add(activity)
    assert titles(client.get(PAGE, {"topic": topic.pk})) == [str(activity)]
    assert titles(client.get(PAGE, {"q": "town"})) == sorted([str(activity), str(answer)])
    topic.activities.clear()
    assert client.get(PAGE, {"topic": topic.pk}).context["results"].total == 0
    area.activities.remove(activity)
    assert client.get(PAGE, {"q": "town"}).context["results"].total == 0


def test_impact_and_partners_belong_to_an_activity(client, officer):
    activity = parking()
    impact = engagement.impact(activity, "More helicopters")
    link = activity.partner_links.create(organisation=people.organisation("Healthwatch"))
    assert titles(client.get(PAGE, {"q": "helicopter healthwatch"})) == [str(activity)]
    impact.delete()
    link.delete()
    assert client.get(PAGE, {"q": "helicopter"}).context["results"].total == 0
    assert client.get(PAGE, {"q": "healthwatch"}).context["results"].total == 0


def test_what_is_deleted_is_not_found(client, officer):
    activity = parking()
    Activity.objects.filter(pk=activity.pk).delete()
    assert SearchDocument.objects.count() == 0


def test_old_names_of_bodies_forums_and_places_find_the_new_ones(client, officer):
    body = people.organisation("West Essex ICB", short_name="WEICB")
    body.aliases.create(name="Essex Care Board")
    body.predecessors.add(people.organisation("West Essex CCG"))
    panel, old = forums.forum("Reader Panel"), forums.forum("Leaflet Circle")
    panel.aliases.create(name="Readers Group")
    old.successor = panel
    old.save()
    place = people.area("Epping Forest")
    place.aliases.create(name="Loughton and Waltham")
    activity = parking(organisation=body, forums=[panel], areas=[place])
    names = ["WEICB", "Essex Care Board", "West Essex CCG", "Readers Group", "Leaflet Circle", "Loughton and Waltham"]
    for name in names:
        assert titles(client.get(PAGE, {"q": f"clinic {name}"})) == [str(activity)], name


# What the page says ------------------------------------------------------------------------------


def test_a_typing_error_is_mended_and_can_be_insisted_on(client, officer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        parking()
    text = client.get(PAGE, {"q": "parkng <b>"}).content.decode()
    assert "Search instead for “parkng &lt;b&gt;”" in text
    text = client.get(PAGE, {"q": "clinnic"}).content.decode()
    assert "Showing results for <strong>clinic</strong>" in text
    assert '<a href="?q=clinnic&amp;exact=1">Search instead for “clinnic”</a>' in text
    text = client.get(PAGE, {"q": "clinnic", "exact": "1"}).content.decode()
    assert "0 results" in text
    assert "Use fewer words" in text


def test_the_page_says_what_was_left_out(client, officer):
    text = client.get(PAGE, {"q": "the"}).content.decode()
    assert "Nearly every text has these words." in text
    text = client.get(PAGE, {"q": "the parking", "kind": "activity"}).content.decode()
    assert "We left out words that nearly every text has: the." in text
    assert '<a href="?q=the+parking">Search without the filters</a>' in text
    text = client.get(PAGE, {"q": "word " * 2_000}).content.decode()
    assert "We looked for the first 12 words." in text


def test_the_number_of_queries_does_not_grow(client, officer):
    numbers = []
    for more in (10, 90):
        for number in range(more):
            activity = parking(f"B-{more}-{number}")
            factories.response(activity=activity, you_said=f"Parking {number}", we_did="We did")
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, {"q": "parking", "kind": "activity"})
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


# More like this ----------------------------------------------------------------------------------


def test_more_like_this_lists_what_shares_telling_words_and_not_what_is_hidden(client, officer):
    west, east = people.area("West"), people.area("East")
    officer.roles.update(area=west)
    words = "Parking permits at the renal clinic run out before dialysis ends."
    mine = engagement.activity("A-1", areas=[west], what_people_told_us=words)
    engagement.activity(
        "A-2", areas=[west], title="Dialysis in winter", what_people_told_us="The renal clinic is cold."
    )
    engagement.activity("A-3", areas=[east], title="Canary", what_people_told_us=words)
    search.learn_anew()

    page = client.get(f"/search/like/activity/{mine.pk}/").content.decode()

    assert "A-2 <mark>Dialysis</mark> in winter" in page
    assert "shares the words clinic, dialysis, renal" in page
    assert "Canary" not in page


def test_more_like_what_may_not_be_seen_or_is_not_there_is_not_found(client, officer):
    officer.roles.update(area=people.area("West"))
    hidden = engagement.activity("A-1", areas=[people.area("East")])
    assert client.get(f"/search/like/activity/{hidden.pk}/").status_code == 404
    assert client.get("/search/like/nothing/1/").status_code == 404
