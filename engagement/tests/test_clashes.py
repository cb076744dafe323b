"""Who else asks the same people at about the same time, and how often they were asked (ENG-015)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.documents.clashes import clashes
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
FIRST, LAST = datetime.date(2026, 6, 1), datetime.date(2026, 6, 30)
WEEK = datetime.timedelta(weeks=1)


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def carers():
    return people.population_group("carers")


@pytest.fixture
def south():
    return people.area("South")


@pytest.fixture
def project(carers, south):
    """A project that asks carers in June, where two weeks count as near."""
    projects.policy(clash_weeks=2)
    row = projects.project("P-1", groups=[carers], areas=[south])
    projects.plan(row, answers={"asked_from": "2026-06-01", "asked_to": "2026-06-30"})
    return row


def asked(reference, first, last=None, **fields):
    return engagement.activity(reference, starts_on=first, ends_on=last or first, **fields)


def names(project, user) -> list[str]:
    return [each.title[:3] for each in clashes(project, user).found]


def test_what_lies_within_so_many_weeks_to_each_side_is_found(project, carers, lead):
    day = datetime.timedelta(days=1)
    asked("A-1", FIRST - 2 * WEEK - day, groups=[carers])
    asked("A-2", FIRST - 2 * WEEK, groups=[carers])
    asked("A-3", LAST + 2 * WEEK, groups=[carers])
    asked("A-4", LAST + 2 * WEEK + day, groups=[carers])
    asked("A-5", FIRST - 9 * WEEK, LAST + 9 * WEEK, groups=[carers])
    engagement.activity("A-6", starts_on=FIRST - 30 * WEEK, ends_on=None, is_ongoing=True, groups=[carers])
    assert names(project, lead) == ["A-2", "A-3", "A-5", "A-6"]


def test_the_same_group_place_topic_or_forum_counts_and_most_in_common_comes_first(project, carers, south, lead):
    stroke, panel = engagement.topic("Stroke"), forums.forum("Panel")
    project.topics.add(stroke)
    plan = project.plans.get()
    plan.answers["forums"] = [panel.pk]
    plan.save()
    asked("A-1", FIRST, topics=[stroke])
    asked("A-2", FIRST, forums=[panel])
    asked("A-3", FIRST, areas=[south])
    asked("A-4", FIRST, groups=[carers], areas=[south])
    asked("A-5", FIRST, groups=[people.population_group("sailors")])
    found = clashes(project, lead).found
    assert [each.title[:3] for each in found] == ["A-4", "A-1", "A-2", "A-3"]
    assert [each.shares for each in found[:3]] == [
        ("group: carers", "place: South"),
        ("topic: Stroke",),
        ("forum: Panel",),
    ]
    assert found[0].when == ["1 June 2026"]


def test_the_projects_own_activities_do_not_clash(project, carers, lead):
    asked("A-1", FIRST, groups=[carers], project=project)
    assert names(project, lead) == []


def test_a_session_or_a_survey_in_these_days_counts(project, carers, lead):
    for reference in ("A-1", "A-2", "A-3"):
        asked(reference, FIRST - 30 * WEEK, groups=[carers])
    first, second, _third = engagement.Activity.objects.order_by("reference")
    engagement.session(first, held_on=LAST)
    projects.survey(activity=second, opens_on=FIRST, closes_on=LAST)
    found = clashes(project, lead).found
    assert [each.when[1] for each in found] == ["session on 30 June 2026", "survey 1 June 2026 to 30 June 2026"]


def test_consultations_of_other_projects_count_once(project, carers, lead):
    days = {"opens_on": FIRST, "closes_on": LAST, "midpoint_on": None}
    other, both, far = (projects.project(f"P-{number}", groups=[carers]) for number in (2, 3, 4))
    projects.consultation(other, **days)
    projects.consultation(both, **days, activity=asked("A-1", FIRST, groups=[carers]))
    projects.consultation(far, opens_on=LAST + 20 * WEEK, closes_on=LAST + 30 * WEEK, midpoint_on=None)
    found = clashes(project, lead).found
    assert [(each.title[:3], each.kind) for each in found] == [("A-1", "activity"), ("P-2", "consultation")]
    assert found[1].when == ["1 June 2026 to 30 June 2026"]


def test_the_days_of_the_consultation_come_before_those_of_the_plan(project, carers, lead):
    asked("A-1", FIRST, groups=[carers])
    projects.consultation(project, opens_on=LAST + 20 * WEEK, closes_on=LAST + 30 * WEEK, midpoint_on=None)
    assert clashes(project, lead).subject.first == LAST + 20 * WEEK
    assert names(project, lead) == []


def test_without_days_the_page_says_so(client, carers, lead):
    project = projects.project(groups=[carers], decision_due_on=None)
    asked("A-1", FIRST, groups=[carers])
    client.force_login(lead)
    html = client.get(reverse("engagement:clashes", args=[project.pk])).content.decode()
    assert "It is not recorded when this project asks people" in html
    assert "A-1" not in html


def test_what_lies_in_other_places_is_counted_and_not_named(client, project, carers, south):
    north = people.area("North")
    asked("A-1", FIRST, groups=[carers], areas=[north], title="Secret of the north")
    asked("A-2", FIRST, groups=[carers], areas=[south])
    client.force_login(people.user("officer", area=south))
    html = client.get(reverse("engagement:clashes", args=[project.pk])).content.decode()
    assert "A-2" in html
    assert "Secret of the north" not in html
    assert "1 more lies in places that you do not see" in html


def test_how_often_each_group_and_forum_was_asked_in_a_year(project, carers, lead):
    panel, never = forums.forum("Panel"), people.population_group("sailors")
    plan = project.plans.get()
    plan.answers |= {"forums": [panel.pk], "groups": [never.pk]}
    plan.save()
    asked("A-1", projects.in_days(-10), groups=[carers, people.population_group("others")], forums=[panel])
    asked("A-2", projects.in_days(-400), projects.in_days(-364), groups=[carers])
    asked("A-3", projects.in_days(-400), projects.in_days(-365), groups=[carers])
    asked("A-4", projects.in_days(1), groups=[carers])
    burden = clashes(project, lead)
    assert [(each.name, each.times) for each in burden.groups] == [("carers", 2), ("sailors", 0)]
    assert [(each.name, each.times) for each in burden.forums] == [("Panel", 1)]


@pytest.mark.parametrize("rows", [1, 10, 100])
def test_the_page_does_not_ask_more_for_more_rows(client, project, carers, lead, rows):
    for _number in range(rows):
        activity = asked("", FIRST, groups=[carers])
        engagement.session(activity, held_on=FIRST)
        other = projects.project(groups=[carers])
        projects.consultation(other, opens_on=FIRST, closes_on=LAST, midpoint_on=None)
        project.groups.add(people.population_group())
    client.force_login(lead)
    client.get(reverse("engagement:clashes", args=[project.pk]))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("engagement:clashes", args=[project.pk]))
    assert len(queries) == 32
