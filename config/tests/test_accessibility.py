"""axe finds nothing on any page, for any role, in any state. Nothing scrolls sideways, breaks the policy, calls out."""

import json
from urllib.parse import urljoin

import pytest

from config.tests.browsing import Inspector, addresses, inspectors, sign_in, wait_until_there

NOBODY = "nobody@example.org"
NEW_FORUM = "name,kind,level\nForum that axe looks at,patient_forum,system\n"
WRONG_FORUM = "name,kind,level\nForum of a wrong level,patient_forum,galaxy\n"
# Jobs that stay as they are: the sweeper takes up only what was asked for in the past.
MAKE_JOBS = """
import datetime, json
from core.models import ImportRun
from django.utils import timezone
from engagement.models import Period
from reporting.models import Build, Report
later = timezone.now() + datetime.timedelta(days=1)
def report(code):
    return Report.objects.get_or_create(period=Period.objects.get(code=code))[0]
def build(code, **fields):
    return Build.objects.get_or_create(report=report(code), version=900, defaults=fields)[0].pk
print(json.dumps({
    "waiting": build("2026-27", requested_at=later),
    "failed": build("2025-26", state="failed", finished_at=timezone.now(), error="The PDF would not be accessible"),
    "import": ImportRun.objects.create(kind="forums", file_name="large.csv", content=b"x", requested_at=later).pk,
}))
"""


SPOIL = """() => new Promise((done) => {
  document.addEventListener("securitypolicyviolation", () => window.refused.length > 1 && done());
  document.documentElement.removeAttribute("lang");
  document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>Red</p><img alt='' src='https://example.org/x'>");
  document.body.append(Object.assign(document.createElement("canvas"), { width: 900 }));
})"""


@pytest.fixture(scope="module")
def jobs(product) -> dict[str, int]:
    """The numbers of a report that waits, one that failed, and an import that is being checked."""
    return json.loads(product.manage("shell", "--verbosity=0", "-c", MAKE_JOBS))


@pytest.fixture
def inspect(browser, product, axe):
    yield from inspectors(browser, product, axe)


def upload(page, name: str, text: str) -> None:
    page.goto("/admin/import/")
    page.get_by_label("Forums").check()
    page.get_by_label("Spreadsheet").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode("utf-8")}
    )
    page.get_by_role("button", name="Check the spreadsheet").click()


def test_what_is_wrong_is_found(browser, product, axe):
    """The inspector is alive: no missing language, inline style, call elsewhere or page too wide escapes it."""
    context = browser.new_context(base_url=product.url, viewport={"width": 320, "height": 900})
    inspector = Inspector(context.new_page(), axe, product.url)
    inspector.open("/")
    assert inspector.found == []
    inspector.page.evaluate(SPOIL)
    inspector.look()
    context.close()
    for wrong in ("html-has-lang", "refused by the policy: style-src", "example.org", "900 pixels wide, not 320"):
        assert any(wrong in line for line in inspector.found), wrong


# Everybody ---------------------------------------------------------------------------------------


def test_the_public_pages_are_accessible(inspect):
    visit = inspect()
    visit.open("/", "/accessibility/", "/you-said-we-did/", "/you-said-we-did/?q=nothing+of+the+kind")
    visit.open("/you-said-we-did/?status=promised", "/you-said-we-did/?topic=unheard-of")
    visit.page.goto("/you-said-we-did/")
    visit.open(*addresses(visit.page, "#results h3 a")[:2])
    visit.open("/nowhere/", status=404)


def test_the_sign_in_pages_are_accessible(inspect):
    visit = inspect()
    page = visit.page
    visit.open("/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/", "/accounts/signup/")
    visit.open("/accounts/inactive/", "/accounts/password/reset/done/", "/accounts/password/reset/key/1-x/")
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a password").click()
    page.get_by_text("There is a problem").wait_for()
    visit.look("left empty")
    page.goto("/accounts/login/code/")
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_text("There is a problem").wait_for()
    visit.look("left empty")
    page.get_by_label("Email address").fill(NOBODY)
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("Code").wait_for()
    visit.look("asks for the code")
    page.get_by_label("Code").fill("BCDF-GHJK")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("There is a problem").wait_for()
    visit.look("after a wrong code")


def test_a_member_finds_accessible_pages(inspect):
    visit = inspect("forum member")
    visit.open("/", "/you-said-we-did/", "/accounts/logout/", "/accounts/2fa/")
    visit.open("/reports/", "/admin/login/", status=403)


# The reports -------------------------------------------------------------------------------------


def first_build(page) -> str:
    """The address of the demo's final report, once it is made. Until then a secretary finds no page there."""
    wait_until_there(page, "/reports/builds/1/")
    page.goto("/reports/builds/1/")
    page.get_by_role("link", name="Open the PDF").wait_for(timeout=120_000)
    return "/reports/builds/1/"


