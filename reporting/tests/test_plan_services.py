"""Plans are written, kept up to date and published: under a lock, audited, and without personal details in public."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.models import BudgetLine, Milestone, Phase, Plan, PlanReview, Priority, Risk
from reporting.services import plans as services
from reporting.tests import plan_factories as factories

pytestmark = pytest.mark.django_db

JULY = datetime.date(2022, 7, 15)


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def plan():
    return factories.plan()


def tomorrow() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=1)


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def words_of(error) -> list[str]:
    return error.value.messages


# Plans -------------------------------------------------------------------------------------------


def test_the_same_plan_sent_twice_is_one_plan_and_its_code_comes_from_its_title(officer):
    activity = engagement.activity()
    values = {"title": "Working with people", "kind": "strategy", "developed_in": [activity]}
    plan, again = (services.add_plan(by=officer, **values) for _time in range(2))
    other = services.add_plan(by=officer, title="Working with people", kind="delivery")
    assert (plan, plan.code, other.code) == (again, "working-with-people", "working-with-people-2")
    assert list(plan.developed_in.all()) == [activity]
    assert verbs() == ["added a plan", "added a plan"]


def test_the_same_change_again_changes_nothing(officer, plan):
    for _time in range(2):
        services.change_plan(plan, by=officer, title="Another title", developed_in=[])
    plan.refresh_from_db()
    assert plan.title == "Another title"
    assert [event.detail for event in AuditEvent.objects.all()] == [{"plan": plan.pk, "fields": ["title"]}]


def test_a_plan_does_not_deliver_an_action_of_its_own(officer):
    own = factories.own_plan(factories.priority())
    inner = factories.priority(own)
    with pytest.raises(ValidationError) as error:
        services.change_plan(own, by=officer, delivers=inner)
    assert error.value.message_dict == {"delivers": ["Choose an action of another plan"]}


# Parts -------------------------------------------------------------------------------------------


def parts(plan) -> list[tuple]:
    priority = plan.priorities.get()
    return [
        (Priority, {"plan": plan, "number": 9, "text": "Ask early."}),
        (Milestone, {"priority": priority, "text": "Ask all places.", "due_on": JULY, "precision": "day"}),
        (Risk, {"plan": plan, "text": "No money.", "likelihood": 2, "impact": 3, "mitigation": "Ask.", "owner": "Us"}),
        (BudgetLine, {"plan": plan, "text": "Events", "year": engagement.period(), "planned": Decimal(5)}),
        (Phase, {"plan": plan, "name": "Start", "starts_on": JULY, "aims": "Listen"}),
        (PlanReview, {"plan": plan, "held_on": JULY, "contributors": "All", "doing_well": "A", "do_better": "B"}),
    ]


def test_each_part_sent_twice_is_one_row(officer, plan):
    factories.priority(plan)
    for kind, values in parts(plan):
        count = kind.objects.count()
        row, again = (services.add_part(kind, by=officer, **values) for _time in range(2))
        assert (row, kind.objects.count() - count) == (again, 1)
    assert verbs() == [
        *("added a priority action", "added a milestone", "added a risk", "added a budget line"),
        *("added a phase of the roadmap", "added a review of a plan"),
    ]
    assert PlanReview.objects.get().by == officer


def test_each_part_is_changed_once(officer, plan):
    factories.priority(plan)
    for kind, values in parts(plan):
        name = "doing_well" if kind is PlanReview else "name" if kind is Phase else "text"
        row = services.add_part(kind, by=officer, **values)
        for _time in range(2):
            services.change_part(row, by=officer, **{name: "Other words"})
        row.refresh_from_db()
        assert getattr(row, name) == "Other words"
    changed = [verb for verb in verbs() if verb.startswith("changed")]
    assert len(changed) == 6


def test_a_month_is_kept_by_its_first_and_its_last_day(officer, plan):
    priority = services.add_part(
        Priority, by=officer, plan=plan, number=1, text="Ask.", starts_on=JULY, ends_on=JULY, precision="month"
    )
    assert (priority.starts_on.day, priority.ends_on.day) == (1, 31)
    milestone = services.add_part(Milestone, by=officer, priority=priority, text="Ask all.", due_on=JULY)
    assert milestone.due_on.day == 31
    milestone = services.change_part(milestone, by=officer, due_on=JULY, precision="day")
    assert milestone.due_on == JULY
    assert services.change_part(milestone, by=officer, precision="month").due_on.day == 31


def test_a_part_names_an_action_of_its_own_plan(officer, plan):
    stranger = factories.priority()
    for kind, values in [part for part in parts(factories.priority(plan).plan) if part[0] in (Risk, BudgetLine)]:
        with pytest.raises(ValidationError) as error:
            services.add_part(kind, by=officer, **values, priority=stranger)
        assert error.value.message_dict == {"priority": ["Choose an action of this plan"]}


def test_links_are_kept_and_are_part_of_the_audit(officer, plan):
    trust, activity = people.organisation("A trust"), engagement.activity()
    priority = factories.priority(plan)
    services.change_part(priority, by=officer, leads=[trust], activities=[activity])
    assert (list(priority.leads.all()), list(priority.activities.all())) == ([trust], [activity])
    assert AuditEvent.objects.get().detail == {"plan": plan.pk, "fields": ["leads", "activities"]}


def test_what_was_done_does_not_lie_ahead(officer, plan):
    board = forums.committee()
    wrong = [
        lambda: services.change_plan(plan, by=officer, agreed_by=board, agreed_on=tomorrow()),
        lambda: services.change_part(factories.priority(plan), by=officer, done_on=tomorrow(), evidence="Report."),
        lambda: services.finish_milestone(factories.milestone(), by=officer, done_on=tomorrow(), evidence="Report."),
        lambda: services.close_risk(factories.risk(plan), by=officer, closed_on=tomorrow(), closed_because="Over."),
        lambda: services.change_part(factories.plan_review(plan), by=officer, held_on=tomorrow()),
    ]
    for change in wrong:
        with pytest.raises(ValidationError) as error:
            change()
        assert words_of(error) == ["The day must not be in the future"]


# Milestones and risks ----------------------------------------------------------------------------


def test_a_milestone_is_done_with_what_shows_it(officer):
    first, second = engagement.activity(), engagement.activity()
    milestone = factories.milestone(activities=[first])
    with pytest.raises(ValidationError) as error:
        services.finish_milestone(milestone, by=officer, done_on=JULY, evidence=" ")
    assert words_of(error) == ["Say when it was done and what shows it, for what is done alone"]
    for _time in range(2):
        services.finish_milestone(milestone, by=officer, done_on=JULY, evidence="Minutes.", activities=[second])
    milestone.refresh_from_db()
    assert (milestone.status, milestone.done_on, milestone.evidence) == ("done", JULY, "Minutes.")
    assert set(milestone.activities.all()) == {first, second}
    assert verbs() == ["finished a milestone"]


def test_a_milestone_is_opened_again_and_keeps_what_was_to_show_it(officer):
    milestone = factories.milestone(due_on=JULY, status="done")
    for _time in range(2):
        services.reopen_milestone(milestone, by=officer)
    milestone.refresh_from_db()
    assert (milestone.status, milestone.done_on, milestone.evidence) == ("on_track", None, "Minutes of the meeting.")
    assert verbs() == ["reopened a milestone"]


@pytest.mark.parametrize("status", ["on_track", "not_started"])
def test_what_is_expected_after_it_is_due_is_at_risk(officer, status):
    milestone = factories.milestone(due_on=JULY, status=status)
    with pytest.raises(ValidationError) as error:
        services.change_part(milestone, by=officer, forecast_on=datetime.date(2022, 7, 16))
    assert error.value.message_dict == {"status": ["It is expected after it is due. Choose “at risk” and say why"]}
    values = {"forecast_on": datetime.date(2022, 7, 16), "status": "at_risk", "status_because": "Nobody is free."}
    assert services.change_part(milestone, by=officer, **values).status == "at_risk"


def test_a_risk_is_closed_with_a_reason_and_opened_again(officer, plan):
    risk = factories.risk(plan)
    with pytest.raises(ValidationError) as error:
        services.close_risk(risk, by=officer, closed_on=JULY, closed_because=" ")
    assert words_of(error) == ["Say why it is closed"]
    for _time in range(2):
        services.close_risk(risk, by=officer, closed_on=JULY, closed_because="It did not happen.")
    for _time in range(2):
        services.reopen_risk(risk, by=officer)
    risk.refresh_from_db()
    assert (risk.closed_on, risk.closed_because) == (None, "")
    assert verbs() == ["closed a risk", "reopened a risk"]


# Publishing --------------------------------------------------------------------------------------


def test_a_plan_is_published_and_withdrawn_once(officer, plan):
    factories.priority(plan)
    for _time in range(2):
        services.publish_plan(plan, by=officer)
    plan.refresh_from_db()
    assert (plan.is_published, plan.published_by) == (True, officer)
    assert list(Plan.objects.public()) == [plan]
    for _time in range(2):
        services.withdraw_plan(plan, by=officer)
    assert list(Plan.objects.public()) == []
    assert verbs() == ["published a plan", "withdrew a plan"]


def test_a_plan_without_plain_words_or_without_actions_is_not_published(officer):
    silent = factories.priority(factories.plan(summary="  ")).plan
    for plan, code in [(silent, "no_summary"), (factories.plan(), "empty")]:
        with pytest.raises(ValidationError) as error:
            services.publish_plan(plan, by=officer)
        assert error.value.error_list[0].code == code
    assert not Plan.objects.public().exists()


def test_no_personal_detail_of_any_row_is_published(officer, plan):
    factories.milestone(factories.priority(plan, text="Ring 07700 900123."), text="Write to jo@example.org.")
    factories.risk(plan, mitigation="Ring 07700 900456.")
    with pytest.raises(ValidationError) as error:
        services.publish_plan(plan, by=officer)
    assert [words.partition(":")[0] for words in words_of(error)] == [
        "Priority action “1. Ring 07700 900123.”",
        "Milestone “Write to jo@example.org.”",
        "Risk “Risk 1”",
    ]
    plan.refresh_from_db()
    assert not plan.is_published


def test_what_everybody_reads_stays_without_personal_details(officer):
    plan = factories.published_plan()
    milestone = factories.milestone(factories.priority(plan))
    with pytest.raises(ValidationError, match=r"jo@example\.org"):
        services.finish_milestone(milestone, by=officer, done_on=JULY, evidence="Ask jo@example.org")
    with pytest.raises(ValidationError, match=r"jo@example\.org"):
        services.change_plan(plan, by=officer, executive_lead="jo@example.org")
    draft = factories.priority(factories.plan())
    assert services.change_part(draft, by=officer, text="Ask jo@example.org").text == "Ask jo@example.org"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_who_send_the_same_action_at_once_make_one(officer, plan, tmp_path):
    values = {"plan": plan, "number": 1, "text": "Ask early."}
    rows = race(tmp_path, *[lambda: services.add_part(Priority, by=officer, **values)] * 2)
    assert (rows[0], Priority.objects.count()) == (rows[1], 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_personal_detail_does_not_slip_in_while_a_plan_is_published(officer, plan, tmp_path):
    priority = factories.priority(plan)
    race(
        tmp_path,
        lambda: services.publish_plan(plan, by=officer),
        lambda: services.change_part(priority, by=officer, text="Ask jo@example.org"),
    )
    priority.refresh_from_db()
    assert (Plan.objects.get().is_published, priority.text) == (True, "Do thing 1.")
