"""The thread of one comment: by its themes, in its collection, to the person who said it (YSD-009)."""

import datetime

import pytest

from engagement.tests import project_factories as projects
from engagement.tests.project_factories import in_days
from insights.documents.thread import Link, State
from insights.documents.thread_comment import thread_of_comment
from insights.models import Comment, Response, Slips, Told, Verdict
from insights.tests import factories, insight_factories, threads
from people.tests import factories as people

pytestmark = pytest.mark.django_db
WHOLE, BROKEN, WAITING, NONE = State.WHOLE, State.BROKEN, State.WAITING, State.NONE


@pytest.fixture
def lead():
    return people.user("lead")


def states(comment, user) -> dict:
    return thread_of_comment(comment, user).found


def step(comment, user, link: Link):
    return next(each for each in thread_of_comment(comment, user).steps if each.name == link)


def answered():
    """The comment of an activity whose thread stands up to the answer, and the answer."""
    activity = threads.whole("answer")
    return Comment.objects.get(collection__activity=activity), Response.objects.get(activity=activity)


@pytest.mark.parametrize(("until", "percent"), [("heard", 20), ("theme", 40), ("finding", 60), ("decision", 80)])
def test_it_breaks_after_its_last_link(lead, until, percent):
    activity = threads.whole(until)
    comment = Comment.objects.get(collection__activity=activity)

    found = states(comment, lead)

    reach = threads.LINKS.index(until)
    links = [Link(name) for name in threads.LINKS]
    assert [found[link] for link in links[:-1]] == [WHOLE if n <= reach else BROKEN for n in range(5)]
    assert (found[Link.TOLD], thread_of_comment(comment, lead).percent) == (WAITING, percent)


def test_a_comment_in_which_there_is_nothing_to_code_ends_there_and_is_whole(lead):
    comment = threads.comment_on(threads.over(), insight_factories.theme(is_remainder=True))

    thread = thread_of_comment(comment, lead)

    assert ([each.name for each in thread.steps], thread.percent) == ([Link.HEARD, Link.THEME], 100)


def test_another_theme_of_the_same_activity_is_not_its_thread(lead):
    activity = threads.whole()
    other = threads.comment_on(activity, insight_factories.theme("Parking"))

    found = states(other, lead)

    assert [found[link] for link in (Link.FINDING, Link.DECISION, Link.ANSWER)] == [BROKEN] * 3


def test_the_same_theme_in_another_collection_is_not_its_thread(lead):
    comment, answer = answered()
    theme = answer.themes.get()
    elsewhere = threads.comment_on(threads.over(), theme)

    found = states(elsewhere, lead)

    assert [found[link] for link in (Link.FINDING, Link.DECISION, Link.ANSWER)] == [BROKEN] * 3
    assert states(comment, lead)[Link.ANSWER] == WHOLE


def test_an_answer_that_does_not_say_which_themes_it_answers_is_not_recorded_as_one(lead):
    comment, answer = answered()
    answer.themes.clear()

    assert states(comment, lead)[Link.ANSWER] == NONE


@pytest.mark.parametrize("way", ["finding", "decision"])
def test_an_answer_to_the_finding_or_from_the_decision_is_an_answer(lead, way):
    comment, answer = answered()
    answer.themes.clear()
    finding = comment.collection.finding_evidence.get().finding
    if way == "finding":
        answer.findings.add(finding)
    else:
        answer.decision = finding.weighed.get().decision
        answer.save()

    assert states(comment, lead)[Link.ANSWER] == WHOLE


def test_a_comment_of_no_activity_is_followed_through_its_findings(lead):
    theme = insight_factories.theme()
    comment = insight_factories.comment()
    insight_factories.coding(comment, theme)
    finding = insight_factories.agreed_finding()
    finding.evidence.create(theme=theme, collection=comment.collection, figures={})
    factories.published_response(activity=threads.over()).findings.add(finding)

    found = states(comment, lead)

    assert [found[link] for link in (Link.FINDING, Link.DECISION, Link.ANSWER)] == [WHOLE, BROKEN, WHOLE]


def test_without_an_activity_the_time_runs_from_the_day_it_was_said(lead):
    days = threads.WEEKS * 7
    due = insight_factories.comment(said_on=in_days(-days - 1))
    waiting = insight_factories.comment(said_on=in_days(-days))

    assert states(due, lead)[Link.THEME] == BROKEN
    assert states(waiting, lead)[Link.THEME] == WAITING


