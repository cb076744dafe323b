"""Figures of answers: how often, how soon, promises, who was told, and whether we heard right."""

import pytest

from engagement.models import Activity
from engagement.tests import factories as engagement
from insights.models import Contributor, Response, Status, StatusChange, Told, Verdict
from insights.tests import factories as answers
from insights.tests import insight_factories as insight
from people.tests import factories as people
from reporting.tests.kpis import day, found, listed, noon, numbers, quarter

pytestmark = pytest.mark.django_db


def over(month: int = 4, **fields) -> Activity:
    """An activity that ended in a month."""
    return engagement.activity(**{"starts_on": day(month, 1), "ends_on": day(month, 10)} | fields)


def promise(**fields) -> Response:
    return answers.published_response(**{"status": Status.PROMISED, "published_at": noon(4)} | fields)


def settle(row: Response, status: str, at, **fields) -> None:
    """Settle an answer as the service does, on a day of the past."""
    Response.objects.filter(pk=row.pk).update(status=status, **fields)
    change = StatusChange.objects.create(response=row, status=status)
    StatusChange.objects.filter(pk=change.pk).update(at=at)


# How often and how soon --------------------------------------------------------------------------


def test_an_activity_is_answered_by_its_own_answer_or_by_one_that_cites_it():
    own, cited, _waiting = over(reference="A-1", title="One"), over(reference="A-2", title="Two"), over()
    answers.published_response(activity=own).also_answers.add(cited)
    answers.response(activity=over())

    assert numbers("activities-answered") == (2, 4)
    assert listed("activities-answered") == ["A-1 One", "A-2 Two"]
    assert numbers("activities-answered", quarter(2)) == (0, 0)


def test_days_are_counted_from_the_last_day_to_the_first_answer_in_the_middle():
    for ended, published in ((1, 11), (1, 21), (1, 29)):
        row = over(starts_on=day(4, ended), ends_on=day(4, ended))
        answers.published_response(activity=row, published_at=noon(4, published))

    assert numbers("days-to-answer") == (20, 3)


def test_without_an_answer_or_a_last_day_no_days_are_known():
    over()
    answers.published_response(activity=over(8))

    assert numbers("days-to-answer", quarter(1)) == (None, None)


# Promises ----------------------------------------------------------------------------------------


def test_a_promise_is_overdue_once_its_day_has_passed():
    promise(promised_for=day(5), you_said="Longer hours.")
    promise(promised_for=day(8))
    promise(next_update_on=day(5))
    answers.response(status=Status.PROMISED, promised_for=day(5))

    assert numbers("promises-overdue") == (2, None)
    assert numbers("promises-overdue", quarter(2)) == (3, None)
    assert "Pharmacy: Longer hours." in listed("promises-overdue")


def test_a_promise_that_was_settled_later_was_overdue_until_then():
    done, refused = promise(promised_for=day(5)), promise(promised_for=day(5))
    settle(done, Status.DONE, noon(8), done_on=day(8))
    settle(refused, Status.COULD_NOT, noon(8), reason="Too dear.")

    assert numbers("promises-overdue", quarter(1)) == (2, None)
    assert numbers("promises-overdue", quarter(2)) == (0, None)


def test_what_was_entered_as_done_from_the_start_never_was_a_promise():
    answers.published_response(published_at=noon(4), promised_for=day(5))

    assert numbers("promises-overdue") == (0, None)


def test_before_the_first_public_answer_no_overdue_promises_are_known():
    promise(published_at=noon(8), promised_for=day(5))

    assert numbers("promises-overdue") == (None, None)


def test_a_promise_is_kept_when_it_was_done_by_the_end_of_the_period_in_which_it_was_due():
    in_time, late, refused = (promise(promised_for=day(5)) for _number in range(3))
    promise(promised_for=day(8))
    settle(in_time, Status.DONE, noon(6), done_on=day(6))
    settle(late, Status.DONE, noon(8), done_on=day(8))
    settle(refused, Status.COULD_NOT, noon(5), reason="Too dear.")

    assert numbers("promises-kept") == (1, 3)
    assert numbers("promises-kept", quarter(2)) == (0, 1)
    assert numbers("promises-kept", quarter(3)) == (0, 0)


