"""Figures of projects and plans: early, with a plan, with all formats, with an assessment, and by the day."""

import datetime

import pytest

from engagement.models import Override, Project, StageChange
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from people.tests import factories as people
from reporting.models import Milestone, Plan, Priority
from reporting.tests.kpis import day, listed, noon, numbers, quarter

pytestmark = pytest.mark.django_db


def decided(month: int, **fields) -> Project:
    return projects.project(stage=Project.Stage.MOBILISE, decided_on=day(month, 20), **fields)


def test_days_of_involvement_run_from_the_first_activity_to_the_decision():
    for days in (10, 20, 60):
        project = decided(6)
        engagement.activity(project=project, starts_on=day(6, 20) - datetime.timedelta(days=days), ends_on=day(6, 20))
    decided(6)
    decided(8)

    assert numbers("days-of-involvement") == (20, 3)
    assert len(listed("days-of-involvement")) == 3
    assert numbers("days-of-involvement", quarter(2)) == (None, None)


# Equality assessments ----------------------------------------------------------------------------


def test_an_assessment_is_in_time_when_it_was_final_by_the_day_of_the_decision():
    in_time, late = decided(6, reference="P-1", title="Clinic"), decided(6)
    projects.assessment(in_time, final_at=noon(6, 20))
    projects.assessment(late, final_at=noon(6, 21))
    projects.assessment(decided(6), is_final=False)
    decided(6, trigger=Project.Trigger.NONE)
    decided(8)

    assert numbers("equality-final") == (1, 3)
    assert listed("equality-final") == ["P-1 Clinic"]
    assert numbers("equality-final", quarter(2)) == (0, 1)
    assert numbers("equality-final", quarter(3)) == (0, 0)


def test_after_a_consultation_the_assessment_after_it_counts():
    before, after = decided(6, is_consulted_on=True), decided(6, is_consulted_on=True, reference="P-2", title="Both")
    for project in (before, after):
        projects.assessment(project, final_at=noon(5))
    projects.assessment(after, "after", final_at=noon(6))

    assert numbers("equality-final") == (1, 2)
    assert listed("equality-final") == ["P-2 Both"]


# Overrides ---------------------------------------------------------------------------------------


def test_overrides_are_counted_in_the_period_in_which_they_happened():
    project = projects.project(starts_on=day(4), reference="P-1", title="Clinic")
    change = StageChange.objects.create(project=project, from_stage="idea", to_stage="formative", at=noon(5))
    Override.objects.create(
        project=project,
        change=change,
        obstacles=["Nobody was involved."],
        senior="A. Chief",
        reason="Winter is near.",
        at=noon(5),
        by=people.user("lead"),
    )

    assert numbers("overrides") == (1, None)
    assert listed("overrides") == ["P-1 Clinic: idea → formative"]
    assert numbers("overrides", quarter(2)) == (0, None)


def test_before_the_first_project_no_overrides_are_known():
    assert numbers("overrides") == (None, None)
    projects.project(starts_on=day(8))
    assert numbers("overrides") == (None, None)


# Consultations -----------------------------------------------------------------------------------


def opened(month: int, **fields):
    project = projects.project(stage=Project.Stage.CONSULTATION, **fields)
    first = day(month, 10)
    weeks = datetime.timedelta(weeks=12)
    return projects.consultation(project, opens_on=first, closes_on=first + weeks, midpoint_on=None)


def test_a_consultation_opens_with_a_plan_that_was_signed_by_its_first_day():
    signed, replaced, late, unsigned = (opened(5) for _number in range(4))
    projects.plan(signed.project, state="signed", decided_at=noon(5, 10))
    projects.plan(replaced.project, state="superseded", decided_at=noon(4))
    projects.plan(late.project, state="signed", decided_at=noon(5, 11))
    projects.plan(unsigned.project)
    opened(8)

    assert numbers("plans-signed") == (2, 4)
    assert listed("plans-signed") == [str(signed.project), str(replaced.project)]
    assert numbers("plans-signed", quarter(2)) == (0, 1)


def test_a_project_that_had_stopped_did_not_open():
    opened(5, stopped_on=day(5, 9), stopped_because="No money.")

    assert numbers("plans-signed") == (0, 0)
    assert numbers("formats-ready") == (0, 0)


def test_formats_are_ready_when_every_form_of_every_document_was_there_before_the_first_day():
    ready, late, alone, _none = (opened(5) for _number in range(4))
    for consultation, days in ((ready, (9, 9)), (late, (9, 10)), (alone, (9,))):
        for number, file_format in zip(days, ("standard", "easy_read"), strict=False):
            consultation.documents.create(title="Proposal", file_format=file_format, ready_on=day(5, number))
    opened(8)

    assert numbers("formats-ready") == (1, 4)
    assert listed("formats-ready") == [str(ready.project)]
    assert numbers("formats-ready", quarter(2)) == (0, 1)


# Milestones --------------------------------------------------------------------------------------


def milestone(**fields) -> Milestone:
    plan = Plan.objects.get_or_create(code="strategy", defaults={"kind": "strategy", "title": "Strategy"})[0]
    priority = Priority.objects.get_or_create(plan=plan, number=1, defaults={"text": "Listen"})[0]
    if fields.get("done_on"):
        fields |= {"status": Milestone.Status.DONE, "evidence": "Minutes"}
    return Milestone.objects.create(priority=priority, **{"text": "A step"} | fields)


def test_milestones_are_on_time_when_they_were_done_by_their_day():
    milestone(due_on=day(5), done_on=day(5), text="Publish the strategy")
    milestone(due_on=day(5), done_on=day(5, 16))
    milestone(due_on=day(6))
    milestone(due_on=day(8), done_on=day(5))
    milestone()

    assert numbers("milestones-on-time") == (1, 3)
    assert listed("milestones-on-time") == ["Publish the strategy"]
    assert numbers("milestones-on-time", quarter(2)) == (1, 1)
    assert numbers("milestones-on-time", quarter(3)) == (0, 0)


def test_a_milestone_that_is_not_due_yet_is_not_late():
    today = projects.in_days(0)
    now = engagement.period("now", kind="quarter", starts_on=projects.in_days(-30), ends_on=projects.in_days(30))
    milestone(due_on=today)
    milestone(due_on=projects.in_days(20))
    milestone(due_on=projects.in_days(20), done_on=today)

    assert numbers("milestones-on-time", now) == (1, 1)
