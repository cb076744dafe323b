"""The public list of “you said, we did”."""

import pytest
from django.urls import reverse

from engagement.tests import factories as engagement
from insights.models import Status
from insights.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PAGE = "/you-said-we-did/"


def shown(page):
    return [response.reference for response in page.context["page"]]


def choices(page, name):
    return [label for value, label in page.context["filters"].form.fields[name].choices if value]


@pytest.fixture
def draft():
    """An answer that nobody may see, about things that no published answer is about."""
    activity = engagement.activity(
        title="Canary activity",
        areas=[people.area("Canary place")],
        principle=engagement.principle(3),
    )
    return factories.response(
        "canary-answer", activity=activity, topic=engagement.topic("Canary topic"), status=Status.PROMISED
    )


def test_anybody_reads_published_answers(client):
    place = people.area("West Essex")
    activity = engagement.activity(areas=[place], principle=engagement.principle(2))
    factories.published_response("pharmacy-1", activity=activity, you_said="Labels hide the Braille.")
    page = client.get(PAGE)
    text = page.content.decode()
    assert page.status_code == 200
    assert shown(page) == ["pharmacy-1"]
    assert "1 answer<" in text
    assert "Labels hide the Braille." in text
    assert "Place: West Essex" in text
    assert "Principle: 2. Principle 2" in text
    assert "Published: 2 April 2024" in text
    assert f'href="{PAGE}pharmacy-1/"' in text


def test_a_draft_answer_leaves_no_trace(client, draft):
    factories.published_response("seen")
    for query in ({}, {"q": "thing"}, {"status": "promised"}, {"topic": draft.topic.slug}, {"place": "area-1"}):
        page = client.get(PAGE, query)
        assert "anary" not in page.content.decode()
        assert draft.you_said not in page.content.decode()
        assert "canary-answer" not in shown(page)


def test_filters_offer_only_what_published_answers_have(client, draft):
    place = people.area("West Essex")
    factories.published_response(activity=engagement.activity(areas=[people.area("Harlow", parent=place)]))
    page = client.get(PAGE)
    assert choices(page, "topic") == ["Pharmacy"]
    assert choices(page, "place") == ["Harlow", "West Essex"]
    assert choices(page, "principle") == ["1. Principle 1"]
    assert choices(page, "status") == ["Done"]


def test_principles_of_two_sets_are_told_apart(client):
    old = engagement.principle_set("2021", principles=1)
    factories.published_response(activity=engagement.activity(principle=engagement.principle(1, of=old)))
    factories.published_response()
    page = client.get(PAGE)
    assert choices(page, "principle") == ["1. Principle 1 (Principles of 2021)", "1. Principle 1 (Principles of 2022)"]


@pytest.fixture
def three():
    """Answers that differ in topic, place, principle and status."""
    east, west = people.area("East", slug="east"), people.area("West", slug="west")
    town = people.area("Town", slug="town", parent=west)
    for number, (name, place, status) in enumerate(
        [("Pharmacy", east, Status.DONE), ("Stroke", west, Status.UNDER_WAY), ("Carers", town, Status.COULD_NOT)], 1
    ):
        activity = engagement.activity(areas=[place], principle=engagement.principle(number))
        factories.published_response(
            name.lower(), activity=activity, topic=engagement.topic(name), status=status, reason="No money."
        )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["carers", "pharmacy", "stroke"]),
        ({"topic": "stroke"}, ["stroke"]),
        ({"place": "east"}, ["pharmacy"]),
        ({"place": "west"}, ["carers", "stroke"]),
        ({"place": "town"}, ["carers"]),
        ({"status": "could_not"}, ["carers"]),
        ({"q": "STROKE"}, ["stroke"]),
        ({"q": "no money", "status": "done"}, ["pharmacy"]),
        ({"topic": "stroke", "place": "east"}, []),
    ],
)
def test_each_filter_narrows_the_list(client, three, query, expected):
    assert shown(client.get(PAGE, query)) == expected


def test_the_list_is_narrowed_by_principle(client, three):
    assert shown(client.get(PAGE, {"principle": engagement.principle(2).pk})) == ["stroke"]


@pytest.mark.parametrize("name", ["topic", "place", "principle", "status"])
@pytest.mark.parametrize("value", ["nonsense", "0", "\x00", "9" * 40, "' OR 1=1 --"])
def test_an_unknown_filter_is_left_out_with_a_notice(client, three, name, value):
    page = client.get(PAGE, {name: value, "q": "stroke"})
    assert page.status_code == 200
    assert shown(page) == ["stroke"]
    assert "We did not know one of the filters" in page.content.decode()
    assert "There is a problem" not in page.content.decode()


def test_unknown_names_in_the_address_are_ignored(client, three):
    page = client.get(PAGE, {"published_at__isnull": "True", "utm_source": "x"})
    assert len(shown(page)) == 3
    assert "We did not know" not in page.content.decode()


def test_an_empty_result_says_so_and_offers_the_way_back(client, three):
    text = client.get(PAGE, {"q": "dentist"}).content.decode()
    assert "0 answers" in text
    assert "No published answer fits these filters." in text
    assert f'<a href="{PAGE}">Show all answers</a>' in text


def test_nothing_published_says_so(client, draft):
    assert "We have not published any answers yet." in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("status", "tag", "heading"),
    [
        (Status.PROMISED, "Promised", "We have promised"),
        (Status.UNDER_WAY, "Under way", "We are doing"),
        (Status.DONE, "Done", "We did"),
        (Status.COULD_NOT, "Could not, because", "We could not, because"),
    ],
)
def test_each_status_is_said_in_words(client, status, tag, heading):
    factories.published_response(status=status, we_did="Something.", reason="There is no money for it.")
    text = client.get(PAGE).content.decode()
    assert f">{tag}</strong>" in text
    assert f">{heading}</h4>" in text.replace("\n</h4>", "</h4>")
    assert ("There is no money for it." in text) == (status == Status.COULD_NOT)


def test_twenty_a_page_and_filters_stay_in_the_links(client):
    activity = engagement.activity()
    for _number in range(21):
        factories.published_response(activity=activity)
    page = client.get(PAGE, {"topic": "pharmacy"})
    text = page.content.decode()
    assert len(shown(page)) == 20
    assert "21 answers" in text
    assert 'href="?topic=pharmacy&amp;page=2"' in text
    second = client.get(PAGE, {"topic": "pharmacy", "page": "2"})
    assert len(shown(second)) == 1
    assert "page 2 of 2" in second.content.decode().split("</title>")[0]


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "9" * 40])
def test_a_page_that_is_not_there_is_no_error(client, number):
    factories.published_response()
    assert client.get(PAGE, {"page": number}).status_code == 200


def test_the_address_without_filters_is_the_canonical_one(client, three):
    text = client.get(PAGE, {"topic": "stroke"}).content.decode()
    assert '<link rel="canonical" href="http://127.0.0.1:8000/you-said-we-did/">' in text


def test_the_list_cannot_be_written_to(client):
    assert client.post(reverse("insights:response_list")).status_code == 405


def test_three_answers_take_no_more_queries_than_one(client, django_assert_max_num_queries):
    def make(number):
        place = people.area()
        activity = engagement.activity(areas=[place], principle=engagement.principle(number))
        factories.published_response(activity=activity, topic=engagement.topic(f"Topic {number}"))

    make(1)
    with django_assert_max_num_queries(50) as one:
        client.get(PAGE)
    make(2)
    make(3)
    with django_assert_max_num_queries(50) as three:
        assert len(shown(client.get(PAGE))) == 3
    assert len(three) == len(one)
    assert len(one) <= 13