def test_the_day_on_which_somebody_said_that_it_was_done_stands_in_for_the_day_that_nobody_noted():
    settle(promise(promised_for=day(5)), Status.DONE, noon(6))
    settle(promise(promised_for=day(5)), Status.DONE, noon(8))

    assert numbers("promises-kept") == (1, 2)


def test_answers_that_say_that_something_could_not_be_done_are_a_share_of_those_published():
    answers.published_response(status=Status.COULD_NOT, reason="Too dear.", published_at=noon(4), you_said="Cheaper.")
    answers.published_response(published_at=noon(5))
    answers.published_response(published_at=noon(8))
    answers.response(status=Status.COULD_NOT, reason="Not ours.")

    assert numbers("answers-could-not") == (1, 2)
    assert listed("answers-could-not") == ["Pharmacy: Cheaper."]
    assert numbers("answers-could-not", quarter(3)) == (0, 0)


# People ------------------------------------------------------------------------------------------


def test_people_are_told_of_those_who_can_be_told_and_want_to_be():
    row = over()
    answer = answers.published_response(activity=row, published_at=noon(5))
    people.purpose("service")
    told, _can, _silent = (
        insight.contributor(activity=row, person=people.person(email=f"{name}@example.org", channel="email"), **fields)
        for name, fields in (("told", {}), ("can", {}), ("silent", {"wants_no_news": True}))
    )
    insight.contributor(activity=row, person=people.person(email="", channel="email"))
    Told.objects.create(response=answer, way="message", person=told.person)

    assert numbers("people-told") == (1, 2)
    assert numbers("people-told", quarter(2)) == (None, None)


def test_somebody_is_told_by_an_answer_that_also_answers_their_activity():
    row = over()
    answer = answers.published_response(activity=over(), published_at=noon(5))
    answer.also_answers.add(row)
    person = insight.contributor(activity=row, how=Contributor.How.SESSION).person
    Told.objects.create(response=answer, way="message", person=person)

    assert numbers("people-told") == (1, 1)


def test_the_share_of_those_who_say_that_we_heard_them_right():
    answer = answers.published_response()
    for right, number in (("yes", 6), ("partly", 1), ("no", 1)):
        for _number in range(number):
            Verdict.objects.create(response=answer, right=right, at=noon(5))
    Verdict.objects.create(response=answer, right="yes", at=noon(8))

    assert numbers("heard-right") == (6, 8)


def test_what_only_a_few_say_is_not_shown_and_what_nobody_says_is_not_known():
    answer = answers.published_response()
    for _number in range(7):
        Verdict.objects.create(response=answer, right="yes", at=noon(5))

    few = found("heard-right")
    assert (few.counted, few.out_of, few.missing) == (None, None, "too few to show")
    assert numbers("heard-right", quarter(2)) == (None, None)


# The thread --------------------------------------------------------------------------------------


def test_a_thread_is_whole_with_every_link_up_to_the_people_told():
    whole = over(reference="A-1", title="Whole", what_people_told_us="Waits are long.")
    over(what_people_told_us="Waits are long.")
    finding = insight.agreed_finding()
    finding.evidence.create(activity=whole)
    insight.decision().weighed.create(finding=finding, effect="adopted")
    answer = answers.published_response(activity=whole)
    person = insight.contributor(activity=whole).person
    Told.objects.create(response=answer, way="message", person=person, reached_at=noon(6))

    assert numbers("threads-whole") == (1, 2)
    assert listed("threads-whole") == ["A-1 Whole"]
    assert numbers("threads-whole", quarter(2)) == (0, 0)
