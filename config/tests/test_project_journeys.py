"""The life of a service change from end to end: from the idea to the answer that everybody can read.

Nobody can act in the past, so `let_days_pass` moves what has happened back instead.
"""

import html
import json
from datetime import date

import pytest

from config.tests.browsing import Person, choose_one, people_at_keyboards, sign_in_with_a_password
from config.tests.project_steps import (
    OPEN_QUESTION,
    add_an_activity,
    add_project,
    answer_the_check_lists,
    ask_in_a_survey,
    assess,
    assess_again,
    begin_the_plan_with_an_aim,
    choose_from,
    decide_on_the_plan,
    fill_in_the_plan,
    go_on,
    in_days,
    in_the_way,
    open_part,
    open_project,
    prepare_the_consultation,
    review_at_half_time,
    say_what_is_known,
    submit_the_plan,
    try_to_submit_the_plan,
    write_day,
    write_the_next_version,
)

FORUM, REPRESENTATIVE = "Patient Engagement Forum", "Ravi Chandran"
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
# The overrides that the quarterly report prints: project, step, day, what stood in the way, who decided, why.
QUARTER = """
import json
from engagement.models import Period
from reporting.documents.quarter import gather
from reporting.models import Report
report = Report.objects.get_or_create(kind="quarterly", period=Period.objects.get(code="{code}"))[0]
tables = [table for section in gather(report).sections for table in section.tables]
print(json.dumps([row.cells for table in tables if table.key == "overrides" for row in table.rows]))
"""

people = pytest.fixture(people_at_keyboards)


def let_days_pass(product, title: str, days: int) -> None:
    """As if it were so many days later for the consultation of this project."""
    product.manage("shell", "--no-imports", "-c", MOVE_BACK.format(title=title, days=days))


# The public, and the forum -----------------------------------------------------------------------


def answer_in_two_sittings(resident: Person, survey: str) -> str:
    """A member of the public begins, saves, comes back with the code and sends. Returns the code of the receipt."""
    resident.page.goto("/")
    resident.press("Have your say")
    resident.see("Have your say")
    resident.press(survey)
    resident.see(survey)
    resident.press("Start")
    resident.see("Your answers")
    resident.write(OPEN_QUESTION, "A seat while I wait.")
    resident.press("Save and come back later")
    resident.see("Your answers are saved, and not sent yet")
    code = resident.page.locator(".nhsuk-panel strong").inner_text()
    resident.press("Go on with answers that you saved")
    resident.see("Go on with your answers")
    resident.write("Your code", code)
    resident.press("Go on")
    resident.page.get_by_role("button", name="Send my answers").wait_for()
    assert resident.page.get_by_label(OPEN_QUESTION).input_value() == "A seat while I wait."
    resident.page.get_by_label("In the evening").check()
    resident.press("Send my answers")
    resident.see("Your answers are sent")
    return resident.page.locator(".nhsuk-panel strong").inner_text()


def read_the_receipt(resident: Person, code: str, words: str, *, link: str) -> None:
    resident.press(link)
    resident.see("What you said and what came of it")
    resident.write("Your code", code)
    resident.press("Show what came of it")
    resident.told(words)
    assert resident.page.get_by_text("A seat while I wait.").is_visible()


def read_the_response(lead: Person, survey: str) -> None:
    lead.press("Projects")
    lead.see("Projects")
    lead.press("Surveys")
    lead.see("Surveys")
    lead.press(survey)
    lead.see(survey)
    lead.press("1 response is not read")
    lead.see("Responses")
    lead.press("Response ")
    lead.see("Response ")
    lead.reads("Nobody has read it yet.")
    lead.press("I have read it")
    lead.told("1 response is marked as read")


def add_a_representative(me: Person, title: str) -> None:
    open_project(me, title)
    me.press("Add a patient representative")
    me.see("Add a patient representative")
    me.write("Name or e-mail address", REPRESENTATIVE)
    choose_one(me.page, "task", "")
    me.press("Save")
    me.told(REPRESENTATIVE)


def ask_the_forum(me: Person, title: str) -> None:
    open_part(me, title, "Assurance", "Assurance")
    me.press("Ask a group")
    me.see("Ask a group")
    choose_from(me, "Group", FORUM)
    write_day(me, "Day by which members answer", in_days(14))
    me.write("What members should know", "96 people answered. The second centre is the one that they chose.")
    me.press("Ask them")
    me.told(f"The members of {FORUM} are asked")


def judge(member: Person, title: str) -> None:
    member.press("Your page")
    member.see("Hello")
    member.press(f"Say whether people were involved enough: {title}")
    member.see(title)
    choose_one(member.page, "sufficient", "Yes")
    choose_one(member.page, "influential", "Partly")
    member.write("Why do you think that about the influence?", "Nobody says yet what became of the later bus.")
    member.write("What should be done before the decision?", "Say what became of the bus.")
    member.press("Send your answer")
    member.told("Your answer is kept")


