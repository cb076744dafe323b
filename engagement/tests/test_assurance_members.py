"""The members' pages of assurance: the project, the two questions, what the group concluded (POR-012)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.documents.plan_form import frozen
from engagement.models import AssuranceAnswer
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from engagement.tests.project_factories import in_days
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.project(title="One clinic", lead=people.user("project_lead"))


@pytest.fixture
def group():
    return forums.forum("Assurance Group", role="assures")


@pytest.fixture
def member(group):
    person = people.member("Amira Khan")
    forums.membership(group, person)
    return person


@pytest.fixture
def asked(project, group, member):
    return factories.assurance(project, group)


def answer_url(row):
    return reverse("assurance:answer", args=[row.pk])


def test_a_member_reads_what_is_known_and_answers(client, project, asked, member):
    project.summary = "Two clinics may become one."
    project.save()
    factories.plan_question("proposal", section="The proposal")
    factories.plan_question("budget", section="Means")
    plan = factories.plan(project, answers={"proposal": "Shorter waits.", "budget": "£5,000"})
    plan.as_signed, plan.state, plan.decided_at = frozen(plan, project), "signed", timezone.now()
    plan.save()
    engagement.activity(project=project, title="Coffee morning", what_people_told_us="Buses are rare.")
    engagement.activity(project=project, title="Nothing yet")
    engagement.activity(title="Another project", what_people_told_us="Elsewhere.")
    client.force_login(member.user)
    page = client.get(answer_url(asked)).content.decode()
    for words in ("Two clinics may become one.", "Shorter waits.", "Coffee morning", "Buses are rare."):
        assert words in page
    for words in ("£5,000", "Nothing yet", "Elsewhere.", "download"):
        assert words not in page
    sent = {"sufficient": "partly", "sufficient_because": "Few carers.", "influential": "yes"}
    for _time in range(2):
        answer = client.post(answer_url(asked), sent)
        assert (answer.status_code, answer["Location"]) == (302, answer_url(asked))
    row = AssuranceAnswer.objects.get()
    assert (row.person, row.sufficient, row.sufficient_because, row.entered_by) == (
        member,
        "partly",
        "Few carers.",
        None,
    )
    assert "Few carers." in client.get(answer_url(asked)).content.decode()


def test_a_wrong_answer_keeps_what_was_typed(client, asked, member):
    client.force_login(member.user)
    answer = client.post(answer_url(asked), {"sufficient": "no", "condition": "Ask carers."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say what was missing" in page
    assert "Answer the question “Was what people said taken seriously, and did it have influence?”" in page
    assert "Ask carers." in page
    assert not AssuranceAnswer.objects.exists()


def test_only_those_with_a_seat_that_votes_find_the_page(client, asked, group, member):
    observer, stranger, left = people.member(), people.member(), people.member()
    forums.membership(group, observer, is_observer=True)
    forums.membership(forums.forum(), stranger)
    forums.membership(group, left, ended_on=in_days(0), left_because="time")
    for person, status in [(member, 200), (observer, 404), (stranger, 404), (left, 404)]:
        client.force_login(person.user)
        assert client.get(answer_url(asked)).status_code == status
        listed = client.get(reverse("assurance:answer_list")).content.decode()
        assert ("One clinic" in listed) == (status == 200)
    client.force_login(observer.user)
    assert client.post(answer_url(asked), {"sufficient": "yes", "influential": "yes"}).status_code == 404
    client.force_login(people.user("officer"))
    assert client.get(answer_url(asked)).status_code == 403
    client.logout()
    assert client.get(answer_url(asked)).status_code == 302


def test_somebody_who_works_on_the_project_reads_and_does_not_answer(client, asked, project, member):
    factories.representative(project, member)
    client.force_login(member.user)
    page = client.get(answer_url(asked)).content.decode()
    assert "You work on this project." in page
    assert "Send your answer" not in page
    refused = client.post(answer_url(asked), {"sufficient": "yes", "influential": "yes"})
    assert refused.status_code == 422
    assert "Only members of the group who do not work on the project answer" in refused.content.decode()


def test_members_never_see_the_names_or_answers_of_other_members(client, asked, group, member):
    other = people.member("Bo Lindgren")
    forums.membership(group, other)
    factories.assurance_answer(asked, other, sufficient="no", sufficient_because="Nobody asked us.")
    client.force_login(member.user)
    for address in (answer_url(asked), reverse("assurance:answer_list")):
        page = client.get(address).content.decode()
        assert "Bo Lindgren" not in page
        assert "Nobody asked us." not in page


def test_a_member_sees_what_the_group_concluded(client, project, group, member):
    done = factories.concluded_assurance(project, "not", forum=group)
    factories.assurance_answer(done, member, condition="Ask carers.")
    client.force_login(member.user)
    page = client.get(answer_url(done)).content.decode()
    for words in ("not assured", "The group has seen enough.", "Your answer", "Ask carers."):
        assert words in page
    assert "Send your answer" not in page
    assert client.post(answer_url(done), {"sufficient": "yes", "influential": "yes"}).status_code == 422


def test_the_list_of_a_member_asks_as_many_questions_for_a_hundred_rows_as_for_one(client, group, member):
    client.force_login(member.user)
    client.get(reverse("assurance:answer_list"))
    found = []
    for number in (1, 10, 100):
        for _each in range(number):
            factories.concluded_assurance(factories.project(), forum=group)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("assurance:answer_list")).status_code == 200
        found.append(len(queries))
    assert found[0] == found[1] == found[2], found
