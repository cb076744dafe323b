"""What staff do in a browser from a plan and a figure to a quarterly report that is agreed, final and public."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl

from config.tests.browsing import SECONDS_FOR_A_REPORT, Person, choose_one
from config.tests.project_steps import choose_from, come_to

REPORT, PACK = "Quarterly assurance report", "Evidence for NHS England’s assessment"
PLAN = "Next steps of the Involvement and Engagement Framework"
MILESTONE, EVIDENCE = (
    "Publish the guide to service change",
    "The guide stands on the public site: https://example.org/guide",
)
RISK = "The trainer of the new patient members leaves in winter, and nobody else can train them."
KPI = "Complaints answered in time"
ANSWERED, RECEIVED, SHARE = "31", "40", "78% (31 of 40)"
SECTION, SECTION_KEY = "Activities and outputs, and progress on plans", "activities"
OURS = "The guide to service change is out. Six teams use it already."
THEIRS = "Two of the six teams are in West Essex."
REMARK, REMEDY = "Say which teams use the guide.", "The section says in which place they are."
RETURNED = "Name the teams that use the guide, then bring it back."
OF_NO_USE = "We never looked at it."
FIRST_BODY, SECOND_BODY = "Patient Engagement Forum", "System Transformation and Quality Improvement Committee"
YARDSTICK, YEAR = "NHS England's five domains", "2024–25"
WHY = "We looked at every activity of the year, and asked four groups."
# A figure that somebody enters, and a final report of a quarter before, which is the last one and went no way; prints
# the name and the code of the quarter that goes on.
PREPARE = f"""
import json
from django.utils import timezone
from engagement.models import Period
from people.models import User
from reporting.models import Kpi, RouteStep
from reporting.services.reports import request_report
today = timezone.localdate()
quarter = Period.objects.get(kind="quarter", starts_on__lte=today, ends_on__gte=today)
Kpi.objects.create(
    code="complaints-in-time", name="{KPI}", unit="share", direction="up", source="Complaints team",
    definition="Of all complaints, those that were answered in time.",
    numerator="complaints answered within 40 working days", denominator="complaints received",
)
lead = User.objects.get(email="lead@example.org")
way = list(RouteStep.objects.filter(kind="quarterly"))
RouteStep.objects.filter(kind="quarterly").delete()
request_report(Period.objects.get(code="2023-24-q4"), by=lead, kind="quarterly", final=True)
RouteStep.objects.bulk_create(way)
years = Period.objects.filter(kind="year").values_list("pk", flat=True)
print(json.dumps([str(quarter), quarter.pk, years[0]]))
"""


def go_to(me: Person, part: str, heading: str) -> None:
    """One of the parts of the reports, by the navigation."""
    me.press("Reports")
    me.see("Reports")
    me.press(part)
    me.see(heading)


# Plan and figure ---------------------------------------------------------------------------------


def finish_a_milestone(officer: Person) -> None:
    """Refused without evidence, then kept with it."""
    go_to(officer, "Plans", "Strategies and plans")
    officer.press(PLAN)
    officer.see(PLAN)
    officer.press(f"Change, or mark as done: {MILESTONE}")
    officer.see("Change the milestone")
    officer.press("Mark it as done")
    officer.told("Enter what shows it", refused=True)
    officer.write("What shows it", EVIDENCE)
    officer.press("Mark it as done")
    officer.told("The milestone is done")
    assert "done" in _row(officer, MILESTONE).casefold()
    assert EVIDENCE in _row(officer, MILESTONE)


def record_a_risk(officer: Person) -> None:
    officer.press("Add a risk")
    officer.see("Add a risk")
    officer.write("What may happen", RISK)
    officer.write("How likely it is, from 1 to 5", "5")
    officer.write("How bad it would be, from 1 to 5", "6")
    officer.write("What is done about it", "Two members of staff learn to train.")
    officer.write("Who sees to it", "Head of engagement")
    officer.press("Keep it")
    officer.told("There is a problem", refused=True)
    officer.press("How bad it would be, from 1 to 5 must be 5 or less")
    officer.page.keyboard.press("Control+A")
    officer.page.keyboard.type("5")
    officer.press("Keep it")
    officer.told("The risk is kept")
    assert "25 (5" in _row(officer, RISK)


def enter_a_value(officer: Person, quarter: str) -> None:
    """Of the quarter that goes on. More than there are is refused."""
    go_to(officer, "Figures for boards", "Figures that boards ask for")
    officer.reads(f"Figures of {quarter}")
    officer.press(KPI)
    officer.see(KPI)
    officer.press("Enter or correct the value")
    officer.see(f"Value for {quarter}")
    officer.write("Complaints answered within 40 working days", "41")
    officer.write("Complaints received", RECEIVED)
    officer.write("Where it comes from", "Complaints system, on the day after the quarter")
    officer.press("Save the value")
    officer.told("What is counted cannot be more than what it is out of", refused=True)
    officer.write("Complaints answered within 40 working days", ANSWERED)
    officer.press("Save the value")
    officer.told("The value is kept")
    officer.reads(SHARE)


def _row(me: Person, words: str) -> str:
    return " ".join(me.page.get_by_role("row").filter(has_text=words).first.inner_text().split())


# The report --------------------------------------------------------------------------------------


def ask_for(me: Person, kind: str, period: str) -> str:
    """Returns the address of the version, once it is ready."""
    me.press("Reports")
    me.see("Reports")
    me.page.get_by_label("Report", exact=True).select_option(label=kind)
    me.page.get_by_label("Period", exact=True).select_option(label=period)
    me.press("Make the report")
    return wait_until_ready(me, f"{kind} {period}, version 1")


def make_the_next(me: Person, number: int) -> str:
    """From the page of a version, or of the sections of its report. Returns the address of the new version."""
    me.press("Make the next version")
    return wait_until_ready(me, f", version {number}")


def wait_until_ready(me: Person, heading: str) -> str:
    """Of a version that was asked for just now: its progress is shown until it is ready, and its page then."""
    me.page.get_by_role("heading", name=heading).wait_for()
    me.page.get_by_role("link", name="Open the PDF").wait_for(timeout=1000 * SECONDS_FOR_A_REPORT)
    me.see(heading)
    return me.page.url


def read_the_page(me: Person, build: str, heading: str) -> None:
    me.page.goto(build)
    me.press("Read it as a web page")
    come_to(me, r"/report\.html", heading)


def page_of(me: Person, build: str) -> str:
    """The web page of a version as it is now."""
    answer = me.page.request.get(f"{build}report.html")
    assert answer.status == 200
    return answer.text()


def open_section(me: Person, build: str) -> None:
    me.page.goto(build)
    me.press("Sections, their texts and statements of groups")
    me.see("Sections of the report")
    me.press(SECTION)
    come_to(me, f"/sections/{SECTION_KEY}/", SECTION)


def keep_the_text(me: Person) -> None:
    me.press("Keep the text")
    me.told("The text is kept. It is printed in the next version")


def comment(me: Person, build: str) -> None:
    me.page.goto(build)
    me.press("Comment on this draft")
    me.see("Comment on this draft")
    me.press("Keep the comment")
    me.told("Enter your comment", refused=True)
    choose_from(me, "Section", SECTION)
    me.write("Your comment", REMARK)
    me.press("Keep the comment")
    me.told("The comment is kept")
    me.told("1 comment waits for an answer")


def settle(me: Person, build: str) -> None:
    me.page.goto(build)
    me.press(f"Say what was done: {REMARK}")
    me.see("What was done with a comment")
    me.write("What was done with it", REMEDY)
    me.press("Keep the answer")
    me.told("It is noted what was done with the comment")
    assert not me.page.get_by_text("waits for an answer").count()


# Its way -----------------------------------------------------------------------------------------


def send(me: Person, build: str) -> None:
    me.page.goto(build)
    me.press("Send it for approval")
    me.told("The version is on its way")


def open_result(me: Person, build: str, body: str) -> str:
    """Returns the address of the form."""
    me.page.goto(build)
    me.press(f"Record what came of it: {body}")
    me.see(f"What came of it: {body}")
    return me.page.url


def pass_on(me: Person, build: str, body: str) -> None:
    open_result(me, build, body)
    choose_one(me.page, "result", "passed on")
    me.press("Keep the result")
    me.told("The result is kept")


def send_back(me: Person, build: str, body: str) -> None:
    """Refused without a reason."""
    open_result(me, build, body)
    choose_one(me.page, "result", "sent back")
    me.press("Keep the result")
    me.told("Say why it is sent back", refused=True)
    me.write("What was said", RETURNED)
    me.press("Keep the result")
    me.told("The result is kept")
    me.reads(RETURNED)


def make_final(me: Person, build: str, number: int) -> str:
    me.page.goto(build)
    me.press("Make the final version")
    return wait_until_ready(me, f", version {number}")


def publish(me: Person, build: str) -> None:
    me.page.goto(build)
    me.press("Publish it")
    me.told("Everybody can read this report now")


# Who reads it ------------------------------------------------------------------------------------


def taken(me: Person, words: str) -> tuple[str, bytes]:
    """Go to a link to a file by keyboard, and take it: its name and what it holds."""
    with me.page.expect_download() as download:
        me.press(words)
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def cells(workbook: bytes) -> set[str]:
    """Every cell of a workbook, as text."""
    sheets = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True)
    return {str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row}


def lines(archive: bytes) -> str:
    """What every CSV file in a ZIP file holds."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return "\n".join(files.read(name).decode("utf-8-sig") for name in files.namelist() if name.endswith(".csv"))


