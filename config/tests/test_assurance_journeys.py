"""From a plan, a figure and a risk to a report that is agreed, final and public; and how the body judges itself."""

import json
from dataclasses import dataclass, field

import pytest

from config.tests import assurance_steps as steps
from config.tests.assurance_steps import FIRST_BODY, OURS, REPORT, SECOND_BODY, THEIRS
from config.tests.browsing import Person, choose_one, people_at_keyboards, sign_in_with_a_password, wait_until_there
from config.tests.project_steps import come_to

people = pytest.fixture(people_at_keyboards, scope="module")


@dataclass
class World:
    """Who is at work in these tests, and what they have made so far: each test goes on where the last one stopped."""

    officer: Person
    lead: Person
    quarter: str
    quarter_id: int
    year_id: int
    versions: list[str] = field(default_factory=list)
    first_page: str = ""
    result: str = ""
    final: str = ""


@pytest.fixture(scope="module")
def world(people, product) -> World:
    prepared = json.loads(product.manage("shell", "--no-imports", "--verbosity=0", "-c", steps.PREPARE))
    officer, lead = people(), people()
    sign_in_with_a_password(officer, product.logins["engagement officer"])
    sign_in_with_a_password(lead, product.logins["engagement lead"])
    return World(officer, lead, *prepared)


def test_what_an_officer_records_stands_in_the_quarterly_report_with_a_text_of_their_own(world):
    officer = world.officer
    steps.finish_a_milestone(officer)
    steps.record_a_risk(officer)
    steps.enter_a_value(officer, world.quarter)
    first = steps.ask_for(officer, REPORT, world.quarter)
    steps.read_the_page(officer, first, REPORT)
    for words in (steps.RISK, steps.KPI, steps.SHARE):
        officer.reads(words)

    world.first_page = steps.page_of(officer, first)
    steps.open_section(officer, first)
    computed = officer.page.get_by_role("region", name="What is computed").inner_text()
    assert f"Priority actions: {steps.PLAN}" in computed
    officer.write("Your text", OURS)
    steps.keep_the_text(officer)
    steps.comment(officer, first)
    second = steps.make_the_next(officer, 2)
    world.versions = [first, second]
    assert OURS in steps.page_of(officer, second)
    assert OURS not in world.first_page
    assert steps.page_of(officer, first) == world.first_page


def test_a_body_sends_the_report_back_with_a_reason_and_a_new_version_is_needed(world):
    officer, lead, second = world.officer, world.lead, world.versions[1]
    steps.settle(lead, world.versions[0])
    steps.send(officer, second)
    steps.send_back(lead, second, FIRST_BODY)
    lead.reads(f"{FIRST_BODY} sent this version back. Make a new version and send that for approval.")
    for button in ("Send it for approval", "Make the final version"):
        assert not lead.page.get_by_role("button", name=button).count()
    for step in ("approval", "final"):
        status, words = steps.post(lead, f"{second}{step}/")
        assert (step, status, f"{FIRST_BODY} sent this version back." in words) == (step, 200, True)


def test_who_writes_a_section_at_the_same_time_as_somebody_else_is_told_and_loses_nothing(world):
    officer, lead = world.officer, world.lead
    both = f"{OURS} {THEIRS}"
    for person in (officer, lead):
        steps.open_section(person, world.versions[1])
    lead.write("Your text", THEIRS)
    steps.keep_the_text(lead)
    officer.write("Your text", both)
    officer.press("Keep the text")
    officer.told("Two people wrote at the same time", refused=True)
    officer.reads("Somebody else changed this text since you opened it.")
    shown = officer.page.locator(".nhsuk-warning-callout").inner_text()
    assert "This is what Leah Brand kept on" in shown
    assert THEIRS in shown
    assert officer.page.get_by_label("Your text").input_value() == both
    steps.keep_the_text(officer)

    steps.open_section(lead, world.versions[1])
    assert lead.page.get_by_label("Your text").input_value() == both
    lead.press("Every version of the text")
    kept = lead.page.locator("details ol").last.get_by_role("listitem")
    assert [text in kept.nth(number).inner_text() for number, text in enumerate((both, THEIRS, OURS))] == [True] * 3


def test_two_people_who_record_a_result_at_once_are_told_and_the_report_becomes_final_and_public(world):
    officer, lead = world.officer, world.lead
    officer.page.goto(world.versions[1])
    third = steps.make_the_next(officer, 3)
    world.versions.append(third)
    steps.send(officer, third)
    steps.pass_on(lead, third, FIRST_BODY)
    for person in (officer, lead):
        world.result = steps.open_result(person, third, SECOND_BODY)
    choose_one(officer.page, "result", "sent back")
    officer.write("What was said", steps.OF_NO_USE)
    choose_one(lead.page, "result", "passed on")
    lead.press("Keep the result")
    lead.told("The result is kept")
    officer.press("Keep the result")
    officer.told("Leah Brand has recorded this already", refused=True)
    assert officer.page.get_by_label("What was said").input_value() == steps.OF_NO_USE
    officer.page.goto(third)
    assert not officer.page.get_by_text(steps.OF_NO_USE).count()

    world.final = steps.make_final(lead, third, 4)
    steps.publish(lead, world.final)
    assert f"{OURS} {THEIRS}" in steps.page_of(lead, world.final)
    assert steps.page_of(lead, world.versions[0]) == world.first_page


