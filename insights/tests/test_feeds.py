"""“You said, we did” as an Atom feed."""

import datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.tests import factories as engagement
from insights.models import Response, Status
from insights.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
FEED = "/you-said-we-did/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"


def read(client, **query) -> ElementTree.Element:
    answer = client.get(FEED, query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)  # noqa: S314 - it is our own


def entries(feed) -> list[str]:
    """The references of the answers in a feed, from the addresses of their pages."""
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]
    return [link.removeprefix("http://127.0.0.1:8000/you-said-we-did/").rstrip("/") for link in links]


def words(feed, name: str) -> list[str]:
    return [entry.findtext(f"{ATOM}{name}") for entry in feed.findall(f"{ATOM}entry")]


def test_anybody_reads_the_newest_answers_first(client):
    people.body()
    for day in (2, 5, 3):
        published = datetime.datetime(2024, 4, day, 9, 0, tzinfo=datetime.UTC)
        factories.published_response(f"answer-{day}", published_at=published)
    feed = read(client)
    assert entries(feed) == ["answer-5", "answer-3", "answer-2"]
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Hertfordshire and West Essex ICB"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "http://127.0.0.1:8000/you-said-we-did/",
        "self": "http://127.0.0.1:8000/you-said-we-did/feed/",
    }


def test_an_entry_says_both_sides_and_when_it_changed(client):
    answer = factories.published_response("a-1", you_said="Labels hide the Braille.", we_did="We moved them.")
    Response.objects.filter(pk=answer.pk).update(updated_at=datetime.datetime(2024, 6, 1, 8, 0, tzinfo=datetime.UTC))
    feed = read(client)
    assert words(feed, "title") == ["Pharmacy: Done"]
    assert words(feed, "summary") == ["<p>You said: Labels hide the Braille.</p><p>We did: We moved them.</p>"]
    assert words(feed, "published") == ["2024-04-02T09:00:00+00:00"]
    assert words(feed, "updated") == ["2024-06-01T08:00:00+00:00"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.PROMISED, "<p>You said: It is late.</p><p>We have promised: More staff.</p>"),
        (Status.UNDER_WAY, "<p>You said: It is late.</p><p>We are doing: More staff.</p>"),
        (Status.DONE, "<p>You said: It is late.</p><p>We did: More staff.</p>"),
        (
            Status.COULD_NOT,
            "<p>You said: It is late.</p><p>We could not, because: No money.</p>"
            "<p>What we did instead: More staff.</p>",
        ),
    ],
)
def test_a_promise_is_not_called_done(client, status, expected):
    factories.published_response(status=status, you_said="It is late.", we_did="More staff.", reason="No money.")
    assert words(read(client), "summary") == [expected]


def test_a_draft_leaves_no_trace(client):
    activity = engagement.activity(title="Canary activity")
    factories.response("canary-1", activity=activity, you_said="Canary words", topic=engagement.topic("Canary topic"))
    factories.published_response("seen-1")
    assert b"anary" not in client.get(FEED).content
    assert entries(read(client, q="Canary")) == []


def test_the_guard_is_alive(client, monkeypatch):
    factories.response("canary-1")
    monkeypatch.setattr(type(Response.objects.all()), "public", lambda self: self.exclude(reference=""))
    Response.objects.update(published_at=factories.PUBLISHED)
    assert entries(read(client)) == ["canary-1"]


@pytest.fixture
def three():
    """Answers that differ in topic, place, principle and status."""
    for number, (name, status) in enumerate(
        [("Pharmacy", Status.DONE), ("Stroke", Status.UNDER_WAY), ("Carers", Status.COULD_NOT)], 1
    ):
        place = people.area(name, slug=f"in-{name.lower()}")
        activity = engagement.activity(areas=[place], principle=engagement.principle(number))
        topic = engagement.topic(name)
        factories.published_response(name.lower(), activity=activity, topic=topic, status=status, reason="No money.")


@pytest.mark.parametrize(
    "query", [{"topic": "stroke"}, {"place": "in-stroke"}, {"status": "under_way"}, {"q": "STROKE"}]
)
def test_each_filter_of_the_list_narrows_the_feed(client, three, query):
    feed = read(client, **query)
    assert entries(feed) == ["stroke"]
    [(name, value)] = query.items()
    link = next(each.get("href") for each in feed.findall(f"{ATOM}link") if each.get("rel") == "self")
    assert link == f"http://127.0.0.1:8000/you-said-we-did/feed/?{name}={value}"
    assert feed.findtext(f"{ATOM}subtitle") == "What people told us, and what came of it. Narrowed down by filters."


def test_the_feed_is_narrowed_by_principle(client, three):
    assert entries(read(client, principle=engagement.principle(2).pk)) == ["stroke"]


@pytest.mark.parametrize("name", ["topic", "place", "principle", "status"])
@pytest.mark.parametrize("value", ["nonsense", "\x00", "9" * 40, "' OR 1=1 --", "<script>"])
def test_an_unknown_filter_is_left_out_and_said_so(client, three, name, value):
    feed = read(client, **{name: value})
    assert entries(feed) == ["carers", "pharmacy", "stroke"]
    assert "We did not know one of the filters" in feed.findtext(f"{ATOM}subtitle")


def test_script_and_characters_that_xml_does_not_know_do_no_harm(client):
    factories.published_response("nasty", you_said="<script>alert(1)</script>\x0b\x1b\ufffe & so on")
    assert words(read(client), "summary")[0].startswith(
        "<p>You said: &lt;script&gt;alert(1)&lt;/script&gt;    &amp; so on</p>"
    )
    assert b"<script>" not in client.get(FEED).content


def test_fifty_are_enough(client):
    activity = engagement.activity()
    for _number in range(51):
        factories.published_response(activity=activity)
    assert len(entries(read(client))) == 50


def test_an_empty_feed_is_a_feed(client):
    assert entries(read(client)) == []


def test_the_feed_cannot_be_written_to(client):
    assert client.post(FEED).status_code == 405


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", "/you-said-we-did/feed/"), ("?topic=stroke&page=1", "/you-said-we-did/feed/?topic=stroke")],
)
def test_the_list_names_its_feed_with_the_filters(client, three, query, expected):
    text = client.get(f"/you-said-we-did/{query}").content.decode()
    assert f'<link rel="alternate" type="application/atom+xml" title="You said, we did" href="{expected}">' in text


def test_a_hundred_answers_take_no_more_queries_than_ten_or_one(client):
    activity = engagement.activity()
    counts = []
    for more in (1, 9, 90):
        for _number in range(more):
            factories.published_response(activity=activity, topic=engagement.topic(f"Topic {_number}"))
        with CaptureQueriesContext(connection) as context:
            client.get(FEED)
        counts.append(len(context))
    assert counts[0] == counts[1] == counts[2] <= 4
