"""What staff, the public and a member do in a browser from a comment on to what its author says of the answer."""

import re
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.tests.browsing import Person, choose_one, tick
from config.tests.project_steps import choose_from, come_to, write_day

NHS_NUMBER = "943 476 5919"
TOLD_US = "Nobody at the health check on Saturday could say when the quiet room opens."
ON_THE_SLIP = "I waited beside the quiet room with my son for an hour, and it stayed locked."
BY_LETTER = "Put the hours of the quiet room on its door, in large print."
IN_THE_FILE = "The quiet room was locked whenever we came."
WITH_A_NUMBER = f"The quiet room was shut. My number is {NHS_NUMBER}."
COLLECTION = "Cards from the health check on Saturday"
THEME = "Environment & Facilities"
STATEMENT = "People who need the quiet room find it locked, and no sign says when it opens."
DECISION = "Hours of the quiet room"
BODY, PAPER = "ICB Board", "ICB/26/114"
PARTLY = "The room opens every day. There are no staff to open it at night."
NOTHING_SAID = "Your views have helped inform our plans."
DONE = "The quiet room at the health centre in Epping has opened from 9 to 5 every day since Monday."
SEEN = "The hours stand on the door. We looked on three days."
DISAGREES = "It was locked again on Sunday when I came with my son."
DEALT = "The caretaker has a second key now, and opens the room on Sundays too."
CODING = re.compile(r"/comment/\d+/code/")
SUBJECT = "What came of what you told us: Community care"
WRITER, MEMBER = "George Pettit", "Mary Ember"


def in_the_text(pdf: Path) -> str:
    """What poppler reads of a PDF."""
    return subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout


def downloaded(me: Person, words: str) -> str:
    """Go to a link to a PDF by keyboard, and read what it holds."""
    with me.page.expect_download() as paper:
        me.press(words)
    return in_the_text(paper.value.path())


def go_to(me: Person, part: str, heading: str) -> None:
    """One of the parts of the work with insight, by the navigation."""
    me.press("Browse More")
    me.press("Insight")
    me.see("Library")
    me.press(part)
    me.see(heading)


# What people said --------------------------------------------------------------------------------


def record_a_conversation(officer: Person) -> str:
    """Returns the address of the activity."""
    officer.press("Projects")
    officer.see("Projects")
    officer.press("Record a conversation")
    officer.see("Record a conversation")
    officer.write("What did they tell you?", TOLD_US)
    choose_from(officer, "Who did you hear from?", "carers")
    choose_from(officer, "Which place is it about?", "West Essex")
    choose_one(officer.page, "principle", "")
    officer.press("Record the conversation")
    officer.see("Conversation recorded")
    officer.press("Open its page")
    officer.see(TOLD_US[:40])
    return officer.page.url


def make_slips(officer: Person, activity: str, number: int) -> list[str]:
    """Paper slips for people who are not on the register. Returns the codes that are printed on them."""
    officer.page.goto(activity)
    officer.press("Who is to be told, and slips with codes")
    officer.see("Who took part, to be told")
    officer.press("Slips with codes")
    officer.see("Slips with codes")
    officer.write("How many slips", str(number))
    officer.press("Make slips")
    officer.told("The slips are made")
    printed = downloaded(officer, f"Print {number} slips (PDF)")
    codes = re.findall(r"^\s*([A-Z]{4} [A-Z]{4})(?:\s+([A-Z]{4} [A-Z]{4}))?\s*$", printed, re.MULTILINE)
    return [code for line in codes for code in line if code]


def add_a_collection(officer: Person, activity: str) -> str:
    """Returns the address of the collection."""
    officer.page.goto(activity)
    officer.press("Add a collection of comments")
    officer.see("Add a collection of comments")
    officer.write("Title", COLLECTION)
    officer.press("Add the collection")
    officer.told("The collection is there")
    return officer.page.url


def send_in_a_file(officer: Person, collection: str, folder: Path) -> None:
    """Two comments, of which one holds an NHS number: the worker checks the file, then takes it in."""
    path = folder / "cards.csv"
    today = f"{date.today():%d/%m/%Y}"
    path.write_text(f"comment_id,comment,date\nc-1,{IN_THE_FILE},{today}\nc-2,{WITH_A_NUMBER},{today}\n")
    officer.page.goto(collection)
    officer.press("From a file")
    officer.see("Comments from a file")
    officer.page.get_by_label("File of comments").set_input_files(path)
    officer.press("Check the file")
    officer.page.wait_for_url(re.compile(r"/comments/files/\d+/$"))
    officer.page.get_by_role("button", name="Take in 2 comments").wait_for()
    officer.told("They are held until somebody has decided.")
    assert figure(officer, "With personal data").startswith("1 (NHS number: 1)")
    officer.press("Take in 2 comments")
    officer.told("Taken in: 2 new, 0 in already.")


