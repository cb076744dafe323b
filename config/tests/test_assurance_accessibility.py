"""axe finds nothing on the pages of plans, figures, assessments and reports, forms with errors included.

Pages are found from the URL resolver and by their links, so a new one is looked over without a word here. The public
pages do all that they do without JavaScript.
"""

import json
from collections import Counter

import pytest

from config.tests.addresses import without_parameters
from config.tests.browsing import (
    EMPTY_FORMS,
    Reader,
    in_good_order,
    inspectors,
    plain_pages,
    read_without_javascript,
    unseen_when_enlarged,
    wait_until_there,
)

STAFF = ("plans", "kpis", "assessments", "reporting")
PUBLIC = ("our_plans", "reporting")
MAKE_STATES = """
import json
from config.tests.assurance_states import States
print(json.dumps(States().make()))
"""
TIDY = "from config.tests.assurance_states import States; States.tidy()"
STAFF_FORMS = {
    "assessments:assessment_add": "Begin the assessment",
    "assessments:judgement_edit": "Keep the judgement",
    "kpis:value_edit": "Save the value",
    "plans:budget_add": "Keep it",
    "plans:budget_edit": "Keep it",
    "plans:milestone_add": "Keep it",
    "plans:milestone_edit": "Keep it",
    "plans:phase_add": "Keep it",
    "plans:phase_edit": "Keep it",
    "plans:plan_add": "Keep the plan",
    "plans:plan_edit": "Keep the plan",
    "plans:priority_add": "Keep it",
    "plans:priority_edit": "Keep it",
    "plans:review_add": "Keep it",
    "plans:review_edit": "Keep it",
    "plans:risk_add": "Keep it",
    "plans:risk_edit": "Keep it",
    "reporting:approval_record": "Keep the result",
    "reporting:comment_add": "Keep the comment",
    "reporting:comment_settle": "Keep the answer",
    "reporting:report_list": "Make the report",
    "reporting:section_edit": "Keep the text",
    "reporting:statement_add": "Keep the statement",
    "reporting:statement_edit": "Keep the statement",
}
# What is done on the page of something, and refused there.
STEPS = ("Mark it as done", "Close the risk", "Publish the plan", "Make it final", "Take it back to a draft")
# Long pages that are the same for everybody: they are looked over once, by themselves.
DOCUMENTS = [("reporting:build_html",), ("reporting:public_html",)]
EASY_READ = "/reports/builds/1/files/easy_read/"  # of the annual report that the demo asks for


@pytest.fixture
def inspect(browser, product, axe):
    yield from inspectors(browser, product, axe)


@pytest.fixture(scope="module")
def states(product) -> dict[str, list[str]]:
    """Addresses, by who opens them."""
    yield json.loads(product.manage("shell", "--verbosity=0", "-c", MAKE_STATES).splitlines()[-1])
    product.manage("shell", "--verbosity=0", "-c", TIDY)


# Staff -------------------------------------------------------------------------------------------


def test_an_engagement_lead_finds_accessible_pages_of_assurance_and_their_forms(inspect, states):
    crawler = Reader(inspect("engagement lead"), STAFF, forms=STAFF_FORMS, kinds=Counter(DOCUMENTS))
    crawler.follow(states["staff"] + states["final"] + without_parameters(*STAFF))
    assert crawler.kinds.keys() >= STAFF_FORMS.keys()
    for address in states["more"]:
        crawler.look_at(address)
    assert len(crawler.visit.seen) >= 70


def test_a_step_that_lacks_something_is_refused_on_an_accessible_page(inspect, states):
    visit = inspect("engagement lead")
    for button in STEPS:
        visit.page.goto(states[button][0])
        visit.page.evaluate(EMPTY_FORMS)
        _send(visit, button)
    assert len(visit.seen) == len(STEPS)


def test_a_report_of_the_wrong_kind_of_period_is_refused_on_an_accessible_page(inspect, states):
    visit = inspect("engagement lead")
    visit.page.goto("/reports/")
    visit.page.get_by_label("Report", exact=True).select_option("quarterly")
    visit.page.get_by_label("Period").select_option(label="2023–24")
    _send(visit, "Make the report")
    assert visit.page.get_by_text("Select a quarter").count() == 2


def _send(visit, button: str) -> None:
    """Press a button that leads to a page with errors, and look that over."""
    visit.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    visit.page.get_by_text("There is a problem").wait_for()
    visit.look(button, expected_error=True)
    in_good_order(visit)


def test_an_engagement_officer_finds_accessible_pages(inspect, states):
    """The forms are those of a lead."""
    visit = inspect("engagement officer")
    crawler = Reader(visit, STAFF, kinds=Counter(DOCUMENTS))
    crawler.follow(states["staff"] + states["final"] + without_parameters(*STAFF))
    visit.open(*states["more"])
    assert len(visit.seen) >= 50


def test_a_board_secretary_finds_accessible_pages(inspect, states):
    crawler = Reader(inspect("board secretary"), STAFF, kinds=Counter(DOCUMENTS))
    crawler.follow(states["final"] + without_parameters(*STAFF))
    assert {view for view, *_query in crawler.kinds} == {
        "reporting:build_changes",
        "reporting:build_detail",
        "reporting:build_html",
        "reporting:public_html",
        "reporting:public_reports",
        "reporting:report_list",
    }


# The reports themselves --------------------------------------------------------------------------


def test_the_reports_themselves_are_accessible_web_pages(inspect, states):
    """The quarterly report, with and without a record, the evidence for an assessment, the draft of the Easy Read."""
    visit = inspect("engagement lead")
    wait_until_there(visit.page, EASY_READ)
    for address in [*states["web page"], EASY_READ]:
        visit.open(address)
        in_good_order(visit)
    assert len(visit.seen) == len(states["web page"]) + 1


# Everybody ---------------------------------------------------------------------------------------


def test_a_stranger_finds_accessible_plans_and_reports(inspect, states):
    crawler = Reader(inspect(), PUBLIC)
    crawler.follow(["/our-plans/", "/reports/published/", *states["public"]])
    seen = {view for view, *_query in crawler.kinds}
    assert seen == {"our_plans:plan_list", "our_plans:plan_detail", "reporting:public_reports", "reporting:public_html"}
    assert len(crawler.visit.seen) >= 4


@pytest.fixture
def plain(browser, product):
    yield from plain_pages(browser, product)


def test_the_public_pages_work_without_javascript(plain, states):
    opened, wrong = read_without_javascript(plain, ["/our-plans/", "/reports/published/", *states["public"]], links=200)
    assert wrong == []
    assert len(opened) >= 20


# Four times larger -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["engagement lead", None])
def test_the_focus_is_seen_on_a_screen_enlarged_four_times(browser, product, states, role):
    zoomed = states["zoomed"] if role else ["/our-plans/", states["public"][0], "/reports/published/"]
    assert unseen_when_enlarged(browser, product, zoomed, role=role, more_than=8) == []
