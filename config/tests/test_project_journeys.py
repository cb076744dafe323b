"""The life of a service change from end to end: from the idea to the answer that everybody can read.

Nobody can act in the past, so `let_days_pass` moves what has happened back instead.
"""

import json
import re
from datetime import date, timedelta

import pytest

from config.tests.browsing import (
    Person,
    choose_one,
    people_at_keyboards,
    reach,
    sign_in_with_a_password,
    tick,
)

FORUM, REPRESENTATIVE = "Patient Engagement Forum", "Ravi Chandran"
PLACE = "West Essex"
ASSESSMENT, CONSULTATION = "Equality impact assessment", "Public involvement"
OPEN_QUESTION, DAYS_OPEN = "What matters most to you?", 70
WORDS = "As people told us in spring: by bus, in the evening, with a seat."
SENIOR, REASON = "Frances Holm, Director of Engagement", "The lease ends in spring, so six weeks are all there is."
# The consultation of one project and the surveys of its activities, so many days further back than they are.
MOVE_BACK = """
import datetime
from django.db.models import F
from engagement.models import Activity, Consultation, ConsultationDocument, StageChange, Survey, SurveyResponse
project, back = "{title}", datetime.timedelta(days={days})
def move(rows, *days):
    rows.update(**{{day: F(day) - back for day in days}})
move(Consultation.objects.filter(project__title=project), "opens_on", "closes_on", "midpoint_on")
move(ConsultationDocument.objects.filter(consultation__project__title=project), "ready_on")
move(StageChange.objects.filter(project__title=project), "at")
move(Activity.objects.filter(project__title=project), "starts_on")
move(Survey.objects.filter(activity__project__title=project), "opens_on", "closes_on")
move(SurveyResponse.objects.filter(survey__activity__project__title=project), "sent_at")
"""
QUARTER = """
import json
from engagement.models import Period
from reporting.documents.quarterly import gather_quarter
print(json.dumps(gather_quarter(Period.objects.get(code="{code}"))))
"""

people = pytest.fixture(people_at_keyboards)


def let_days_pass(product, title: str, days: int) -> None:
    """As if it were so many days later for the consultation of this project."""
    product.manage("shell", "--no-imports", "-c", MOVE_BACK.format(title=title, days=days))


def in_days(days: int) -> date:
    return date.today() + timedelta(days=days)


# Forms -------------------------------------------------------------------------------------------


def write_day(me: Person, label: str, day: date) -> None:
    boxes = me.page.get_by_role("group", name=label)
    for name, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(name).fill(str(part))


def answer_what_is_asked(me: Person) -> None:
    """Words in every empty box, the first of every choice, and two of every list to tick."""
    form = me.page.locator("main form").first
    for box in form.locator("textarea").all():
        box.fill(box.input_value() or WORDS)
    for group in form.locator("fieldset").all():
        if group.locator(":checked").count():
            continue
        for choice in group.locator("[type=radio]").all()[:1] + group.locator("[type=checkbox]").all()[:2]:
            choice.check()


def open_project(me: Person, title: str) -> None:
    me.press("Projects")
    me.see("Projects")
    me.press(title)
    me.see(title)


def open_part(me: Person, title: str, part: str, heading: str) -> None:
    """From anywhere to one of the things that a project rests on."""
    open_project(me, title)
    me.press(part)
    me.see(heading)


def go_on(me: Person, title: str, stage: str) -> None:
    open_project(me, title)
    me.told("Nothing stands in the way.")
    me.press("Go on")
    me.told("The project goes on")
    assert me.page.locator(".nhsuk-tag").first.inner_text().casefold() == stage


def in_the_way(me: Person, title: str) -> list[str]:
    open_project(me, title)
    return me.page.locator("h3:has-text('Before the next step') ~ ul").first.locator("li").all_inner_texts()


# The plan ----------------------------------------------------------------------------------------