def figure(me: Person, label: str) -> str:
    """What stands beside a label in a list of facts."""
    row = me.page.locator(".nhsuk-summary-list__row").filter(
        has=me.page.get_by_role("term").filter(has_text=re.compile(rf"^{label}$"))
    )
    return row.get_by_role("definition").inner_text()


def type_in(officer: Person, collection: str, text: str, *, name: str = "", code: str = "") -> str:
    """Returns the address of the comment."""
    officer.page.goto(collection)
    officer.press("Type one in")
    officer.see("Type in a comment")
    officer.write("Words", text)
    officer.write("Who said it", name)
    officer.write("Or the code", code)
    officer.press("Keep the comment")
    officer.told("The comment is kept")
    return officer.page.url


def take_on_the_list(officer: Person, activity: str) -> None:
    """Who wrote the letter, by their comment; the member by name."""
    officer.page.goto(activity)
    officer.press("Who is to be told, and slips with codes")
    officer.see("Who took part, to be told")
    officer.press("Add those who sent comments")
    officer.told("1 person is new on the list")
    officer.press("Add somebody")
    officer.see("Add somebody who took part")
    officer.write("Name or e-mail address", MEMBER)
    officer.press("Add to the list")
    officer.told("They are on the list")
    for name, way in ((WRITER, "post"), (MEMBER, "e-mail")):
        row = officer.page.get_by_role("row").filter(has_text=name)
        assert row.get_by_role("cell", name=way, exact=True).count() == 1, name


def code(officer: Person, collection: str, comments: int) -> None:
    """Give each comment that may be read the same theme, one after the other, until none is left."""
    officer.page.goto(collection)
    officer.press("Code the comments")
    officer.page.wait_for_url(CODING)
    for _number in range(comments):
        officer.see("Code comment")
        assert NHS_NUMBER not in officer.page.content()
        tick(officer.page, THEME)
        here = officer.page.url
        officer.press("Save and go to the next")
        officer.page.wait_for_url(lambda address, here=here: address != here)
    officer.told("Every comment that may be read has been coded")


# Finding, decision, answer -----------------------------------------------------------------------


def write_a_finding(officer: Person) -> str:
    """With the theme of the collection as its evidence. Returns its address."""
    go_to(officer, "Findings", "Findings")
    officer.press("Write a finding")
    officer.see("Write a finding")
    officer.write("What was learnt", STATEMENT)
    choose_from(officer, "How sure we are", "medium")
    officer.write("Why so sure, or not", "Three people wrote it on the same day, and we looked.")
    officer.press("Keep the finding")
    officer.told("The finding is kept")
    address = officer.page.url
    assert not officer.page.get_by_role("button", name="Agree to it").count()
    officer.press("Attach evidence")
    officer.see("Attach evidence")
    choose_from(officer, "Theme", THEME)
    choose_from(officer, "Comments", COLLECTION)
    officer.press("Attach it")
    officer.told("The evidence is attached")
    return address


def agree_and_publish(lead: Person, address: str) -> str:
    """Somebody else than who wrote it. Returns its public address."""
    lead.page.goto(address)
    lead.see(STATEMENT)
    lead.press("Agree to it")
    lead.told("The finding is agreed")
    lead.press("Publish")
    lead.told("Everybody can read this finding now")
    return lead.page.get_by_role("link", name="Open its public page").get_attribute("href")


def decide(lead: Person, activity: str) -> str:
    """A committee adopts the finding in part, and says why. Returns the address of the decision."""
    go_to(lead, "Decisions", "Decisions")
    lead.press("Record a decision")
    lead.see("Record a decision")
    lead.write("What was decided on", DECISION)
    lead.page.get_by_label(activity).check()
    choose_from(lead, "Who decided", BODY)
    write_day(lead, "Day of the decision", date.today())
    lead.write("Reference of the paper", PAPER)
    lead.write("Options", "Leave it locked.\nOpen it by day.\nOpen it by day and by night.")
    lead.write("What was decided", "Open the quiet room by day.")
    lead.write("Why", "Opening it at night costs as much as a second nurse.")
    lead.press("Record the decision")
    lead.told("The decision is recorded")
    address = lead.page.url
    lead.press("Say what it made of a finding")
    lead.see("Say what was made of it")
    choose_from(lead, "Finding", STATEMENT[:40])
    choose_one(lead.page, "effect", "adopted in part")
    lead.press("Keep it")
    lead.told("There is a problem", refused=True)
    lead.write("Why", PARTLY)
    lead.press("Keep it")
    lead.told("It is noted what was made of it")
    lead.press("Publish")
    lead.told("Everybody can read this decision now")
    return address


