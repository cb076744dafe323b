"""The quarterly report on projects: equality assessments, duties by case, assurance, checks; and plans and reviews."""

import datetime

import pytest
from django.utils import timezone

from engagement.models import CheckAnswer, Override, StageChange
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights.tests import insight_factories as insight
from people.tests import factories as people
from reporting.models import PlanReview
from reporting.tests import plan_factories as plans
from reporting.tests import quarter_factories as quarterly
from reporting.tests.quarter_factories import DAY, LATER, NOON, cells, concern, section

pytestmark = pytest.mark.django_db
BEGAN = datetime.date(2023, 4, 3)


@pytest.fixture
def project():
    return projects.project("P-001", title="Clinic", starts_on=BEGAN)


# Equality assessments ----------------------------------------------------------------------------


def test_an_assessment_that_is_due_and_not_final_on_the_last_day_is_missing_though_it_is_final_now(project):
    engagement.activity(project=project)
    projects.assessment(project, final_at=timezone.now())
    facts = quarterly.facts()

    assert [row[:2] for row in cells(facts, "assessments-missing")] == [["P-001 Clinic", "before people were involved"]]
    assert cells(facts, "assessments-done") == []
    assert section(facts, "equality").sentences[0] == (
        "Assessments that were due by the last day: 1. Of these, final: 0."
    )


def test_what_became_final_shows_its_negative_effects_and_what_involving_people_changed(project):
    carers = people.population_group("Carers")
    before = projects.assessment(project, final_at=NOON - datetime.timedelta(days=100))
    after = projects.assessment(project, "after", final_at=NOON)
    projects.group_impact(before, carers, effect="negative", mitigation="None yet.")
    projects.group_impact(after, carers, effect="neutral")
    farmers = people.population_group("Farmers")
    projects.group_impact(after, farmers, effect="negative", mitigation="Later hours.", owner="Head of estates")
    facts = quarterly.facts()

    assert cells(facts, "assessments-done") == [
        ["P-001 Clinic", "after people were involved", "19 June 2023", "1", "0"]
    ]
    assert cells(facts, "negative-effects") == [
        [
            "Farmers",
            "P-001 Clinic",
            "after people were involved",
            "Later hours.",
            "Head of estates",
            "not recorded",
        ]
    ]
    assert cells(facts, "assessments-changed") == [
        ["Carers", "P-001 Clinic", "negative", "neutral"],
        ["Farmers", "P-001 Clinic", "not assessed", "negative"],
    ]


# Duties ------------------------------------------------------------------------------------------


def test_a_duty_shows_what_is_there_and_what_is_missing_in_each_case(project):
    engagement.duty("14Z45")
    activity = engagement.activity(project=project)
    insight.source(reference="report-1", title="What we heard", collected_to=DAY).activities.add(activity)
    projects.plan(project, state="signed", decided_at=timezone.now())  # signed only later
    facts = quarterly.facts()

    assert cells(facts, "duties") == [
        [
            "P-001 Clinic",
            "Public involvement (NHS Act 2006, section 14Z45)",
            "people were involved; report of findings",
            "signed plan; word of an assurance group",
        ]
    ]
    assert cells(facts, "reports-by-case") == [["report-1 What we heard", "P-001 Clinic"]]
    assert concern(facts, "duties").now == 1


def test_a_duty_that_does_not_apply_asks_nothing_and_one_that_nobody_follows_is_named():
    projects.project(starts_on=BEGAN, duty_applies=False)
    engagement.duty("14Z45")
    engagement.duty("s242", name="Trusts", reference="Section 242")
    facts = quarterly.facts()

    assert cells(facts, "duties") == []
    assert section(facts, "duties").sentences[-1] == "Not followed case by case: Trusts (Section 242)."


@pytest.mark.parametrize(
    ("code", "fields", "answers", "shown"),
    [
        ("14Z35", {}, {"inequalities": "Fewer buses."}, ["effect on inequalities weighed", "nothing"]),
        ("14Z35", {}, {}, ["nothing", "effect on inequalities weighed"]),
        (
            "SVA-2012",
            {"trigger": "procurement"},
            {"social_value": " "},
            ["nothing", "social value weighed in the plan"],
        ),
        (
            "14Z43",
            {},
            {"aim_wellbeing": "Yes.", "aim_quality": "Yes."},
            [
                "weighed in the plan: wellbeing; weighed in the plan: quality",
                "weighed in the plan: resources",
            ],
        ),
    ],
)
def test_the_signed_plan_shows_what_was_weighed(code, fields, answers, shown):
    engagement.duty(code)
    project = projects.project(starts_on=BEGAN, **fields)
    projects.plan(project, state="signed", decided_at=NOON, answers=answers)

    ((_project, _duty, *found),) = cells(quarterly.facts(), "duties")
    assert found == shown


@pytest.mark.parametrize("ended", [{"stopped_on": "2023-03-31", "stopped_because": "No money."}, {"starts_on": LATER}])
def test_a_project_that_had_ended_or_not_begun_is_no_case_of_the_quarter(ended):
    engagement.duty("14Z45")
    projects.project(**{"starts_on": BEGAN} | ended)

    assert cells(quarterly.facts(), "duties") == []


# Assurance, conditions, checks, overrides --------------------------------------------------------