def post(me: Person, address: str, **fields: object) -> tuple[int, str]:
    """Send a form whether a page offers it or not. Returns the status and the words of the page that came back."""
    token = me.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    form = {"csrfmiddlewaretoken": token} | {name: str(value) for name, value in fields.items()}
    answer = me.page.request.post(address, form=form)
    return answer.status, re.sub(r"\s+", " ", answer.text())


def today(prefix: str) -> dict[str, int]:
    """Today in the three boxes of a date."""
    day = date.today()
    return {f"{prefix}_{number}": part for number, part in enumerate((day.day, day.month, day.year))}


# An assessment -----------------------------------------------------------------------------------


def begin_an_assessment(officer: Person) -> str:
    """Returns its address."""
    go_to(officer, "Assessments", "How we judge ourselves")
    officer.press(YARDSTICK)
    officer.see(YARDSTICK)
    officer.press("Begin an assessment")
    officer.see("Begin an assessment")
    officer.press("Begin the assessment")
    officer.told("Select year", refused=True)
    officer.page.get_by_role("combobox", name="Year").select_option(label=YEAR)
    officer.press("Begin the assessment")
    officer.told("The assessment is begun")
    return officer.page.url


def still_to_judge(me: Person) -> list[str]:
    """The domains that nobody has judged yet."""
    links = me.page.get_by_role("link").filter(has_text=re.compile("^Judge it")).all()
    return [" ".join(link.text_content().split()).removeprefix("Judge it: ") for link in links]


def judge(me: Person, domain: str, level: str) -> str:
    """Returns how a form names the level."""
    me.press(f"Judge it: {domain}")
    me.see(domain)
    choose_one(me.page, "level", level)
    chosen = me.page.locator("[name=level]:checked").get_attribute("value")
    me.write("Why it is judged so", f"{domain}. {WHY}")
    me.write("Other evidence 1", f"Minutes about {domain}")
    me.press("Keep the judgement")
    me.told("The judgement is kept")
    return chosen