def test_a_held_comment_says_who_has_to_decide(lead):
    comment = threads.comment_on(threads.over(), is_held=True)

    found = step(comment, lead, Link.THEME)

    assert (found.state, found.action) == (BROKEN, "Decide on it")
    assert step(comment, people.user("officer"), Link.THEME).url == ""


# Told --------------------------------------------------------------------------------------------


def test_nobody_can_be_told_where_it_is_not_recorded_who_said_it(lead):
    comment, _answer = answered()

    assert states(comment, lead)[Link.TOLD] == NONE


def test_who_said_it_is_told_or_it_is_broken(lead):
    comment, answer = answered()
    Comment.objects.filter(pk=comment.pk).update(said_by=threads.reachable(comment.collection.activity).person)
    comment = Comment.objects.get(pk=comment.pk)
    found = step(comment, lead, Link.TOLD)
    assert (found.state, found.action) == (BROKEN, "Tell them")

    row = threads.told(answer, comment.said_by, reached=False)
    assert states(comment, lead)[Link.TOLD] == WAITING

    Told.objects.filter(pk=row.pk).update(reached_at=datetime.datetime(2024, 5, 1, 9, tzinfo=datetime.UTC))
    thread = thread_of_comment(comment, lead)
    assert (thread.found[Link.TOLD], thread.percent) == (WHOLE, 100)


def test_that_somebody_else_was_told_is_not_enough(lead):
    comment, answer = answered()
    Comment.objects.filter(pk=comment.pk).update(said_by=people.person(email="one@example.org"))
    threads.told(answer, people.person())

    assert states(Comment.objects.get(pk=comment.pk), lead)[Link.TOLD] == BROKEN


def test_who_wants_no_news_is_not_asked_for(lead):
    comment, _answer = answered()
    row = threads.reachable(comment.collection.activity, wants_no_news=True)
    Comment.objects.filter(pk=comment.pk).update(said_by=row.person)

    thread = thread_of_comment(Comment.objects.get(pk=comment.pk), lead)

    assert (Link.TOLD in thread.found, thread.percent) == (False, 100)


def test_a_paper_slip_is_followed_by_its_code(lead):
    comment, answer = answered()
    slips = Slips.objects.create(activity=answer.activity, seed="12345678123456781234567812345678", number=1)
    receipt = slips.receipts.create(code_hash="a" * 64, place=1)
    Comment.objects.filter(pk=comment.pk).update(receipt=receipt)
    comment = Comment.objects.get(pk=comment.pk)
    assert step(comment, lead, Link.TOLD).words == "Who said it holds a code, and has not looked yet."
    assert "paper slip" in step(comment, lead, Link.HEARD).words

    threads.told(answer, None, way=Told.Way.CODE, receipt=receipt)
    Verdict.objects.create(response=answer, right="yes", receipt=receipt)
    found = states(comment, lead)
    assert (found[Link.TOLD], found[Link.VERDICT]) == (WHOLE, WHOLE)


def test_an_answer_of_a_survey_on_paper_is_followed_by_its_code(lead):
    comment, answer = answered()
    survey = projects.survey(activity=answer.activity)
    sent = projects.survey_response(survey, route="paper")
    question = projects.survey_question(survey)
    held = sent.answers.create(question=question, text="Evenings.")
    Comment.objects.filter(pk=comment.pk).update(survey_answer=held)
    comment = Comment.objects.get(pk=comment.pk)

    assert "It came with our survey: on paper" in step(comment, lead, Link.HEARD).words
    threads.told(answer, None, way=Told.Way.CODE, survey_response=sent)
    assert states(comment, lead)[Link.TOLD] == WHOLE


def test_a_no_that_nobody_dealt_with_is_red_and_the_worst_word_of_one_person_stands(lead):
    comment, answer = answered()
    person = threads.reachable(answer.activity).person
    Comment.objects.filter(pk=comment.pk).update(said_by=person)
    threads.told(answer, person)
    other = factories.published_response(activity=answer.activity)
    other.themes.set(answer.themes.all())
    Verdict.objects.create(response=other, right="yes", person=person)
    Verdict.objects.create(response=answer, right="no", words="You did not.", person=person)

    found = step(Comment.objects.get(pk=comment.pk), lead, Link.VERDICT)

    assert (found.state, found.words) == (BROKEN, "They said: No. Nobody has dealt with it.")
    assert found.url == f"/insight/heard/{answer.verdicts.get().pk}/"
