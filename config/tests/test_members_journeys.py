"""The life of a member from end to end, by keyboard alone: from “get involved” to a copy of all data."""

import io
import json
import re
import zipfile
from datetime import date

import pytest
from PIL import Image

from config.tests.browsing import (
    Person,
    choose_one,
    letter,
    people_at_keyboards,
    reach,
    sign_in_with_a_password,
    tab_to,
    tick,
)

FORUM, PANEL = "Patient Engagement Forum", "Reader Panel"
PLACE_ON_FORUM, PLACE_ON_PANEL = "Speak for patients to the Board", "Read what we write before it is printed"


people = pytest.fixture(people_at_keyboards)


# What they do, step by step ----------------------------------------------------------------------


def apply_as_a_stranger(me: Person, name: str, email: str) -> None:
    me.page.goto("/")
    me.press("Get involved")
    me.see("Get involved")
    me.press(PLACE_ON_FORUM)
    me.see(PLACE_ON_FORUM)
    me.press("Apply")
    me.see("Apply")
    me.write("Full name", name)
    me.write("E-mail address", email)
    me.write("Year of birth", "1979")
    me.write("Why would you like to take part?", "I wait with my mother in many waiting rooms.")
    for _box in me.page.locator("input[name^=consent_]").all():
        tab_to(me.page, "input[name^=consent_]")
        me.page.keyboard.press("Space")
    me.press("Send my application")
    me.see("Thank you for applying")


def appoint(lead: Person, name: str) -> None:
    lead.press("Work")
    lead.see("Work")
    lead.press("Applications")
    lead.see("Applications")
    lead.press(name)
    lead.see(name)
    lead.write("How and why this person was chosen", "They know what it is to wait.")
    lead.press("Appoint and welcome")
    lead.told("The applicant is appointed, and a welcome is on its way")


def sign_in_with_a_code(me: Person, product, email: str) -> None:
    me.page.goto("/")
    me.press("Sign in")
    me.see("Sign in")
    me.press("Email me a code")
    me.page.wait_for_url("**/login/code/")
    since = len(product.output())
    me.write("Email address", email)
    me.press("Email me a code")
    me.see("Type the code")
    code = re.search(r"^([A-Z]{4}-[A-Z]{4})\s*$", letter(product, email, "code", since), re.MULTILINE)[1]
    me.write("Code", code)
    me.press("Sign in")
    me.see("Hello")
    assert me.page.url.endswith("/members/")


def accept_the_role(me: Person, forum: str) -> None:
    me.press("Read what your role is about")
    me.see("What your role is about")
    assert me.page.get_by_text(forum).first.is_visible()
    me.press("I have read this and accept it")
    me.told("We have noted that you know what your role is about")


def invite_the_members(lead: Person) -> None:
    lead.press("Meetings")
    lead.see("Meetings")
    lead.press(FORUM)
    lead.see(FORUM)
    lead.press("Invite all members")
    lead.told("1 person was invited")


def go_home(me: Person) -> None:
    me.press("Your page")
    me.see("Hello")


def say_what_helps(me: Person) -> None:
    me.press("What helps you to take part")
    me.see("What helps you to take part")
    tick(me.page, "hearing loop")
    me.write("Which language?", "Polish")
    me.press("Save")
    me.told("We have noted what you need")


def reply_to_the_meeting(me: Person) -> None:
    me.press("Tell us if you can come")
    me.see(FORUM)
    assert me.page.get_by_role("listitem").filter(has_text="hearing loop").is_visible()
    choose_one(me.page, "reply", "I am coming in person")
    me.write("Is there anything else you need for this meeting?", "A seat near the door")
    me.press("Send your reply")
    me.told("We have your reply: coming in person")


def read_a_paper(me: Person) -> None:
    meeting = me.page.url
    with me.page.expect_response("**/members/papers/*/") as paper:
        me.press("Booking without the internet")
    assert paper.value.status == 200
    me.page.wait_for_url("**/members/papers/*/", wait_until="commit")  # else the way back and the way there cross
    assert me.page.request.get(paper.value.url).body().startswith(b"%PDF-")
    me.page.goto(meeting)
    if me.inspector:
        me.inspector.errors.clear()  # of the viewer in which the browser showed the paper
    me.told("you opened it")


def propose_and_vote(me: Person, question: str) -> None:
    tab_to(me.page, "section[aria-labelledby=forums] a")
    me.page.keyboard.press("Enter")
    me.see(FORUM)
    me.press("Propose a question, vote, and read the answers")
    me.see("Questions to the Board")
    me.press("Propose a question")
    me.see("Propose a question")
    choose_one(me.page, "kind", "a question")
    me.write("Topic", "Waiting")
    me.write("Your question or point", question)
    me.press("Propose it")
    me.told(question)
    card = me.page.locator(".nhsuk-card").filter(has_text="Interpreters")
    before = card.locator("strong").inner_text()
    me.press("Vote for this: Interpreters")
    card.get_by_text("You voted for this").wait_for()
    me.see("Questions to the Board")
    assert int(card.locator("strong").inner_text().split()[0]) == int(before.split()[0]) + 1


