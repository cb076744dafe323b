"""What people come for, from end to end in a browser: by keyboard, and without JavaScript where it says so."""

import re
import time
import urllib.error
import urllib.request

import pytest

from config.tests.browsing import SECONDS_FOR_A_REPORT, addresses, number_in, sign_in, tab_to, wait_until_there
from conftest import ROOT

YEAR = ROOT / "profiles" / "demo" / "hertfordshire-and-west-essex-2023-24"
SHEETS = {"Forums": "forums.csv", "Activities": "activities.csv", "You said, we did": "you_said_we_did.csv"}
# The demo's answers are about the whole area: one more, about a place.
PUBLISH_FOR_A_PLACE = """
from engagement.models import Activity, Topic
from insights.services import responses as services
from people.models import User
lead = User.objects.get(email="lead@example.org")
activity = Activity.objects.filter(reference__startswith="HWE").exclude(areas=None).order_by("reference").first()
words = {"you_said": "You told us that the clinic is too far away.", "we_did": "We opened one in town."}
answer = services.create_response(activity, by=lead, topic=Topic.objects.first(), status="done", **words)
services.publish_response(answer, by=lead, is_old=True)
"""


@pytest.fixture(params=[False, True], ids=["with JavaScript", "without JavaScript"])
def without_javascript(request) -> bool:
    return request.param


@pytest.fixture
def either_page(browser, product, without_javascript):
    """A new visitor's page, once with JavaScript and once without."""
    context = browser.new_context(base_url=product.url, java_script_enabled=not without_javascript)
    yield context.new_page()
    context.close()


