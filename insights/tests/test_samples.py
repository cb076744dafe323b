"""A sample of what the machine coded: drawn by a rule, coded blind, compared, and what its agreement allows."""

from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from engagement.tests import factories as engagement
from insights.documents import sampling as documents
from insights.models import Coding, CodingChange, Comment, LearningRun, SampleCheck, SampledComment
from insights.services import frames
from insights.services import sampling as services
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return people.user("lead", name="Lea Lead")


@pytest.fixture
def frame():
    return factories.frame(is_default=True)


@pytest.fixture
def good(frame):
    return factories.theme("Good theme", frame=frame)


@pytest.fixture
def bad(frame):
    return factories.theme("Bad theme", frame=frame)


@pytest.fixture
def run(frame, good, bad):
    """A finished round: of 70 comments, every second has one theme from the machine, the others the other."""
    here = factories.collection()
    row = LearningRun.objects.create(
        collection=here, frame=frame, frame_edition=1, state="done", finished_at=timezone.now()
    )
    for number in range(70):
        factories.suggestion(factories.comment(collection=here), bad if number % 2 else good, run=row)
    return row


def code_all(check, by, frame, right: set, else_theme):
    """Code a sample: as the machine did where its theme is among the right ones, else with another theme."""
    frame.refresh_from_db()
    for sampled in documents.to_judge(check):
        [number] = sampled.machine
        theme = next((theme for theme in right if theme.pk == number), else_theme)
        services.judge(check, sampled.comment, by=by, themes=[theme], frame_edition=frame.edition)
    check.refresh_from_db()
    return check


@pytest.fixture
def finished(run, lead, frame, good):
    """A check of 50 in which the person always agrees about the good theme and never about the bad one."""
    other = factories.theme("Other", frame=frame)
    check = services.start_check(run, by=lead, size=50)
    return code_all(check, lead, frame, {good}, other)


def address(name, *args):
    return reverse(f"insight_work:{name}", args=args)


# Drawing -----------------------------------------------------------------------------------------


def test_a_sample_can_be_drawn_again_by_its_rule(run, lead):
    check = services.start_check(run, by=lead, size=50)
    numbers = Coding.objects.suggested().filter(run=run).values_list("comment", flat=True)
    in_order = sorted(numbers, key=lambda number: sha256(f"{check.pk}:{number}".encode()).hexdigest())
    sampled = check.sampled.order_by("pk")
    assert [row.comment_id for row in sampled] == in_order[:50]
    assert (check.size, check.of, check.started_by) == (50, 70, lead)
    first = sampled[0]
    assert first.machine == list(first.comment.codings.values_list("theme", flat=True))
    assert services.start_check(run, by=lead, size=60) == check


@pytest.mark.parametrize("size", [49, 71, 0])
def test_a_sample_has_at_least_50_comments_and_at_most_all(run, lead, size):
    with pytest.raises(ValidationError, match="Enter a number from 50 to 70"):
        services.start_check(run, by=lead, size=size)


def test_a_small_round_is_checked_whole(run, lead):
    Coding.objects.filter(pk__in=Coding.objects.values("pk")[3:]).delete()
    with pytest.raises(ValidationError, match="Enter a number from 3 to 3"):
        services.start_check(run, by=lead, size=2)
    assert services.start_check(run, by=lead, size=3).sampled.count() == 3


def test_only_a_finished_round_of_the_present_edition_with_something_to_check_is_checked(run, lead, frame):
    LearningRun.objects.filter(pk=run.pk).update(state="failed")
    with pytest.raises(ValidationError, match="The machine is not done"):
        services.start_check(run, by=lead, size=50)
    LearningRun.objects.filter(pk=run.pk).update(state="done")
    Coding.objects.update(state="refused")
    with pytest.raises(ValidationError, match="Somebody has decided on all"):
        services.start_check(run, by=lead, size=50)
    frames.add_theme(frame, by=lead, name="New")
    with pytest.raises(ValidationError, match="The frame has changed since this round"):
        services.start_check(run, by=lead, size=50)


# Coding blind ------------------------------------------------------------------------------------


def test_the_page_does_not_show_what_the_machine_said(client, run, lead, good):
    check = services.start_check(run, by=lead, size=50)
    client.force_login(lead)
    page = client.get(address("sample_code", check.pk))
    words = page.content.decode()
    assert "50 comments left" in words
    assert page.context["comment"].text in words
    assert " checked" not in words
    for hidden in ("80%", "suggest", "What was done before", address("comment_detail", page.context["comment"].pk)):
        assert hidden not in words
    words = client.get(address("sample_check", check.pk)).content.decode()
    assert "Agreement by theme" not in words


