"""The public part of the library: what everybody finds and reads, and what must never stand there."""

import datetime
import uuid

import pytest
from django.core.cache import cache
from django.utils import timezone

from core.counts import Count
from engagement.tests import factories as engagement
from insights.models import FindingEvidence, Source, SourceFile, SourceRemark
from insights.services import remarks
from insights.tests import factories as answers
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/library/"
CANARY = "Xylophone"
TOKEN = uuid.UUID(int=7)
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def no_limits_from_before():
    cache.clear()


def text_of(page):
    assert page.status_code in {200, 422}, page.status_code
    return page.content.decode()


def page_of(client, source):
    return text_of(client.get(f"{LIST}items/{source.reference}/"))


def titles(page):
    return [source.title for source in page.context["page"]]


# List --------------------------------------------------------------------------------------------


def test_everybody_finds_published_items_newest_first(client):
    factories.public_source(title="Old", collected_to=datetime.date(2022, 1, 1))
    factories.public_source(title="New", collected_to=datetime.date(2024, 1, 1))
    factories.public_source(title="No day", collected_to=None)
    assert titles(client.get(LIST)) == ["New", "Old", "No day"]
    assert client.post(LIST).status_code == 405


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": None},
        {"published_at": None, "scope": "partners"},
        {"published_at": None, "scope": "internal"},
        {"published_at": None, "scope": "internal", "layer": "raw"},
        {"published_at": None, "state": "offered"},
        {"published_at": None, "state": "retired", "state_because": "Old"},
        {"embargo_until": TODAY + datetime.timedelta(days=1)},
    ],
)
def test_nothing_else_is_found_or_read(client, fields):
    source = factories.public_source(title=CANARY, **fields)
    assert CANARY not in text_of(client.get(LIST))
    assert client.get(f"{LIST}items/{source.reference}/").status_code == 404
    sent = {"words": "x", "form_token": TOKEN}
    assert client.post(f"{LIST}items/{source.reference}/remark/", sent).status_code == 404


def test_filters(client):
    county = people.area("County")
    town = people.area("Town", parent=county)
    topic, group, kind = engagement.topic("Transport"), people.population_group("Carers"), factories.source_kind()
    engagement.period("2023-24")
    one = factories.public_source(title="One", kind=kind, summary="Buses are rare")
    one.areas.add(town)
    one.topics.add(topic)
    one.groups.add(group)
    factories.public_source(title="Two", collected_to=datetime.date(2022, 1, 1))
    chosen = {"topic": topic.slug, "place": county.slug, "group": group.pk, "year": "2023-24", "kind": kind.code}
    for name, value in (chosen | {"q": "rare buses"}).items():
        assert titles(client.get(LIST, {name: value})) == ["One"], name
    assert titles(client.get(LIST, {"place": town.slug})) == ["One"]
    unknown = client.get(LIST, {"topic": "nonsense", "page": "²"})
    assert titles(unknown) == ["One", "Two"]
    assert "we left it out" in text_of(unknown)
    assert "No item fits these filters" in text_of(client.get(LIST, {"q": "helicopter"}))


# Detail ------------------------------------------------------------------------------------------


def test_the_page_says_how_we_know_how_good_it_is_and_what_came_of_it(client):
    activity = engagement.activity()
    source = factories.public_source(
        collected_to=datetime.date(2019, 5, 1), people=Count(60, "around", kind="unique"), people_note="May overlap"
    )
    source.methods.add(engagement.method("focus group"))
    source.activities.add(activity)
    factories.rating(source, each=3)
    seen = factories.agreed_finding(statement="Seen finding", published_at=factories.AT)
    hidden = factories.agreed_finding(statement=CANARY)
    for finding in (seen, hidden):
        FindingEvidence.objects.create(finding=finding, source=source)
    answers.published_response(activity=activity, you_said="Buses are rare")
    answers.response(activity=activity, you_said=CANARY)
    text = page_of(client, source)
    for words in ("around 60", "May overlap", "focus group", "before the pandemic", "Seen finding", "Buses are rare"):
        assert words in text, words
    assert "12 of 15: may be used in Board papers" in text
    assert CANARY not in text


def test_what_is_internal_never_stands_on_it(client):
    sender = people.user("officer", name=f"{CANARY} Sender")
    source = factories.public_source(
        held_by=CANARY, dpia_reference=CANARY, contributed_by=sender, published_by=sender, keep_until=TODAY
    )
    source.datasets.add(factories.raw_data(title=CANARY))
    source.activities.add(engagement.activity(title=CANARY))
    factories.rating(source).__class__.objects.update(because=CANARY, rated_by=sender)
    for state in ("quarantined", "unread"):
        SourceFile.objects.create(source=source, title=CANARY, file="library/x.txt", state=state, found={"name": 1})
    SourceFile.objects.create(
        source=source, title="Easy Read", file="library/y.txt", state="clean", file_format="easy_read"
    )
    SourceRemark.objects.create(source=source, words=CANARY, form_token=TOKEN)
    text = page_of(client, source)
    assert CANARY not in text
    assert "Easy Read</a> (Easy Read, English)" in text
    assert CANARY not in text_of(client.get(LIST))


def test_html_in_an_item_is_text(client):
    source = factories.public_source(title="<script>x</script>", summary="<b>y</b>")
    assert "<script>x" not in page_of(client, source)
    assert "&lt;b&gt;y" in page_of(client, source)


def test_unknown_numbers_are_not_none(client):
    source = factories.public_source(people=None, collected_to=None)
    text = page_of(client, source)
    assert "not recorded" in text
    assert "no day recorded on which it was collected" in text


# Remarks -----------------------------------------------------------------------------------------


def send(client, source, **fields):
    sent = {"words": "The figure is wrong", "form_token": TOKEN} | fields
    return client.post(f"{LIST}items/{source.reference}/remark/", sent)


def test_a_remark_sent_twice_is_one_and_is_not_shown_to_anybody_else(client):
    source = factories.public_source()
    assert send(client, source).status_code == 302
    assert send(client, source).status_code == 302
    assert SourceRemark.objects.get().words == "The figure is wrong"
    client.get(f"{LIST}items/{source.reference}/")
    assert "The figure is wrong" not in page_of(client, source)


def test_an_empty_remark_is_refused_and_the_address_takes_posts_alone(client):
    source = factories.public_source()
    assert send(client, source, words=" ").status_code == 422
    assert client.get(f"{LIST}items/{source.reference}/remark/").status_code == 405


def test_one_address_sends_so_many_in_an_hour_and_keeps_what_was_typed(client, monkeypatch):
    monkeypatch.setattr("insights.views.library_public.MOST_REMARKS_AN_HOUR", 1)
    source = factories.public_source()
    send(client, source)
    page = send(client, source, form_token=uuid.UUID(int=8), words="Another")
    assert page.status_code == 422
    assert "Another" in text_of(page)
    assert SourceRemark.objects.count() == 1


def test_remarks_are_forgotten_after_two_years(client):
    source = factories.public_source()
    old, new = (
        SourceRemark.objects.create(source=source, words="x", form_token=uuid.UUID(int=number)) for number in (1, 2)
    )
    SourceRemark.objects.filter(pk=old.pk).update(sent_at=timezone.now() - datetime.timedelta(days=731))
    assert (remarks.forget_remarks(), remarks.forget_remarks()) == (1, 0)
    assert SourceRemark.objects.get() == new
    assert Source.objects.count() == 1
