"""Plans as data: what each body has planned loads from its profile; a wrong row says where it is (PLN-001 to 008)."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core import serializers

from core import profiles
from core.profiles import ProfileError
from engagement.tests import factories as engagement
from people.models import Organisation
from reporting.documents.plans import progress
from reporting.models import BudgetLine, Milestone, Phase, Plan, Precision, Priority, Risk
from reporting.profile.plans import load_plans

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR) / "profiles"
HWE = "hertfordshire-and-west-essex"
HW = "herefordshire-and-worcestershire"
LLR = "leicester-leicestershire-and-rutland"
COMMITMENTS = "commitments-by-principle"
COUNTS = {  # priority actions, milestones, phases, budget lines
    LLR: (17, 0, 7, 16),
    HW: (7, 12, 0, 0),
    HWE: (11, 0, 0, 0),
}


def load(body: str) -> Plan:
    """The plan of a body that has actions with days, leads or milestones; HW keeps what it promises beside it."""
    profiles.load(FOLDER / f"{body}.toml")
    return Plan.objects.exclude(code=COMMITMENTS).get()


def every_row() -> str:
    models = (Plan, Priority, Milestone, Phase, BudgetLine, Risk)
    return serializers.serialize("json", [row for model in models for row in model.objects.order_by("pk")])


def number(plan: Plan, value: int) -> Priority:
    return plan.priorities.get(number=value)


def a_plan(**values) -> dict:
    return {"code": "ours", "kind": "delivery", "title": "Our plan"} | values


# Each body ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", COUNTS)
def test_each_body_has_the_actions_milestones_phases_and_budget_lines_of_its_source(body):
    plan = load(body)
    milestones = Milestone.objects.filter(priority__plan=plan)
    found = [rows.count() for rows in (plan.priorities, milestones, plan.phases, plan.budget_lines)]

    assert tuple(found) == COUNTS[body]
    assert list(plan.priorities.values_list("number", flat=True)) == list(range(1, COUNTS[body][0] + 1))
    assert plan.summary
    assert not plan.is_published


@pytest.mark.parametrize("body", COUNTS)
def test_loading_a_body_twice_changes_nothing(body):
    load(body)
    before = every_row()
    load(body)

    assert every_row() == before


def test_the_strategy_has_leads_dates_and_blanks_as_its_table_has_them():
    plan = load(LLR)
    lines = {line.priority.number: line for line in progress(plan, date(2022, 7, 1)).lines}
    icb, uhl, lpt = (
        "Leicester, Leicestershire and Rutland ICB",
        "University Hospitals of Leicester NHS Trust",
        "Leicestershire Partnership NHS Trust",
    )

    assert set(number(plan, 1).leads.values_list("name", flat=True)) == {icb, uhl, lpt}
    assert lines[1].dates == "July 2022 to July 2023"
    assert (lines[5].leads, number(plan, 5).ends_on) == (lpt, date(2022, 9, 30))
    assert number(plan, 5).date_note.startswith("The source says “Project start in June - September 2022”")
    assert lines[8].dates == "from July 2022, no end (ongoing)"
    assert [n for n, line in lines.items() if not line.is_led] == [11, 16]
    assert (lines[13].leads, lines[13].dates) == ("lead dependent on project", "timeline appropriate to project")
    assert [n for n, line in lines.items() if line.priority.starts_on is None] == [13, 14]
    assert set(plan.priorities.values_list("precision", flat=True)) == {Precision.MONTH}


def test_the_budget_counts_otherwise_than_the_actions_and_knows_no_amounts():
    plan = load(LLR)
    lines = plan.budget_lines.select_related("priority", "year")

    assert [(line.number, line.priority.number) for line in lines] == list(
        zip(range(1, 17), [1, 2, *range(4, 18)], strict=True)
    )
    assert {line.year.code for line in lines} == {"2022-23"}
    assert {(line.planned, line.committed, line.spent) for line in lines} == {(None, None, None)}


def test_the_roadmap_has_phases_of_whole_months_and_the_last_goes_on():
    phases = load(LLR).phases.all()

    assert [(phase.starts_on, phase.ends_on) for phase in phases][:2] == [
        (date(2021, 12, 1), date(2022, 4, 30)),
        (date(2022, 4, 1), date(2022, 6, 30)),
    ]
    assert (phases[6].starts_on, phases[6].ends_on) == (date(2023, 4, 1), None)
    assert phases[0].aims.splitlines()[1] == "Agree a budget"


def test_the_delivery_plan_has_the_milestones_of_each_action_with_their_months():
    plan = load(HW)
    found = {
        row.number: [f"{milestone.due_on:%Y-%m-%d}" for milestone in row.milestones.all()]
        for row in plan.priorities.all()
    }

    assert found == {
        1: ["2022-07-31", "2022-07-31"],
        2: ["2022-07-31", "2022-12-31"],
        3: ["2022-07-31"],
        4: ["2023-08-31"],
        5: ["2022-07-31", "2023-09-30"],
        6: ["2022-08-31", "2022-09-30"],
        7: ["2022-07-31", "2023-02-28"],
    }
    assert set(Milestone.objects.values_list("precision", "status")) == {("month", "not_started")}


def test_what_a_strategy_promises_stands_under_each_of_its_ten_principles():
    load(HW)
    plan = Plan.objects.get(code=COMMITMENTS)
    found = {
        row.number: [f"{each.principle_set.code} {each.number}" for each in row.principles.all()]
        for row in plan.priorities.all()
    }

    assert (len(found), plan.is_published) == (18, False)
    assert found[6] == ["PS-HW 3", "PS-HW 8"]
    assert {each for named in found.values() for each in named} == {f"PS-HW {number}" for number in range(1, 11)}


@pytest.mark.parametrize(
    ("row", "of_which"), [({"principle_set": "2022"}, "the set 2022"), ({}, "the set of the plan, which names none")]
)
def test_a_principle_that_the_set_of_the_plan_lacks_is_refused_with_its_number(row, of_which):
    engagement.principle_set(principles=3)
    action = {"number": 1, "text": "Ask early", "principles": [2, 11]}
    missing = "2, 11" if not row else "11"

    with pytest.raises(
        ProfileError, match=f"priority action 1: there is no principle {missing} in {of_which}. Name the plan"
    ):
        load_plans([a_plan(**row, priority=[action])])
    assert not Plan.objects.exists()


# What staff have written stays -------------------------------------------------------------------


def test_what_staff_changed_since_stays():
    plan = load(HW)
    milestone = Milestone.objects.get(text="Launch the insights library")
    milestone.status, milestone.done_on, milestone.evidence = "done", date(2022, 7, 20), "Board paper 7"
    milestone.text = "Launch the library of insight"
    milestone.save()
    Priority.objects.filter(pk=milestone.priority_id).update(text="Ours", done_on=date(2022, 8, 1), evidence="Seen")
    Plan.objects.filter(pk=plan.pk).update(title="Renamed", summary="Ours")
    before = every_row()
    load(HW)

    assert every_row() == before


def test_an_action_that_the_plan_lacks_is_added_with_its_milestones_and_nothing_else():
    load_plans([a_plan(priority=[{"number": 1, "text": "One", "milestone": [{"text": "First"}]}])])
    new = [
        {"number": 1, "text": "Other"},
        {"number": 2, "text": "Two", "milestone": [{"text": "Next", "due": "2024-02"}]},
    ]
    load_plans([a_plan(title="Other", priority=new, phase=[{"name": "Later", "from": "2024-01"}])])
    plan = Plan.objects.get()

    assert (plan.title, plan.phases.count()) == ("Our plan", 0)
    assert [row.text for row in plan.priorities.all()] == ["One", "Two"]
    assert [(row.text, row.due_on) for row in Milestone.objects.order_by("pk")] == [
        ("First", None),
        ("Next", date(2024, 2, 29)),
    ]


def test_days_risks_amounts_and_leads_by_another_name_are_taken():
    organisation = Organisation.objects.create(name="Lea Trust", kind="trust")
    organisation.aliases.create(name="LT")
    year = engagement.period("2023-24")
    load_plans(
        [
            a_plan(
                **{
                    "from": date(2023, 4, 3),
                    "to": "2024-03",
                    "next_review": "2024-01",
                    "executive_lead": "Chief nurse",
                },
                priority=[{"number": 4, "text": "Four", "leads": ["lt"], "from": "2023-05", "to": date(2023, 6, 5)}],
                budget=[{"text": "Rooms", "year": year.code, "planned": 1200, "spent": "0", "priority": 4}],
                risk=[
                    {
                        "text": "Few come",
                        "likelihood": 3,
                        "impact": 4,
                        "mitigation": "Go to them",
                        "owner": "Lead",
                        "priority": 4,
                        "review": date(2023, 9, 1),
                    }
                ],
            )
        ]
    )
    plan, action, line, risk = (model.objects.get() for model in (Plan, Priority, BudgetLine, Risk))

    assert (plan.starts_on, plan.ends_on, plan.next_review_on) == (
        date(2023, 4, 3),
        date(2024, 3, 31),
        date(2024, 1, 31),
    )
    assert (action.starts_on, action.ends_on, action.precision) == (date(2023, 5, 1), date(2023, 6, 5), "day")
    assert list(action.leads.all()) == [organisation]
    assert (line.planned, line.committed, line.spent, line.priority) == (1200, None, 0, action)
    assert (risk.score, risk.priority, risk.review_on) == (12, action, date(2023, 9, 1))


# What is wrong, and where ------------------------------------------------------------------------

ONE = {"number": 1, "text": "One"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"kind": "delivery", "title": "Our plan"}, "[plan] Our plan: the row lacks 'code'"),
        ({"kind": "delivery"}, "[plan] without a code: the row lacks 'code'"),
        ({"code": "ours", "kind": "delivery"}, "[plan] ours: title: This field cannot be blank."),
        (a_plan(kind="dream"), "[plan] ours: kind: Value 'dream' is not a valid choice."),
        (a_plan(kind="action"), "[plan] ours: Choose the priority action, for the plan of one priority action alone"),
        (a_plan(**{"from": "2023-05", "to": "2023-04"}), "[plan] ours: The last day must not be before the first day"),
        (
            a_plan(**{"from": "May"}),
            '[plan] ours: from: May is no month and no day. Write it as "2022-07" or 2022-07-15',
        ),
        (
            a_plan(**{"from": 2022}),
            '[plan] ours: from: 2022 is no month and no day. Write it as "2022-07" or 2022-07-15',
        ),
        (a_plan(lead="Me"), "[plan] ours: nobody reads lead. Write one of: budget, code, executive_lead, "),
        (a_plan(priority=[{"text": "One"}]), "[plan] ours, priority action without a number: the row lacks 'number'"),
        (a_plan(priority=[{"number": 3}]), "[plan] ours, priority action 3: text: This field cannot be blank."),
        (a_plan(priority=[ONE | {"txet": ""}]), "[plan] ours, priority action 1: nobody reads txet. Write one of: "),
        (
            a_plan(priority=[ONE | {"leads": ["Nobody's Trust"]}]),
            "[plan] ours, priority action 1: there is no organisation Nobody's Trust. Name those of this profile",
        ),
        (
            a_plan(priority=[ONE, ONE]),
            "[plan] ours, priority action 1: This plan has an action with that number already",
        ),
        (
            a_plan(priority=[ONE | {"milestone": [{"text": "A"}, {"text": "B", "due": "2022-13"}]}]),
            "[plan] ours, priority action 1, milestone 2: due: 2022-13 is no month and no day.",
        ),
        (a_plan(phase=[{"name": "P"}]), "[plan] ours, phase 1: starts_on: This field cannot be null."),
        (
            a_plan(budget=[{"text": "A", "year": "1999"}]),
            "[plan] ours, budget 1: there is no year 1999. Name the code of",
        ),
        (
            a_plan(budget=[{"text": "A", "year": "2023-24", "priority": 9}]),
            "[plan] ours, budget 1: the plan has no prior",
        ),
        (
            a_plan(budget=[{"text": "A", "year": "2023-24", "planned": -1}]),
            "[plan] ours, budget 1: Write an amount of 0 or more",
        ),
        (a_plan(risk=[{"text": "A", "likelihood": 1}]), "[plan] ours, risk 1: the row lacks 'impact'"),
    ],
)
def test_a_wrong_row_says_where_it_is_and_nothing_is_kept(row, said):
    engagement.period("2023-24")
    with pytest.raises(ProfileError) as refusal:
        load_plans([a_plan(code="sound", title="Sound"), row])

    assert str(refusal.value).startswith(said)
    assert not Plan.objects.exists()


def test_a_quarter_is_no_year_for_a_budget():
    engagement.period("2023-24-q1", kind="quarter")
    with pytest.raises(ProfileError, match="budget 1: there is no year 2023-24-q1"):
        load_plans([a_plan(budget=[{"text": "A", "year": "2023-24-q1"}])])
