"""Every claim and number of the evidence for NHS England leads back to its record; other years stay out."""

import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.models import Project
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from insights.tests import factories as answers
from insights.tests import insight_factories as insights
from people.tests import factories as people
from reporting.documents.assessment import SECTIONS, AssessmentFacts, gather
from reporting.documents.frozen import freeze, thaw
from reporting.models import Report
from reporting.tests import assessment_factories as assessments
from reporting.tests import factories
from reporting.tests.packs import AFTER, INSIDE, at, concluded, drawn, everything, pack, proof_of

pytestmark = pytest.mark.django_db


def records(facts) -> dict:
    return {record.reference: record for record in facts.index}


# The index ----------------------------------------------------------------------------------------


def test_the_address_of_each_record_answers_whoever_may_see_it(client):
    everything()
    found = pack().index
    kinds = {record.kind for record in found}
    assert kinds == {
        *("activity", "assessment", "assurance", "decision", "equality assessment", "evidence", "forum", "plan"),
        *("project", "strategy or plan", "“you said, we did”"),
    }

    public = [record for record in found if record.is_public]
    assert {record.reference for record in public if record.kind != "forum"} == {"A-1", "r-1", "strategy"}
    for record in public:
        assert client.get(record.url.removeprefix(settings.SITE_URL)).status_code == 200, record.url
    for record in found:
        if not record.is_public:
            assert client.get(record.url.removeprefix(settings.SITE_URL)).status_code == 302, record.url
    client.force_login(people.user("lead"))
    for record in found:
        assert client.get(record.url.removeprefix(settings.SITE_URL)).status_code == 200, record.url


def test_every_reference_of_the_pack_stands_in_the_index_once():
    everything()
    facts = pack()
    html = drawn(facts)

    known = [record.reference for record in facts.index]
    assert len(known) == len(set(known))
    cited = {each for number in facts.numbers for each in number.references}
    assert cited <= set(known)
    assert all(html.count(f'id="{record.anchor}"') == 1 for record in facts.index)
    assert "Staff page:" in html
    assert "Public page:" in html


def test_a_plan_that_nobody_helped_to_write_is_told_as_such():
    everything()

    assert [(row.words, row.references) for row in pack().plans] == [
        ("Delivery: no activity is recorded in which people helped to write it.", ["delivery"]),
        ("Strategy", ["strategy", "A-2"]),
    ]


def test_two_kinds_of_record_with_one_reference_are_told_apart():
    engagement.activity("X-1", project=projects.project("x-1"))
    insights.decision(reference="d-1", decided_on=INSIDE, project=Project.objects.get())

    assert {"X-1", "project x-1"} <= set(records(pack()))


def test_every_number_is_as_many_as_the_records_behind_it():
    everything()
    facts = pack()

    assert {number.section for number in facts.numbers} <= {key for key, _name in SECTIONS}
    for number in facts.numbers:
        assert number.value == len(number.references), number.label
    assert facts.numbers[0].label, facts.numbers[0].references == ("Activities of the year", ["A-1", "A-2"])


# The whole ----------------------------------------------------------------------------------------


def test_other_years_stay_out():
    before = {"starts_on": datetime.date(2022, 5, 1), "ends_on": datetime.date(2022, 5, 2)}
    project = projects.project("P-9", stage=Project.Stage.DECISION, decided_on=AFTER, decision="It moves.")
    old = engagement.activity("A-9", project=project, **before)
    engagement.impact(old)
    answers.response("r-9", activity=old)
    insights.decision(reference="d-9", decided_on=AFTER)
    projects.assessment(project, final_at=at(AFTER))
    concluded(project, "not", AFTER)
    assessments.judged(assessments.yardstick(), "good", code="2024-25")
    engagement.period()

    facts = pack()
    assert {record.kind for record in facts.index} == {"forum"}  # without days, they are taken to have met
    assert (facts.activities.value, facts.decisions, facts.refused, facts.judged) == (0, [], [], [])


def test_what_people_wrote_stands_before_what_is_computed():
    report = factories.report(kind=Report.Kind.ASSESSMENT)
    report.section_texts.create(section="duties", text="We met <every> duty.")
    html = drawn(gather(report))

    assert '<div class="edited"><p>We met &lt;every&gt; duty.</p></div>' in html
    assert html.index("We met &lt;every&gt; duty.") < html.index("Each duty in force in the year")


def test_each_section_has_its_place_on_the_page():
    html = drawn(pack())

    assert all(html.count(f'id="section-{key}"') == 1 for key, _name in SECTIONS)


def test_the_facts_come_back_from_their_snapshot_and_stay_the_same():
    everything()
    facts = pack()
    frozen, fingerprint = freeze(facts)

    assert thaw(AssessmentFacts, frozen) == facts
    assert freeze(pack()) == (frozen, fingerprint)
    assert drawn(thaw(AssessmentFacts, frozen)) == drawn(facts)


def test_an_empty_year_says_what_there_is_not():
    html = drawn(pack())

    for words in ("No record is cited. That is a finding.", "No duty is on record. That is a finding."):
        assert words in html


def test_the_number_of_queries_is_the_same_at_one_and_at_a_hundred_activities():
    everything()
    report = factories.report(kind=Report.Kind.ASSESSMENT)
    with CaptureQueriesContext(connection) as one:
        gather(report)
    for number in range(100):
        project = projects.project(f"Q-{number}", stage=Project.Stage.DECISION, decided_on=INSIDE, decision="Yes.")
        projects.plan(project, state="signed", decided_at=at(INSIDE))
        activity = engagement.activity(f"B-{number}", project=project, groups=[people.population_group()])
        proof_of(engagement.principle(1), "outcome", activity=activity)
        answers.response(f"s-{number}", activity=activity)
        insights.decision(reference=f"e-{number}", decided_on=INSIDE).activities.set([activity])
    with CaptureQueriesContext(connection) as hundred:
        gather(report)

    assert len(hundred) == len(one)