def conclude_with_a_condition(lead: Person, title: str) -> None:
    open_part(lead, title, "Assurance", "Assurance")
    lead.press(FORUM)
    lead.see(f"Assurance by {FORUM}")
    lead.reads("Nobody says yet what became of the later bus.")
    lead.press("Conclude")
    lead.see("What the group concludes")
    choose_one(lead.page, "result", "partly assured")
    lead.write("Statement of the group", "People were asked well. The bus is still open.")
    lead.write("What has to be done", "Say what became of the bus.")
    lead.write("Who sees to it", "Head of community services")
    write_day(lead, "Day by which it is done", in_days(20))
    lead.press("Keep the conclusion")
    lead.told("The conclusion is kept")


def meet_the_condition(me: Person, title: str) -> None:
    words = f"Meet this condition of {FORUM}: Say what became of the bus."
    assert words in in_the_way(me, title)
    me.press(words)
    me.see("Meet a condition")
    me.write("What was done", "The bus company runs one more bus at eight. The page of the project says so.")
    me.press("It is done")
    me.told("The condition is met")


# The end -----------------------------------------------------------------------------------------


def record_the_decision(me: Person, title: str) -> None:
    weighed = "Record the decision: who decided, from which options, and what was made of what people said"
    assert in_the_way(me, title) == ["Record what was decided, and when (cannot be overridden)", weighed]
    me.press(weighed)
    me.see("Record a decision")
    me.write("What was decided on", "Where blood is taken")
    choose_from(me, "Who decided", "ICB Board")
    write_day(me, "Day of the decision", date.today())
    me.write("Reference of the paper", "Paper 12")
    me.write("Options", "The hospital alone.\nTwo health centres too.")
    me.write("What was decided", "Two health centres take blood, in the evening too.")
    me.write("Why", "Most people asked for a place in town.")
    me.press("Record the decision")
    me.told("The decision is recorded")
    made = "Say what the decision made of what people said, or why there was nothing to weigh"
    assert in_the_way(me, title) == [made]
    me.press(made)
    me.see("Where blood is taken")
    me.press("Change the decision")
    me.see("Change the decision")
    me.write("Why nothing that people said was weighed", "No finding was written. The one answer lay before the board.")
    me.press("Keep the decision")
    me.told("The decision is kept")


def post(me: Person, step: str, **fields: str) -> tuple[int, str]:
    """Send a step of the project whose page is open, whether the page offers it or not."""
    token = me.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    form = {"csrfmiddlewaretoken": token} | {f"{step}-{name}": value for name, value in fields.items()}
    answer = me.page.request.post(f"{me.page.url.partition('#')[0]}step/{step}/", form=form)
    return answer.status, answer.text()


def publish_what_came_of_it(lead: Person, title: str, activity: str) -> None:
    open_project(lead, title)
    lead.press("Publish what came of")
    lead.see(activity)
    lead.press("Write an answer")
    lead.see("Write an answer")
    choose_from(lead, "Topic", "Community care")
    lead.write("You said", "The hospital is too far for a blood test.")
    lead.write("How many people said it", "1")
    choose_from(lead, "Status", "Done")
    lead.write("We did, are doing", "Two health centres take blood until eight in the evening.")
    write_day(lead, "Done on", date.today())
    lead.write("What shows that it was done", "The opening hours on the page of each centre.")
    lead.write("Who sees to it", "Head of community services")
    lead.press("Keep the answer")
    lead.told("The answer is kept")
    lead.press("Publish")
    lead.told("Everybody can read this answer now")


def close(me: Person, title: str) -> None:
    open_project(me, title)
    me.press("Close the project")
    me.told("The project is closed")


# An override -------------------------------------------------------------------------------------


def override(lead: Person, title: str) -> None:
    open_project(lead, title)
    lead.write("Name and post of the senior who decided", SENIOR)
    lead.write("Reason", REASON)
    lead.press("Go on all the same")
    lead.told("The override is kept and reported")
    for words in (f"{SENIOR} decided it", REASON):
        assert lead.page.locator("main").get_by_text(words).first.is_visible()


def see_the_override_everywhere(lead: Person, product, title: str, reference: str, refused: str) -> None:
    """On the coverage page of the quarter, in what the command prints, and in what the quarterly report is made of."""
    quarter = quarter_of(date.today())
    lead.page.goto(f"/record/coverage/?period={quarter}")
    lead.see("Coverage")
    row = lead.page.get_by_role("row").filter(has_text=title).filter(has_text=SENIOR)
    for words in (refused, REASON):
        assert words in row.inner_text()
    printed = json.loads(product.manage("coverage", "--period", quarter, "--format", "json"))
    [kept] = [each for each in printed["overrides"] if each["project"] == reference]
    assert (kept["senior"], kept["reason"], kept["obstacles"]) == (SENIOR, REASON, [refused])
    assert kept["on"] == date.today().isoformat()
    gathered = json.loads(product.manage("shell", "--no-imports", "-c", QUARTER.format(code=quarter)))
    [row] = [cells for cells in gathered if cells[0] == f"{reference} {title}"]
    assert row[2:] == [f"{date.today():%-d %B %Y}", refused, SENIOR, REASON]