def test_what_is_coded_for_the_sample_is_a_code_of_a_person(run, lead, frame, good, bad):
    check = services.start_check(run, by=lead, size=50)
    sampled = check.sampled.first()
    [number] = sampled.machine
    other = bad if number == good.pk else good
    for _time in range(2):
        services.judge(check, sampled.comment, by=lead, themes=[other], frame_edition=1)
    sampled.refresh_from_db()
    assert (sampled.person, sampled.judged_by) == ([other.pk], lead)
    found = sampled.comment.codings.values_list("theme", "origin", "state")
    assert set(found) == {(number, "machine", "refused"), (other.pk, "person", "accepted")}
    assert sampled.comment.coding_changes.count() == 2


def test_what_somebody_coded_before_stays_and_the_sample_keeps_the_other_view(run, lead, good, bad):
    check = services.start_check(run, by=lead, size=50)
    sampled = check.sampled.first()
    sampled.comment.codings.all().delete()
    factories.coding(sampled.comment, good)
    services.judge(check, sampled.comment, by=lead, themes=[bad], frame_edition=1)
    sampled.refresh_from_db()
    assert sampled.person == [bad.pk]
    assert list(sampled.comment.codings.values_list("theme", flat=True)) == [good.pk]


def test_a_comment_outside_the_sample_and_an_older_edition_are_refused(run, lead, frame, good):
    check = services.start_check(run, by=lead, size=50)
    with pytest.raises(ValidationError, match="not in the sample"):
        services.judge(check, factories.comment(), by=lead, themes=[good], frame_edition=1)
    frames.add_theme(frame, by=lead, name="New")
    with pytest.raises(ValidationError, match="was changed while you coded"):
        services.judge(check, check.sampled.first().comment, by=lead, themes=[good], frame_edition=1)
    assert not check.sampled.filter(judged_at__isnull=False).exists()


def test_the_sample_is_coded_on_pages_one_after_the_other(client, run, lead, frame, good):
    check = services.start_check(run, by=lead, size=50)
    client.force_login(lead)
    url = address("sample_code", check.pk)
    comment = client.get(url).context["comment"]
    page = client.post(url, {"comment": comment.pk, "frame_edition": 1})
    assert page.status_code == 422
    assert "Select at least one theme" in page.content.decode()
    assert page.context["comment"] == comment
    assert client.post(url, {"comment": comment.pk, "frame_edition": 1, "themes": good.pk}).url == url
    assert client.get(url).context["comment"] != comment
    away = client.post(url, {"comment": factories.comment().pk, "frame_edition": 1, "themes": good.pk})
    assert "This comment is not in the sample" in away.content.decode()


def test_comments_that_can_no_longer_be_read_do_not_stop_a_check(client, run, lead, frame, good):
    check = services.start_check(run, by=lead, size=50)
    with pytest.raises(ValidationError, match="There are comments of the sample to code first"):
        services.finish_check(check, by=lead)
    first = check.sampled.first()
    services.judge(check, first.comment, by=lead, themes=[good], frame_edition=1)
    Comment.objects.filter(pk__in=check.sampled.filter(judged_at=None).values("comment")).update(is_held=True)
    client.force_login(lead)
    assert "can no longer be read" in client.get(address("sample_code", check.pk)).content.decode()
    assert client.post(address("sample_code", check.pk)).url == address("sample_check", check.pk)
    check.refresh_from_db()
    assert check.agreement["comments"] == 1
    assert services.finish_check(check, by=lead) == check
    assert client.get(address("sample_code", check.pk)).url == address("sample_check", check.pk)


def test_a_sample_of_which_nothing_was_coded_has_no_agreement(run, lead):
    check = services.start_check(run, by=lead, size=50)
    Comment.objects.update(is_held=True)
    with pytest.raises(ValidationError, match="Nobody has coded a comment of this sample"):
        services.finish_check(check, by=lead)


# Agreement ---------------------------------------------------------------------------------------


def test_the_last_one_works_out_the_agreement_in_all_and_by_theme(finished, good, bad):
    found = finished.agreement
    by_theme = {values["theme"]: values for values in found["themes"]}
    right, wrong = by_theme[good.pk]["both"], by_theme[bad.pk]["machine_alone"]
    assert finished.finished_at
    assert right + wrong == found["comments"] == 50
    assert (found["same"], found["suggested"], found["accepted"]) == (right, 50, right)
    assert (by_theme[good.pk]["kappa"], by_theme[good.pk]["f1"], by_theme[bad.pk]["kappa"]) == (1, 1, 0)
    assert by_theme[bad.pk]["right_low"] == 0 < by_theme[bad.pk]["right_high"] < 0.25
    assert found["micro_f1"] == pytest.approx(2 * right / 100)
    assert 0 < found["kappa"] < 1


def test_the_page_shows_the_agreement_and_which_theme_reaches_the_bar(client, finished, lead):
    client.force_login(lead)
    page = client.get(address("sample_check", finished.pk))
    passes = {theme.name: is_enough for theme, _values, is_enough in page.context["themes"]}
    assert passes == {"Good theme": True, "Bad theme": False, "Other": False}
    assert "a kappa of 0.61 or more, and at least 5 codes" in page.content.decode()
    words = client.get(address("learn", finished.run.collection_id)).content.decode()
    assert "Agreement between machine and people over time" in words
    assert "<svg" in words


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ({"codes": 5, "kappa": 0.61}, True),
        ({"codes": 4, "kappa": 1.0}, False),
        ({"codes": 50, "kappa": 0.6}, False),
        ({"codes": 50, "kappa": None}, False),
    ],
)
def test_a_theme_passes_from_the_bar_on(values, result):
    assert documents.passes(values) is result


