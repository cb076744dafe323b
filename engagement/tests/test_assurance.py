"""Assurance: who is asked, who may answer, who may conclude, what a conclusion needs (SVC-030, SVC-031)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from core.tests.racing import race
from engagement.documents.assurance import judgement
from engagement.models import Assurance, AssuranceAnswer, Condition
from engagement.services import assurance as services
from engagement.tests import project_factories as factories
from engagement.tests.project_factories import in_days
from forums.tests import factories as forums
from people.models import Message, Person
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.project(lead=people.user("project_lead"))


@pytest.fixture
def group():
    return forums.forum("Assurance Group", role="assures")


@pytest.fixture
def member(group):
    person = people.member("Amira Khan")
    forums.membership(group, person)
    return person


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def asked(project, group, member):
    return factories.assurance(project, group)


def yes(**changed):
    return {"sufficient": "yes", "influential": "yes"} | changed


def wanted(**changed):
    values = {"text": "Ask carers.", "before": "decision", "owner": "Head of care", "due_on": in_days(20)}
    return values | changed


# Asking ------------------------------------------------------------------------------------------


def test_the_members_of_a_group_are_asked_once(project, group, member, officer):
    observer, left = people.member("Observer"), people.member("Left")
    forums.membership(group, observer, is_observer=True)
    forums.membership(group, left, ended_on=in_days(0), left_because="time")
    for _time in range(2):
        services.ask(project, group, answers_due_on=in_days(14), briefing="Read the report.", by=officer)
    message = Message.objects.get()
    assert message.person == member
    assert project.title in message.body
    assert "Read the report." in message.body
    assert Assurance.objects.get().asked_by == officer
    assert AuditEvent.objects.filter(verb="asked a group").count() == 1


def test_those_who_work_on_the_project_are_not_asked(project, group, member, officer):
    lead = people.person("Lead", user=project.lead)
    representative = people.member("Representative")
    for person in (lead, representative):
        forums.membership(group, person)
    factories.representative(project, representative, left_on=in_days(-1))
    services.ask(project, group, answers_due_on=in_days(14), by=officer)
    assert [message.person for message in Message.objects.all()] == [member]
    assert list(services.answerers(project, group)) == [member]


@pytest.mark.parametrize("status", ["proposed", "paused", "closed"])
def test_a_group_that_does_not_work_is_not_asked(project, group, member, officer, status):
    group.status, group.closed_on = status, in_days(0)
    group.save()
    with pytest.raises(ValidationError, match="Choose a group that works now"):
        services.ask(project, group, answers_due_on=in_days(14), by=officer)


def test_the_committee_that_decides_does_not_assure_itself(project, officer):
    board = forums.committee()
    forums.membership(board)
    project.decision_by = board
    project.save()
    with pytest.raises(ValidationError, match="takes the decision"):
        services.ask(project, board, answers_due_on=in_days(14), by=officer)
    other = forums.committee("Quality committee")
    forums.membership(other)
    assert services.ask(project, other, answers_due_on=in_days(14), by=officer).forum == other


def test_a_group_without_an_independent_member_is_not_asked(project, group, member, officer):
    factories.representative(project, member)
    with pytest.raises(ValidationError, match="no members who are independent"):
        services.ask(project, group, answers_due_on=in_days(14), by=officer)


def test_members_get_at_least_a_day_to_answer(project, group, member, officer):
    with pytest.raises(ValidationError, match="Choose a day after today"):
        services.ask(project, group, answers_due_on=in_days(0), by=officer)
    assert services.ask(project, group, answers_due_on=in_days(1), by=officer).pk


def test_a_project_that_has_stopped_is_not_judged(project, group, member, officer):
    asked = factories.assurance(project, group)
    project.stopped_on, project.stopped_because = in_days(0), "No money."
    project.save()
    with pytest.raises(ValidationError, match="has ended"):
        services.ask(project, forums.membership(forums.forum()).forum, answers_due_on=in_days(1), by=officer)
    with pytest.raises(ValidationError, match="has ended"):
        services.answer(asked, member, by=member.user, **yes())


def test_a_group_is_asked_once_at_a_time(project, group, asked, officer):
    with pytest.raises(ValidationError, match="being asked already"):
        services.ask(project, group, answers_due_on=in_days(30), by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.assurance(project, group)


# Answering ---------------------------------------------------------------------------------------


def test_a_member_answers_and_the_same_form_twice_is_one_answer(asked, member):
    given = yes(sufficient="partly", sufficient_because=" Carers were missing. ", condition="Ask carers.")
    for _time in range(2):
        services.answer(asked, member, by=member.user, **given)
    row = AssuranceAnswer.objects.get()
    assert (row.person, row.sufficient, row.sufficient_because) == (member, "partly", "Carers were missing.")
    assert row.entered_by is None
    assert AuditEvent.objects.filter(verb="judged").count() == 1


def test_an_answer_may_be_changed_until_the_group_has_concluded(asked, member, officer):
    services.answer(asked, member, by=member.user, **yes())
    services.answer(asked, member, by=member.user, **yes(influential="no", influential_because="Nothing changed."))
    assert AssuranceAnswer.objects.get().influential == "no"
    services.conclude(asked, result="not", statement="No influence.", by=officer)
    with pytest.raises(ValidationError, match="This group has concluded"):
        services.answer(asked, member, by=member.user, **yes())
    assert AssuranceAnswer.objects.get().influential == "no"


@pytest.mark.parametrize("question", ["sufficient", "influential"])
@pytest.mark.parametrize("given", ["partly", "no"])
def test_anything_but_yes_says_why(asked, member, question, given):
    with pytest.raises(ValidationError) as refused:
        services.answer(asked, member, by=member.user, **yes(**{question: given, f"{question}_because": " "}))
    assert refused.value.message_dict == {f"{question}_because": ["Say what was missing"]}
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.assurance_answer(asked, **{question: given})


def test_only_independent_members_answer(asked, project, group, member):
    observer, stranger, left = people.member(), people.member(), people.member()
    lead, representative = people.person(user=project.lead), people.member()
    forums.membership(group, observer, is_observer=True)
    forums.membership(group, left, ended_on=in_days(0), left_because="time")
    for person in (lead, representative):
        forums.membership(group, person)
    factories.representative(project, representative)
    for person in (observer, stranger, left, lead, representative):
        with pytest.raises(ValidationError) as refused:
            services.answer(asked, person, by=person.user, **yes())
        assert refused.value.code == "no_seat"
    assert services.answer(asked, member, by=member.user, **yes()).pk


def test_staff_enter_what_a_member_told_them(asked, member, officer):
    row = services.answer(asked, member, by=officer, **yes())
    assert (row.person, row.entered_by) == (member, officer)
    row = services.answer(asked, member, by=member.user, **yes(condition="Ask again."))
    assert row.entered_by is None
    with pytest.raises(ValidationError, match="They have answered themselves"):
        services.answer(asked, member, by=officer, **yes())
    assert AssuranceAnswer.objects.get().condition == "Ask again."


def test_the_lead_of_the_project_enters_no_answer(asked, project, member):
    with pytest.raises(ValidationError, match="You work on this project"):
        services.answer(asked, member, by=project.lead, **yes())
    assert not AssuranceAnswer.objects.exists()


def test_the_answers_are_counted_and_their_reasons_bear_no_name(asked, group):
    for name, given, why in [("Zoe", "no", "Too late."), ("Ann", "partly", "Few young people."), ("Bo", "yes", "")]:
        person = people.person(name)
        forums.membership(group, person)
        factories.assurance_answer(asked, person, sufficient=given, sufficient_because=why, condition=f"{why}!")
    found = judgement(asked)
    first, second = found.tallies
    assert (found.answered, first.question) == (3, "Was the involvement enough, and of the right kind?")
    assert first.counts == (("Yes", 1), ("Partly", 1), ("No", 1))
    assert first.reasons == (("Partly", "Few young people."), ("No", "Too late."))
    assert second.counts == (("Yes", 3), ("Partly", 0), ("No", 0))
    assert found.wishes == ("!", "Few young people.!", "Too late.!")
    assert not any(name in str(found) for name in ("Zoe", "Ann"))


# Concluding --------------------------------------------------------------------------------------


def test_a_conclusion_is_kept_with_its_conditions_and_those_who_answered_are_told(asked, member, officer):
    factories.assurance_answer(asked, member)
    for _time in range(2):
        services.conclude(asked, result="partly", statement="Nearly.", conditions=[wanted()], by=officer)
    asked.refresh_from_db()
    assert (asked.result, asked.statement, asked.concluded_by) == ("partly", "Nearly.", officer)
    condition = Condition.objects.get()
    assert (condition.text, condition.before, condition.owner) == ("Ask carers.", "decision", "Head of care")
    message = Message.objects.get()
    assert message.person == member
    assert "Nearly." in message.body
    assert AuditEvent.objects.filter(verb="concluded").count() == 1


def test_nobody_concludes_about_a_project_they_work_on(asked, project, member):
    factories.assurance_answer(asked, member)
    representative = people.member()
    factories.representative(project, representative)
    for user in (project.lead, representative.user):
        with pytest.raises(ValidationError) as refused:
            services.conclude(asked, result="assured", statement="Fine.", by=user)
        assert refused.value.code == "own"
    asked.refresh_from_db()
    assert asked.result == ""


def test_without_answers_nothing_is_concluded_before_the_day_and_no_assurance_after_it(asked, officer):
    with pytest.raises(ValidationError, match="Wait for answers until"):
        services.conclude(asked, result="not", statement="Silence.", by=officer)
    asked.answers_due_on = in_days(-1)
    asked.save()
    for result in ("assured", "partly"):
        with pytest.raises(ValidationError, match="the group cannot be assured"):
            services.conclude(asked, result=result, statement="Silence.", conditions=[wanted()], by=officer)
    assert services.conclude(asked, result="not", statement="Silence.", by=officer).result == "not"


def test_partly_needs_a_condition(asked, member, officer):
    factories.assurance_answer(asked, member)
    with pytest.raises(ValidationError, match="Add at least one condition"):
        services.conclude(asked, result="partly", statement="Nearly.", by=officer)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"due_on": datetime.date(2024, 1, 1)}, "cannot be due before today"),
        ({"owner": ""}, "This field cannot be blank"),
        ({"text": " "}, "This field cannot be blank"),
        ({"before": "never"}, "is not a valid choice"),
    ],
)
def test_a_wrong_condition_undoes_the_whole_conclusion(asked, member, officer, changed, words):
    factories.assurance_answer(asked, member)
    with pytest.raises(ValidationError, match=words):
        services.conclude(asked, result="assured", statement="Fine.", conditions=[wanted(**changed)], by=officer)
    asked.refresh_from_db()
    assert asked.result == ""
    assert not Condition.objects.exists()


@pytest.mark.parametrize(("result", "statement"), [("", "Fine."), ("perhaps", "Fine."), ("assured", " ")])
def test_a_result_is_known_and_explained(asked, member, officer, result, statement):
    factories.assurance_answer(asked, member)
    with pytest.raises(ValidationError, match=r"Select the result|Say why"):
        services.conclude(asked, result=result, statement=statement, by=officer)


def test_the_second_to_conclude_is_told_what_the_first_said(asked, member, officer):
    factories.assurance_answer(asked, member)
    services.conclude(asked, result="assured", statement="Fine.", by=officer)
    with pytest.raises(ValidationError, match=f"{officer} has concluded already: assured"):
        services.conclude(asked, result="not", statement="No.", by=people.user("officer"))
    asked.refresh_from_db()
    assert asked.result == "assured"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_conclude_at_once_one_wins_and_the_other_is_told(tmp_path):
    asked = factories.assurance(factories.project())
    factories.assurance_answer(asked)
    given = [("assured", people.user("officer")), ("not", people.user("officer"))]
    calls = [
        lambda result=result, by=by: services.conclude(asked, result=result, statement="So it is.", by=by).result
        for result, by in given
    ]
    first, second = sorted(race(tmp_path, *calls), key=lambda outcome: outcome == "concluded")
    assert (first in {"assured", "not"}, second) == (True, "concluded")


def test_the_project_is_locked_before_anything_that_its_gate_reads_is_written(asked, member, officer):
    factories.assurance_answer(asked, member)
    condition = factories.condition(factories.concluded_assurance(asked.project, forum=forums.forum()))
    for call in (
        lambda: services.conclude(asked, result="assured", statement="Fine.", by=officer),
        lambda: services.condition_done(condition, done_on=in_days(0), what_was_done="Asked.", by=officer),
    ):
        with CaptureQueriesContext(connection) as queries:
            call()
        first = next(query["sql"] for query in queries if 'FROM "engagement_project"' in query["sql"])
        assert ("FOR UPDATE" in first) == connection.features.has_select_for_update


# Conditions --------------------------------------------------------------------------------------


def test_a_condition_is_met_once(asked, officer):
    condition = factories.condition(asked)
    for _time in range(2):
        services.condition_done(condition, done_on=in_days(0), what_was_done="Asked 12 carers.", by=officer)
    condition.refresh_from_db()
    assert (condition.what_was_done, condition.done_by, condition.is_overdue) == ("Asked 12 carers.", officer, False)
    with pytest.raises(ValidationError, match="met already"):
        services.condition_done(condition, done_on=in_days(-1), what_was_done="Something else.", by=officer)
    assert AuditEvent.objects.filter(verb="met a condition").count() == 1


def test_a_condition_is_met_with_words_and_not_in_the_future(asked, officer):
    condition = factories.condition(asked)
    with pytest.raises(ValidationError, match="must not be in the future"):
        services.condition_done(condition, done_on=in_days(1), what_was_done="Asked.", by=officer)
    with pytest.raises(ValidationError, match="Say what was done"):
        services.condition_done(condition, done_on=in_days(0), what_was_done=" ", by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Condition.objects.filter(pk=condition.pk).update(done_on=in_days(0))


def test_a_member_who_was_merged_or_erased_is_not_asked(project, group, member):
    other = people.member()
    forums.membership(group, other)
    Person.objects.filter(pk=other.pk).update(merged_into=member, user=None)
    assert list(services.answerers(project, group)) == [member]