def quarter_of(day: date) -> str:
    """The code of a quarter of the year that begins in April, such as 2026-27-q3."""
    year = day.year - (day.month < 4)
    return f"{year}-{(year + 1) % 100:02}-q{(day.month - 4) % 12 // 3 + 1}"


# The journeys ------------------------------------------------------------------------------------


def test_a_change_of_a_service_goes_from_the_idea_to_the_answer_that_everybody_can_read(people, product):
    title, activity, survey = "Blood tests in town", "Asking about blood tests in town", "Where shall we take blood?"
    me, lead, resident, member = people(), people(), people(), people()
    sign_in_with_a_password(me, product.logins["project lead"])
    sign_in_with_a_password(lead, product.logins["engagement lead"])
    add_project(me, title)
    go_on(me, title, "formative")
    say_what_is_known(me, title)
    begin_the_plan_with_an_aim(me, title)
    fill_in_the_plan(me, title, but="carers")
    try_to_submit_the_plan(me, "Which carers are affected, and how?", "Who is affected")
    submit_the_plan(me)
    decide_on_the_plan(lead, title, "Refuse it", "Say what people cannot change.")
    write_the_next_version(me, title, "Say what people cannot change.")
    submit_the_plan(me)
    decide_on_the_plan(lead, title, "Sign it")
    answer_the_check_lists(me, title, "plan")
    go_on(me, title, "options")

    assess(me, title)
    add_an_activity(me, title, activity)
    prepare_the_consultation(me, title, first=in_days(1), activity=activity)
    answer_the_check_lists(me, title, "opening")
    go_on(me, title, "consultation")
    ask_in_a_survey(lead, title, activity, survey)
    let_days_pass(product, title, 40)
    review_at_half_time(me, title)
    code = answer_in_two_sittings(resident, survey)
    resident.press("Have your say")
    resident.see("Have your say")
    read_the_receipt(resident, code, "Nobody has read them yet.", link="Read what you said and what came of it")
    read_the_response(lead, survey)
    read_the_receipt(resident, code, "A person read them on", link="Your code")
    assert any(words.startswith("People can respond until") for words in in_the_way(me, title))
    let_days_pass(product, title, 40)

    answer_the_check_lists(me, title, "closing")
    go_on(me, title, "analysis")
    assess_again(me, title)
    add_a_representative(me, title)
    ask_the_forum(me, title)
    sign_in_with_a_password(member, product.logins["forum member"])
    judge(member, title)
    conclude_with_a_condition(lead, title)
    answer_the_check_lists(me, title, "decision")
    meet_the_condition(me, title)
    go_on(me, title, "decision")
    record_the_decision(me, title)
    go_on(me, title, "mobilise")
    go_on(me, title, "review")

    in_public = "in “you said, we did” (cannot be overridden)"
    assert [words.endswith(f"{activity} {in_public}") for words in in_the_way(me, title)] == [True]
    status, page = post(me, "close")
    assert (status, "The project is closed" in page) == (422, False)
    publish_what_came_of_it(lead, title, activity)
    close(me, title)
    resident.press("You said, we did")
    resident.told("Two health centres take blood until eight in the evening.")
    assert sum(len(person.inspector.seen) for person in (me, lead, resident, member)) >= 90


def test_a_red_answer_shuts_the_door_and_an_override_of_it_is_reported_everywhere(people, product):
    """The project lead has a small screen and no JavaScript."""
    title = "The night bus to the hospital"
    me, lead = people(javascript=False, width=320), people()
    sign_in_with_a_password(me, product.logins["project lead"])
    sign_in_with_a_password(lead, product.logins["engagement lead"])
    add_project(me, title)
    say_what_is_known(me, title)
    go_on(me, title, "formative")
    begin_the_plan_with_an_aim(me, title)
    fill_in_the_plan(me, title, but="")
    submit_the_plan(me)
    decide_on_the_plan(lead, title, "Sign it")
    answer_the_check_lists(me, title, "plan")
    go_on(me, title, "options")
    assess(me, title)
    prepare_the_consultation(me, title, first=in_days(1))
    answer_the_check_lists(me, title, "opening", last="red")

    [refused] = in_the_way(me, title)
    assert "Gunning" in refused
    assert not me.page.get_by_role("button", name="Go on").count()
    status, page = post(me, "forward", to="consultation")
    assert (status, refused in html.unescape(page)) == (422, True)
    assert post(me, "override", to="consultation", senior=SENIOR, reason=REASON)[0] == 403
    assert in_the_way(me, title) == [refused]

    reference = me.page.locator("h1 .nhsuk-caption-l").inner_text()
    override(lead, title)
    see_the_override_everywhere(lead, product, title, reference, refused)