# Accepting the rest ------------------------------------------------------------------------------


def test_the_rest_counts_in_the_name_of_who_accepted_it(finished, lead, good, bad):
    before = Coding.objects.counted().filter(origin="machine").count()
    waits = Coding.objects.suggested().filter(theme=good).count()
    held = Coding.objects.suggested().filter(theme=good).first().comment
    Comment.objects.filter(pk=held.pk).update(is_held=True)

    count = services.accept_rest(finished, by=lead, themes=[good], because=" Kappa is 1. ")
    assert services.accept_rest(finished, by=lead, themes=[good], because="Again") == 0

    assert (before, count) == (0, waits - 1)
    rows = Coding.objects.counted().filter(origin="machine")
    assert set(rows.values_list("theme", "check_of", "by", "by_name")) == {(good.pk, finished.pk, lead.pk, str(lead))}
    assert Coding.objects.suggested().filter(theme=bad).exists()
    assert Coding.objects.get(comment=held).state == "suggested"
    assert CodingChange.objects.filter(what="accepted", by=lead, origin="person").count() == count
    comment = rows.first().comment
    assert (comment.edition, comment.read_at) == (1, None)
    finished.refresh_from_db()
    assert (finished.accepted_by, finished.accepted_because) == (lead, "Kappa is 1.")
    assert AuditEvent.objects.filter(verb="accepted the rest").count() == 1


def refused(check, by, themes, because="Good enough") -> str:
    with pytest.raises(ValidationError) as error:
        services.accept_rest(check, by=by, themes=themes, because=because)
    assert not Coding.objects.counted().filter(origin="machine").exists()
    return " ".join(error.value.messages)


def test_otherwise_the_rest_is_refused(finished, lead, frame, good, bad):
    assert "reaches the bar" in refused(finished, lead, [good, bad])
    assert "Select at least one theme" in refused(finished, lead, [])
    assert "Say why" in refused(finished, lead, [good], because="  ")
    frames.add_theme(frame, by=lead, name="New")
    assert "The frame has changed since this round" in refused(finished, lead, [good])


def test_the_rest_is_not_accepted_before_the_sample_is_coded_to_the_end(run, lead, good):
    check = services.start_check(run, by=lead, size=50)
    assert "Code the sample to the end first" in refused(check, lead, [good])
    check.accepted_at = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        check.save()


def test_only_who_may_agree_findings_accepts_the_rest(client, finished, good):
    url = address("sample_accept", finished.pk)
    officer = people.user("officer")
    client.force_login(officer)
    assert client.get(url).status_code == client.post(url).status_code == 403
    assert url not in client.get(address("sample_check", finished.pk)).content.decode()

    client.force_login(people.user("administrator"))
    page = client.get(url).content.decode()
    assert "Good theme" in page
    assert "Bad theme" not in page
    page = client.post(url, {"themes": good.pk, "because": ""})
    assert page.status_code == 422
    assert client.post(url, {"themes": good.pk, "because": "It agrees."}).status_code == 302
    words = client.get(address("sample_check", finished.pk)).content.decode()
    assert "The rest is accepted" in words
    assert "It agrees." in words


# Pages -------------------------------------------------------------------------------------------


def test_a_sample_is_drawn_on_a_page_that_says_how(client, run, lead):
    client.force_login(lead)
    url = address("sample_start", run.pk)
    assert "SHA-256" in client.get(url).content.decode()
    assert client.post(url, {"size": "7"}).status_code == 422
    page = client.post(url, {"size": "50"})
    assert page.url == address("sample_check", SampleCheck.objects.get().pk)


def test_only_those_who_code_see_checks_and_only_in_their_place(client, run, lead):
    check = services.start_check(run, by=lead, size=50)
    run.collection.activity = engagement.activity(areas=[people.area("Hertford")])
    run.collection.save()
    place = people.area("Stevenage")
    urls = [address("sample_start", run.pk), address("sample_check", check.pk), address("sample_code", check.pk)]
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
    client.force_login(people.user("lead", place))
    assert client.get(address("sample_accept", check.pk)).status_code == 404


def test_the_page_of_a_check_costs_the_same_whatever_its_themes(client, finished, lead, frame):
    client.force_login(lead)
    costs = []
    for count in (1, 9, 90):
        for _time in range(count):
            theme = factories.theme(frame=frame)
            finished.agreement["themes"].append(finished.agreement["themes"][0] | {"theme": theme.pk})
            SampledComment.objects.create(check_of=finished, comment=factories.comment(), judged_at=timezone.now())
        finished.save()
        with CaptureQueriesContext(connection) as queries:
            client.get(address("sample_check", finished.pk))
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2]
