"""The plan of the demo: its invented progress has each state once at least, and passes every gate of the services."""

import tomllib

import pytest
from django.utils import timezone

from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting.demo import load_plans_demo
from reporting.documents.plans import late_milestones, progress, top_risks
from reporting.management.commands.load_demo import PROFILE, YEAR
from reporting.models import BudgetLine, Milestone, Plan, Risk
from reporting.profile.plans import load_plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    engagement.period("2022-23")
    engagement.period("2025-26")
    engagement.activity("HWE-2023-001", title="Questions to the Board")
    load_plans(tomllib.loads(PROFILE.read_text(encoding="utf-8"))["plan"])
    load_plans_demo(YEAR, by=people.user("lead"))
    return Plan.objects.get()


def test_the_plan_is_public_with_its_phases_leads_and_where_it_was_made(plan):
    assert plan.is_published
    assert (plan.phases.count(), plan.executive_lead) == (3, "Chief of Staff")
    assert plan.phases.last().ends_on is None
    assert [row.title for row in plan.developed_in.all()] == ["Questions to the Board"]
    assert plan.priorities.get(number=7).activities.count() == 1


def test_some_actions_are_done_one_is_late_and_one_at_risk(plan):
    found = progress(plan, timezone.localdate())

    assert found.counts == {"late": 1, "at_risk": 1, "on_track": 2, "done": 2, "not_started": 0, "unknown": 5}
    assert [line.milestone.text for line in late_milestones(timezone.localdate())] == [
        "Publish the guide to service change"
    ]
    assert Milestone.objects.filter(status="done").exclude(evidence="").count() == 4
    assert all(row.status_because for row in Milestone.objects.filter(status="at_risk"))
    assert {line.priority.date_note for line in found.lines if line.priority.starts_on} == {""}


def test_the_risks_are_scored_one_is_closed_and_one_amount_is_unknown(plan):
    assert [risk.score for risk in top_risks(timezone.localdate())] == [16, 12, 12]
    assert Risk.objects.exclude(closed_because="").count() == 1
    lines = BudgetLine.objects.select_related("year")
    assert [line.planned is None for line in lines] == [False, False, True]
    assert {line.year.code for line in lines} == {"2025-26"}


def test_loading_it_twice_changes_nothing(plan):
    before = list(Milestone.objects.order_by("pk").values())
    number = load_plans_demo(YEAR, by=people.user("lead"))

    assert number == len(before) == 9
    assert list(Milestone.objects.order_by("pk").values()) == before
    assert (plan.phases.count(), plan.risks.count(), plan.budget_lines.count()) == (3, 4, 3)
