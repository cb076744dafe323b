"""What assurance says to the gate, the project's page, the portal and the front page of staff."""

import datetime

import pytest
from django.urls import reverse

from core.portal import waiting_for
from engagement.services import assurance as services
from engagement.tests import project_factories as factories
from engagement.tests.project_factories import in_days
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
STAGES = ["formative", "options", "consultation", "analysis", "review", "closed"]


def said(project, to):
    return [obstacle.words for obstacle in services.gate(project, to)]


def test_no_decision_without_assurance():
    project = factories.project()
    factories.assurance(project)
    (obstacle,) = services.gate(project, "decision")
    assert obstacle.words.startswith("Ask an independent group")
    assert obstacle.url == reverse("engagement:assurance_list", args=[project.pk])
    assert obstacle.can_be_overridden is True


@pytest.mark.parametrize("to", [*STAGES, "mobilise"])
def test_other_steps_need_no_assurance(to):
    assert said(factories.project(), to) == []


@pytest.mark.parametrize("result", ["assured", "partly"])
def test_a_group_that_is_assured_opens_the_gate(result):
    project = factories.project()
    factories.concluded_assurance(project, result)
    assert said(project, "decision") == []


def test_the_assurance_of_another_project_does_not_count():
    factories.concluded_assurance(factories.project())
    assert len(said(factories.project(), "decision")) == 1


def concluded_on(day, project, result, group):
    at = datetime.datetime(2024, 1, day, 10, tzinfo=datetime.UTC)
    factories.assurance(project, group, result=result, statement="So it is.", concluded_at=at)


def test_the_last_word_of_each_group_counts():
    project, group = factories.project(), forums.forum("Assurance Group")
    concluded_on(1, project, "not", group)
    assert said(project, "decision") == ["Assurance Group is not assured. Do what is missing, then ask again"]
    concluded_on(2, project, "assured", group)
    assert said(project, "decision") == []
    factories.concluded_assurance(project, "not", forum=forums.forum("Other Group"))
    assert said(project, "decision") == ["Other Group is not assured. Do what is missing, then ask again"]


def test_open_conditions_hold_up_the_step_before_which_they_are_needed():
    project = factories.project()
    assured = factories.concluded_assurance(project, "partly", forum=forums.forum("Assurance Group"))
    early = factories.condition(assured, "Ask carers.")
    late = factories.condition(assured, "Train staff.", before="mobilise")
    assert said(project, "decision") == ["Meet this condition of Assurance Group: Ask carers."]
    assert said(project, "mobilise") == ["Meet this condition of Assurance Group: Train staff."]
    for condition, to in [(early, "decision"), (late, "mobilise")]:
        services.condition_done(condition, done_on=in_days(0), what_was_done="Done.", by=people.user("officer"))
        assert said(project, to) == []


def test_the_gate_asks_as_many_questions_for_ten_groups_as_for_one(django_assert_num_queries):
    for number in (1, 10):
        project = factories.project()
        for _each in range(number):
            factories.condition(factories.concluded_assurance(project, "not"))
        with django_assert_num_queries(2):
            assert len(said(project, "decision")) == 2 * number


# The project's page ------------------------------------------------------------------------------


def stands(project, user=None):
    part = services.part(project, user or people.user("officer"))
    return part.status, part.colour, part.words


def test_the_page_of_the_project_says_where_assurance_stands():
    project, group = factories.project(), forums.forum("Assurance Group")
    assert stands(project) == ("Not asked", "grey", "No independent group has been asked yet.")
    asked = factories.assurance(project, group)
    factories.assurance_answer(asked)
    status, colour, words = stands(project)
    assert (status, colour) == ("Asked", "blue")
    assert words.startswith("Assurance Group is asked: 1 answer, wanted by ")
    factories.condition(factories.concluded_assurance(project, "partly", forum=forums.forum()))
    asked.delete()
    assert stands(project) == ("Partly assured", "yellow", "1 condition is open.")
    factories.concluded_assurance(project, "not", forum=forums.forum())
    assert stands(project)[:2] == ("Not assured", "red")


def test_a_project_with_every_condition_met_is_assured():
    project = factories.project()
    factories.concluded_assurance(project)
    assert stands(project) == ("Assured", "green", "Every condition is met.")


def test_members_see_no_part_of_the_staff_page():
    assert services.part(factories.project(), people.member().user) is None


# The portal and the front page -------------------------------------------------------------------


@pytest.fixture
def member():
    person = people.member()
    forums.membership(forums.forum("Assurance Group"), person)
    return person


def waits(person):
    return [card.url for card in waiting_for(person) if "/assurance/" in card.url]


def test_what_a_member_is_asked_waits_for_them_until_they_answer(member):
    group = member.memberships.get().forum
    asked = factories.assurance(factories.project(title="One clinic"), group)
    factories.assurance(factories.project())
    assert waits(member) == [reverse("assurance:answer", args=[asked.pk])]
    (card,) = list(services.waiting(member))
    assert card.title == "Say whether people were involved enough: One clinic"
    assert card.due == asked.answers_due_on
    factories.assurance_answer(asked, member)
    assert waits(member) == []


def test_nothing_waits_about_work_that_somebody_does_or_that_has_ended(member):
    group = member.memberships.get().forum
    factories.assurance(factories.project(lead=member.user), group)
    own = factories.project()
    factories.representative(own, member)
    factories.assurance(own, group)
    factories.assurance(factories.project(stopped_on=in_days(0), stopped_because="No money."), group)
    factories.concluded_assurance(factories.project(), forum=group)
    observer = people.member()
    forums.membership(group, observer, is_observer=True)
    factories.assurance(factories.project(), group)
    assert len(waits(member)) == 1
    assert waits(observer) == []


def test_what_waits_costs_as_many_queries_for_ten_as_for_one(django_assert_num_queries):
    for number in (1, 10, 100):
        person, group = people.person(), forums.forum()
        forums.membership(group, person)
        for _each in range(number):
            factories.assurance(factories.project(), group)
        with django_assert_num_queries(1):
            assert len(list(services.waiting(person))) == number


def test_overdue_conditions_stand_on_the_front_page_of_those_who_see_the_project():
    place = people.area()
    project = factories.project(areas=[place])
    assured = factories.concluded_assurance(project)
    factories.condition(assured, "Late.", due_on=in_days(-1))
    factories.condition(assured, "Today.", due_on=in_days(0))
    factories.condition(assured, "Met.", due_on=in_days(-1), done_on=in_days(-1), what_was_done="Done.")
    stopped = factories.project(areas=[place], stopped_on=in_days(0), stopped_because="No money.")
    factories.condition(factories.concluded_assurance(stopped), due_on=in_days(-1))
    (line,) = services.left(people.user("officer", area=place))
    assert (line.words, line.url) == ("1 condition of an assurance is overdue", "/record/conditions/")
    assert list(services.left(people.user("officer", area=people.area()))) == []
    assert list(services.left(people.member().user)) == []
