"""Compliance in the evidence for NHS England: what shows each duty, what is missing, where the pack goes."""

import datetime

import pytest
from django.utils import timezone

from engagement.models import Activity, Project
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from people.models import PopulationGroup
from people.tests import factories as people
from reporting.models import Report, RouteStep
from reporting.tests import assessment_factories as assessments
from reporting.tests import factories
from reporting.tests.packs import INSIDE, at, duty_of, pack, question_of

pytestmark = pytest.mark.django_db


# Duties -------------------------------------------------------------------------------------------


def test_a_duty_without_evidence_is_a_gap_and_comes_first():
    engagement.duty("14Z45")
    engagement.duty("s149", name="Equality duty", reference="Equality Act 2010, section 149")
    engagement.activity("A-1")
    facts = pack()

    assert [(row.code, row.state) for row in facts.duties] == [("s149", "gap"), ("14Z45", "met")]
    assert [line.label for line in duty_of(facts, "s149").gaps] == [
        "Nothing in the record shows how this duty was met."
    ]
    assert question_of(facts, "Which duties does the record not show?").answer == (
        "Equality duty (Equality Act 2010, section 149)."
    )
    assert duty_of(facts, "14Z45").met[0].references == ["A-1"]


def test_a_duty_that_nobody_has_described_is_a_gap_to_be_written_about():
    engagement.duty("local-42", name="A duty of ours")

    assert duty_of(pack(), "local-42").gaps[0].label == (
        "The system does not know which records show this duty. Write here how it was met."
    )


def test_a_duty_that_needs_a_case_is_no_gap_in_a_year_without_one():
    engagement.duty("SVA-2012", name="Social value")
    assert duty_of(pack(), "SVA-2012").state == "none"

    bought = projects.project("P-1", trigger=Project.Trigger.PROCUREMENT)
    engagement.activity(project=bought)
    assert [(line.label, line.references) for line in duty_of(pack(), "SVA-2012").gaps] == [
        ("Services bought without it", ["P-1"])
    ]

    projects.plan(bought, state="signed", answers={"social_value": "Local jobs."})
    assert duty_of(pack(), "SVA-2012").state == "met"


def test_a_duty_that_was_not_in_force_in_the_year_stays_out():
    engagement.duty("old", in_force_to=datetime.date(2023, 3, 31))
    engagement.duty("new", in_force_from=datetime.date(2024, 4, 1))
    engagement.duty("now", in_force_from=datetime.date(2024, 3, 31), in_force_to=datetime.date(2024, 3, 31))

    assert [row.code for row in pack().duties] == ["now"]


def test_a_case_decided_before_anybody_was_involved_is_a_gap_of_the_duty_to_involve():
    engagement.duty("14Z45")
    decided = {"stage": Project.Stage.DECISION, "decided_on": INSIDE, "decision": "It moves.", "duty_applies": True}
    alone, late, timely = (projects.project(name, **decided) for name in ("P-1", "P-2", "P-3"))
    engagement.activity("A-2", project=late, starts_on=INSIDE + datetime.timedelta(days=1), ends_on=None)
    engagement.activity("A-3", project=timely)
    engagement.activity("A-4", project=alone, nature=Activity.Nature.INFORMATION)
    found = duty_of(pack(), "14Z45")

    assert [(line.label, line.references) for line in found.gaps] == [
        ("Decided before anybody was involved", ["P-1", "P-2"])
    ]
    assert found.state == "partly"


def test_a_case_decided_without_an_equality_assessment_is_a_gap():
    engagement.duty("s149", name="Equality duty")
    decided = {"stage": Project.Stage.DECISION, "decided_on": INSIDE, "decision": "It moves."}
    projects.project("P-1", **decided)
    projects.assessment(projects.project("P-2", **decided), final_at=at(INSIDE))
    projects.project("P-3", trigger=Project.Trigger.NONE, **decided)
    found = duty_of(pack(), "s149")

    assert [(line.label, line.references) for line in found.gaps] == [
        ("Decided without a final equality assessment", ["P-1"])
    ]
    assert found.met[0].references == ["P-2-equality-before"]


def test_the_triple_aim_and_inequalities_are_read_from_signed_plans():
    engagement.duty("14Z43", name="Triple aim", reference="14Z43")
    engagement.duty("14Z35", name="Inequalities", reference="14Z35")
    first, second = projects.project("P-1"), projects.project("P-2")
    group = people.population_group("people in poverty", kind=PopulationGroup.Kind.CORE20)
    engagement.activity("A-1", project=first, groups=[group])
    engagement.activity("A-2", project=second)
    aims = dict.fromkeys(("aim_wellbeing", "aim_quality", "aim_resources", "inequalities"), "Said.")
    projects.plan(first, state="signed", answers=aims)
    projects.plan(second, state="signed", answers={"aim_quality": "Said."})
    facts = pack()

    for code in ("14Z43", "14Z35"):
        assert duty_of(facts, code).gaps[0].references == ["P-2-plan-1"]
    assert duty_of(facts, "14Z43").met[0].references == ["P-1-plan-1"]
    assert [line.references for line in duty_of(facts, "14Z35").met] == [["A-1"], ["P-1-plan-1"]]


def test_the_yearly_assessment_is_shown_by_what_is_final():
    engagement.duty("14Z59", name="Yearly assessment")
    of = assessments.yardstick(code="domains", name="Five domains")
    draft = assessments.assessment(of)
    found = duty_of(pack(), "14Z59")
    assert (found.state, [line.label for line in found.gaps]) == (
        "gap",
        ["Assessments that are not final", "The body has not finished any assessment of itself for the year."],
    )

    draft.final_at = timezone.now()
    draft.save()
    assert duty_of(pack(), "14Z59").state == "met"


def test_the_way_of_the_pack_is_printed_with_what_was_said_of_an_earlier_version():
    report = factories.report(kind=Report.Kind.ASSESSMENT)
    audit, board = forums.committee("Audit committee"), forums.committee("Board")
    RouteStep.objects.create(kind="assessment", order=1, forum=audit, task="agrees")
    RouteStep.objects.create(kind="assessment", order=2, forum=board, task="notes")
    RouteStep.objects.create(kind="annual", order=1, forum=board, task="notes")
    build = factories.build(report)
    build.approvals.create(order=1, forum=audit, task="agrees", result="returned", decided_on=INSIDE, note="Say more.")

    assert [(stop.body, stop.task, stop.said) for stop in pack().route] == [
        ("Audit committee", "agrees", "Version 1: sent back on 1 September 2023. Say more."),
        ("Board", "takes note", ""),
    ]