def add_project(me: Person, title: str) -> None:
    me.press("Projects")
    me.see("Projects")
    me.press("Add a project")
    me.see("Add a project")
    me.write("Title", title)
    me.write("What may change, and why", "Blood tests in town move from the hospital to two health centres.")
    choose_one(me.page, "trigger", "developing or changing how a service")
    tick(me.page, PLACE)
    tick(me.page, "Community care")
    tick(me.page, "older people")
    me.page.get_by_label("Board or committee that decides").select_option(label="ICB Board")
    write_day(me, "Decision due on", in_days(60))
    me.press("Save")
    me.told("The project is added as P-")


def say_what_is_known(me: Person, title: str) -> None:
    open_part(me, title, "Do we already know this?", "Do we already know this?")
    choose_one(me.page, "outcome", "Bring what is known up to date")
    me.write("Why?", "We know about parking. Nobody was asked about the evening.")
    me.press("Record what follows")
    me.told("What follows is recorded")


def fill_in_the_plan(me: Person, title: str, *, but: str) -> None:
    """Every section; the question of one code may be left out."""
    open_part(me, title, "Plan", "Assessment and plan")
    sections = me.page.locator(".nhsuk-task-list a").all_inner_texts()
    me.press(sections[0])
    for section in sections:
        me.see(section)
        answer_what_is_asked(me)
        for line in me.page.locator("main [name=feedback_owner]").all():
            line.fill("Engagement lead")
        for number in me.page.locator("main [name=budget]").all():
            number.fill("4000")
            write_day(me, "On which day do you begin", in_days(0))
            write_day(me, "Until which day", in_days(70))
        for left_out in me.page.locator(f"main [name='{but}']").all():
            left_out.fill("")
        me.press("Save and continue")
    me.see("Assessment and plan")
    me.told("1 thing is missing" if but else "Nothing is missing")


def begin_the_plan_with_an_aim(me: Person, title: str) -> None:
    open_part(me, title, "Plan", "Assessment and plan")
    me.press("Begin the plan")
    me.see("Sections")
    me.press("Add an aim")
    me.see("Add an aim")
    me.write("What is counted", "people who answer the survey")
    me.write("How many you aim at", "120")
    me.press("Save the aim")
    me.told("The aim is saved")


def submit_the_plan(me: Person) -> None:
    me.press("Submit the plan")
    me.told("The plan waits for a decision")


def decide_on_the_plan(lead: Person, title: str, decision: str, reason: str = "") -> None:
    open_part(lead, title, "Plan", "Assessment and plan")
    lead.press("Decide on the plan")
    lead.see("Decide on the plan")
    choose_one(lead.page, "decision", decision)
    if reason:
        lead.write("Why you refuse it", reason)
    lead.press("Record the decision")


# Assessment, check lists, consultation -----------------------------------------------------------


def assess(me: Person, title: str) -> None:
    """The equality assessment before people are involved."""
    open_part(me, title, ASSESSMENT, ASSESSMENT)
    me.press("Begin it")
    me.told("The assessment is begun")
    me.press("Write or correct these texts")
    me.see(ASSESSMENT)
    answer_what_is_asked(me)
    me.press("Save")
    me.told("The assessment is saved")
    for group in ("carers", "digitally excluded people", "older people", "people in poverty"):
        say_the_effect(me, group, "neutral")
    me.press("Make it final")
    me.told("The assessment is final")


def say_the_effect(me: Person, group: str, effect: str) -> None:
    me.press(group)
    me.see(f"Effect on: {group}")
    choose_one(me.page, "effect", effect)
    me.write("How we know", "From what people said in three waiting rooms.")
    me.write("What is done about it", "A seat, and a bus in the evening.")
    me.press("Save")
    me.told(f"The effect on {group} is saved")


