"""The forms of strategies and plans: they keep what was typed, and say what to do."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.models import BudgetLine, Milestone, Phase, Plan, PlanReview, Priority, Risk
from reporting.tests import plan_factories as factories

pytestmark = pytest.mark.django_db


def sign_in(client, role: str, area=None) -> None:
    client.force_login(people.user(role, area))


def address(page: str, *args) -> str:
    return reverse(f"plans:{page}", args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def parts(name: str, day: datetime.date) -> dict:
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def test_a_plan_is_added_for_an_action_and_changed(client):
    priority = factories.priority()
    activity = engagement.activity("A-900")
    sign_in(client, "officer")
    page = text(client.get(f"{address('plan_add')}?delivers={priority.pk}"))
    assert f'<option value="{priority.pk}" selected>' in page
    sent = {"title": "Plan of action 1", "kind": "action", "delivers": priority.pk, "developed_in": "a-900"}
    response = client.post(address("plan_add"), sent)
    plan = Plan.objects.get(title="Plan of action 1")
    assert response["Location"] == plan.get_absolute_url()
    assert (plan.delivers, list(plan.developed_in.all())) == (priority, [activity])
    client.post(address("plan_edit", plan.pk), sent | {"title": "Another title", "developed_in": ""})
    plan.refresh_from_db()
    assert (plan.title, plan.developed_in.count()) == ("Another title", 0)


def test_a_wrong_plan_says_what_to_do_and_keeps_what_was_typed(client):
    sign_in(client, "officer")
    sent = {"title": "Typed", "kind": "strategy", "developed_in": "A-404", **parts("agreed_on", in_days(-1))}
    response = client.post(address("plan_add"), sent)
    assert response.status_code == 422
    page = text(response)
    assert 'value="Typed"' in page
    assert "There is no activity A-404. Check the reference" in page
    refused = client.post(address("plan_add"), sent | {"developed_in": ""})
    assert (refused.status_code, Plan.objects.count()) == (422, 0)
    assert "Say which board or committee agreed it" in text(refused)


def test_what_the_service_refuses_is_shown_on_the_form(client):
    plan = factories.full_plan()
    sign_in(client, "officer")
    sent = {"title": "Typed", "kind": "strategy", "agreed_by": forums.committee().pk}
    for page in (address("plan_add"), address("plan_edit", plan.pk)):
        refused = client.post(page, sent | parts("agreed_on", in_days(1)))
        assert refused.status_code == 422
        assert "The day must not be in the future" in text(refused)
    assert list(Plan.objects.filter(title="Typed")) == []
    twice = client.post(address("priority_add", plan.pk), {"number": 1, "text": "Again", "precision": "month"})
    assert (twice.status_code, plan.priorities.count()) == (422, 1)
    assert "This plan has an action with that number already" in text(twice)


def test_each_part_is_added_by_its_form(client):
    plan = factories.plan()
    year, day = engagement.period(), in_days(-40)
    sign_in(client, "officer")
    sent = [
        ("priority_add", plan, {"number": 1, "text": "Ask early", "precision": "month"}, Priority),
        (
            "risk_add",
            plan,
            {"text": "No money", "likelihood": 5, "impact": 4, "mitigation": "Ask", "owner": "Us"},
            Risk,
        ),
        ("budget_add", plan, {"year": year.pk, "text": "Events", "planned": "1200.50"}, BudgetLine),
        ("phase_add", plan, {"name": "Start", **parts("starts_on", day)}, Phase),
        (
            "review_add",
            plan,
            {"contributors": "All", "doing_well": "A", "do_better": "B", **parts("held_on", day)},
            PlanReview,
        ),
    ]
    for page, parent, values, model in sent:
        for _time in range(2):
            response = client.post(address(page, parent.pk), values)
            assert response["Location"].startswith(f"{plan.get_absolute_url()}#")
        assert model.objects.count() == 1
    values = {"text": "Ask all places", "precision": "month", "status": "not_started", **parts("due_on", day)}
    client.post(address("milestone_add", plan.priorities.get().pk), values)
    assert (Milestone.objects.get().priority.plan, Milestone.objects.get().text) == (plan, "Ask all places")


def test_each_part_is_changed_by_its_form(client):
    plan = factories.full_plan()
    sign_in(client, "officer")
    day = in_days(-40)
    milestone, year = Milestone.objects.get(), BudgetLine.objects.get().year
    sent = {
        "priority_edit": (plan.priorities.get(), {"number": 7, "text": "New words", "precision": "month"}),
        "milestone_edit": (milestone, {"text": "New words", "precision": "day", "status": "on_track"}),
        "risk_edit": (
            plan.risks.get(),
            {"text": "New words", "likelihood": 1, "impact": 1, "mitigation": "Ask", "owner": "Us"},
        ),
        "budget_edit": (plan.budget_lines.get(), {"text": "New words", "year": year.pk}),
    }
    for page, (row, values) in sent.items():
        assert client.post(address(page, row.pk), values).status_code == 302
        row.refresh_from_db()
        assert row.text == "New words"
        assert client.post(address(page, row.pk), values | {"text": ""}).status_code == 422
    client.post(address("phase_edit", plan.phases.get().pk), {"name": "New", **parts("starts_on", day)})
    review = {"contributors": "All", "doing_well": "New", "do_better": "B", **parts("held_on", day)}
    client.post(address("review_edit", plan.reviews.get().pk), review)
    assert (plan.phases.get().name, plan.reviews.get().doing_well) == ("New", "New")


def test_a_milestone_is_marked_as_done_with_evidence(client):
    milestone = factories.milestone(due_on=in_days(-1))
    sign_in(client, "officer")
    page = text(client.get(address("milestone_edit", milestone.pk)))
    assert ("Mark it as done" in page, 'value="done"' in page) == (True, False)
    step = address("milestone_step", milestone.pk, "finish")
    refused = client.post(step, {"finish-evidence": "", **parts("finish-done_on", in_days(-1))})
    assert refused.status_code == 422
    assert "Enter what shows it" in text(refused)
    client.post(step, {"finish-evidence": "Minutes", **parts("finish-done_on", in_days(-1))})
    milestone.refresh_from_db()
    assert (milestone.status, milestone.evidence) == ("done", "Minutes")
    done = text(client.get(address("milestone_edit", milestone.pk)))
    assert ("Take back that it is done" in done, "Why it is at risk" in done) == (True, False)
    again = {"text": "Same", "precision": "day", "evidence": "Paper 7", **parts("done_on", in_days(-2))}
    client.post(address("milestone_edit", milestone.pk), again)
    milestone.refresh_from_db()
    assert (milestone.done_on, milestone.evidence) == (in_days(-2), "Paper 7")
    client.post(address("milestone_step", milestone.pk, "reopen"))
    milestone.refresh_from_db()
    assert milestone.status == "on_track"


def test_a_risk_is_closed_with_a_reason(client):
    risk = factories.risk()
    sign_in(client, "officer")
    step = address("risk_step", risk.pk, "close")
    assert client.post(step, {"close-closed_because": ""}).status_code == 422
    client.post(step, {"close-closed_because": "Over", **parts("close-closed_on", in_days(0))})
    risk.refresh_from_db()
    assert risk.closed_because == "Over"
    assert "Open it again" in text(client.get(address("risk_edit", risk.pk)))


def test_activities_that_an_officer_may_not_see_stay_linked_and_hidden(client):
    here = people.area()
    mine = engagement.activity("A-901", areas=[here])
    other = engagement.activity("A-902", areas=[people.area()])
    priority = factories.priority(activities=[mine, other])
    sign_in(client, "officer", here)
    page = text(client.get(address("priority_edit", priority.pk)))
    assert ("A-901" in page, "A-902" in page) == (True, False)
    sent = {"number": 1, "text": "Ask", "precision": "month"}
    refused = client.post(address("priority_edit", priority.pk), sent | {"activities": "A-902"})
    assert "There is no activity A-902. Check the reference" in text(refused)
    client.post(address("priority_edit", priority.pk), sent | {"activities": ""})
    assert list(priority.activities.all()) == [other]


def test_who_changes_a_public_plan_is_told_so(client):
    plan = factories.published_plan()
    sign_in(client, "officer")
    for page in (address("plan_edit", plan.pk), address("risk_add", plan.pk)):
        assert "What you change is public at once." in text(client.get(page))
