"""Plans in the admin: looked up by staff; taken out by the team where entered by mistake, until they are published."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from people.tests import factories as people
from reporting.models import Milestone, Plan, Priority
from reporting.tests import plan_factories as factories

pytestmark = pytest.mark.django_db

PARTS = ("priorities", "phases", "budget_lines", "risks")
MANAGED = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS", "id", "plan", "priority", "DELETE")
TEAM, READERS = ("administrator", "lead", "officer"), ("project_lead",)


def address(model: str, page: str, *args) -> str:
    return reverse(f"admin:reporting_{model}_{page}", args=args)


def filled_plan(**fields) -> Plan:
    plan = factories.plan(title="Our strategy", **fields)
    factories.milestone(factories.priority(plan, text="Ask early"), date(2023, 3, 1), text="Publish it")
    factories.phase(plan, name="Roll out")
    factories.budget_line(plan, None, text="Rooms")
    factories.risk(plan, text="Few come")
    return plan


def form(plan: Plan, **fields) -> dict:
    """The page of a plan as a browser sends it back, with a row for each part that it has."""
    sent = {}
    for prefix in PARTS:
        rows = list(getattr(plan, prefix).order_by("pk"))
        sent |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(rows)}
        for place, row in enumerate(rows):
            sent |= {f"{prefix}-{place}-id": row.pk, f"{prefix}-{place}-plan": plan.pk}
    return sent | fields


def form_of_action(action: Priority, **fields) -> dict:
    rows = list(action.milestones.order_by("pk"))
    sent = {"milestones-TOTAL_FORMS": len(rows), "milestones-INITIAL_FORMS": len(rows)}
    for place, row in enumerate(rows):
        sent |= {f"milestones-{place}-id": row.pk, f"milestones-{place}-priority": action.pk}
    return sent | fields


@pytest.mark.parametrize("model", ["plan", "priority"])
def test_staff_look_plans_up_and_others_do_not(client, model):
    plan = filled_plan()
    pk = plan.pk if model == "plan" else plan.priorities.get().pk
    found = {}
    for role in (*TEAM, *READERS, "secretary", "member"):
        client.force_login(people.user(role))
        pages = (address(model, "changelist"), address(model, "change", pk), address(model, "add"))
        found[role] = [client.get(page).status_code for page in pages]

    readers = {role: [200, 200, 403] for role in (*TEAM, *READERS)}
    assert found == readers | {"secretary": [302] * 3, "member": [302] * 3}


def test_a_plan_shows_its_parts_and_leads_to_its_own_page(client):
    plan = filled_plan()
    client.force_login(people.user("project_lead"))
    page = client.get(address("plan", "change", plan.pk)).content.decode()

    assert [said for said in ("Ask early", "Roll out", "Rooms", "Few come") if said not in page] == []
    assert f'href="{plan.get_absolute_url()}"' in page
    action = plan.priorities.get()
    assert f'href="{address("priority", "change", action.pk)}' in page
    page = client.get(address("priority", "change", action.pk)).content.decode()
    assert "Publish it" in page
    assert f'href="{plan.get_absolute_url()}"' in page


def test_nothing_can_be_typed_in(client):
    plan = filled_plan()
    client.force_login(people.user("lead"))
    for page in (address("plan", "change", plan.pk), address("priority", "change", plan.priorities.get().pk)):
        content = client.get(page).content.decode().split('id="content"', 1)[1]
        typed = set(re.findall(r'<(?:input|textarea|select)[^>]*name="([^"]+)"', content))
        hidden = {f"{prefix}-{name}" for prefix in (*PARTS, "milestones") for name in MANAGED}
        found = {re.sub(r"-(\d+|__prefix__)-", "-", name) for name in typed if not name.startswith("_")}
        assert found - hidden == {"csrfmiddlewaretoken"}


def test_what_is_sent_all_the_same_changes_nothing(client):
    plan = filled_plan()
    client.force_login(people.user("administrator"))
    new = {"title": "Renamed", "risks-0-text": "Nothing", "phases-TOTAL_FORMS": "2", "phases-1-name": "Sneaked in"}
    client.post(address("plan", "change", plan.pk), form(plan, **new))

    plan.refresh_from_db()
    assert (plan.title, plan.risks.get().text, plan.phases.count()) == ("Our strategy", "Few come", 1)


def test_the_team_takes_out_what_was_entered_by_mistake_and_it_is_audited(client):
    plan = filled_plan()
    client.force_login(people.user("lead"))
    answer = client.post(address("plan", "change", plan.pk), form(plan, **{"risks-0-DELETE": "on"}))

    assert answer.status_code == 302
    assert [getattr(plan, part).count() for part in PARTS] == [1, 1, 1, 0]
    assert AuditEvent.objects.get(verb="changed").subject_id == str(plan.pk)


def test_an_action_goes_once_its_milestones_are_gone(client):
    plan = filled_plan()
    action = plan.priorities.get()
    client.force_login(people.user("officer"))
    client.post(address("plan", "change", plan.pk), form(plan, **{"priorities-0-DELETE": "on"}))
    assert Priority.objects.exists()
    client.post(address("priority", "change", action.pk), form_of_action(action, **{"milestones-0-DELETE": "on"}))
    assert not Milestone.objects.exists()
    client.post(address("priority", "delete", action.pk), {"post": "yes"})

    assert not Priority.objects.exists()


def test_an_empty_plan_goes_and_one_with_actions_stays(client):
    plan, empty = filled_plan(), factories.plan(title="Twice")
    client.force_login(people.user("lead"))
    for row in (plan, empty):
        client.post(address("plan", "delete", row.pk), {"post": "yes"})

    assert list(Plan.objects.all()) == [plan]
    assert AuditEvent.objects.filter(verb="deleted", subject_id=str(empty.pk)).exists()


def test_of_a_published_plan_nothing_is_taken_out(client):
    plan = filled_plan(published_at=timezone.now())
    action = plan.priorities.get()
    client.force_login(people.user("administrator"))

    assert client.get(address("plan", "change", plan.pk)).status_code == 200
    every = {f"{part}-0-DELETE": "on" for part in PARTS}
    refused = [
        client.post(address("plan", "change", plan.pk), form(plan, **every)),
        client.post(address("priority", "change", action.pk), form_of_action(action, **{"milestones-0-DELETE": "on"})),
        client.post(address("plan", "delete", plan.pk), {"post": "yes"}),
        client.post(address("priority", "delete", action.pk), {"post": "yes"}),
    ]
    assert [answer.status_code for answer in refused] == [403] * 4
    assert [getattr(plan, part).count() for part in PARTS] == [1, 1, 1, 1]
    assert action.milestones.count() == 1


def test_several_published_plans_are_not_taken_out_from_the_list_either(client):
    plan = factories.published_plan()
    client.force_login(people.user("administrator"))
    sent = {"action": "delete_selected", "_selected_action": [plan.pk], "post": "yes"}
    client.post(address("plan", "changelist"), sent)

    assert Plan.objects.exists()


@pytest.mark.parametrize("role", READERS)
def test_who_only_reads_takes_nothing_out(client, role):
    plan = filled_plan()
    client.force_login(people.user(role))

    assert client.post(address("plan", "change", plan.pk), form(plan, **{"risks-0-DELETE": "on"})).status_code == 403
    assert plan.risks.exists()


@pytest.mark.parametrize("model", ["plan", "priority"])
def test_plans_are_found_by_their_words(client, model):
    filled_plan()
    client.force_login(people.user("officer"))

    for asked, number in (("strategy", 1), ("parking", 0)):
        page = client.get(address(model, "changelist"), {"q": asked})
        assert page.context["cl"].result_count == number


@pytest.mark.parametrize("model", ["plan", "priority"])
def test_a_list_takes_as_many_queries_for_100_rows_as_for_one(client, model):
    client.force_login(people.user("officer"))
    found = []
    for first, last in ((0, 1), (1, 10), (10, 100)):
        for _number in range(first, last):
            factories.priority()
        with CaptureQueriesContext(connection) as queries:
            client.get(address(model, "changelist"))
        found.append(len(queries))

    assert len(set(found)) == 1


def test_a_plan_takes_as_many_queries_for_100_parts_as_for_one(client):
    client.force_login(people.user("officer"))
    plan = factories.plan()
    found = []
    for first, last in ((0, 1), (1, 10), (10, 100)):
        for _number in range(first, last):
            factories.priority(plan)
            factories.phase(plan)
            factories.budget_line(plan, year=plan.budget_lines.first().year if plan.budget_lines.exists() else None)
            factories.risk(plan)
        with CaptureQueriesContext(connection) as queries:
            client.get(address("plan", "change", plan.pk))
        found.append(len(queries))

    assert len(set(found)) == 1