def test_what_a_group_concluded_and_the_conditions_that_were_open_on_the_last_day(project):
    assurance = projects.assurance(
        project, forums.forum("Critical friends"), result="not", statement="Not yet.", concluded_at=NOON
    )
    projects.condition(assurance, "Ask carers.", due_on=datetime.date(2023, 6, 25))
    done = {"due_on": datetime.date(2023, 7, 1), "what_was_done": "Asked."}
    projects.condition(assurance, "Ask farmers.", done_on=datetime.date(2023, 7, 2), **done)
    projects.condition(assurance, "Ask students.", done_on=datetime.date(2023, 6, 29), **done)
    facts = quarterly.facts()

    assert cells(facts, "assurance") == [
        ["P-001 Clinic", "Critical friends", "not assured", "Not yet.", "19 June 2023"]
    ]
    assert [(row[0], row[-1]) for row in cells(facts, "conditions")] == [("Ask carers.", "yes"), ("Ask farmers.", "no")]
    assert (concern(facts, "not_assured").now, concern(facts, "conditions").now) == (1, 1)


def test_an_answer_counts_as_red_as_it_stood_on_the_last_day(project):
    question = projects.check_list().questions.get()
    answer = projects.check_answer(project, question, "plan", "red", evidence="No form.", at=NOON)
    CheckAnswer.objects.get(pk=answer.pk)
    answer.rating, answer.evidence, answer.at = "green", "A form.", timezone.now()
    answer.save()
    projects.check_answer(project, question, "open", "red", at=timezone.now())
    facts = quarterly.facts()

    assert cells(facts, "red-answers") == [["P-001 Clinic", "plan", "Is it formative?", "No form."]]
    assert concern(facts, "red").now == 1


def test_a_red_answer_of_a_project_that_had_stopped_is_nothing_to_decide():
    project = projects.project(starts_on=BEGAN, stopped_on=DAY, stopped_because="No money.")
    projects.check_answer(project, projects.check_list().questions.get(), "plan", "red", at=NOON)

    assert cells(quarterly.facts(), "red-answers") == []


def test_an_override_of_the_quarter_names_the_senior_and_the_reason(project):
    change = StageChange.objects.create(project=project, from_stage="analysis", to_stage="decision")
    named = {"obstacles": ["Red."], "senior": "A Chief", "reason": "Safety", "by": people.user()}
    Override.objects.create(project=project, change=change, at=NOON, **named)
    facts = quarterly.facts()

    assert cells(facts, "overrides") == [
        ["P-001 Clinic", "analysis → decision", "19 June 2023", "Red.", "A Chief", "Safety"]
    ]
    assert concern(facts, "overrides").asked == "decide whether each was right"


# Plans and the yearly review ---------------------------------------------------------------------


def test_priority_actions_show_their_state_and_late_milestones_come_first():
    plan = plans.plan(title="Our strategy", starts_on=datetime.date(2022, 4, 1))
    action = plans.priority(plan, text="Ask earlier.")
    plans.milestone(action, datetime.date(2023, 5, 31), text="Write it.")
    plans.milestone(action, datetime.date(2023, 6, 1), status="done", text="Agree it.")
    plans.milestone(action, datetime.date(2023, 7, 31), text="Print it.")
    plans.risk(plan, 5, 4, text="Nobody comes.")
    plans.plan(title="Over", starts_on=datetime.date(2019, 4, 1), ends_on=datetime.date(2023, 3, 31))
    facts = quarterly.facts()

    assert cells(facts, f"plan-{plan.code}") == [
        ["1. Ask earlier.", "late", "not recorded", "not recorded", "1 of 3 done; late: Write it."]
    ]
    assert cells(facts, "late-milestones") == [["Write it.", "Our strategy", "31 May 2023", "30", "not recorded"]]
    assert cells(facts, "risks")[0][:2] == ["Nobody comes.", "20"]
    assert "Our strategy, actions by state: late 1." in section(facts, "activities").sentences
    assert not any("Over" in words for words in section(facts, "activities").sentences)


def last_quarter():
    engagement.period("2023-24")
    return quarterly.quarter("2023-24-q4", (2024, 1, 1), (2024, 3, 31))


def test_the_review_of_the_strategy_stands_in_the_last_quarter_of_the_year_alone():
    plan = plans.plan(title="Our strategy", next_review_on=datetime.date(2024, 3, 1))
    said = {"contributors": "Two forums", "doing_well": "Listening", "do_better": "Answering"}
    PlanReview.objects.create(plan=plan, held_on=DAY, **said)
    engagement.period("2023-24")
    first, last = quarterly.facts(), quarterly.facts(last_quarter())

    assert section(first, "review").tables == []
    assert section(first, "review").sentences == [
        "The strategy is reviewed once a year. The review is reported in the last quarter.",
        "Next review of Our strategy: 1 March 2024.",
    ]
    assert cells(last, "reviews")[0][:4] == ["Our strategy", "19 June 2023", "Two forums", "Listening"]


def test_a_year_without_a_review_is_a_finding_and_so_is_no_strategy():
    assert section(quarterly.facts(last_quarter()), "review").sentences == [
        "No review of the strategy is recorded for this year. That is a finding."
    ]
    assert section(quarterly.facts(), "review").sentences == [
        "No strategy is recorded, so none can be reviewed. That is a finding."
    ]