def test_the_board_secretary_reads_final_reports_alone_and_takes_files_which_the_log_names(world, people, product):
    lead, secretary = world.lead, people()
    sign_in_with_a_password(secretary, product.logins["board secretary"])
    wait_until_there(secretary.page, world.final)
    secretary.press("Reports")
    secretary.see("Final reports")
    rows = secretary.page.locator("tbody tr")
    assert {tag.casefold() for tag in rows.locator(".nhsuk-tag").all_inner_texts()} == {"final"}
    assert [secretary.page.request.get(address).status for address in world.versions] == [404] * 3
    secretary.press(f"{REPORT} {world.quarter}, version 4")
    secretary.see("version 4")
    secretary.press("What changed since the last")
    secretary.see("What changed since the last")
    secretary.reads(f"{REPORT} January to March 2024, version 1")
    changed = secretary.page.get_by_role("row").filter(has_text=steps.KPI).inner_text()
    assert "not recorded" in changed
    assert steps.SHARE in changed

    secretary.page.goto(world.final)
    code = f"{REPORT} {product_code(product, world.quarter_id)} v4"
    name, content = steps.taken(secretary, "Download the PDF")
    assert (name, content[:5]) == (f"{code}.pdf", b"%PDF-")
    name, content = steps.taken(secretary, "Every table (Excel)")
    assert name == f"{code} tables.xlsx"
    assert steps.RISK in steps.cells(content)
    name, content = steps.taken(secretary, "Every table (CSV files")
    assert name == f"{code} tables.zip"
    assert steps.RISK in steps.lines(content)

    lead.page.goto(world.final)
    lead.press("Who took it")
    lead.see("Who took it")
    log = lead.page.get_by_role("row").filter(has_text="Sam Secker").all_inner_texts()
    assert [line.split("\t")[1] for line in log] == [
        "every table (CSV files in a ZIP file)",
        "every table (Excel)",
        "PDF",
    ]


def product_code(product, pk: int) -> str:
    script = f"from engagement.models import Period; print(Period.objects.get(pk={pk}).code)"
    return product.manage("shell", "--no-imports", "--verbosity=0", "-c", script).strip()


def test_a_stranger_reads_the_published_report_and_how_far_the_plan_is(world, people):
    stranger = people()
    stranger.page.goto("/")
    stranger.press("Published reports")
    stranger.see("Reports")
    assert not stranger.page.get_by_text("version 3").count()
    stranger.press(f"Read it as a web page: {REPORT} {world.quarter}, version 4")
    come_to(stranger, r"/report\.html", REPORT)
    for words in (OURS, steps.RISK):
        stranger.reads(words)
    stranger.page.goto("/")
    stranger.press("Our plans")
    stranger.see("Our plans")
    stranger.press(steps.PLAN)
    stranger.see(steps.PLAN)
    step = stranger.page.get_by_role("listitem").filter(has_text=steps.MILESTONE)
    assert step.locator("strong").first.inner_text().casefold() == "done."
    assert not stranger.page.get_by_text(steps.RISK).count()


def test_what_is_sent_past_the_pages_is_refused_in_words(world):
    lead, final = world.lead, world.final
    lead.page.goto("/reports/")
    of_a_year = "This kind of report is made of a year. Select a year"
    of_a_quarter = "The quarterly assurance report is made of a quarter. Select a quarter"
    for kind, period, reason in (
        ("annual", world.quarter_id, of_a_year),
        ("assessment", world.quarter_id, of_a_year),
        ("quarterly", world.year_id, of_a_quarter),
    ):
        status, words = steps.post(lead, "/reports/new/", kind=kind, period=period)
        assert (kind, status, reason in words) == (kind, 422, True)

    before = steps.page_of(lead, final)
    status, words = steps.post(lead, f"{final}comments/new/", section=steps.SECTION_KEY, text="Too late")
    assert (status, "This version is final. Comment on the next draft." in words) == (422, True)
    for step in ("approval", "final"):  # sent on to the page of the version, which says so
        status, words = steps.post(lead, f"{final}{step}/")
        assert (step, status, "This version is final already." in words) == (step, 200, True)
    status, words = steps.post(lead, world.result, result="returned", note="No.", **steps.today("decided_on"))
    assert (status, "Leah Brand has recorded this already" in words) == (422, True)
    assert steps.page_of(lead, final) == before


def test_an_officer_judges_every_domain_and_the_assessment_stands_in_the_pack_of_the_year(world):
    officer = world.officer
    assessment = steps.begin_an_assessment(officer)
    domains = steps.still_to_judge(officer)
    assert len(domains) == 5
    for domain in domains[:-1]:
        level = steps.judge(officer, domain, "good")
    officer.press("Make it final")
    officer.told(f"Not judged yet: {domains[-1]}", refused=True)
    steps.judge(officer, domains[-1], "outstanding")
    officer.press("Make it final")
    officer.told("The assessment is final. It does not change any more")
    assert not steps.still_to_judge(officer)
    status, words = steps.post(officer, f"{assessment}judge/1/", level=level, text="Better than that")
    assert (status, "This assessment is final. Nothing in it can be changed" in words) == (422, True)

    pack = steps.ask_for(officer, steps.PACK, steps.YEAR)
    steps.read_the_page(officer, pack, steps.PACK)
    judged = officer.page.locator("#section-judged")
    assert judged.get_by_role("heading", name=f"{domains[-1]}: outstanding").count() == 1
    for domain in domains:
        assert judged.get_by_text(f"{domain}. {steps.WHY}").count() == 1
    assert sum(len(person.inspector.seen) for person in (world.officer, world.lead)) >= 40