def join_the_panel(me: Person, lead: Person, name: str) -> None:
    me.press("More ways to take part")
    me.see("Ways to take part")
    me.press(f"Apply: {PLACE_ON_PANEL}")
    me.see("Apply")
    me.write("Why would you like to take part?", "I like to read.")
    me.press("Send my application")
    me.told("We have your application")
    appoint(lead, name)
    go_home(me)
    accept_the_role(me, PANEL)


def review_a_document(me: Person) -> None:
    me.press("Documents to review")
    me.see("Documents to review")
    me.press("Leaflet: your first diabetes check")
    me.see("What do you think?")
    for group in me.page.locator("fieldset").all():
        name = group.locator("input").first.get_attribute("name")
        choose_one(me.page, name, "mostly")
    me.write("Comment 1: page", "1")
    me.write("Comment 1: what should change?", "Say sugar in the blood.")
    me.press("Save and add another comment")
    me.told("Your answer is saved. There is room for another comment.")
    me.write("Anything else?", "A picture would help.")
    me.press("Send")
    me.told("Your answer is sent. Thank you.")
    assert me.page.get_by_text("Say sugar in the blood.").is_visible()


def see_a_result(me: Person) -> None:
    me.press("Documents to review")
    me.see("Documents to review")
    me.press("Letter: your operation is delayed")
    me.see("What changed")
    me.press("Read the final version here")
    me.page.get_by_text("Your operation has been moved to a later date.").wait_for()


def claim_expenses(me: Person) -> None:
    me.press("Expenses")
    me.see("Your expenses")
    me.press("Start a claim")
    me.see("Start a claim")
    me.write("What was it for?", "Bus to the induction")
    me.press("Go on")
    me.see("Add an expense")
    choose_one(me.page, "category", "Public transport")
    today = date.today()
    for label, part in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        me.write(label, str(part))
    me.write("Amount in pounds", "4.60")
    reach(me.page, "Receipt")
    picture = io.BytesIO()
    Image.new("RGB", (60, 90), "white").save(picture, "JPEG")
    receipt = {"name": "Ticket.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    me.page.locator("input:focus").set_input_files(receipt)
    me.press("Add it")
    me.told("The expense is added")
    me.press("Send the claim")
    me.told("Your claim is sent")
    assert me.page.get_by_text("£4.60").first.is_visible()


def download_my_data(me: Person, name: str) -> None:
    me.press("Your data")
    me.see("Your data")
    with me.page.expect_download() as download:
        me.press("Download my data")
    with zipfile.ZipFile(download.value.path()) as archive:
        kept = json.loads(archive.read("data.json"))
        page = archive.read("data.html").decode()
        receipts = [each for each in archive.namelist() if each.endswith(".jpg")]
    assert name in json.dumps(kept, ensure_ascii=False)
    assert name in page
    assert len(receipts) == 1


# The journeys ------------------------------------------------------------------------------------


def test_a_stranger_becomes_a_member_who_takes_part_by_keyboard_alone(people, product):
    name, email = "Zofia Márek", "zofia.marek@example.org"
    me, lead = people(), people()
    apply_as_a_stranger(me, name, email)
    assert FORUM in letter(product, email, "application", 0) or PLACE_ON_FORUM in letter(
        product, email, "application", 0
    )
    sign_in_with_a_password(lead, product.logins["engagement lead"])
    before = len(product.output())
    appoint(lead, name)
    assert "you need no password" in letter(product, email, f"We are glad to have you: {FORUM}", before)
    sign_in_with_a_code(me, product, email)
    accept_the_role(me, FORUM)
    lead.press("Work")
    lead.see("Work")
    invite_the_members(lead)
    say_what_helps(me)
    go_home(me)
    reply_to_the_meeting(me)
    read_a_paper(me)
    go_home(me)
    propose_and_vote(me, "How long may somebody wait in a corridor?")
    go_home(me)
    join_the_panel(me, lead, name)
    review_a_document(me)
    go_home(me)
    see_a_result(me)
    go_home(me)
    claim_expenses(me)
    go_home(me)
    download_my_data(me, name)
    assert len(me.inspector.seen) + len(lead.inspector.seen) >= 35


def test_the_core_of_it_works_without_javascript_on_a_small_screen(people, product):
    name, email = "Idris Bello", "idris.bello@example.org"
    me, lead = people(javascript=False, width=320), people(javascript=False, width=320)
    apply_as_a_stranger(me, name, email)
    sign_in_with_a_password(lead, product.logins["engagement lead"])
    appoint(lead, name)
    sign_in_with_a_code(me, product, email)
    accept_the_role(me, FORUM)
    lead.press("Work")
    lead.see("Work")
    invite_the_members(lead)
    say_what_helps(me)
    go_home(me)
    reply_to_the_meeting(me)
    read_a_paper(me)
    go_home(me)
    propose_and_vote(me, "Who answers the telephone at night?")
    go_home(me)
    claim_expenses(me)
    go_home(me)
    download_my_data(me, name)
