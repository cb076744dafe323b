"""Rounds of learning on a fresh frame of three themes and 300 comments, and what people decide on suggestions."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import AuditEvent, JobState
from engagement.tests import factories as engagement
from insights.documents import coding as documents
from insights.documents.suggesting import learnt
from insights.jobs import learning
from insights.models import Coding, CodingChange, Comment, LearningRun
from insights.services import coding, frames
from insights.services import suggesting as services
from insights.tasks import learn
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
What = CodingChange.What
ABOUT = {
    "Waiting": ("wait", "queue", "delay", "hours", "late"),
    "Kindness": ("kind", "gentle", "warm", "friendly", "caring"),
    "Food": ("soup", "lunch", "tea", "bread", "menu"),
}
PLACES = ("ward", "clinic", "desk", "hall", "room", "unit", "lobby", "office", "annexe", "wing")
DAYS = ("Monday", "Tuesday")


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def frame():
    made = factories.frame(name="Fresh", is_default=True)
    for name in (*ABOUT, "Parking"):
        factories.theme(name, frame=made)
    return made


@pytest.fixture
def coded(frame):
    """300 comments that people coded, in a collection of their own; five of them mention parking."""
    here = factories.collection()
    for theme in frame.themes.exclude(name="Parking"):
        for word in ABOUT[theme.name]:
            for place in PLACES:
                for day in DAYS:
                    row = factories.comment(f"There was {word} at the {place} on {day}", collection=here)
                    factories.coding(row, theme)
    for row in here.comments.all()[:5]:
        factories.coding(row, frame.themes.get(name="Parking"))
    assert here.comments.count() == 300
    return here


@pytest.fixture
def new():
    here = factories.collection(title="New comments")
    texts = ["A long wait and a queue of hours", "So kind, so gentle and warm", "The soup and bread for lunch"]
    for text in texts:
        factories.comment(text, collection=here)
    return here


def run_of(collection, frame, by):
    run = services.start_learning(collection, frame, by=by)
    learn(run.pk)
    run.refresh_from_db()
    return run


def suggested(collection) -> dict[str, set[str]]:
    rows = Coding.objects.suggested().filter(comment__collection=collection)
    found: dict[str, set[str]] = {}
    for text, theme in rows.values_list("comment__text", "theme__name"):
        found.setdefault(text.split()[-1], set()).add(theme)
    return found


def address(name, *args):
    return reverse(f"insight_work:{name}", args=args)


# Learning ----------------------------------------------------------------------------------------


def test_a_fresh_frame_works_from_300_coded_comments(officer, frame, coded, new):
    run = run_of(new, frame, officer)

    assert (run.state, run.error) == (JobState.DONE, "")
    assert suggested(new) == {"hours": {"Waiting"}, "warm": {"Kindness"}, "lunch": {"Food"}}
    row = Coding.objects.suggested().first()
    assert (row.origin, row.run, row.by, row.by_name) == ("machine", run, None, "")
    assert 0 < row.confidence <= 1
    assert not Coding.objects.counted().filter(comment__collection=new).exists()
    changes = CodingChange.objects.filter(comment__collection=new).values_list("what", "origin", "by")
    assert list(changes) == [(What.SUGGESTED, "machine", None)] * 3
    assert [(each["name"], each["examples"]) for each in run.result["not_learnt"]] == [("Parking", 5)]
    assert {each["name"]: each["examples"] for each in run.result["themes"]} == dict.fromkeys(ABOUT, 100)
    assert (run.result["examples"], run.result["looked_at"], run.result["suggestions"]) == (300, 3, 3)
    assert AuditEvent.objects.filter(verb="learnt").count() == 1


def test_the_machine_learns_only_from_people_and_not_from_what_is_held_gone_or_coded_later(officer, frame, coded):
    run = services.start_learning(coded, frame, by=officer)
    theme = frame.themes.get(name="Food")
    machine, held, gone = (factories.comment(f"Something else {number}") for number in range(3))
    factories.suggestion(machine, theme, state=Coding.State.ACCEPTED, by_name="Somebody")
    for row in (held, gone):
        factories.coding(row, theme)
    Comment.objects.filter(pk=held.pk).update(is_held=True)
    Comment.objects.filter(pk=gone.pk).update(text="")
    themes = {each.pk: each for each in frame.themes.all()}
    examples = list(learning._examples(run, themes))
    assert len(examples) == 300
    assert sum(len(each.themes) for each in examples) == 305


def test_too_few_examples_fail_in_words_that_say_what_to_do(officer, frame, new):
    run = run_of(new, frame, officer)
    assert (run.state, run.error) == (JobState.FAILED, "Code at least 40 different comments. So far there are 0.")


def test_another_round_replaces_what_nobody_decided_on_and_nothing_else(officer, frame, coded, new):
    waiting, parking = frame.themes.get(name="Waiting"), frame.themes.get(name="Parking")
    waits, kind, food = new.comments.order_by("pk")
    by_hand = factories.coding(kind, parking)
    refused = factories.suggestion(waits, waiting, 0.3, state=Coding.State.REFUSED, by_name="Ana")
    stale = factories.suggestion(food, parking, 0.6)

    first = run_of(new, frame, officer)
    second = run_of(new, frame, officer)

    assert first.pk != second.pk
    assert suggested(new) == {"lunch": {"Food"}}
    assert set(Coding.objects.suggested().values_list("run", flat=True)) == {second.pk}
    for row in (by_hand, refused):
        before = (row.origin, row.state, row.confidence, row.by_name)
        row.refresh_from_db()
        assert (row.origin, row.state, row.confidence, row.by_name) == before
    assert not Coding.objects.filter(pk=stale.pk).exists()
    assert [change.what for change in documents.history(food)] == [What.SUGGESTED, What.REMOVED, What.SUGGESTED]


def test_a_round_stops_in_time_and_goes_on_where_it_was(officer, frame, coded, new, monkeypatch):
    monkeypatch.setattr(learning, "SLICE_SECONDS", 0)
    monkeypatch.setattr(learning, "BATCH", 2)
    rung = []
    monkeypatch.setattr(jobs, "ring", rung.append)

    run = run_of(new, frame, officer)
    second = new.comments.order_by("pk")[1]
    assert (run.state, run.attempts, run.result["after"], run.result["looked_at"]) == ("queued", 0, second.pk, 2)
    assert rung == [run, run]

    for _time in range(2):
        learn(run.pk)
    run.refresh_from_db()
    assert (run.state, run.result["looked_at"], run.result["suggestions"]) == ("done", 3, 3)
    assert CodingChange.objects.filter(comment__collection=new).count() == 3


def test_a_round_of_an_older_edition_is_not_even_begun(officer, frame, new):
    run = services.start_learning(new, frame, by=officer)
    frames.add_theme(frame, by=officer, name="Late")
    learn(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "The frame was changed meanwhile. Start another round.")
    assert suggested(new) == {}


def test_a_frame_that_changes_while_the_machine_suggests_stops_it(officer, frame, coded, new):
    run = services.start_learning(new, frame, by=officer)
    run = LearningRun.objects.claim(run.pk)
    frames.add_theme(frame, by=officer, name="Late")
    with pytest.raises(learning.OtherEdition):
        learning._write(run, {new.comments.first().pk: {}}, {})


def test_what_somebody_coded_while_the_machine_worked_stays_without_suggestions(officer, frame, coded, new):
    run = LearningRun.objects.claim(services.start_learning(new, frame, by=officer).pk)
    comment, theme = new.comments.first(), frame.themes.get(name="Food")
    factories.coding(comment, frame.themes.get(name="Waiting"))
    found = {"after": 0, "looked_at": 0, "comments": 0, "suggestions": 0}
    learning._write(run, {comment.pk: {theme.pk: 0.9}}, found)
    assert (suggested(new), found["suggestions"], found["looked_at"]) == ({}, 0, 1)


def test_asked_twice_a_round_is_one_and_a_fault_is_told(officer, frame, new, monkeypatch, caplog):
    run = services.start_learning(new, frame, by=officer)
    assert services.start_learning(new, frame, by=officer) == run
    monkeypatch.setattr(learning, "train", lambda *given, **words: 1 / 0)
    learn(run.pk)
    learn(run.pk)
    run.refresh_from_db()
    assert run.error.startswith("Something went wrong. It has been written to the log.")
    with pytest.raises(ValidationError, match="has no themes"):
        services.start_learning(new, factories.frame(), by=officer)


def test_the_page_names_what_the_machine_is_wrong_about():
    result = {"themes": [{"name": "A", "f1": 0.9}, {"name": "B", "f1": None}, {"name": "C", "f1": 0.6}]}
    found = learnt(result)
    assert [each["name"] for each in found.themes] == ["A", "C", "B"]
    assert (found.often_wrong, found.sometimes_wrong) == (["B"], ["C"])


# Deciding ----------------------------------------------------------------------------------------


@pytest.fixture
def waiting_for(new, frame):
    food = frame.themes.get(name="Food")
    return [
        factories.suggestion(row, food, 0.5 + number / 10) for number, row in enumerate(new.comments.order_by("pk"))
    ]


def decide(new, frame, rows, by, is_accepted=True):
    numbers = [row.pk for row in rows]
    return services.decide_suggestions(new, frame, numbers, by=by, is_accepted=is_accepted)


def test_what_is_accepted_carries_the_name_of_who_did_it_and_counts(officer, new, frame, waiting_for):
    assert decide(new, frame, waiting_for[:2], officer) == 2
    assert decide(new, frame, waiting_for[:2], officer, is_accepted=False) == 0
    assert decide(new, frame, waiting_for[2:], officer, is_accepted=False) == 1

    first, _second, third = Coding.objects.order_by("pk")
    assert (first.origin, first.state, first.confidence, first.by, first.by_name) == (
        "machine", "accepted", 0.5, officer, str(officer),
    )  # fmt: skip
    assert third.state == "refused"
    assert Coding.objects.counted().count() == 2
    [change] = documents.history(first.comment)
    assert (change.what, change.origin, change.by, change.confidence) == (What.ACCEPTED, "person", officer, 0.5)
    assert (first.comment.edition, first.comment.read_by) == (1, officer)


def test_suggestions_of_another_collection_frame_or_for_what_is_held_are_not_decided(officer, new, frame, waiting_for):
    Comment.objects.filter(pk=waiting_for[0].comment_id).update(is_held=True)
    away = factories.suggestion(factories.comment(), waiting_for[0].theme)
    other = factories.suggestion(new.comments.last(), factories.theme())
    assert decide(new, frame, [waiting_for[0], away, other], officer) == 0
    assert Coding.objects.counted().count() == 0


def test_suggestions_come_most_or_least_certain_first_and_are_decided_one_by_one_or_a_page(
    client, new, frame, waiting_for
):
    client.force_login(people.user("officer"))
    url = address("suggestion_list", new.pk)
    assert [row.confidence for row in client.get(url).context["page"]] == [0.7, 0.6, 0.5]
    page = client.get(url, {"order": "unsure"})
    assert [row.confidence for row in page.context["page"]] == [0.5, 0.6, 0.7]
    assert "The soup and bread for lunch" in page.content.decode()

    form = {"frame": frame.pk, "shown": [row.pk for row in waiting_for]}
    page = client.post(url, form | {"refuse": waiting_for[0].pk, "order": "unsure", "theme": "9"})
    assert page.url == f"{url}?frame={frame.pk}&order=unsure&theme=9"
    assert Coding.objects.get(pk=waiting_for[0].pk).state == "refused"
    assert Coding.objects.suggested().count() == 2
    page = client.post(url, form | {"accept": "page"}, follow=True)
    assert "2 suggestions accepted" in page.content.decode()
    page = client.post(url, form | {"accept": "x"}, follow=True)
    assert "Somebody has decided on this already" in page.content.decode()


def test_suggestions_can_be_narrowed_to_a_theme(client, new, frame, waiting_for):
    client.force_login(people.user("officer"))
    theme = frame.themes.get(name="Waiting")
    row = factories.suggestion(new.comments.first(), theme)
    page = client.get(address("suggestion_list", new.pk), {"theme": theme.pk})
    assert list(page.context["page"]) == [row]
    assert "left it out" in client.get(address("suggestion_list", new.pk), {"theme": "x"}).content.decode()


# Pages -------------------------------------------------------------------------------------------


def test_progress_puts_each_comment_in_one_of_four(officer, new, frame, waiting_for):
    kind = new.comments.order_by("pk")[1]
    factories.comment(collection=new)
    factories.comment(collection=new, is_held=True)
    decide(new, frame, waiting_for[:1], officer)
    coding.code_comment(kind, frame, by=officer, themes=[waiting_for[0].theme], edition=0, frame_edition=1)
    found = documents.progress(new, frame)
    shares = (found.by_people, found.by_machine, found.waiting, found.uncoded)
    assert [(share.number, share.of) for share in shares] == [(1, 4)] * 4
    assert documents.progress(factories.collection(), frame).by_people.percent is None


def test_a_round_is_asked_for_on_a_page_and_its_page_is_honest(client, officer, frame, coded, new):
    client.force_login(officer)
    page = client.post(address("learn", new.pk), {"frame": frame.pk})
    run = LearningRun.objects.get()
    assert page.url == address("learning_run", run.pk)
    assert "Waiting for a worker" in client.get(page.url).content.decode()
    learn(run.pk)
    words = client.get(page.url).content.decode()
    assert "from 300 comments that people coded" in words
    assert "Parking (5)" in words
    assert address("sample_start", run.pk) in words
    frames.add_theme(frame, by=officer, name="Late")
    words = client.get(page.url).content.decode()
    assert "can no longer be accepted as a whole" in words
    assert address("sample_start", run.pk) not in words


def test_the_page_of_a_round_that_failed_says_why(client, officer, frame, new):
    client.force_login(officer)
    run = run_of(new, frame, officer)
    assert "Code at least 40 different comments." in client.get(address("learning_run", run.pk)).content.decode()


def test_only_those_who_code_see_what_the_machine_does_and_only_in_their_place(client, frame, new):
    new.activity = engagement.activity(areas=[people.area("Hertford")])
    new.save()
    run = LearningRun.objects.create(collection=new, frame=frame, frame_edition=1)
    urls = [address("learn", new.pk), address("suggestion_list", new.pk), address("learning_run", run.pk)]
    place = people.area("Stevenage")
    for url in urls:
        for role in ("administrator", "lead", "officer"):
            client.force_login(people.user(role))
            assert client.get(url).status_code == 200
            client.force_login(people.user(role, place))
            assert client.get(url).status_code == 404
        for role in ("project_lead", ""):
            client.force_login(people.user(role))
            assert client.get(url).status_code == 403
        client.logout()
        assert client.get(url).status_code == 302


def test_pages_cost_the_same_whatever_is_on_them(client, officer, frame, new):
    client.force_login(officer)
    theme, costs = frame.themes.first(), []
    for count in (1, 9, 90):
        for _time in range(count):
            factories.suggestion(factories.comment(collection=new), theme)
            at = timezone.now() - datetime.timedelta(days=1)
            LearningRun.objects.create(
                collection=new, frame=frame, frame_edition=1, state="done", finished_at=at, requested_by=officer
            )
        for url in (address("learn", new.pk), address("suggestion_list", new.pk)):
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            costs.append(len(queries))
    assert costs[:2] == costs[2:4] == costs[4:]