def assess_again(me: Person, title: str) -> None:
    """After people were involved: one effect is another now, and a page says so."""
    open_part(me, title, ASSESSMENT, ASSESSMENT)
    me.press("The assessment after people were involved")
    me.see(f"{ASSESSMENT} after")
    me.press("Begin it")
    me.told("The assessment is begun")
    say_the_effect(me, "older people", "positive")
    me.press("Make it final")
    me.told("The assessment is final")
    me.press("What changed between the two")
    me.see("before and after people were involved")
    changed = me.page.get_by_role("row").filter(has_text="older people")
    assert re.search(r"neutral\s+positive", changed.inner_text())


def answer_the_check_lists(me: Person, title: str, point: str, *, last: str = "green") -> None:
    """Every question with the same rating; the last one may have another."""
    open_part(me, title, "Check lists", f"Check lists: {point}")
    names = me.page.locator("[type=radio]").evaluate_all("boxes => [...new Set(boxes.map(box => box.name))]")
    for name in names:
        choose_one(me.page, name, last if name == names[-1] else "green")
    for box in me.page.get_by_label("Evidence").all():
        box.fill("Minutes of the project group.")
    me.press("Save all answers")
    me.told("The answers are saved")


def prepare_the_consultation(me: Person, title: str, *, first: date, activity: str = "") -> None:
    open_part(me, title, CONSULTATION, CONSULTATION)
    me.press("Record what is proposed")
    me.see(CONSULTATION)
    me.write("Proposal", "Two health centres take blood in the evening. The hospital no longer does.")
    tick(me.page, "The documents say that it is not a vote")
    write_day(me, "First day", first)
    write_day(me, "Last day", first + timedelta(days=DAYS_OPEN))
    write_day(me, "Half-time review on", first + timedelta(days=DAYS_OPEN // 2))
    if activity:
        me.page.get_by_label("Activity that holds").select_option(label=activity)
    me.press("Save")
    me.told("The record is saved")
    for file_format in ("standard", "Easy Read"):
        me.page.get_by_label("Title").fill("What may change")
        me.page.get_by_label("Format").select_option(label=file_format)
        write_day(me, "Ready on", date.today())
        me.press("Add a document")
        me.told("The document is added")


def add_an_activity(me: Person, title: str, activity: str) -> None:
    """In the admin, where the project is filled in already."""
    open_project(me, title)
    me.press("Add an activity")
    me.see("Add activity")
    me.page.locator("#id_title").fill(activity)
    me.page.locator("#id_principle").select_option(index=2)
    me.page.locator("#id_starts_on").fill(date.today().isoformat())
    me.page.locator("#id_can_influence").fill("Which centres, and at which hours.")
    me.page.locator("#id_what_people_told_us").fill("Come in the evening, when the bus runs.")
    me.page.locator("[name=_save]").press("Enter")
    me.told("was added successfully")


def ask_in_a_survey(lead: Person, title: str, activity: str, survey: str) -> None:
    open_project(lead, title)
    lead.press(activity)
    lead.see(activity)
    lead.press("Add a survey")
    lead.see("Add a survey")
    lead.write("Title", survey)
    lead.write("Introduction", "Tell us which centre and which hours would help you.")
    lead.write("How to get it on paper", "01279 000 300, weekdays 9 to 5.")
    write_day(lead, "First day", date.today())
    write_day(lead, "Last day", in_days(DAYS_OPEN))
    lead.press("Add the survey")
    lead.told("The survey is there")
    asked = (("Which hours help you?", "one", "In the day\nIn the evening"), (OPEN_QUESTION, "text", ""))
    for question, kind, options in asked:
        lead.press("Add a question")
        lead.see("Add a question")
        lead.write("Question", question)
        lead.page.locator(f"[name=kind][value={kind}]").check()
        lead.page.get_by_label("Answers to choose from").fill(options)
        lead.press("Save the question")
        lead.told("The question is added")
    lead.press("Publish the survey")
    lead.told("The survey is published")