@pytest.fixture
def page_without_javascript(browser, product):
    context = browser.new_context(base_url=product.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def answer_of(product, address: str) -> tuple[int, str]:
    """What a stranger gets."""
    try:
        with urllib.request.urlopen(product.url + address) as response:  # noqa: S310  our own address
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


# Recording ---------------------------------------------------------------------------------------


def test_staff_record_a_conversation_by_keyboard_alone_and_see_its_reference(either_page, product):
    page, login = either_page, product.logins["engagement officer"]
    page.goto("/accounts/login/")
    tab_to(page, "#id_login")
    page.keyboard.type(login.email)
    tab_to(page, "#id_password")
    page.keyboard.type(login.password)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()
    if page.locator("#toggle-menu").is_visible():  # there is no room for every item: the last ones are behind “More”
        tab_to(page, "#toggle-menu")
        page.keyboard.press("Enter")
    tab_to(page, "nav a[href='/admin/']")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your work").wait_for()
    tab_to(page, "a[href='/record/']")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Record a conversation").wait_for()

    tab_to(page, "#id_told_us")
    page.keyboard.type("The bus does not stop at the hospital.")
    tab_to(page, "#id_group")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#id_area")
    page.keyboard.press("ArrowDown")
    tab_to(page, "input[name=principle]")
    page.keyboard.press("Space")
    tab_to(page, "main button")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Conversation recorded").wait_for()
    assert re.fullmatch(r"C-\d{4}-\d{3}", page.locator(".nhsuk-panel strong").inner_text())


# Reports -----------------------------------------------------------------------------------------


def wait_for_report(page, *, by_hand: bool = False) -> None:
    """The page looks again by itself; without JavaScript, people follow the link “Look again now”."""
    ready = page.get_by_role("link", name="Open the PDF")
    deadline = time.monotonic() + SECONDS_FOR_A_REPORT
    while by_hand and not ready.is_visible() and time.monotonic() < deadline:
        with page.expect_navigation():  # until the whole page is there: half of it has neither link
            page.get_by_role("link", name="Look again now").click()
    ready.wait_for(timeout=1000 * SECONDS_FOR_A_REPORT)


def test_staff_ask_for_the_annual_report_watch_it_being_made_and_read_it(either_page, product, without_javascript):
    page = either_page
    sign_in(page, product, "engagement lead")
    page.get_by_role("link", name="Reports", exact=True).click()
    page.get_by_role("button", name="Make the report").click()
    page.wait_for_url("**/reports/builds/*/")
    address = page.url
    name = page.get_by_role("heading", level=1).inner_text()
    assert re.fullmatch(r"Annual engagement report 2023–24, version \d+", name)
    page.goto("/reports/")
    assert page.get_by_role("row").filter(has_text=name).count() == 1
    page.goto(address)
    wait_for_report(page, by_hand=without_javascript)
    assert page.request.get(f"{address}report.pdf").body().startswith(b"%PDF-")
    page.get_by_role("link", name="Read it as a web page").click()
    page.wait_for_url("**/report.html")
    assert page.get_by_role("heading", level=1).inner_text() == "Annual engagement report 2023–24"


def test_a_board_secretary_downloads_the_final_report(page, product):
    sign_in(page, product, "board secretary")
    wait_until_there(page, "/reports/builds/1/")
    page.goto("/reports/builds/1/")
    wait_for_report(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    assert download.value.suggested_filename == "Annual engagement report 2023-24 v1.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")


# Imports -----------------------------------------------------------------------------------------


def check_spreadsheet(page, kind: str, file) -> None:
    page.goto("/admin/import/")
    page.get_by_label(kind).check()
    page.get_by_label("Spreadsheet").set_input_files(file)
    page.get_by_role("button", name="Check the spreadsheet").click()
    page.get_by_text("What becomes of each row").wait_for()
    page.wait_for_load_state()


def counts(page) -> dict[str, int]:
    """The numbers above the table of rows, by their label."""
    labels, values = page.locator("main dt").all_inner_texts(), page.locator("main dd").all_inner_texts()
    return {label: int(value) for label, value in zip(labels, values, strict=True) if value.isdecimal()}


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_of_the_demo_brings_nothing_new_the_second_time(either_page, product, kind):
    sign_in(either_page, product, "engagement lead")
    check_spreadsheet(either_page, kind, YEAR / SHEETS[kind])
    found = counts(either_page)
    assert found["Rows"] > 10
    assert found == {"Rows": found["Rows"], "New": 0, "Changed": 0, "Unchanged": found["Rows"], "Wrong": 0}


def test_a_wrong_cell_is_named_with_its_remedy_and_nothing_is_written(page, product):
    sign_in(page, product, "engagement lead")
    head, first, *_rest = (YEAR / "activities.csv").read_text().splitlines()
    good = first.replace("HWE-2023-001", "NEW-2023-001").replace("Questions to the ICB Board", "Good row of a bad file")
    bad = good.replace("NEW-2023-001", "NEW-2023-002").replace("2023-06-01", "soon").replace("Good row", "Bad row")
    content = "\n".join([head, good, bad]).encode()

    check_spreadsheet(page, "Activities", {"name": "half.csv", "mimeType": "text/csv", "buffer": content})

    [wrong] = page.locator("table").filter(has_text="What is wrong").locator("tbody tr").all()
    row, column, problem, remedy = wrong.locator("td").all_inner_texts()
    assert (row, column, problem) == ("3", "start", "“soon” is not a date")
    assert remedy.startswith("Write it like 31/03/2024")
    assert page.get_by_role("button", name="Import").count() == 0
    page.goto("/admin/engagement/activity/?q=NEW-2023")
    assert page.locator("#result_list tbody tr").count() == 0


# You said, we did --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answer_about_a_place(product) -> None:
    product.manage("shell", "--verbosity=0", "-c", PUBLISH_FOR_A_PLACE)


def choose(page, selector: str) -> str:
    """The first real choice of a box, by keyboard. Returns its words, without the set that a principle is from."""
    tab_to(page, selector)
    page.keyboard.press("ArrowDown")
    return page.locator(f"{selector} option:checked").inner_text().partition(" (")[0]


@pytest.mark.parametrize(
    ("box", "shown"),
    [
        ("topic", "h3 a"),
        ("status", ".nhsuk-tag"),
        ("place", "p:has-text('Place:')"),
        ("principle", "p:has-text('Principle:')"),
    ],
)
def test_a_stranger_narrows_the_answers_down_and_opens_one(page_without_javascript, answer_about_a_place, box, shown):
    page = page_without_javascript
    page.goto("/you-said-we-did/")
    everything = number_in(page.locator("#results-heading").inner_text())
    words = choose(page, f"#id_{box}")
    page.keyboard.press("Tab")
    tab_to(page, "search button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"[?&]{box}=[^&]"))

    found = number_in(page.locator("#results-heading").inner_text())
    cards = page.locator("#results .nhsuk-card")
    assert 0 < found < everything
    assert cards.count() == found
    assert [card for card in cards.all() if words not in card.locator(shown).first.inner_text()] == []

    tab_to(page, "#results h3 a")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Is something wrong?").wait_for()
    assert page.get_by_role("heading", level=1).count() == 1


def test_a_lead_publishes_an_answer_for_everybody_to_read_and_withdraws_it(page, product):
    words = "You told us that the lift is too small for two wheelchairs."
    sign_in(page, product, "engagement lead")
    page.goto("/admin/engagement/topic/")
    topic = number_in(addresses(page, "#result_list tbody a")[0])
    page.goto("/admin/engagement/activity/")
    activity = number_in(addresses(page, "#result_list tbody a")[0])
    page.goto(f"/admin/insights/response/add/?activity={activity}&topic={topic}")
    page.locator("#id_you_said").fill(words)
    page.locator("#id_status").select_option("done")
    page.locator("#id_we_did").fill("We put in a larger lift.")
    page.locator("#id_responsible_post").fill("Head of estates")
    page.locator("#id_evidence").fill("A photograph of the lift")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("button", name="Save and publish").wait_for()
    form = page.url
    assert words not in answer_of(product, "/you-said-we-did/?q=wheelchairs")[1]

    page.get_by_role("button", name="Save and publish").click()
    page.get_by_text("1 answer is now public.").wait_for()
    page.goto(form)
    address = page.get_by_text("Publication").locator("..").locator("..").get_by_text(re.compile(r"^[a-z0-9-]+-\d+$"))
    address = f"/you-said-we-did/{address.inner_text()}/"
    assert words in answer_of(product, "/you-said-we-did/?q=wheelchairs")[1]
    assert answer_of(product, address)[0] == 200

    page.get_by_role("button", name="Save and withdraw from the public pages").click()
    page.get_by_text("1 answer is no longer public.").wait_for()
    assert words not in answer_of(product, "/you-said-we-did/?q=wheelchairs")[1]
    assert answer_of(product, address)[0] == 404


# Signing in --------------------------------------------------------------------------------------


def ask_for_code(page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Email me a code").click()
    page.get_by_label("Email address").fill(email)
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_role("heading", name="Type the code").wait_for()


def test_a_member_signs_in_with_the_code_from_the_email_and_is_refused_the_admin(either_page, product):
    page, email = either_page, product.logins["forum member"].email
    before = len(product.output())
    ask_for_code(page, email)
    mail = product.output()[before:]
    assert f"To: {email}" in mail
    page.get_by_label("Code").fill(re.search(r"^([A-Z]{4}-[A-Z]{4})\s*$", mail, re.MULTILINE)[1])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    assert page.goto("/admin/").status == 403
    assert page.get_by_role("heading", level=1).inner_text() == "You cannot see this page"


def focus_is_in_the_summary(page, error: str) -> bool:
    page.locator(".nhsuk-error-summary:focus").wait_for()
    assert page.title().startswith("Error: ")
    return error in page.locator(".nhsuk-error-summary").inner_text()


def test_a_wrong_password_is_said_plainly_and_the_focus_goes_to_it(page, product):
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill("somebody@example.org")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in with a password").click()
    assert focus_is_in_the_summary(page, "The email address or the password is wrong")


def test_a_wrong_code_is_said_plainly_and_the_focus_goes_to_it(page, product):
    ask_for_code(page, "somebody@example.org")
    page.get_by_label("Code").fill("BCDF-GHJK")
    page.get_by_role("button", name="Sign in").click()
    assert focus_is_in_the_summary(page, "The code is wrong")
    page.get_by_role("link", name="The code is wrong").click()
    assert page.evaluate("document.activeElement.name") == "code"
