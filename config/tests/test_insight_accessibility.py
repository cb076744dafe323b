"""axe finds nothing on the pages of insight and on the public pages, forms with errors included.

Pages are found from the URL resolver and by their links, so a new one is looked over without a word here. The public
pages do all that they do without JavaScript.
"""

import json

import pytest

from config.tests.addresses import without_parameters
from config.tests.browsing import (
    Reader,
    inspectors,
    plain_pages,
    read_without_javascript,
    unseen_when_enlarged,
)

STAFF = ("insight_work", "search")
PUBLIC = ("home", "taking_part", "insights", "library", "receipts", "open_data", "surveys")
MAKE_STATES = """
import json
from config.tests.insight_states import States
print(json.dumps(States().make()))
"""
OF_INSIGHT = {
    "answer_add": "Keep the answer",
    "answer_edit": "Keep the answer",
    "answer_format_add": "Keep the format",
    "answer_status": "Keep what is new",
    "collection_add": "Add the collection",
    "comment_add": "Keep the comment",
    "comment_code": "Save and go to the next",
    "comment_upload": "Check the file",
    "contributor_add": "Add to the list",
    "decision_add": "Record the decision",
    "decision_edit": "Keep the decision",
    "finding_add": "Keep the finding",
    "finding_edit": "Keep the finding",
    "finding_evidence_add": "Attach it",
    "frame_add": "Save the frame",
    "frame_edit": "Save the frame",
    "held_decide": "Release it: nothing in it is personal",
    "lesson_add": "Note the lesson",
    "lesson_edit": "Keep the lesson",
    "quote_add": "Keep the quote",
    "recommendation_add": "Add the recommendation",
    "recommendation_done": "It was done",
    "recommendation_edit": "Keep the recommendation",
    "remark_done": "Keep what was done",
    "sample_code": "Save and go to the next",
    "sample_start": "Draw the sample",
    "share_add": "Note it",
    "slips_add": "Make slips",
    "source_add": "Add the item",
    "source_edit": "Keep the item",
    "source_file_add": "Add the file",
    "source_file_release": "Release the file",
    "source_rate": "Keep the rating",
    "story_edit": "Keep the consent",
    "story_hearing_add": "Keep it",
    "story_withdraw": "Take the story from every page",
    "subscription_add": "Add the topic",
    "theme_add": "Save the theme",
    "theme_edit": "Save the theme",
    "use_add": "Note the use",
    "verdict_deal": "Keep what was done",
    "verdict_enter": "Keep what they said",
    "weighed_add": "Keep it",
}
STAFF_FORMS = {f"insight_work:{name}": button for name, button in OF_INSIGHT.items()}
PUBLIC_FORMS = {"receipts:receipt": "Show what came of it", "library:source_detail": "Send"}
OTHER_FORMS = {
    "register:format_add": "Note the request",
    "register:format_detail": "It could not be made",
    "work:visit_detail": "Cancel the visit",
    "work:visit_edit": "Save",
    "work:visit_new": "Put it on the list",
    "work:visitor_add": "They come along",
    "work:visitor_write": "Save",
}
# A page of each kind, with what its filters leave.
EVERYBODYS = [
    *("/", "/taking-part/", "/taking-part/activities/", "/taking-part/consultations/", "/have-your-say/"),
    *("/taking-part/how-your-views-are-used/", "/taking-part/still-to-hear-from/", "/accessibility/"),
    *("/you-said-we-did/", "/you-said-we-did/?status=done", "/you-said-we-did/?q=nothing+of+the+kind"),
    *("/you-said-we-did/?print=all", "/library/", "/library/?q=nothing+of+the+kind", "/library/findings/"),
    *("/receipt/", "/another-format/", "/newsletter/", "/newsletter/stop/", "/open-data/", "/reports/published/"),
]


@pytest.fixture
def inspect(browser, product, axe):
    yield from inspectors(browser, product, axe)


@pytest.fixture(scope="module")
def states(product) -> dict[str, list[str]]:
    """Addresses, by who opens them."""
    return json.loads(product.manage("shell", "--verbosity=0", "-c", MAKE_STATES).splitlines()[-1])


# Staff -------------------------------------------------------------------------------------------


def test_an_engagement_lead_finds_accessible_pages_of_insight_and_their_forms(inspect, states):
    crawler = Reader(inspect("engagement lead"), STAFF, forms=STAFF_FORMS)
    crawler.follow([*states["insight"], "/search/?q=transport", *without_parameters(*STAFF)])
    assert crawler.kinds.keys() >= STAFF_FORMS.keys()
    assert len(crawler.visit.seen) >= 115


