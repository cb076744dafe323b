"""How far a plan is on a day, in states that the days decide, and what it lacks."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.tests.factories import period
from people.tests import factories as people
from reporting.documents import plans as documents
from reporting.documents.plan_budget import budget
from reporting.tests import plan_factories as factories

pytestmark = pytest.mark.django_db

ON = datetime.date(2023, 9, 15)
BEFORE, AFTER = datetime.date(2023, 9, 14), datetime.date(2023, 9, 16)


def state_of(milestone, on=ON) -> str:
    return documents.milestone_line(milestone, on).state


def line_of(priority, on=ON):
    return documents.progress(priority.plan, on).lines[0]


def dates_of(**fields) -> str:
    return documents.dates(factories.priority(**fields))


# A milestone -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "status", "state"),
    [
        (BEFORE, "done", "done"),
        (BEFORE, "not_started", "late"),
        (BEFORE, "on_track", "late"),
        (BEFORE, "at_risk", "late"),
        (ON, "on_track", "on_track"),
        (AFTER, "at_risk", "at_risk"),
        (AFTER, "not_started", "not_started"),
        (None, "not_started", "not_started"),
        (None, "on_track", "on_track"),
    ],
)
def test_the_state_of_a_milestone(due_on, status, state):
    assert state_of(factories.milestone(due_on=due_on, status=status)) == state


def test_a_month_is_late_only_when_it_is_over():
    row = factories.milestone(due_on=datetime.date(2023, 9, 1), precision="month")
    assert state_of(row, datetime.date(2023, 9, 30)) == "not_started"
    line = documents.milestone_line(row, datetime.date(2023, 10, 1))
    assert (line.state, line.days_late, line.due) == ("late", 1, "September 2023")


def test_what_was_done_after_the_day_was_not_done_on_it():
    late = factories.milestone(due_on=BEFORE, status="done", done_on=AFTER)
    early = factories.milestone(due_on=datetime.date(2023, 10, 1), status="done", done_on=AFTER)
    assert (state_of(late), state_of(late, AFTER)) == ("late", "done")
    assert (state_of(early), state_of(early, AFTER)) == ("on_track", "done")


def test_what_was_done_late_is_done():
    row = factories.milestone(due_on=BEFORE, status="done", done_on=ON)
    line = documents.milestone_line(row, ON)
    assert (line.state, line.days_late, line.done_on) == ("done", 0, "15 September 2023")


# A priority action -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("milestones", "fields", "state"),
    [
        ([(BEFORE, "not_started")], {"done_on": ON, "evidence": "Report."}, "done"),
        ([(BEFORE, "not_started"), (AFTER, "done")], {}, "late"),
        ([(AFTER, "on_track")], {"ends_on": BEFORE, "precision": "day"}, "late"),
        ([(AFTER, "at_risk"), (AFTER, "on_track")], {"ends_on": AFTER}, "at_risk"),
        ([(AFTER, "on_track"), (AFTER, "not_started")], {}, "on_track"),
        ([(BEFORE, "done"), (AFTER, "not_started")], {}, "on_track"),
        ([], {"starts_on": AFTER}, "not_started"),
        ([(AFTER, "not_started")], {"starts_on": AFTER}, "not_started"),
        ([], {"starts_on": BEFORE}, "unknown"),
        ([(AFTER, "not_started")], {}, "unknown"),
        ([], {}, "unknown"),
    ],
)
def test_the_state_of_a_priority_action(milestones, fields, state):
    priority = factories.priority(**fields)
    for due_on, status in milestones:
        factories.milestone(priority, due_on, status=status)
    assert line_of(priority).state == state


def test_an_action_that_was_done_after_the_day_was_not_done_on_it():
    priority = factories.priority(done_on=AFTER, evidence="Report.", ends_on=BEFORE, precision="day")
    assert (line_of(priority).state, line_of(priority).is_over) == ("late", True)
    assert (line_of(priority, AFTER).state, line_of(priority, AFTER).is_over) == ("done", False)


def test_an_action_that_ends_with_a_month_has_all_of_it():
    priority = factories.priority(ends_on=datetime.date(2023, 9, 1), precision="month")
    assert line_of(priority).state == "unknown"
    assert line_of(priority, datetime.date(2023, 10, 1)).state == "late"


def test_what_nobody_has_said_is_said():
    assert line_of(factories.priority()).state_words == "nobody has said"


# Words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"starts_on": datetime.date(2022, 7, 1), "ends_on": datetime.date(2022, 7, 31)}, "July 2022"),
        ({"starts_on": datetime.date(2022, 5, 1), "ends_on": datetime.date(2023, 3, 31)}, "May 2022 to March 2023"),
        ({"starts_on": datetime.date(2022, 5, 1)}, "from May 2022, no end"),
        ({"ends_on": datetime.date(2022, 5, 31)}, "by May 2022"),
        ({"starts_on": datetime.date(2022, 5, 4), "precision": "day"}, "from 4 May 2022, no end"),
        ({"date_note": "ongoing"}, "ongoing"),
        ({"starts_on": datetime.date(2022, 5, 1), "date_note": "ongoing"}, "from May 2022, no end (ongoing)"),
        ({}, "not recorded"),
    ],
)
def test_dates_are_no_more_exact_than_the_plan(fields, words):
    assert dates_of(**fields) == words


def test_who_leads_is_said_as_the_plan_says_it():
    trust = people.organisation("A trust")
    leads = [
        factories.priority(leads=[trust], lead_note="with the councils"),
        factories.priority(lead_note="the places"),
        factories.priority(owner="Head of engagement"),
        factories.priority(),
    ]
    assert [(line_of(priority).leads, line_of(priority).is_led) for priority in leads] == [
        ("A trust, with the councils", True),
        ("the places", True),
        ("not recorded", True),
        ("not recorded", False),
    ]


# A plan ------------------------------------------------------------------------------------------


def test_every_state_is_counted_and_the_worst_stands_first():
    plan = factories.plan()
    for due_on, status in [(AFTER, "on_track"), (BEFORE, "not_started"), (AFTER, "on_track")]:
        factories.milestone(factories.priority(plan), due_on, status=status)
    found = documents.progress(plan, ON)
    assert found.counts == {"late": 1, "at_risk": 0, "on_track": 2, "done": 0, "not_started": 0, "unknown": 0}
    assert found.count_words == (("late", "late", 1), ("on_track", "on track", 2))
    assert [line.priority.number for line in found.late] == [2]


def test_a_new_plan_says_all_that_it_lacks():
    plan = factories.plan(next_review_on=BEFORE)
    for _number in range(17):
        factories.priority(plan)
    numbers = "actions " + ", ".join(str(number) for number in range(1, 17)) + " and 17"
    assert documents.progress(plan, ON).missing == (
        f"No plan of its own: {numbers}",
        f"Nobody named to lead: {numbers}",
        f"No date: {numbers}",
        "No budget is recorded",
        "No risk is recorded",
        "No executive lead is recorded",
        "It was to be looked at again by 14 September 2023",
    )


def test_a_full_strategy_lacks_nothing():
    plan = factories.plan(executive_lead="Chief nurse", next_review_on=ON)
    priority = factories.priority(plan, lead_note="the places", date_note="ongoing")
    factories.own_plan(priority)
    factories.risk(plan)
    factories.budget_line(plan)
    assert documents.progress(plan, ON).missing == ()


def test_a_delivery_plan_has_milestones_with_days_and_needs_no_plan_for_each_action():
    plan = factories.plan("delivery", executive_lead="Chief nurse")
    factories.risk(plan)
    factories.budget_line(plan)
    dated = {"lead_note": "us", "date_note": "ongoing"}
    factories.milestone(factories.priority(plan, **dated))
    factories.priority(plan, **dated)
    factories.priority(plan, **dated, done_on=BEFORE, evidence="Report.")
    assert documents.progress(plan, ON).missing == ("No milestone: action 2", "1 milestone has no due day")


def test_the_plan_of_one_action_takes_money_and_lead_from_the_plan_above():
    own = factories.own_plan(factories.priority())
    assert documents.progress(own, ON).missing == ("No priority action is recorded", "No risk is recorded")


@pytest.mark.parametrize("number", [10, 100])
def test_as_many_queries_for_many_actions_and_plans_as_for_one(number):
    def asked(count: int) -> int:
        plans = [factories.plan() for _each in range(count)]
        for plan in plans:
            factories.milestone(factories.priority(plan, leads=[people.organisation()]), AFTER)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert [len(each.lines) for each in documents.progress_of(plans, ON)] == [1] * count
        return len(queries)

    assert asked(1) == asked(number)


# Over all plans ----------------------------------------------------------------------------------


def test_late_milestones_of_every_plan_the_longest_late_first():
    month = factories.milestone(due_on=datetime.date(2023, 9, 1), precision="month")
    one = factories.milestone(due_on=BEFORE)
    long = factories.milestone(due_on=datetime.date(2023, 1, 1))
    factories.milestone(due_on=ON)
    factories.milestone(due_on=BEFORE, status="done", done_on=ON)
    factories.milestone()
    assert [(line.milestone, line.days_late) for line in documents.late_milestones(ON)] == [(long, 257), (one, 1)]
    assert documents.late_milestones(datetime.date(2023, 10, 1))[-1].milestone == month


def test_a_risk_of_a_plan_that_begins_later_is_not_a_risk_yet():
    begun = factories.risk(factories.plan(starts_on=ON))
    factories.risk(factories.plan(starts_on=AFTER), 5, 5)
    assert documents.top_risks(ON) == [begun]


def test_top_risks_are_the_greatest_that_are_open():
    plan = factories.plan()
    small, great = factories.risk(plan, 1, 2), factories.risk(plan, 5, 4)
    middle = factories.risk(factories.plan(), 3, 3)
    factories.closed_risk(plan, likelihood=5, impact=5, closed_on=ON)
    later = factories.closed_risk(plan, likelihood=2, impact=2, closed_on=AFTER)
    assert documents.top_risks(ON) == [great, middle, later, small]
    assert documents.top_risks(ON, most=1) == [great]


# Money -------------------------------------------------------------------------------------------


def test_what_is_not_known_is_not_added_as_nothing():
    plan = factories.plan()
    factories.budget_line(plan, 12000, number=2, text="Training", committed=Decimal("0"), spent=Decimal("99.50"))
    factories.budget_line(plan, None, number=1, text="Events", committed=Decimal("500"))
    (year,) = budget(plan)
    assert year.year == "2023–24"
    assert [(each.line.text, each.amounts) for each in year.lines] == [
        ("Events", ("not recorded", "£500", "not recorded")),
        ("Training", ("£12,000", "£0", "£99.50")),
    ]
    assert year.totals == ("£12,000, 1 line not recorded", "£500", "£99.50, 1 line not recorded")


def test_years_are_not_added_and_a_year_without_amounts_has_no_total():
    plan = factories.plan()
    factories.budget_line(plan, 1000)
    factories.budget_line(plan, None, year=period("2024-25"))
    assert [(year.year, year.totals[0]) for year in budget(plan)] == [
        ("2024–25", "not recorded"),
        ("2023–24", "£1,000"),
    ]
