"""Boards: their topics, what is new on these since they met, what is noted as sent and how often it was opened."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from insights.documents import boards as documents
from insights.models import Shared, Source, StatusChange, Subscription
from insights.services import boards as services
from insights.tests import factories as answers
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def ago(days: int) -> datetime.datetime:
    return NOW - datetime.timedelta(days=days)


@pytest.fixture
def topic():
    return engagement.topic("Stroke")


@pytest.fixture
def board(topic):
    """It met ten days ago, meets again in two weeks, and wants what is new on strokes."""
    row = forums.committee("Stroke Board")
    Subscription.objects.create(forum=row, topic=topic, since=ago(100).date())
    forums.meeting(row, days=-10)
    forums.meeting(row, days=14)
    return row


def source(topic, *, days: int = 5, **fields) -> Source:
    row = factories.source(**fields)
    row.topics.add(topic)
    Source.objects.filter(pk=row.pk).update(created_at=ago(days))
    return row


def finding(topic, *, days: int = 5, **fields):
    row = factories.agreed_finding(**{"agreed_at": ago(days)} | fields)
    row.topics.add(topic)
    return row


def digest(board, user=None):
    return documents.digest(board, user or people.user("officer"))


# What is new -------------------------------------------------------------------------------------


def test_a_digest_holds_what_came_on_its_topics_since_the_last_meeting(board, topic):
    new = source(topic)
    source(topic, days=20)
    source(engagement.topic("Eyes"))
    stated = finding(topic)
    finding(topic, days=20)
    finding(engagement.topic("Eyes"))
    answered = answers.response(topic=topic, published_at=ago(5))
    answers.response(topic=topic, you_said="A draft.")
    older = answers.response(topic=topic, you_said="Long ago.", published_at=ago(20))
    StatusChange.objects.filter(response=older).update(at=ago(20))
    change = StatusChange.objects.create(response=older, status="done")
    found = digest(board)
    assert [item.source for item in found.sources] == [new]
    assert list(found.findings) == [stated]
    assert list(found.answers) == [answered]
    assert list(found.changes) == [change]
    assert (found.since, found.has_met) == (timezone.localdate(ago(10)), True)
    assert found.meets_on == timezone.localdate(ago(-14))


def test_a_board_that_has_not_met_gets_what_came_since_it_chose_topics(topic):
    board = forums.committee()
    Subscription.objects.create(forum=board, topic=topic, since=ago(30).date())
    new = source(topic, days=20)
    source(topic, days=40)
    found = digest(board)
    assert ([item.source for item in found.sources], found.has_met, found.meeting) == ([new], False, None)


def test_a_board_without_topics_gets_nothing(topic):
    source(topic)
    found = digest(forums.committee())
    assert (found.since, found.is_anything) == (None, False)


@pytest.mark.parametrize(
    "fields",
    [
        {"layer": "raw"},
        {"state": "offered"},
        {"embargo_until": timezone.localdate() + datetime.timedelta(days=1)},
    ],
)
def test_raw_data_and_what_is_not_in_use_yet_go_to_no_board(board, topic, fields):
    source(topic, **fields)
    assert digest(board, people.user("administrator")).sources == ()


def test_a_story_whose_consent_is_over_goes_to_no_board(board, topic):
    story = factories.story(withdrawn_on=timezone.localdate())
    story.source.topics.add(topic)
    assert digest(board, people.user("administrator")).sources == ()


def test_a_forum_of_residents_gets_only_what_is_public(topic):
    forum = forums.forum()
    Subscription.objects.create(forum=forum, topic=topic, since=ago(30).date())
    source(topic)
    finding(topic)
    public = source(topic, scope="public", published_at=ago(5))
    source(topic, scope="public", published_at=ago(40))
    stated = finding(topic, published_at=ago(5))
    found = digest(forum)
    assert [item.source for item in found.sources] == [public]
    assert list(found.findings) == [stated]


def test_somebody_of_one_place_sends_nothing_of_another(board, topic):
    source(topic).areas.add(people.area("Ware"))
    assert digest(board, people.user("officer", area=people.area())).sources == ()


def test_each_item_has_its_quality_or_none(board, topic):
    rated = source(topic)
    factories.rating(rated, each=3)
    source(topic, days=6)
    qualities = [item.quality and item.quality.score for item in digest(board).sources]
    assert qualities[1] is None
    assert qualities[0] == 13  # collected years ago: recency counts for one of three


# Subscribing, sending, reading -------------------------------------------------------------------


def test_a_topic_is_chosen_and_taken_away_once(topic):
    board, by = forums.committee(), people.user("lead")
    row = services.subscribe(board, by=by, topic=topic)
    assert services.subscribe(board, by=by, topic=topic) == row
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(forum=board, topic=topic)
    for _time in range(2):
        services.unsubscribe(row, by=by)
    verbs = AuditEvent.objects.filter(subject_type="insights.subscription").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["subscribed a board", "took a topic from a board"]


def test_somebody_of_one_place_changes_no_board_of_the_whole_area(board, topic):
    by = people.user("lead", area=people.area())
    with pytest.raises(PermissionDenied):
        services.subscribe(board, by=by, topic=engagement.topic("Eyes"))
    with pytest.raises(PermissionDenied):
        services.unsubscribe(board.subscriptions.get(), by=by)
    with pytest.raises(PermissionDenied):
        services.send_digest(board, by=by)
    assert board.subscriptions.count() == 1


def test_what_was_sent_is_kept_item_by_item_and_twice_adds_only_what_is_new(board, topic):
    by, item = people.user("officer"), source(topic)
    answer = answers.response(topic=topic, published_at=ago(5))
    assert services.send_digest(board, by=by) == 2
    assert services.send_digest(board, by=by) == 0
    rows = Shared.objects.order_by("pk")
    assert [(row.source, row.response) for row in rows] == [(item, None), (None, answer)]
    day = timezone.localtime(ago(-14))
    assert {(row.forum, row.through, row.written_to, row.by) for row in rows} == {
        (board, f"Digest for the meeting on {day:%-d %B %Y}", None, by)
    }
    assert AuditEvent.objects.filter(verb="sent the digest").count() == 1
    source(topic, days=4)
    assert services.send_digest(board, by=by) == 1
    assert documents.was_sent(board, board.meetings.upcoming().get()).detail["sources"] == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_note_each_item_once(tmp_path, board, topic):
    source(topic)
    by = people.user("officer")
    assert sorted(race(tmp_path, *[lambda: services.send_digest(board, by=by)] * 2)) == [0, 1]


def test_nothing_is_sent_without_a_meeting_or_without_news(board, topic):
    by = people.user("officer")
    with pytest.raises(ValidationError, match="There is nothing new to send"):
        services.send_digest(board, by=by)
    board.meetings.upcoming().delete()
    source(topic)
    with pytest.raises(ValidationError, match="Plan the next meeting first"):
        services.send_digest(board, by=by)
    assert not Shared.objects.exists()


def test_reading_is_counted_from_the_trail_and_never_made_up(board):
    assert documents.reading(board, None) is None
    one, two = people.user("officer"), people.user("project_lead")
    for by in (one, one, two):
        services.note_opened(board, by=by)
    services.note_opened(forums.committee("Another"), by=two)
    found = documents.reading(board, ago(1).date())
    assert (found.times, found.people) == (3, 2)
    assert documents.reading(board, (NOW + datetime.timedelta(days=2)).date()) is None


# Pages -------------------------------------------------------------------------------------------


def test_the_page_shows_the_digest_and_counts_its_openings(client, board, topic):
    client.force_login(people.user("officer"))
    source(topic, title="<b>Canary</b> report")
    first = client.get(f"/insight/boards/{board.pk}/").content.decode()
    assert "&lt;b&gt;Canary&lt;/b&gt; report" in first
    assert "nobody has rated it yet" in first
    assert "No opening of this page is on record since then." in first
    assert "It is not noted as sent for the next meeting." in first
    assert client.post(f"/insight/boards/{board.pk}/sent/").status_code == 302
    second = client.get(f"/insight/boards/{board.pk}/").content.decode()
    assert "This page was opened 1 time since then" in second
    assert "Sent for this meeting on" in second
    assert "1 item or answer is noted" in second


def test_pages_are_for_staff_of_the_area(client, topic):
    board = forums.committee("Canary Board", area=people.area("Ware"))
    row = Subscription.objects.create(forum=board, topic=topic)
    page = f"/insight/boards/{board.pk}/"
    found = {}
    for who in ("lead", "officer", "project_lead", "elsewhere", "member"):
        area = people.area() if who == "elsewhere" else None
        client.force_login(people.user("lead" if who == "elsewhere" else who, area=area))
        listed = client.get("/insight/boards/")
        found[who] = [
            "Canary" in listed.content.decode(),
            client.get(page).status_code,
            client.post(f"{page}sent/").status_code,
            client.get(f"{page}topics/add/").status_code,
            client.post(f"{page}topics/add/").status_code,
            client.get(f"/insight/board-topics/{row.pk}/remove/").status_code,
        ]
    assert found == {
        "lead": [True, 200, 302, 200, 422, 405],
        "officer": [True, 200, 302, 403, 403, 403],
        "project_lead": [True, 200, 403, 403, 403, 403],
        "elsewhere": [False, 404, 404, 404, 404, 405],
        "member": [False, 403, 403, 403, 403, 403],
    }
    assert client.post(f"/insight/board-topics/{row.pk}/remove/").status_code == 403


def test_a_topic_is_added_and_taken_away_on_the_pages(client, board):
    client.force_login(people.user("lead"))
    eyes = engagement.topic("Eyes")
    assert client.post(f"/insight/boards/{board.pk}/topics/add/", {"topic": eyes.pk}).status_code == 302
    again = client.post(f"/insight/boards/{board.pk}/topics/add/", {"topic": eyes.pk})
    assert again.status_code == 422  # it is not offered any more
    row = Subscription.objects.get(topic=eyes)
    assert client.post(f"/insight/board-topics/{row.pk}/remove/").status_code == 302
    assert not Subscription.objects.filter(topic=eyes).exists()
    client.force_login(people.user("lead", area=people.area()))
    kept = board.subscriptions.get()
    assert client.post(f"/insight/board-topics/{kept.pk}/remove/").status_code == 403
    assert board.subscriptions.count() == 1


def test_the_pages_ask_the_same_whatever_their_length(client, board, topic):
    client.force_login(people.user("officer"))
    client.get(f"/insight/boards/{board.pk}/")
    counts = []
    for number in (1, 9, 40):
        for _each in range(number):
            factories.rating(source(topic))
            finding(topic)
            said = f"Said {people.following(Shared)} {people.following(Source)}"
            StatusChange.objects.create(
                response=answers.response(topic=topic, you_said=said, published_at=ago(20)), status="done"
            )
            answers.response(topic=topic, you_said=f"{said} again", published_at=ago(5))
            Subscription.objects.create(forum=forums.committee(f"Board {people.following(Source)}"), topic=topic)
        with CaptureQueriesContext(connection) as found:
            client.get(f"/insight/boards/{board.pk}/")
            client.get("/insight/boards/")
        counts.append(len(found))
    assert counts[0] == counts[1] == counts[2]
