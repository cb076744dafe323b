"""Coding by hand: one comment or all with the same words, two analysts on one comment, a frame changed meanwhile."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from core.tests.racing import race
from engagement.tests import factories as engagement
from insights.documents import coding as documents
from insights.models import Coding, CodingChange, Comment
from insights.services import coding as services
from insights.services import frames
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
What = CodingChange.What


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def frame():
    return factories.frame(name="Waiting", is_default=True)


@pytest.fixture
def slow(frame):
    return factories.theme("Slow", frame=frame, category="Time", definition="Waits too long")


@pytest.fixture
def kind(frame):
    return factories.theme("Kind", frame=frame, category="Staff")


@pytest.fixture
def comment():
    return factories.comment("They were kind but late", question="What was good?", service="111", sentiment=2)


def code(comment, frame, by, *themes, **given):
    comment.refresh_from_db()
    frame.refresh_from_db()
    given = {"edition": comment.edition, "frame_edition": frame.edition} | given
    return services.code_comment(comment, frame, by=by, themes=themes, **given)


def accepted(comment) -> set[str]:
    return set(comment.codings.counted().values_list("theme__name", flat=True))


def history(comment) -> list[tuple]:
    return [(change.theme.name, change.what, change.origin, change.by) for change in documents.history(comment)]


def address(comment, frame=None) -> str:
    url = reverse("insight_work:comment_code", args=[comment.pk])
    return f"{url}?frame={frame.pk}" if frame else url


def sent(comment, frame, *themes, **more) -> dict:
    values = {"frame": frame.pk, "frame_edition": frame.edition, "edition": comment.edition}
    return values | {"themes": [theme.pk for theme in themes]} | more


# One comment -------------------------------------------------------------------------------------


def test_a_code_says_who_gave_it_and_every_change_is_kept(officer, comment, frame, slow, kind):
    assert code(comment, frame, officer, slow) == 1
    assert code(comment, frame, officer, slow) == 0
    assert code(comment, frame, officer, kind) == 1

    comment.refresh_from_db()
    [row] = comment.codings.all()
    assert (row.theme, row.origin, row.state, row.by, row.by_name) == (
        kind, "person", "accepted", officer, str(officer),
    )  # fmt: skip
    assert history(comment) == [
        ("Slow", What.CODED, "person", officer),
        ("Kind", What.CODED, "person", officer),
        ("Slow", What.REMOVED, "person", officer),
    ]
    assert (comment.edition, comment.read_by) == (2, officer)
    assert AuditEvent.objects.filter(verb="coded", subject_id=str(comment.pk)).count() == 2


def test_what_a_person_codes_decides_on_the_suggestions_of_the_frame_and_no_other(officer, comment, frame, slow, kind):
    elsewhere = factories.theme("Elsewhere")
    factories.suggestion(comment, slow, 0.9)
    factories.suggestion(comment, kind, 0.4)
    factories.suggestion(comment, elsewhere)

    code(comment, frame, officer, slow)

    found = comment.codings.order_by("theme").values_list("theme__name", "origin", "state", "confidence")
    assert set(found) == {
        ("Slow", "person", "accepted", None),
        ("Kind", "machine", "refused", 0.4),
        ("Elsewhere", "machine", "suggested", 0.8),
    }
    assert ("Kind", What.REFUSED, "person", officer) in history(comment)


def test_a_code_of_the_machine_that_was_accepted_is_refused_not_forgotten(officer, comment, frame, slow, kind):
    factories.suggestion(comment, slow, state=Coding.State.ACCEPTED, by_name="Somebody")
    code(comment, frame, officer, kind)
    assert comment.codings.get(theme=slow).state == Coding.State.REFUSED
    code(comment, frame, officer, slow, kind)
    assert (comment.codings.get(theme=slow).origin, accepted(comment)) == ("person", {"Slow", "Kind"})


def test_a_comment_needs_a_theme_of_the_frame_that_is_in_use(officer, comment, frame, slow):
    retired = factories.theme("Gone", frame=frame, retired_on=datetime.date(2024, 1, 1))
    with pytest.raises(ValidationError, match="Select at least one theme"):
        code(comment, frame, officer)
    for theme in (retired, factories.theme("Elsewhere")):
        with pytest.raises(ValidationError, match="Select themes that the frame has now"):
            code(comment, frame, officer, slow, theme)
    assert not comment.codings.exists()


def test_comments_that_are_held_or_gone_are_not_coded(officer, client, frame, slow):
    held = factories.comment("Ring Ann on 01438 000000", is_held=True)
    gone = factories.comment("x")
    Comment.objects.filter(pk=gone.pk).update(text="")
    for row, words in [(held, "held"), (gone, "gone")]:
        with pytest.raises(ValidationError, match=words):
            code(row, frame, officer, slow)
        assert client.get(address(row)).status_code == 404


# The same words ----------------------------------------------------------------------------------


def test_all_with_the_same_words_in_answer_to_the_same_question_are_coded_alike(officer, frame, slow, kind):
    here = factories.collection()
    first, same, guessed, done, asked, held = (
        factories.comment("Nothing", collection=here, question="What was bad?") for _time in range(6)
    )
    away = factories.comment("Nothing", question="What was bad?")
    Comment.objects.filter(pk=asked.pk).update(question="What was good?")
    Comment.objects.filter(pk=held.pk).update(is_held=True)
    factories.suggestion(guessed, slow)
    factories.coding(done, slow)

    assert set(documents.same_words(first, frame)) == {same, guessed}
    assert code(first, frame, officer, kind, with_same_words=True) == 3

    assert [accepted(row) for row in (first, same, guessed, done, asked, held, away)] == [
        {"Kind"}, {"Kind"}, {"Kind"}, {"Slow"}, set(), set(), set(),
    ]  # fmt: skip
    assert history(same) == [("Kind", What.CODED, "person", officer)]
    assert history(guessed) == [("Kind", What.CODED, "person", officer), ("Slow", What.REFUSED, "person", officer)]
    same.refresh_from_db()
    assert (same.edition, same.read_by) == (1, officer)


def test_coding_alike_takes_as_many_batches_as_it_needs(officer, frame, kind, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    here = factories.collection()
    rows = [factories.comment("Fine", collection=here) for _time in range(5)]
    assert code(rows[0], frame, officer, kind, with_same_words=True) == 5
    assert Coding.objects.counted().count() == CodingChange.objects.count() == 5


# Two analysts, and a frame that changes ----------------------------------------------------------


def test_the_second_of_two_analysts_sees_what_the_first_chose_and_loses_nothing(
    client, officer, comment, frame, slow, kind
):
    first = people.user("lead", name="Amy First")
    form = sent(comment, frame, kind)
    code(comment, frame, first, slow)

    page = client.post(address(comment), form)

    words = page.content.decode()
    assert page.status_code == 422
    assert "Somebody else coded this comment while you did" in words
    assert [(row.theme, row.who, row.is_mine) for row in page.context["clash"]] == [
        (kind, "", True), (slow, str(first), False),
    ]  # fmt: skip
    assert f'value="{kind.pk}" id="id_themes_0" checked' in words.replace("\n", "")
    assert accepted(comment) == {"Slow"}

    comment.refresh_from_db()
    assert f'name="edition" value="{comment.edition}"' in words
    assert client.post(address(comment), sent(comment, frame, kind)).status_code == 302
    assert accepted(comment) == {"Kind"}


def test_another_error_does_not_hide_that_somebody_else_was_faster(client, officer, comment, frame, slow):
    form = sent(comment, frame)
    code(comment, frame, people.user("lead"), slow)
    page = client.post(address(comment), form)
    assert "Two people coded this comment" in page.content.decode()


def test_two_who_choose_the_same_do_not_get_in_each_others_way(officer, comment, frame, slow):
    code(comment, frame, people.user("lead"), slow)
    assert services.code_comment(comment, frame, by=officer, themes=[slow], edition=0, frame_edition=1) == 0


def test_a_form_of_an_older_edition_of_the_frame_says_so_and_keeps_the_choice(
    client, officer, comment, frame, slow, kind
):
    late, gone = factories.theme("Late", frame=frame), factories.theme("Gone", frame=frame)
    form = sent(comment, frame, slow, kind, gone)
    lead = people.user("lead")
    frames.retire_theme(slow, by=lead, replaced_by=late)
    frames.retire_theme(gone, by=lead)

    page = client.post(address(comment), form)

    words = page.content.decode()
    assert page.status_code == 422
    assert "was changed while you coded" in words
    assert "Slow is now coded as Late. We ticked that one." in words
    assert "Gone: you had chosen it." in words
    chosen = {row.theme for _category, rows in page.context["form"].groups() for row in rows if row.is_chosen}
    assert chosen == {kind, late}
    assert not comment.codings.exists()
    frame.refresh_from_db()
    assert client.post(address(comment), sent(comment, frame, kind, late)).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_analysts_at_the_same_moment_one_is_told(tmp_path, comment, frame, slow, kind):
    amy, ben = people.user("officer"), people.user("officer")

    def call(by, theme):
        given = {"edition": 0, "frame_edition": 1}
        return lambda: services.code_comment(comment, frame, by=by, themes=[theme], **given)

    assert sorted(race(tmp_path, call(amy, slow), call(ben, kind)), key=str) == [1, services.OTHER_EDITION]


# Which comes next --------------------------------------------------------------------------------


def test_analysts_get_different_comments_as_long_as_there_are_enough(frame, slow):
    here = factories.collection()
    rows = [factories.comment(collection=here) for _time in range(20)]
    amy, ben = people.user("officer"), people.user("officer")
    assert amy.pk % documents.LANES != ben.pk % documents.LANES
    given = {user: documents.next_uncoded(here, frame, by=user) for user in (amy, ben)}
    assert given[amy] != given[ben]
    assert documents.next_uncoded(here, frame, by=amy, after=given[amy]) not in {given[amy], None}

    for row in rows[:-1]:
        factories.coding(row, slow)
    assert {documents.next_uncoded(here, frame, by=user) for user in (amy, ben)} == {rows[-1].pk}
    assert documents.next_uncoded(here, frame, by=amy, after=rows[-1].pk) == rows[-1].pk
    factories.suggestion(rows[-1], slow)
    assert documents.next_uncoded(here, frame, by=amy) == rows[-1].pk
    Coding.objects.filter(comment=rows[-1]).update(state="accepted", by_name="Ana")
    assert documents.next_uncoded(here, frame, by=amy) is None


def test_the_next_comment_opens_and_at_the_end_the_page_says_so(client, officer, comment, frame, slow):
    url = reverse("insight_work:code_next", args=[comment.collection_id])
    assert client.get(url).url == address(comment, frame)
    assert client.get(url, {"after": "9" * 30}).url == address(comment, frame)
    page = client.post(address(comment), sent(comment, frame, slow), follow=True)
    assert "Every comment that may be read has been coded" in page.content.decode()


# Pages -------------------------------------------------------------------------------------------


def test_the_page_shows_what_a_coder_needs(client, officer, comment, frame, slow, kind):
    factories.comment(comment.text, collection=comment.collection, question=comment.question)
    factories.suggestion(comment, slow, 0.83)
    factories.coding(comment, kind)
    words = client.get(address(comment)).content.decode()
    for piece in ("They were kind but late", "What was good?", "111", "2 (1 is very good", "Waits too long", "83%"):
        assert piece in words
    assert "Code 1 other comment with the same words alike" in words
    assert words.count("<fieldset") == 2
    assert " checked" in words


def test_only_those_who_code_see_the_page_and_only_in_their_place(client, comment, frame):
    place = people.area("Stevenage")
    activity = engagement.activity(areas=[people.area("Hertford")])
    comment.collection.activity = activity
    comment.collection.save()
    for role in ("administrator", "lead", "officer"):
        client.force_login(people.user(role))
        assert client.get(address(comment)).status_code == 200
        client.force_login(people.user(role, place))
        assert client.get(address(comment)).status_code == 404
        assert client.post(address(comment)).status_code == 404
        assert client.get(reverse("insight_work:code_next", args=[comment.collection_id])).status_code == 404
    for role in ("project_lead", ""):
        client.force_login(people.user(role))
        assert client.get(address(comment)).status_code == 403
    client.logout()
    assert client.get(address(comment)).status_code == 302


def test_without_a_frame_the_page_says_where_frames_are_made(client, officer, comment):
    for url in (address(comment), reverse("insight_work:code_next", args=[comment.collection_id])):
        assert "There is no code frame yet" in client.get(url).content.decode()


def test_html_in_a_comment_is_shown_as_text(client, officer, frame, slow):
    page = client.get(address(factories.comment("<script>alert(1)</script>"))).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_costs_the_same_whatever_the_history(client, officer, comment, frame):
    costs = []
    for count in (1, 9, 90):
        for _time in range(count):
            theme = factories.theme(frame=frame)
            factories.coding(comment, theme)
            CodingChange.objects.create(comment=comment, theme=theme, what="coded", origin="person", by=officer)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(comment))
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2]


@pytest.mark.parametrize("value", ["9" * 30, "-1", "x", "²"])
def test_a_number_that_is_no_theme_is_refused_in_words(client, officer, comment, frame, slow, value):
    page = client.post(address(comment), sent(comment, frame) | {"themes": [slow.pk, value]})
    assert page.status_code == 422
    assert "Select" in page.content.decode()
    assert not comment.codings.exists()


def test_how_views_are_used_says_how_many_comments_somebody_answers_for(client):
    comment, other, theme = factories.comment(), factories.comment(), factories.theme()
    factories.suggestion(other, theme)
    assert "sorted by theme." not in client.get("/taking-part/how-your-views-are-used/").content.decode()

    factories.coding(comment, theme)
    page = client.get("/taking-part/how-your-views-are-used/").content.decode()
    assert "1 comment has been sorted by theme." in page
