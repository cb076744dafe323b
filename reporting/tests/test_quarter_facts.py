"""The facts of a quarterly report as a whole: what belongs to the quarter, as of when, in how many queries, frozen."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights.tests import factories as insights
from insights.tests import insight_factories as insight
from people.tests import factories as people
from reporting.documents.frozen import freeze, thaw
from reporting.documents.quarter import SECTIONS, QuarterFacts, gather
from reporting.models import Report, SectionText, Statement
from reporting.tests import plan_factories as plans
from reporting.tests import quarter_factories as quarterly
from reporting.tests.quarter_factories import DAY, LATER, NOON, section

pytestmark = pytest.mark.django_db


def everything() -> None:
    """Something of the first quarter in each of the nine sections."""
    plan = plans.plan(title="Our strategy", starts_on=datetime.date(2022, 4, 1))
    plans.milestone(plans.priority(plan), datetime.date(2023, 5, 31), text="Write the plan.")
    plans.risk(plan)
    project = projects.project("P-001", starts_on=datetime.date(2023, 4, 1))
    activity = engagement.activity("A-1", project=project)
    engagement.activity_count(activity, "over 30")
    insight.source(collected_to=DAY)
    engagement.duty("14Z45")
    assessment = projects.assessment(project, final_at=NOON)
    projects.group_impact(assessment, people.population_group("Carers"), effect="negative", mitigation="Later hours.")
    assurance = projects.assurance(project, result="not", statement="Not yet.", concluded_at=NOON)
    projects.condition(assurance, due_on=datetime.date(2023, 6, 25))
    insights.published_response(activity=activity, published_at=NOON)


def rows(facts: QuarterFacts) -> int:
    return sum(len(table.rows) for one in facts.sections for table in one.tables)


def test_the_nine_sections_stand_in_their_order_with_their_numbers():
    facts = quarterly.facts()

    assert [(one.number, one.key) for one in facts.sections] == list(enumerate([key for key, _name in SECTIONS][1:], 1))
    assert [(one.key, one.name) for one in facts.sections] == [(key, str(name)) for key, name in SECTIONS[1:]]


def test_an_empty_record_says_in_every_section_that_there_is_nothing_and_that_this_is_a_finding():
    facts = quarterly.facts()

    assert rows(facts) == 0
    assert [one.key for one in facts.sections if "finding" not in " ".join(one.sentences)] == []
    assert {table.key for one in facts.sections for table in one.tables if not table.nothing} == set()


def test_what_is_recorded_of_the_quarter_stands_in_every_section_that_it_belongs_to():
    everything()
    facts = quarterly.facts()

    with_rows = {one.key for one in facts.sections if any(table.rows for table in one.tables)}
    assert with_rows == {"activities", "findings", "equality", "duties", "answers"}
    assert "Next review of Our strategy: not recorded." in section(facts, "review").sentences


def test_each_row_leads_to_the_permanent_address_of_its_record(settings):
    everything()
    facts = quarterly.facts()

    keys = {
        (table.key, row.url.removeprefix(settings.SITE_URL).split("/")[1])
        for one in facts.sections
        for table in one.tables
        for row in table.rows
        if table.key != "took-part"
    }
    assert keys == {
        ("activities", "record"),
        ("plan-plan-1", "reports"),
        ("late-milestones", "reports"),
        ("risks", "reports"),
        ("reports-of-findings", "insight"),
        ("assessments-done", "record"),
        ("negative-effects", "record"),
        ("duties", "record"),
        ("assurance", "record"),
        ("conditions", "record"),
        ("answers", "you-said-we-did"),
    }


def test_nothing_of_another_quarter_appears():
    engagement.activity(starts_on=datetime.date(2023, 7, 1), ends_on=None)
    engagement.activity(state="planned")
    project = projects.project(starts_on=LATER)
    projects.concluded_assurance(project)
    projects.assessment(project, final_at=timezone.now())
    insight.source(collected_to=LATER)
    insights.published_response(
        published_at=timezone.now(), activity=engagement.activity(starts_on=LATER, ends_on=None)
    )
    facts = quarterly.facts()

    assert rows(facts) == 0
    assert {one.now for one in facts.concerns} == {None}


# As of when --------------------------------------------------------------------------------------


def test_a_quarter_that_is_over_is_told_as_of_its_last_day_and_one_that_goes_on_as_of_today():
    today = timezone.localdate()
    last = today + datetime.timedelta(days=30)
    now = engagement.period("now", kind="quarter", starts_on=today - datetime.timedelta(days=60), ends_on=last)

    assert (quarterly.facts().as_at, quarterly.facts().is_over) == ("30 June 2023", True)
    assert quarterly.facts(now).is_over is False
    assert quarterly.facts(now).as_at == f"{today:%-d %B %Y}"


# What people write -------------------------------------------------------------------------------


def test_a_text_that_somebody_wrote_stands_beside_what_is_computed():
    everything()
    computed = section(quarterly.facts(), "feedback")
    SectionText.objects.create(report=quarterly.report(), section="feedback", text="We learnt to ask earlier.")
    facts = quarterly.facts()

    assert facts.edited == {"feedback": "We learnt to ask earlier."}
    assert [text for one, text in facts.written if one.key == "feedback"] == ["We learnt to ask earlier."]
    assert {text for one, text in facts.written if one.key != "feedback"} == {""}
    assert section(facts, "feedback") == computed


def test_the_group_speaks_through_its_chair():
    report = quarterly.report()
    group = forums.forum("Assurance group", chair="Ravi Chandran")
    words = "We saw enough.\n\nWe ask for more."
    Statement.objects.create(report=report, forum=group, result="partly", text=words, said_on=datetime.date(2023, 8, 2))
    (word,) = gather(report).words

    assert (word.forum, word.chair, word.result_label) == ("Assurance group", "Ravi Chandran", "partly assured")
    assert (word.paragraphs, word.said_on) == (["We saw enough.", "We ask for more."], "2 August 2023")


def test_it_says_for_which_committee_and_meeting_it_is_prepared():
    report = quarterly.report(prepared_for=forums.forum("Quality committee"), prepared_on=datetime.date(2023, 7, 20))
    facts = gather(report)

    assert (facts.prepared_for, facts.prepared_on) == ("Quality committee", "20 July 2023")
    assert facts.title == "Quarterly assurance report April to June 2023"


# Frozen ------------------------------------------------------------------------------------------


def test_the_same_record_gives_the_same_bytes_and_comes_back_from_them():
    everything()
    quarterly.quarter_before()
    first, again = (freeze(quarterly.facts()) for _time in range(2))

    assert first == again
    assert thaw(QuarterFacts, first[0]) == quarterly.facts()
    assert json.loads(first[0])["schema"] == QuarterFacts.SCHEMA


def test_a_snapshot_of_another_schema_is_refused():
    frozen = freeze(quarterly.facts())[0].replace('"schema":1', '"schema":0')

    with pytest.raises(ValueError, match="this snapshot has schema 0, not 1"):
        thaw(QuarterFacts, frozen)


# Queries -----------------------------------------------------------------------------------------


def grown(number: int) -> None:
    """So many activities, each of a project, with a number, an answer, an assessment and an assurance."""
    for _each in range(number):
        project = projects.project(starts_on=datetime.date(2023, 4, 1))
        activity = engagement.activity(project=project, areas=[people.area()])
        engagement.activity_count(activity, "over 30")
        projects.assessment(project, final_at=NOON)
        projects.condition(projects.assurance(project, result="not", statement="No.", concluded_at=NOON))
        insights.published_response(activity=activity, published_at=NOON)
        insight.source(collected_to=DAY).activities.add(activity)


def queries() -> int:
    report = Report.objects.get(pk=quarterly.report().pk)
    with CaptureQueriesContext(connection) as found:
        gather(report)
    return len(found)


def test_it_asks_the_database_as_often_for_a_hundred_activities_as_for_one():
    engagement.duty("14Z45")
    grown(1)
    once = queries()
    grown(9)
    ten = queries()
    grown(90)

    assert (ten, queries()) == (once, once)