def write_an_empty_answer(lead: Person, activity: str) -> str:
    """What says nothing, and names nobody: it is kept, and publishing is refused with what to write.

    Returns the address of the answer.
    """
    lead.page.goto(activity)
    lead.press("Write an answer")
    lead.see("Write an answer")
    choose_from(lead, "Topic", "Community care")
    you_said = lead.page.get_by_label("You said")
    assert you_said.input_value() == TOLD_US
    you_said.fill(STATEMENT)
    lead.write("How many people said it", "3")
    tick(lead.page, THEME)
    lead.page.get_by_label(re.compile("Findings that it answers")).select_option(label=STATEMENT)
    choose_from(lead, "Status", "Under way")
    lead.write("We did, are doing", NOTHING_SAID)
    choose_from(lead, "Decision it follows from", DECISION)
    lead.press("Keep the answer")
    lead.told("The answer is kept")
    address = lead.page.url
    lead.press("Publish")
    lead.told("There is a problem", refused=True)
    for words in ("Say who is responsible: name an organisation or a role", "Write what changed, where and when"):
        assert lead.page.get_by_role("alert").get_by_text(words).count() == 1, words
    return address


def write_what_was_done(lead: Person) -> str:
    """Returns the public address of the answer."""
    lead.press("Change the answer")
    lead.see("Change the answer")
    choose_from(lead, "Status", "Done")
    lead.write("We did, are doing", DONE)
    write_day(lead, "Done on", date.today())
    lead.write("What shows that it was done", SEEN)
    lead.write("Who sees to it", "Head of community services")
    lead.press("Keep the answer")
    lead.told("The answer is kept")
    lead.press("Publish")
    lead.told("Everybody can read this answer now")
    return lead.page.get_by_role("link", name="Open its public page").get_attribute("href")


# Told, and what they say -------------------------------------------------------------------------


def tell(lead: Person, answer: str) -> None:
    lead.page.goto(answer)
    lead.press("Who was told")
    lead.see("Who was told")
    lead.press("Tell them now")
    lead.told("People are being told")
    lead.page.locator("[data-look-again]").wait_for(state="detached")


def see_who_was_told(lead: Person, answer: str) -> dict[str, int]:
    """Returns the figures of the page by their label."""
    lead.page.goto(answer)
    lead.press("Who was told")
    lead.see("Who was told")
    return figures(lead)


def figures(me: Person) -> dict[str, int]:
    found = {}
    for item in me.page.locator(".app-figures__item").all():
        found[item.locator("dt").inner_text()] = int(item.locator(".app-figures__number").inner_text())
    return found


def print_the_letter(lead: Person) -> bytes:
    """Returns the PDF, and says that it is posted."""
    lead.press("Letters to print, texts to send")
    lead.see("Messages to people")
    row = (
        lead.page.get_by_role("row").filter(has_text=WRITER).filter(has_text="What came of what you told us: Community")
    )
    assert row.count() == 1
    address = row.get_by_role("link", name=re.compile("Print the letter")).get_attribute("href")
    letter = lead.page.request.get(address)
    assert letter.headers["content-type"] == "application/pdf"
    row.get_by_role("checkbox").press("Space")
    lead.press("The selected letters are posted")
    lead.told("1 message is done")
    return letter.body()


@dataclass(frozen=True)
class Slip:
    """What somebody without an account has: a paper with a code."""

    code: str

    def find(self, holder: Person, answer: str) -> None:
        holder.page.goto(answer)
        holder.press("I have a code on a slip")
        holder.see("What you said and what came of it")
        holder.write("Your code", "BBBB BBBB")
        holder.press("Show what came of it")
        holder.told("We do not know this code. Check each letter")
        holder.write("Your code", self.code.casefold())
        holder.press("Show what came of it")
        holder.told(DONE)
        assert self.code.replace(" ", "") not in holder.page.url

    def disagree(self, holder: Person) -> None:
        choose_one(holder.page, holder.page.locator("[type=radio]").first.get_attribute("name"), "No")
        holder.write("In your words", DISAGREES)
        holder.press("Tell us")
        holder.told("Thank you. We read what you said.")


def agree_in_the_portal(member: Person) -> None:
    member.press("Your page")
    member.see("Hello")
    member.press("We answered what you said: Community care")
    come_to(member, r"/members/heard/\d+/", "Community care")
    member.reads(DONE)
    choose_one(member.page, "right", "Yes")
    member.press("Tell us")
    member.told("Thank you. We read what you said")


def deal_with(lead: Person) -> None:
    """With the disagreement, which stands first."""
    go_to(lead, "Did we hear you right?", "Did we hear you right?")
    lead.page.get_by_role("listitem").filter(has_text=DISAGREES).get_by_role("link").press("Enter")
    lead.see("What somebody said of our answer")
    lead.write("What was done about it", DEALT)
    lead.press("Keep what was done")
    lead.told("What was done is kept")


def links(me: Person, thread: str) -> dict[str, str]:
    """Each link of a thread, and how it stands."""
    me.page.goto(thread)
    me.see("What came of comment")
    steps = me.page.locator(".app-thread__step")
    return {
        step.locator(".app-thread__title").inner_text(): step.locator(".nhsuk-tag").inner_text().casefold()
        for step in steps.all()
    }
