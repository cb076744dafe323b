"""Published plans for everybody: a plan on a page, without what staff wrote for themselves (PLN-006, PLN-014)."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.services.publication import withdraw_page
from engagement.tests.about_public_pages import published
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.models import Plan
from reporting.tests import plan_factories as factories
from reporting.tests.reading import words

pytestmark = pytest.mark.django_db

LIST = "/our-plans/"
# What stands in fields that staff write for themselves. None of it may reach a public page.
INSIDE = {
    "owner": "CANARY-owner",
    "evidence": "CANARY-evidence",
    "status_because": "CANARY-because",
    "mitigation": "CANARY-mitigation",
    "text of a risk": "CANARY-risk",
    "funding": "CANARY-funding",
    "text of a budget line": "CANARY-money",
    "title of an activity": "CANARY-activity",
    "title of a plan": "CANARY-plan",
    "review": "CANARY-review",
}


def address(plan: Plan) -> str:
    return reverse("our_plans:plan_detail", args=[plan.code])


def read(client, plan: Plan) -> str:
    page = client.get(address(plan))
    assert page.status_code == 200
    return page.content.decode()


def full_plan(**fields) -> Plan:
    """A published plan in which every field that is not public has a canary."""
    plan = factories.published_plan(title="Our strategy", summary="How we listen.", **fields)
    hidden = withdraw_page(published(INSIDE["title of an activity"]), by=people.user("lead"))  # it keeps its address
    plan.developed_in.add(hidden)
    action = factories.priority(
        plan, text="Ask early", owner=INSIDE["owner"], evidence=INSIDE["evidence"], activities=[hidden]
    )
    inside = {"status_because": INSIDE["status_because"], "evidence": INSIDE["evidence"]}
    factories.milestone(action, date(2022, 7, 31), text="Publish it", status="at_risk", activities=[hidden], **inside)
    factories.own_plan(action, title=INSIDE["title of a plan"])
    factories.risk(plan, text=INSIDE["text of a risk"], mitigation=INSIDE["mitigation"], owner=INSIDE["owner"])
    factories.budget_line(plan, text=INSIDE["text of a budget line"], funding=INSIDE["funding"])
    factories.plan_review(plan, contributors=INSIDE["review"], doing_well=INSIDE["review"], do_better=INSIDE["review"])
    return plan


# Who reads what ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["", "member", "secretary", "lead"])
def test_everybody_reads_a_published_plan(client, role):
    plan = full_plan()
    if role:
        client.force_login(people.user(role))

    assert f'href="{address(plan)}"' in client.get(LIST).content.decode()
    assert "How we listen." in read(client, plan)


@pytest.mark.parametrize("role", ["", "lead"])
def test_a_plan_that_is_not_published_is_nobodys_to_read(client, role):
    plan = factories.plan(title="Secret plan")
    if role:
        client.force_login(people.user(role))

    assert client.get(address(plan)).status_code == 404
    page = client.get(LIST).content.decode()
    assert "Secret plan" not in page
    assert "We have not published any plans yet." in page


def test_the_guard_is_alive(client, monkeypatch):
    plan = factories.plan(title="Secret plan")
    monkeypatch.setattr(type(Plan.objects.all()), "public", lambda self: self)

    assert "Secret plan" in read(client, plan)


def test_nothing_that_staff_wrote_for_themselves_is_on_the_page(client):
    page = read(client, full_plan()) + client.get(LIST).content.decode()

    assert [name for name, canary in INSIDE.items() if canary in page] == []


def test_the_pages_are_for_reading_only(client):
    plan = factories.published_plan()

    assert {client.post(url).status_code for url in (LIST, address(plan))} == {405}


def test_a_plan_with_no_such_code_is_not_found(client):
    assert client.get(f"{LIST}no-such-plan/").status_code == 404


# What stands on the page -------------------------------------------------------------------------


def test_the_summary_stands_first_then_the_state_the_roadmap_the_actions_and_how_it_was_made(client):
    headings = re.findall(r"<(h[1-6])[^>]*>(.*?)</\1>", read(client, full_plan()), re.DOTALL)
    main = [(level, words(text)) for level, text in headings if "Support links" not in text]
    page = words(read(client, Plan.objects.get(title="Our strategy")))

    assert [(level, text) for level, text in main if level in ("h1", "h2") and not text.startswith("How far")] == [
        ("h1", "Strategy Our strategy"),
        ("h2", "Roadmap"),
        ("h2", "What we do"),
        ("h2", "How it was made"),
    ]
    assert ("h3", "1. Ask early") in main
    assert page.index("How we listen.") < page.index("How far we are on") < page.index("Roadmap")


def test_what_is_not_known_is_said(client):
    page = words(read(client, full_plan()))

    for said in (
        "Time not recorded",
        "Executive lead not recorded",
        "Non-executive lead not recorded",
        "Agreed by not recorded",
        "Led by: not recorded",
        "When: not recorded",
        "We have not published yet how people helped to make it.",
    ):
        assert said in page


def test_an_action_says_who_leads_when_what_will_differ_and_how_far_it_is(client):
    plan = factories.published_plan(
        starts_on=date(2022, 7, 1),
        executive_lead="Chief nurse",
        agreed_by=forums.forum(name="The Board"),
        agreed_on=date(2022, 6, 30),
        next_review_on=date(2030, 7, 1),
    )
    factories.priority(
        plan,
        text="Train staff",
        outcome="They ask early.",
        leads=[people.organisation("Lea Trust")],
        lead_note="joint leadership",
        starts_on=date(2022, 7, 1),
        date_note="ongoing",
        done_on=date(2023, 7, 1),
        evidence="A list",
    )
    page = words(read(client, plan))

    for said in (
        "Time from July 2022, no end",
        "Executive lead Chief nurse",
        "Agreed by The Board, 30 June 2022",
        "We look at it again by 1 July 2030",
        "1. Train staff Done What will be different: They ask early. Led by: Lea Trust, joint leadership",
        "When: from July 2022, no end (ongoing)",
        "Done 1 action",
    ):
        assert said in page


def test_a_plan_of_which_only_the_end_is_known_says_that(client):
    plan = factories.published_plan(ends_on=date(2024, 3, 31))

    assert "Time by 31 March 2024" in words(read(client, plan))


def test_a_milestone_says_its_month_its_state_and_when_it_is_now_expected(client):
    plan = factories.published_plan()
    action = factories.priority(plan)
    month = {"precision": "month"}
    factories.milestone(action, date(2022, 7, 31), text="Late one", forecast_on=date(2090, 1, 31), **month)
    factories.milestone(action, date(2090, 7, 31), text="Weak one", status="at_risk", **month)
    factories.milestone(action, date(2090, 8, 31), text="Good one", status="on_track", **month)
    factories.milestone(action, date(2022, 6, 30), text="Old one", status="done", **month)
    page = words(read(client, plan))

    for said in (
        "Late one. Due: July 2022. Late. Now expected: January 2090.",
        "Weak one. Due: July 2090. At risk.",
        "Good one. Due: August 2090. On track.",
        "Old one. Due: June 2022. Done.",
    ):
        assert said in page


def test_what_nobody_has_said_is_not_recorded(client):
    plan = factories.published_plan()
    factories.priority(plan)

    assert "Not recorded 1 action" in words(client.get(LIST).content.decode())
    assert "1. Do thing 1. Not recorded Led by" in words(read(client, plan))


def test_a_plan_without_actions_says_so(client):
    plan = factories.published_plan()

    assert words(read(client, plan)).count("It has no priority actions.") == 2
    assert "It has no priority actions." in words(client.get(LIST).content.decode())


def test_only_public_activities_are_named_each_once_for_an_action(client):
    shown, made = published("Carers walk in"), published("People talk it over")
    plan = full_plan()
    plan.developed_in.add(made)
    action = plan.priorities.get()
    action.activities.add(shown)
    action.milestones.get().activities.add(shown)
    page = read(client, plan)

    assert re.findall(r'<a href="/taking-part/activities/[^"]*">(.*?)</a>', page) == [
        "Carers walk in",
        "People talk it over",
    ]
    assert "How we listen for action 1" in words(page)
    assert "This is where we listened: People talk it over" in words(page)


def test_the_plan_of_an_action_and_the_plan_above_it_are_linked_once_both_are_public(client):
    above = factories.published_plan(title="Above")
    own = factories.own_plan(factories.priority(above), title="Below")
    assert f'href="{address(own)}"' not in read(client, above)
    Plan.objects.filter(pk=own.pk).update(published_at=above.published_at)

    assert f'href="{address(own)}"' in read(client, above)
    assert f'<a href="{address(above)}">Above</a>' in read(client, own)
    Plan.objects.filter(pk=above.pk).update(published_at=None)
    assert "Above" not in read(client, own)


# The roadmap -------------------------------------------------------------------------------------


def roadmap(client, plan: Plan) -> tuple[str, list[list[str]]]:
    """The picture in words, and the rows of the table beside it."""
    page = read(client, plan)
    table = re.search(r'<table class="nhsuk-table" id="roadmap-table">(.*?)</table>', page, re.DOTALL)[1]
    rows = re.findall(r"<tr.*?>(.*?)</tr>", table, re.DOTALL)
    title = re.search(r"<svg.*?<title>(.*?)</title>", page, re.DOTALL)[1]
    return title, [[words(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)] for row in rows]


def test_the_roadmap_draws_the_phases_with_their_table(client):
    plan = factories.published_plan()
    factories.phase(plan, name="Ask", starts_on=date(2021, 12, 1), ends_on=date(2022, 4, 30), aims="Meet\nTalk")
    factories.phase(plan, name="Go on", starts_on=date(2022, 7, 1))
    said, rows = roadmap(client, plan)

    assert said == "Roadmap. Ask: December 2021 to April 2022; Go on: from July 2022, no end."
    assert rows == [
        ["What", "When", "Aims"],
        ["Ask", "December 2021 to April 2022", "Meet; Talk"],
        ["Go on", "from July 2022, no end", "not recorded"],
    ]


def test_without_phases_the_roadmap_draws_the_actions_that_have_a_date(client):
    plan = factories.published_plan()
    dates = {"starts_on": date(2022, 7, 1), "ends_on": date(2022, 8, 31)}
    factories.priority(plan, text="Look again", **dates)
    factories.priority(plan, text="No date")
    said, rows = roadmap(client, plan)

    assert said == "Roadmap. 1. Look again: July 2022 to August 2022, late."
    assert rows == [["What", "When", "State"], ["1. Look again", "July 2022 to August 2022", "Late"]]


def test_without_those_it_draws_the_milestones_in_their_months_or_on_their_days(client):
    plan = factories.published_plan()
    action = factories.priority(plan)
    factories.milestone(action, date(2022, 7, 31), text="Publish", status="done", precision="month")
    factories.milestone(action, date(2022, 9, 5), text="Review", status="done")
    factories.milestone(action, text="Some day")
    said, rows = roadmap(client, plan)

    assert said == "Roadmap. Publish: July 2022, done; Review: 5 September 2022, done."
    assert rows[1:] == [["Publish", "July 2022", "Done"], ["Review", "5 September 2022", "Done"]]


def test_a_plan_without_dates_says_so_instead_of_a_picture(client):
    plan = factories.published_plan()
    factories.priority(plan)
    page = read(client, plan)

    assert "The plan has no dates that we could draw." in page
    assert 'id="roadmap-table"' not in page


# How many queries --------------------------------------------------------------------------------


def grow(plan: Plan, number: int) -> None:
    activity = published(f"Activity {number}")
    action = factories.priority(plan, leads=[people.organisation()], activities=[activity])
    factories.milestone(action, date(2022, 7, 31), activities=[activity])
    factories.phase(plan)
    Plan.objects.filter(pk=factories.own_plan(action).pk).update(published_at=plan.published_at)


def test_a_plan_takes_as_many_queries_for_100_actions_as_for_one(client):
    plan = factories.published_plan()
    found = []
    for first, last in ((0, 1), (1, 10), (10, 100)):
        for number in range(first, last):
            grow(plan, number)
        with CaptureQueriesContext(connection) as queries:
            read(client, plan)
        found.append(len(queries))

    assert len(set(found)) == 1


def test_the_list_takes_as_many_queries_for_100_plans_as_for_one(client):
    found = []
    for first, last in ((0, 1), (1, 10), (10, 100)):
        for _number in range(first, last):
            factories.priority(factories.published_plan())
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        found.append(len(queries))

    assert len(set(found)) == 1
    last = client.get(LIST, {"page": 5}).content.decode()
    assert "Our plans, page 5 of 5" in words(last)
    assert last.count("nhsuk-card__heading") == 20
