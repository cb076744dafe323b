"""Passing on: only what is public, to who sits on a forum and agreed, once, with the number written to."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from forums.tests import factories as forums
from insights.documents import sharing as documents
from insights.models import Shared
from insights.services import sharing as services
from insights.tests import factories as answers
from insights.tests import insight_factories as factories
from people.models import Message
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def panel():
    """Two members agreed to hear from their forum, one did not, and one has left."""
    forum = forums.forum("Citizens’ Panel")
    one = people.member("Ada")
    forums.membership(forum, one)
    forums.membership(forum, one, role="chair")
    forums.membership(forum, people.member("Ben"))
    forums.membership(forum, people.member("Cyd", agrees_to=()))
    forums.membership(forum, people.member("Dee"), ended_on=timezone.localdate(), left_because="term")
    return forum


def test_who_sits_there_and_agreed_is_written_to_once(panel, officer):
    source = factories.public_source(title="What carers say", key_finding="They wait too long.")
    shared = services.tell_forum(source, by=officer, forum=panel, note="Please read this.")
    assert (shared.written_to, shared.forum, shared.on) == (2, panel, timezone.localdate())
    assert documents.failed(shared) == 1
    written = Message.objects.order_by("person__name")
    assert [(message.person.name, message.state) for message in written] == [
        *(("Ada", "queued"), ("Ben", "queued"), ("Cyd", "failed")),
    ]
    first = written[0]
    assert first.subject == "New to read: What carers say"
    assert first.body.splitlines()[0] == "Please read this."
    assert f"http://127.0.0.1:8000/library/items/{source.reference}/" in first.body
    assert {message.purpose.code for message in written} == {"membership"}
    again = services.tell_forum(source, by=officer, forum=panel, note="Please read this.")
    assert (again.pk, Message.objects.count(), Shared.objects.count()) == (shared.pk, 3, 1)
    event = AuditEvent.objects.get(verb="passed on")
    assert event.detail == {"forum": panel.pk, "written": 2, "not_written": 1}


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_write_once(tmp_path, panel, officer):
    source = factories.public_source()
    calls = [lambda: services.tell_forum(source, by=officer, forum=panel).pk] * 2
    assert len(set(race(tmp_path, *calls))) == 1


def test_an_answer_is_told_in_its_own_words(panel, officer):
    answer = answers.published_response(you_said="The form is too long.", we_did="It has one page now.")
    services.tell_forum(answer, by=officer, forum=panel)
    body = Message.objects.first().body
    assert body.startswith("You said: The form is too long.\n\nDone: It has one page now.")
    assert answer.get_absolute_url() in body


@pytest.mark.parametrize(
    "make",
    [
        factories.source,
        lambda: factories.public_source(embargo_until=timezone.localdate().replace(year=2099)),
        lambda: factories.story(source=factories.public_source(), withdrawn_on=timezone.localdate()).source,
        answers.response,
    ],
    ids=["internal", "embargo", "story without consent", "draft"],
)
def test_what_is_not_public_is_passed_on_to_nobody(make, panel, officer):
    about = make()
    with pytest.raises(ValidationError, match="Only what everybody may read can be passed on"):
        services.tell_forum(about, by=officer, forum=panel)
    with pytest.raises(ValidationError, match="Only what everybody may read can be passed on"):
        services.note_passed_on(about, by=officer, through="Newsletter")
    assert (Message.objects.count(), Shared.objects.count()) == (0, 0)


def test_somebody_of_one_place_writes_to_no_forum_of_another(panel):
    with pytest.raises(PermissionDenied):
        services.tell_forum(factories.public_source(), by=people.user("officer", area=people.area()), forum=panel)
    assert not Message.objects.exists()


def test_a_newsletter_is_noted_once(officer):
    source, today = factories.public_source(), timezone.localdate()
    one = services.note_passed_on(source, by=officer, through=" Newsletter of May ")
    assert services.note_passed_on(source, by=officer, through="Newsletter of May") == one
    assert (one.through, one.on, one.written_to) == ("Newsletter of May", today, None)
    with pytest.raises(ValidationError, match="Say through what"):
        services.note_passed_on(source, by=officer, through=" ")
    with pytest.raises(ValidationError, match="must not be in the future"):
        services.note_passed_on(source, by=officer, through="Card", on=today.replace(year=2099))


@pytest.mark.parametrize(
    "fields", [{"through": "Card"}, {"source": True}, {"source": True, "response": True, "through": "Card"}]
)
def test_the_database_wants_one_thing_and_somebody(fields):
    rows = {"source": factories.source, "response": answers.response}
    fields = {name: rows[name]() if name in rows else value for name, value in fields.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Shared.objects.create(**fields)


# Pages -------------------------------------------------------------------------------------------


def test_one_click_writes_and_says_how_many(client, officer, panel):
    source = factories.public_source()
    page = f"/insight/passed-on/source/{source.pk}/add/"
    assert client.post(page, {"tell": "1", "tell-forum": panel.pk, "tell-note": ""}).status_code == 302
    words = client.get(page).content.decode()
    assert "2 members are written to" in words
    assert "1 member cannot be written to" in words
    assert "(2 messages written)" in words
    assert client.post(page, {"tell": "1"}).status_code == 422
    late = {"through-through": "Card"} | {f"through-on_{part}": value for part, value in enumerate([1, 1, 2099])}
    assert "must not be in the future" in client.post(page, late).content.decode()
    assert client.post(page, late | {"through-on_2": 2024}).status_code == 302
    assert Shared.objects.get(forum=None).through == "Card"


def test_what_is_not_public_has_no_form(client, officer):
    words = client.get(f"/insight/passed-on/source/{factories.source().pk}/add/").content.decode()
    assert "Publish it first" in words
    assert "Write to them" not in words


def test_the_pages_are_for_those_whose_area_it_is(client, panel):
    source = factories.public_source(title="Canary report")
    source.areas.add(people.area("Ware"))
    services.note_passed_on(source, by=people.user("officer"), through="Card")
    page, found = f"/insight/passed-on/source/{source.pk}/add/", {}
    for who in ("officer", "elsewhere", "project_lead", "member"):
        area = people.area() if who == "elsewhere" else None
        client.force_login(people.user("officer" if who == "elsewhere" else who, area=area))
        listed = client.get("/insight/passed-on/")
        sent = client.post(page, {"tell": "1", "tell-forum": 0})
        statuses = client.get(page).status_code, sent.status_code, listed.status_code
        found[who] = (*statuses, "Canary" in listed.content.decode())
    assert found == {
        "officer": (200, 422, 200, True),
        "elsewhere": (404, 404, 200, False),
        "project_lead": (403, 403, 200, True),
        "member": (403, 403, 403, False),
    }
    client.force_login(people.user("officer"))
    assert client.get(f"/insight/passed-on/finding/{source.pk}/add/").status_code == 404


def test_somebody_of_one_place_is_offered_only_its_forums(client, panel):
    ware = people.area("Ware")
    mine = forums.forum("Ware Forum", area=ware)
    source = factories.public_source()
    client.force_login(people.user("officer", area=ware))
    page = client.get(f"/insight/passed-on/source/{source.pk}/add/")
    assert list(page.context["tell"].fields["forum"].queryset) == [mine]


def test_public_answers_that_nobody_was_told_of_wait(client, officer):
    waiting, told = answers.published_response(), answers.published_response()
    answers.response()
    services.note_passed_on(told, by=officer, through="Card")
    page = client.get("/insight/passed-on/")
    assert (list(page.context["waiting"]), page.context["waiting_count"]) == ([waiting], 1)
    assert [row.response for row in page.context["page"]] == [told]


def test_the_page_of_an_item_shows_to_whom_it_was_passed_on(officer, panel):
    source = factories.public_source()
    services.tell_forum(source, by=officer, forum=panel)
    words = render_to_string("insights/learning/passed_on.html", {"row": source})
    assert "Citizens’ Panel (2 messages written)" in words


def test_the_list_asks_the_same_whatever_its_length(client, officer):
    counts = []
    for number in (1, 9, 90):
        for _each in range(number):
            answers.published_response()
            services.note_passed_on(factories.public_source(), by=officer, through="Card")
            services.note_passed_on(answers.published_response(), by=officer, through="Card")
        with CaptureQueriesContext(connection) as found:
            client.get("/insight/passed-on/")
        counts.append(len(found))
    assert counts[0] == counts[1] == counts[2]