@pytest.mark.parametrize("role", ["board secretary", "engagement officer", "engagement lead", "administrator"])
def test_the_reports_pages_are_accessible(inspect, role):
    visit = inspect(role)
    visit.open(first_build(visit.page), "/reports/")
    if role != "board secretary":
        visit.open("/reports/1/")


def test_a_report_that_waits_or_failed_is_an_accessible_page(inspect, jobs):
    visit = inspect("engagement lead")
    visit.open(f"/reports/builds/{jobs['failed']}/")
    visit.open(f"/reports/builds/{jobs['waiting']}/")


def test_the_report_itself_is_an_accessible_web_page(inspect):
    visit = inspect("board secretary")
    visit.open(first_build(visit.page) + "report.html")


def test_the_report_itself_does_not_scroll_sideways_on_a_small_screen(browser, product):
    context = browser.new_context(base_url=product.url, viewport={"width": 320, "height": 900})
    page = context.new_page()
    sign_in(page, product, "board secretary")
    page.goto(first_build(page) + "report.html")
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert wide <= 320


# The record --------------------------------------------------------------------------------------


def test_recording_a_conversation_is_accessible(inspect):
    visit = inspect("engagement officer")
    page = visit.page
    visit.open("/record/")
    page.get_by_role("button", name="Record the conversation").click()
    page.get_by_text("There is a problem").wait_for()
    visit.look("with errors")
    page.get_by_label("What did they tell you?").fill("The letters come too late.")
    page.get_by_label("Who did you hear from?").select_option(index=1)
    page.get_by_label("Which place is it about?").select_option(index=1)
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Record the conversation").click()
    page.get_by_role("heading", name="Conversation recorded").wait_for()
    visit.look("done")


def test_the_import_pages_are_accessible(inspect, jobs):
    visit = inspect("engagement lead")
    page = visit.page
    visit.open("/admin/import/", "/admin/core/importrun/")
    page.goto("/admin/import/")
    page.get_by_role("button", name="Check the spreadsheet").click()
    page.get_by_text("There is a problem").wait_for()
    visit.look("with errors")
    upload(page, "wrong.csv", WRONG_FORUM)
    page.get_by_text("What is wrong").wait_for()
    visit.look("wrong")
    upload(page, "new.csv", NEW_FORUM)
    page.get_by_role("button", name="Import 1 row").wait_for()
    visit.look("right")
    page.get_by_role("button", name="Import 1 row").click()
    page.get_by_text("Taken in: 1 new").wait_for()
    visit.look("done")
    upload(page, "again.csv", NEW_FORUM)
    page.get_by_text("There is nothing to import").wait_for()
    visit.look("unchanged")


def test_an_import_that_is_being_checked_is_an_accessible_page(inspect, jobs):
    visit = inspect("administrator")
    visit.open(f"/admin/import/{jobs['import']}/")


# The admin ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["administrator", "project lead"])
def test_every_page_of_the_admin_is_accessible(inspect, role):
    """The pages are found from the admin's own index, so a new model is looked over without a word here."""
    visit = inspect(role)
    visit.open("/admin/")
    lists = addresses(visit.page, "#content-main .module th a")
    forms = addresses(visit.page, "#content-main .module a.addlink")
    visit.open(*lists, *forms)
    for address in lists:
        visit.page.goto(address)
        visit.open(*[urljoin(address, first) for first in addresses(visit.page, "#result_list tbody a")[:1]])
        further = addresses(visit.page, "a.historylink, a.deletelink")
        visit.open(*[urljoin(visit.page.url, each).removeprefix(visit.origin) for each in further])
    assert len(lists) >= 12
    assert len(visit.seen) > 2 * len(lists)


def test_what_only_a_lead_sees_in_the_admin_is_accessible(inspect):
    visit = inspect("engagement lead")
    visit.open("/admin/", "/admin/insights/response/", "/admin/engagement/activity/?lacks=number")
    visit.page.goto("/admin/insights/response/")
    visit.open(*addresses(visit.page, "#result_list tbody a")[:1])
    visit.open("/admin/engagement/", "/admin/insights/response/add/")
    visit.page.get_by_role("button", name="Save", exact=True).click()
    visit.page.locator(".errornote").wait_for()
    visit.look("with errors")


def test_the_pages_of_passwords_and_second_steps_are_accessible(inspect, product):
    visit = inspect("administrator")
    page = visit.page
    visit.open("/accounts/2fa/", "/accounts/password/change/", "/accounts/reauthenticate/")
    page.get_by_label("Password", exact=True).fill(product.logins["administrator"].password)
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url(lambda url: "reauthenticate" not in url)
    visit.open("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/")
    page.goto("/admin/people/user/")
    user = addresses(page, "#result_list tbody a")[0]
    visit.open(user.replace("/change/", "/password/"))
