"""Which links of a thread stand, which are broken, which wait, and what nobody recorded; worked examples (YSD-009)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.models import Activity
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from engagement.tests.project_factories import in_days
from insights.documents import thread
from insights.documents.thread import Link, State
from insights.documents.thread_facts import facts_of
from insights.models import Response, Slips, Told, Verdict
from insights.tests import factories, insight_factories, threads
from people.tests import factories as people

pytestmark = pytest.mark.django_db
WHOLE, BROKEN, WAITING, NONE = State.WHOLE, State.BROKEN, State.WAITING, State.NONE


def found(activity) -> dict:
    facts = facts_of(Activity.objects.filter(pk=activity.pk))[0]
    return thread.states(facts)


def all_threads():
    return thread.threads_of(Activity.objects.all())


# One activity ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "percent"),
    # Of six links that are asked; the people who are to be told wait for the answer, and are not asked before it.
    [("heard", 20), ("theme", 40), ("finding", 60), ("decision", 80), ("answer", 83), ("told", 100)],
)
def test_a_thread_breaks_after_its_last_link(until, percent):
    states = found(threads.whole(until))

    reach = threads.LINKS.index(until)
    expected = {Link(name): WHOLE if place <= reach else BROKEN for place, name in enumerate(threads.LINKS)}
    if reach < 4:
        expected[Link.TOLD] = WAITING
    if until == "answer":
        expected[Link.TOLD] = NONE
    assert {link: state for link, state in states.items() if link != Link.VERDICT} == expected
    assert thread.percent_of(states) == percent


def test_an_activity_without_comments_is_not_asked_for_themes():
    activity = threads.over()
    threads.words(activity)
    threads.weighed(threads.finding_on(activity))

    states = found(activity)

    assert Link.THEME not in states
    assert [states[link] for link in (Link.HEARD, Link.FINDING, Link.DECISION, Link.ANSWER)] == [WHOLE] * 3 + [BROKEN]
    assert thread.percent_of(states) == 75


@pytest.mark.parametrize("route", ["paper", "phone", "letter", "meeting"])
def test_voices_that_did_not_come_over_the_internet_are_heard(route):
    activity = threads.over()
    activity.response_counts.create(route=route, received=40)

    assert found(activity)[Link.HEARD] == WHOLE


def test_a_survey_answered_on_paper_is_heard_and_one_that_was_not_sent_is_not():
    activity = threads.over()
    survey = projects.survey(activity=activity)
    projects.survey_response(survey, is_sent=False)
    assert found(activity)[Link.HEARD] == WAITING  # the survey is open

    projects.survey_response(survey, route="paper")
    assert found(activity)[Link.HEARD] == WHOLE


def test_a_count_of_nobody_is_not_heard():
    activity = threads.over()
    activity.response_counts.create(route="paper", received=0)

    assert found(activity)[Link.HEARD] == BROKEN


def test_what_is_missing_waits_until_the_day_by_which_people_were_to_hear():
    assert found(threads.over(0))[Link.ANSWER] == WAITING
    assert found(threads.over(1))[Link.ANSWER] == BROKEN


def test_while_people_still_take_part_everything_waits():
    planned = engagement.activity(starts_on=in_days(3), ends_on=in_days(4), state="planned")
    ongoing = engagement.activity(starts_on=in_days(-900), ends_on=None, is_ongoing=True)

    for activity in (planned, ongoing):
        assert set(found(activity).values()) == {WAITING}
    assert thread.percent_of(found(planned)) is None


def test_an_activity_of_a_period_without_days_is_due_after_the_period():
    activity = engagement.activity(starts_on=None, ends_on=None, period=engagement.period())

    facts = facts_of(Activity.objects.filter(pk=activity.pk))[0]

    assert (facts.due_on.isoformat(), facts.is_due) == ("2024-06-23", True)


def test_a_last_day_that_nobody_recorded_gives_no_more_time():
    activity = engagement.activity(starts_on=in_days(-9), ends_on=None, state="analysis")

    assert found(activity)[Link.ANSWER] == BROKEN


def test_a_suggestion_of_the_machine_sorts_nothing():
    activity = threads.over()
    comment = threads.comment_on(activity)
    insight_factories.suggestion(comment, insight_factories.theme())

    assert found(activity)[Link.THEME] == BROKEN


def test_held_comments_are_not_heard_yet():
    activity = threads.over()
    threads.comment_on(activity, is_held=True)

    states = found(activity)

    assert (states[Link.HEARD], Link.THEME in states) == (BROKEN, False)


def test_a_draft_of_a_finding_is_no_link_and_one_that_is_out_of_date_by_now_is():
    activity = threads.over()
    draft = insight_factories.finding()
    draft.evidence.create(activity=activity)
    assert found(activity)[Link.FINDING] == BROKEN

    threads.finding_on(activity, state="retired", state_because="Newer comments say more.")
    assert found(activity)[Link.FINDING] == WHOLE


def test_a_finding_is_reached_by_a_library_item_and_by_a_quote():
    by_item, by_quote, by_collection = threads.over(), threads.over(), threads.over()
    source, other = insight_factories.source(), insight_factories.source()
    source.activities.add(by_item)
    insight_factories.collection(activity=by_collection, source=other)
    said = threads.comment_on(by_quote)
    quote = said.quotes.create(words="wait", said_by_whom="A carer", consent="form", consent_on=in_days(-3))
    for evidence in ({"source": source}, {"source": other}, {"quote": quote}):
        insight_factories.agreed_finding().evidence.create(**evidence)

    assert [found(each)[Link.FINDING] for each in (by_item, by_quote, by_collection)] == [WHOLE] * 3


def test_a_decision_that_only_names_the_activity_weighed_nothing():
    activity = threads.over()
    insight_factories.decision().activities.add(activity)

    facts = facts_of(Activity.objects.filter(pk=activity.pk))[0]

    assert (thread.states(facts)[Link.DECISION], len(facts.unweighed)) == (BROKEN, 1)


def test_a_decision_that_weighed_a_library_item_of_the_activity_is_a_link():
    activity = threads.over()
    source = insight_factories.source()
    source.activities.add(activity)
    insight_factories.decision().weighed.create(source=source, effect="not", because="No money.")

    assert found(activity)[Link.DECISION] == WHOLE


def test_a_draft_is_no_answer_and_an_answer_to_another_activity_that_cites_this_one_is():
    activity = threads.over()
    factories.response(activity=activity)
    assert found(activity)[Link.ANSWER] == BROKEN

    factories.published_response(activity=threads.over()).also_answers.add(activity)
    assert found(activity)[Link.ANSWER] == WHOLE


# Told --------------------------------------------------------------------------------------------


def answered(**fields):
    activity = threads.whole("answer", **fields)
    return activity, Response.objects.get(activity=activity)


def test_it_is_broken_where_one_who_can_be_told_has_not_been():
    activity, answer = answered()
    first, second = threads.reachable(activity), threads.reachable(activity)
    threads.told(answer, first.person)

    assert found(activity)[Link.TOLD] == BROKEN
    threads.told(answer, second.person)
    assert found(activity)[Link.TOLD] == WHOLE


def test_who_was_told_of_an_answer_that_cites_the_activity_was_told():
    activity = threads.whole("decision")
    other = factories.published_response(activity=threads.over())
    other.also_answers.add(activity)
    threads.told(other, threads.reachable(activity).person)

    assert found(activity)[Link.TOLD] == WHOLE


def test_who_cannot_be_told_breaks_nothing_and_is_not_told_either():
    activity, _answer = answered()
    insight_factories.contributor(activity=activity)  # has no address

    assert found(activity)[Link.TOLD] == NONE


def test_who_wants_no_news_is_not_asked_for():
    activity, _answer = answered()
    threads.reachable(activity, wants_no_news=True)

    states = found(activity)

    assert Link.TOLD not in states
    assert thread.standing(states, is_due=True) == WHOLE


def test_a_letter_on_its_way_waits():
    activity, answer = answered()
    threads.told(answer, threads.reachable(activity).person, reached=False)

    assert found(activity)[Link.TOLD] == WAITING
    assert all_threads().lines[0].standing == NONE


def test_codes_that_nobody_used_are_not_recorded_and_one_that_was_used_is_told():
    activity, answer = answered()
    slips = Slips.objects.create(activity=activity, seed="12345678123456781234567812345678", number=20)
    assert found(activity)[Link.TOLD] == NONE

    receipt = slips.receipts.create(code_hash="a" * 64, place=1)
    threads.told(answer, None, way=Told.Way.CODE, receipt=receipt)
    assert found(activity)[Link.TOLD] == WHOLE


# The verdict -------------------------------------------------------------------------------------


def test_a_verdict_is_asked_for_and_does_not_count():
    activity = threads.whole()
    assert found(activity)[Link.VERDICT] == NONE
    assert all_threads().percent == 100

    answer = Response.objects.get(activity=activity)
    verdict = Verdict.objects.create(response=answer, right="no", words="You did not.", person=people.person())
    assert found(activity)[Link.VERDICT] == BROKEN
    assert (all_threads().percent, thread.percent_of(found(activity))) == (100, 100)

    Verdict.objects.filter(pk=verdict.pk).update(dealt_with_at=answer.published_at, what_was_done="We rang.")
    assert found(activity)[Link.VERDICT] == WHOLE


# Many --------------------------------------------------------------------------------------------


def test_completeness_is_the_share_of_whole_threads_among_those_that_are_due():
    threads.whole()
    threads.whole()
    threads.whole("decision")
    answered()  # nobody is recorded as having taken part
    threads.over(0)  # still in time

    result = all_threads()

    assert (result.whole, result.broken, result.unknown, result.waiting) == (2, 1, 1, 1)
    assert (result.of, result.percent) == (4, 50)


def test_each_link_has_its_share_of_those_that_are_asked_the_worst_first():
    threads.whole()
    threads.whole("decision")
    bare = threads.over()
    threads.words(bare)
    threads.over(0)

    result = {share.name: share for share in all_threads().shares}

    assert [(share.name, share.percent) for share in all_threads().shares][:3] == [
        (Link.VERDICT, 0),
        (Link.ANSWER, 33),
        (Link.FINDING, 66),
    ]
    theme, answer, told = result[Link.THEME], result[Link.ANSWER], result[Link.TOLD]
    assert (theme.whole, theme.of, theme.percent) == (2, 2, 100)  # the bare one has no comments
    assert (answer.whole, answer.broken, answer.waiting) == (1, 2, 1)
    assert (told.whole, told.of, told.waiting) == (1, 1, 3)


def test_percentages_are_rounded_down_so_that_all_means_all():
    for _each in range(2):
        threads.whole()
    threads.over()

    assert all_threads().percent == 66


def test_a_line_names_the_first_link_that_breaks():
    threads.whole("theme", reference="A-1")

    line = all_threads().lines[0]

    assert (line.reference, line.standing, line.breaks_at, line.percent) == ("A-1", BROKEN, "Finding", 40)


def test_nothing_is_due_where_nothing_is_recorded():
    result = all_threads()

    assert (result.percent, result.lines, [share.percent for share in result.shares]) == (None, (), [None] * 7)


def test_a_period_has_its_own_activities_and_a_reader_those_of_their_area():
    west = people.area("West")
    period = engagement.period()
    mine = engagement.activity("mine", areas=[west])
    engagement.activity("other", areas=[people.area("East")])
    engagement.activity("later", starts_on=in_days(-1), ends_on=in_days(-1), areas=[west])

    assert [line.reference for line in thread.thread_of_period(period).lines] == ["mine", "other"]
    seen = thread.thread_of_period(period, user=people.user("officer", west))
    assert [line.pk for line in seen.lines] == [mine.pk]


def test_everybody_is_told_how_many_threads_of_this_year_are_whole():
    assert thread.figures() == []
    start, end = threads.last_year()
    engagement.period("now", starts_on=start, ends_on=end)
    assert thread.figures() == []

    threads.whole()
    threads.over()
    words = "Of 2 activities of this year that are due an answer, 1 have every step up to people told."
    assert thread.figures() == [words]


@pytest.mark.parametrize("rows", [1, 10, 100])
def test_the_number_of_queries_does_not_grow(rows):
    for _each in range(rows):
        threads.whole()

    with CaptureQueriesContext(connection) as queries:
        assert all_threads().percent == 100
    assert len(queries) == 25
