"""What the lead of a project does in a browser, by keyboard as far as it goes, until people are asked."""

import re
from datetime import date, timedelta

from config.tests.browsing import Person, choose_one, tick

ASSESSMENT, CONSULTATION = "Equality impact assessment", "Public involvement"
OPEN_QUESTION, DAYS_OPEN = "What matters most to you?", 70
PLACE = "West Essex"
WORDS = "As people told us in spring: by bus, in the evening, with a seat."


def in_days(days: int) -> date:
    return date.today() + timedelta(days=days)


# Forms -------------------------------------------------------------------------------------------


def write_day(me: Person, label: str, day: date) -> None:
    boxes = me.page.get_by_role("group", name=label).first
    for name, part in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(name).fill(str(part))


def choose_from(me: Person, label: str, words: str) -> None:
    """The first entry of a list that has these words."""
    box = me.page.get_by_label(label)
    box.select_option(value=box.locator("option").filter(has_text=words).first.get_attribute("value"))


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


def come_to(me: Person, address: str, heading: str) -> None:
    """Wait for a page whose heading the page before may have too, by how its address ends."""
    me.page.wait_for_url(re.compile(f"{address}$"))
    me.see(heading)


def open_project(me: Person, title: str) -> None:
    """Back by the trail at the top of the page where there is one, else by the list of projects."""
    trail = me.page.locator(".nhsuk-breadcrumb a:visible").filter(has_text=re.compile(rf"^\s*P-\S+ {title}\s*$"))
    if trail.count():
        trail.first.press("Enter")
    else:
        me.press("Projects")
        me.see("Projects")
        me.press(title)
    come_to(me, r"/projects/\d+/", title)


def open_part(me: Person, title: str, part: str, heading: str) -> None:
    """From anywhere to one of the things that a project rests on."""
    open_project(me, title)
    me.press(part)
    me.see(heading)


def go_on(me: Person, title: str, stage: str) -> None:
    open_project(me, title)
    me.reads("Nothing stands in the way.")
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
    choose_from(me, "Board or committee that decides", "ICB Board")
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
    for number, section in enumerate(sections, 1):
        come_to(me, f"/plans/[0-9]+/{number}/", section)
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
    me.reads("1 thing is missing" if but else "Nothing is missing")


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


def try_to_submit_the_plan(me: Person, lacking: str, section: str) -> None:
    """Refused with a list of what is missing, each with the way there; then it is mended."""
    me.press("Submit the plan")
    me.told("The plan cannot be submitted yet", refused=True)
    assert me.page.locator(".nhsuk-error-summary li").all_inner_texts() == [f"Answer the question “{lacking}”"]
    me.press("Answer the question")
    come_to(me, r"/plans/\d+/\d+/", section)
    me.write(lacking, "Unpaid carers, who lose half a day for each test.")
    me.press("Save and leave")
    me.told("Nothing is missing")


def write_the_next_version(me: Person, title: str, reason: str) -> None:
    open_part(me, title, "Plan", "Assessment and plan")
    me.reads(f"Why it is refused: {reason}")
    me.press("Begin a new version")
    me.reads("Version 2")
    me.press("What people can change")
    come_to(me, r"/plans/\d+/\d+/", "What people can change")
    me.write("What can they not change, and why?", "How many tests the laboratory can do: the contract fixes it.")
    me.press("Save and leave")
    me.told("Saved: What people can change")


def decide_on_the_plan(lead: Person, title: str, decision: str, reason: str = "") -> None:
    open_part(lead, title, "Plan", "Assessment and plan")
    lead.press("Decide on the plan")
    lead.see("Decide on the plan")
    choose_one(lead.page, "decision", decision)
    if reason:
        lead.write("Why you refuse it", reason)
    lead.press("Record the decision")
    lead.told("The plan is refused" if reason else "The plan is signed")


# Assessment, check lists, consultation -----------------------------------------------------------


def assess(me: Person, title: str) -> None:
    """The equality assessment before people are involved."""
    open_part(me, title, ASSESSMENT, ASSESSMENT)
    me.press("Begin it")
    me.told("The assessment is begun")
    me.press("Write or correct these texts")
    come_to(me, "/edit/", ASSESSMENT)
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
    open_part(me, title, ASSESSMENT, f"{ASSESSMENT} after people were involved")
    me.press("Begin it")
    me.told("The assessment is begun")
    say_the_effect(me, "older people", "positive")
    me.press("Make it final")
    me.told("The assessment is final")
    me.press("What changed between the two")
    me.see("before and after people were involved")
    changed = me.page.get_by_role("row").filter(has_text="older people").inner_text()
    assert re.search("changed.*neutral.*positive", changed, re.DOTALL)
    me.reads("1 changed")


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
    come_to(me, "/edit/", CONSULTATION)
    me.write("Proposal", "Two health centres take blood in the evening. The hospital no longer does.")
    tick(me.page, "The documents say that it is not a vote")
    write_day(me, "First day", first)
    write_day(me, "Last day", first + timedelta(days=DAYS_OPEN))
    write_day(me, "Half-time review on", first + timedelta(days=DAYS_OPEN // 2))
    if activity:
        choose_from(me, "Activity that holds", activity)
    me.press("Save")
    me.told("The record is saved")
    for file_format in ("standard", "Easy Read"):
        me.page.get_by_label("Title").fill("What may change")
        choose_from(me, "Format", file_format)
        write_day(me, "Ready on", date.today())
        me.press("Add a document")
        me.page.get_by_role("row").filter(has_text=file_format).wait_for()
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
    me.press("View site")
    me.see("People and communities")


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


def review_at_half_time(me: Person, title: str) -> None:
    open_part(me, title, CONSULTATION, CONSULTATION)
    me.write("What the review found and changed", "Few carers so far. Two more afternoons in the waiting room.")
    me.press("Record the half-time review")
    me.told("The half-time review is recorded")