def test_staff_find_accessible_pages_about_publishing_formats_and_visits(inspect, states):
    visit = inspect("engagement lead")
    crawler = Reader(visit, ("engagement", "register", "work"), each=2, forms=OTHER_FORMS)
    for address in states["publishing"] + states["formats"] + states["visits"]:
        crawler.look_at(address)
    assert crawler.kinds.keys() >= OTHER_FORMS.keys()
    assert len(visit.seen) >= 14


# Everybody else ----------------------------------------------------------------------------------


def test_a_stranger_finds_accessible_pages_and_forms(inspect, states):
    visit = inspect()
    crawler = Reader(visit, PUBLIC, each=2, forms=PUBLIC_FORMS)
    crawler.follow(EVERYBODYS + states["public"] + without_parameters(*PUBLIC))
    for address in ("/another-format/", "/newsletter/", "/newsletter/stop/", "/reports/published/"):
        crawler.look_at(address)
    assert crawler.kinds.keys() >= PUBLIC_FORMS.keys()
    _show_what_came_of_it(visit.page, "KKKK-KKKK")
    visit.page.get_by_text("There is a problem").wait_for()
    visit.look("a wrong code", expected_error=True)
    _show_what_came_of_it(visit.page, states["code"][0])
    visit.page.get_by_role("heading", level=1, name="What you said and what came of it").wait_for()
    visit.look("by a code")
    visit.page.get_by_role("button", name="Tell us").first.click()
    visit.page.get_by_text("There is a problem").wait_for()
    visit.look("a code, left empty", expected_error=True)
    assert len(visit.seen) >= 40


def _show_what_came_of_it(page, code: str) -> None:
    page.goto("/receipt/")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Show what came of it").click()


def test_a_partner_finds_accessible_pages_and_forms(inspect, states):
    crawler = Reader(inspect("partner organisation"), ("partners",), each=3, forms={"partners:contribute": "Send"})
    crawler.follow(states["partner"] + without_parameters("partners"))
    assert "partners:contribute" in crawler.kinds
    assert len(crawler.visit.seen) >= 9


def test_a_member_finds_accessible_pages_about_what_came_of_it(inspect, states):
    crawler = Reader(inspect("forum member"), ("heard",), each=3, forms={"heard:verdict": "Tell us"})
    crawler.follow(states["member"] + ["/members/heard/"])
    assert "heard:verdict" in crawler.kinds
    for address in states["visitor"]:
        crawler.look_at(address)
    assert len(crawler.visit.seen) >= 5


# Without JavaScript ------------------------------------------------------------------------------


@pytest.fixture
def plain(browser, product):
    yield from plain_pages(browser, product)


def test_the_public_pages_work_without_javascript(plain, states):
    opened, wrong = read_without_javascript(plain, EVERYBODYS + states["public"])
    assert wrong == []
    assert len(opened) >= 60


@pytest.mark.parametrize(
    ("address", "button"),
    [
        ("/receipt/", "Show what came of it"),
        ("/another-format/", "Send the request"),
        ("/newsletter/", "Send me the link"),
        ("/newsletter/stop/", "Send me the link"),
    ],
)
def test_a_public_form_says_what_is_missing_without_javascript(plain, states, address, button):
    plain.goto(address)
    plain.get_by_role("button", name=button).click()
    plain.get_by_text("There is a problem").wait_for()
    assert plain.locator(".nhsuk-error-summary a").count() >= 1


def test_lists_are_filtered_without_javascript(plain, states):
    for address, label, words in (
        ("/you-said-we-did/", "Search", "text message"),
        ("/library/", "Words", "hospital"),
    ):
        plain.goto(address)
        plain.get_by_label(label, exact=True).fill(words)
        plain.get_by_role("button", name="Apply filters").click()
        plain.get_by_role("heading", name="1 ").first.wait_for()


def test_who_holds_a_code_can_answer_without_javascript(plain, states):
    _show_what_came_of_it(plain, states["code"][0])
    plain.get_by_label("In part").last.check()
    plain.get_by_label("In your words").last.fill("I asked for the morning.")
    plain.get_by_role("button", name="Tell us").last.click()
    plain.get_by_text("Thank you").first.wait_for()


# Four times larger -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["engagement lead", None])
def test_the_focus_is_seen_on_a_screen_enlarged_four_times(browser, product, states, role):
    zoomed = states["zoomed"] if role else ["/", "/taking-part/", "/library/", "/you-said-we-did/", "/receipt/"]
    assert unseen_when_enlarged(browser, product, zoomed, role=role, more_than=8) == []
