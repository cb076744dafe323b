"""The pages of strategies and plans: who sees them, what stands first, and that forms keep what was typed."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.models import ActivityPartner
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.models import IncentiveAward
from forums.tests import test_expenses as expenses
from forums.tests import test_practices as practices
from people.tests import factories as people
from reporting.documents import plan_budget
from reporting.models import Plan
from reporting.tests import plan_factories as factories

pytestmark = pytest.mark.django_db

READERS = ["administrator", "lead", "officer", "project_lead"]
OTHERS = ["secretary", "partner"]


def sign_in(client, role: str, area=None):
    user = people.user(role, area)
    client.force_login(user)
    return user


def address(page: str, *args) -> str:
    return reverse(f"plans:{page}", args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


# Who may -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", READERS)
def test_staff_read_plans(client, role):
    plan = factories.full_plan(title="Working with people")
    sign_in(client, role)
    for page in (address("plan_list"), address("plan_detail", plan.pk)):
        response = client.get(page)
        assert response.status_code == 200
        assert "Working with people" in text(response)


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_reads_them(client, role):
    plan = factories.full_plan()
    sign_in(client, role)
    assert [client.get(page).status_code for page in (address("plan_list"), plan.get_absolute_url())] == [403, 403]


def test_a_stranger_is_sent_to_sign_in(client):
    plan = factories.full_plan()
    for page in (address("plan_list"), plan.get_absolute_url()):
        assert client.get(page)["Location"].startswith("/accounts/login/")


def forms_of(plan) -> list[str]:
    priority = plan.priorities.get()
    adds = ("priority_add", "risk_add", "budget_add", "phase_add", "review_add")
    rows = [
        ("plan_edit", plan),
        ("priority_edit", priority),
        ("milestone_add", priority),
        ("milestone_edit", priority.milestones.get()),
        ("risk_edit", plan.risks.get()),
        ("budget_edit", plan.budget_lines.get()),
        ("phase_edit", plan.phases.get()),
        ("review_edit", plan.reviews.get()),
    ]
    return [
        address("plan_add"),
        *(address(name, plan.pk) for name in adds),
        *(address(name, row.pk) for name, row in rows),
    ]


@pytest.mark.parametrize(
    ("role", "status"),
    [("administrator", 200), ("lead", 200), ("officer", 200), ("project_lead", 403), ("member", 403)],
)
def test_who_may_add_and_change(client, role, status):
    pages = forms_of(factories.full_plan())
    sign_in(client, role)
    assert [client.get(page).status_code for page in pages] == [status] * 14


def test_a_reader_is_offered_no_change(client):
    plan = factories.full_plan()
    sign_in(client, "project_lead")
    page = text(client.get(plan.get_absolute_url()))
    assert not [form for form in forms_of(plan) if form in page]


@pytest.mark.parametrize(("role", "status"), [("administrator", 302), ("lead", 302), ("officer", 403)])
def test_who_may_publish(client, role, status):
    plan = factories.full_plan()
    sign_in(client, role)
    for step, is_published in [("publish", status == 302), ("withdraw", False)]:
        assert client.post(address("plan_step", plan.pk, step)).status_code == status
        plan.refresh_from_db()
        assert plan.is_published == is_published
    offered = "Publish the plan" in text(client.get(plan.get_absolute_url()))
    assert offered == (status == 302)


def test_what_cannot_be_published_says_why(client):
    plan = factories.plan()
    sign_in(client, "lead")
    response = client.post(address("plan_step", plan.pk, "publish"))
    assert response.status_code == 422
    assert "Add a priority action before you publish it" in text(response)
    assert client.post(address("plan_step", plan.pk, "burn")).status_code == 404


# What is shown -----------------------------------------------------------------------------------


def test_a_new_plan_of_17_open_ended_actions_shows_well(client):
    plan = factories.plan(summary="")
    factories.priority(plan, starts_on=datetime.date(2022, 5, 1))
    for _number in range(16):
        factories.priority(plan)
    sign_in(client, "lead")
    page = text(client.get(plan.get_absolute_url()))
    assert "Nothing is late." in page
    assert page.count("nobody has said</strong>") == 17
    assert "from May 2022, no end" in page
    assert "No milestone is recorded yet." in page
    assert "No plan of its own: actions 1, 2, 3" in page


def test_what_is_late_stands_first(client):
    plan = factories.full_plan()
    priority = factories.priority(plan, text="Train the volunteers", ends_on=in_days(-2), precision="day")
    factories.milestone(priority, in_days(-3), text="Book the rooms", status="at_risk", forecast_on=in_days(9))
    sign_in(client, "lead")
    page = text(client.get(plan.get_absolute_url()))
    late = page[page.index('id="late"') : page.index('id="about"')]
    assert "Train the volunteers" in late
    assert "Its time is over" in late
    assert "Book the rooms: due " in late
    assert ", 3 days late, now expected " in late
    assert "Nobody is free." in late


def test_milestones_link_what_shows_them(client):
    activity = engagement.activity(title="Meeting in Harlow")
    evidence = "See https://example.org/minutes"
    milestone = factories.milestone(due_on=in_days(-3), status="done", evidence=evidence, activities=[activity])
    sign_in(client, "lead")
    page = text(client.get(milestone.priority.plan.get_absolute_url()))
    assert '<a href="https://example.org/minutes" rel="nofollow">' in page
    assert f'<a href="{activity.get_absolute_url()}">' in page


def test_an_action_names_the_activities_that_serve_it(client):
    activity = engagement.activity("A-777", title="Meeting in Harlow")
    priority = factories.priority(activities=[activity])
    sign_in(client, "lead")
    page = text(client.get(priority.plan.get_absolute_url()))
    assert f'Served by: <a href="{activity.get_absolute_url()}">A-777<' in page


def test_an_officer_of_one_area_sees_no_activity_or_project_of_another(client):
    here, there = people.area(), people.area()
    mine = engagement.activity(title="Meeting here", areas=[here])
    other = engagement.activity(title="Secret there", areas=[there])
    plan = factories.plan(developed_in=[mine, other])
    factories.milestone(factories.priority(plan, activities=[mine, other]), in_days(3), activities=[mine, other])
    factories.risk(plan, project=projects.project(title="Hidden project", areas=[there]))
    sign_in(client, "officer", here)
    page = text(client.get(plan.get_absolute_url()))
    assert page.count("Meeting here") == 3
    assert "Secret there" not in page
    assert "Hidden project" not in page


def test_risks_show_their_score_and_how_it_is_made(client):
    plan = factories.plan()
    for _number in range(5):
        factories.risk(plan, 4, 5, review_on=in_days(-1))
    factories.risk(plan, 1, 2, text="Rain on the day")
    factories.closed_risk(plan)
    sign_in(client, "lead")
    page = text(client.get(plan.get_absolute_url()))
    assert page.count("<strong>20</strong> (4&nbsp;×&nbsp;5)") == 5
    assert page.index("Other open risks") < page.index("Rain on the day") < page.index("1 closed risk")
    assert "<strong>12</strong>" not in page


def test_money_that_is_not_known_is_not_recorded(client):
    plan = factories.plan()
    factories.budget_line(plan, 12000)
    factories.budget_line(plan, None)
    sign_in(client, "lead")
    page = text(client.get(plan.get_absolute_url()))
    assert "£12,000, 1 line not recorded" in page
    assert "£0" not in page


# What it has cost --------------------------------------------------------------------------------


def costs_of(plan: Plan) -> dict[str, tuple[str, str]]:
    return {cost.kind: (cost.amount, cost.basis) for cost in plan_budget.costs(plan, timezone.localdate())}


def test_costs_are_those_of_the_activities_that_serve_a_plan_each_once(client):
    dear, unknown = engagement.activity(cost="1200.50"), engagement.activity()
    engagement.activity(cost="999")
    plan = factories.plan(developed_in=[dear])
    action = factories.priority(plan, activities=[dear, unknown])
    factories.milestone(action, in_days(-1), activities=[dear])
    commissioned = {"organisation": people.organisation(), "part": "commissioned"}
    ActivityPartner.objects.create(activity=dear, fee=400, **commissioned)
    ActivityPartner.objects.create(activity=unknown, **commissioned)

    costs = costs_of(plan)
    assert costs["Activities that serve it"] == ("£1,200.50", "known of 1, of 2 in all")
    assert costs["Work that was commissioned in them"] == ("£400", "known of 1, of 2 in all")
    sign_in(client, "lead")
    page = text(client.get(plan.get_absolute_url()))
    assert "£1,200.50" in page
    assert "£1,600.50" not in page


def test_expenses_and_grants_are_those_of_the_time_of_the_plan():
    engagement.period()
    plan = factories.plan(starts_on=datetime.date(2023, 4, 1), ends_on=datetime.date(2024, 3, 31))
    for day, status in ((1, "paid"), (2, "approved")):
        claim = expenses.claim(status=status, paid_on=datetime.date(2023, 7, day) if status == "paid" else None)
        expenses.item(claim, "14.50")
    expenses.item(expenses.claim(status="paid", paid_on=datetime.date(2024, 4, 1)), "80")
    group = practices.group()
    for year in ("2023-24", "2022-23"):
        IncentiveAward.objects.create(group=group, year=year, amount=250, activity="A health event")

    costs = costs_of(plan)
    assert costs["Expenses of people who take part"][0] == "£14.50"
    assert costs["Grants to patient groups"][0] == "£250"


def test_costs_that_nobody_has_recorded_are_not_nothing():
    plan = factories.plan(starts_on=None)
    assert {amount for amount, _basis in costs_of(plan).values()} == {"not recorded"}
    assert costs_of(plan)["Expenses of people who take part"][1] == "the plan has no first day"


def test_the_roadmap_is_a_picture_and_a_table(client):
    plan = factories.plan()
    factories.phase(plan, name="Listen", starts_on=datetime.date(2022, 7, 1), aims="Ask all places\nWrite it up")
    sign_in(client, "lead")
    page = text(client.get(plan.get_absolute_url()))
    roadmap = page[page.index('id="roadmap"') : page.index('id="risks"')]
    assert roadmap.count("from July 2022, no end") == 2
    assert "Ask all places<br>Write it up" in roadmap


def test_the_list_counts_states_and_gaps(client):
    plan = factories.published_plan(title="Strategy of 2022")
    factories.milestone(factories.priority(plan), in_days(-1))
    factories.plan("delivery", title="Delivery of 2023")
    sign_in(client, "lead")
    page = text(client.get(address("plan_list")))
    assert "done or on track" in page
    assert "2 plans" in page
    only = text(client.get(address("plan_list"), {"kind": "delivery"}))
    assert ("Delivery of 2023" in only, "Strategy of 2022" in only) == (True, False)
    public = text(client.get(address("plan_list"), {"show": "public"}))
    assert ("Delivery of 2023" in public, "Strategy of 2022" in public) == (False, True)
    not_public = text(client.get(address("plan_list"), {"show": "not_public"}))
    assert ("Delivery of 2023" in not_public, "Strategy of 2022" in not_public) == (True, False)
    assert "left it out" in text(client.get(address("plan_list"), {"kind": "nonsense"}))


def queries_of(client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize("number", [10, 100])
def test_pages_ask_as_much_for_many_rows_as_for_one(client, number):
    sign_in(client, "lead")
    asked = []
    for count in (1, number):
        Plan.objects.all().update(title="Other")
        plan = factories.plan(developed_in=[engagement.activity() for _each in range(count)])
        for _each in range(count):
            priority = factories.priority(plan, leads=[people.organisation()], activities=[engagement.activity()])
            factories.milestone(priority, in_days(-1), activities=[engagement.activity()])
            factories.risk(plan, project=projects.project(), priority=priority)
            factories.budget_line(plan, priority=priority)
            factories.phase(plan)
            factories.own_plan(priority)
        asked.append((queries_of(client, address("plan_list")), queries_of(client, plan.get_absolute_url())))
    assert asked[0] == asked[1]
