"""A comment on its way: theme, finding, decision, answer, letter, and what its author says of the answer."""

import re
from dataclasses import dataclass, field

import pytest

from config.tests import insight_steps as steps
from config.tests.browsing import Person, letter, people_at_keyboards, sign_in_with_a_password
from config.tests.insight_steps import Slip

WHOLE = dict.fromkeys(
    (
        "What people told us",
        "Sorted by theme",
        "Finding",
        "Decision that weighed it",
        "Answer published",
        "People told",
        "Did we hear you right?",
    ),
    "whole",
)
people = pytest.fixture(people_at_keyboards, scope="module")


@dataclass
class World:
    """Who is at work in these tests, and what they have made so far: each test goes on where the last one stopped."""

    officer: Person
    lead: Person
    activity: str = ""
    collection: str = ""
    codes: list[str] = field(default_factory=list)
    comment: str = ""
    answer: str = ""
    public: str = ""

    @property
    def thread(self) -> str:
        return re.sub(r"/comment/(\d+)/$", r"/thread/comments/\1/", self.comment)


@pytest.fixture(scope="module")
def world(people, product) -> World:
    officer, lead = people(), people()
    sign_in_with_a_password(officer, product.logins["engagement officer"])
    sign_in_with_a_password(lead, product.logins["engagement lead"])
    return World(officer, lead)


def test_comments_come_in_on_cards_by_letter_and_by_file_and_one_with_an_nhs_number_is_held(world, tmp_path):
    officer, lead = world.officer, world.lead
    world.activity = steps.record_a_conversation(officer)
    world.codes = steps.make_slips(officer, world.activity, 2)
    assert len(set(world.codes)) == 2
    world.collection = steps.add_a_collection(officer, world.activity)
    steps.send_in_a_file(officer, world.collection, tmp_path)
    steps.type_in(officer, world.collection, steps.BY_LETTER, name=steps.WRITER)
    world.comment = steps.type_in(officer, world.collection, steps.ON_THE_SLIP, code=world.codes[0])
    steps.take_on_the_list(officer, world.activity)

    officer.page.goto(world.collection)
    assert steps.figure(officer, "Comments") == "4"
    assert steps.figure(officer, "Held because of personal data") == "1"
    officer.press("Read the comments")
    officer.see("Comments")
    officer.reads(steps.IN_THE_FILE)
    assert steps.NHS_NUMBER not in officer.page.content()
    lead.page.goto("/insight/comments/held/")
    lead.see("Comments that are held")
    assert steps.COLLECTION in lead.page.get_by_role("row").filter(has_text="c-2").inner_text()


def test_a_comment_goes_through_theme_finding_and_decision_to_an_answer_that_everybody_can_read(world, people):
    officer, lead, stranger = world.officer, world.lead, people()
    steps.code(officer, world.collection, comments=3)
    finding = steps.write_a_finding(officer)
    page = steps.agree_and_publish(lead, finding)
    steps.decide(lead, steps.TOLD_US[:40])
    world.answer = steps.write_an_empty_answer(lead, world.activity)
    world.public = steps.write_what_was_done(lead)

    stranger.page.goto("/")
    stranger.press("You said, we did")
    stranger.see("You said, we did")
    stranger.told(steps.DONE)
    stranger.page.goto(world.public)
    stranger.told(steps.DONE)
    for words in ("Under way", "Done"):
        assert stranger.page.get_by_role("listitem").filter(has_text=f"{words}, recorded on").count() == 1
    stranger.page.goto(page)
    stranger.see(steps.STATEMENT)
    for words in (steps.PARTLY, steps.BODY):
        stranger.reads(words)


def test_who_said_it_is_told_and_says_no_and_the_thread_is_whole(world, people, product, tmp_path):
    officer, lead, holder, member = world.officer, world.lead, people(javascript=False, width=320), people()
    since = len(product.output())
    steps.tell(lead, world.answer)
    letter(product, product.logins["forum member"].email, steps.SUBJECT, since)
    paper = tmp_path / "letter.pdf"
    paper.write_bytes(steps.print_the_letter(lead))
    printed = " ".join(steps.in_the_text(paper).split())
    for words in (steps.WRITER, steps.STATEMENT, steps.DONE):
        assert words in printed

    slip = Slip(world.codes[0])
    slip.find(holder, world.public)
    slip.disagree(holder)
    sign_in_with_a_password(member, product.logins["forum member"])
    steps.agree_in_the_portal(member)
    assert steps.links(officer, world.thread) == WHOLE | {"Did we hear you right?": "broken"}
    steps.deal_with(lead)
    assert steps.links(officer, world.thread) == WHOLE

    found = steps.see_who_was_told(lead, world.answer)
    assert found == {
        "On the list": 2,
        "Can be told": 2,
        "Do not want to be told": 0,
        "Told": 2,
        "Reached": 2,
        "Waiting to be sent or posted": 0,
        "Could not be sent": 0,
    }
    lead.reads("1 of 2 codes were used to read this answer.")
    for right, share in (("Yes", "50%"), ("In part", "0%"), ("No", "50%")):
        row = lead.page.get_by_role("row").filter(has=lead.page.get_by_role("rowheader", name=right, exact=True))
        assert row.get_by_role("cell").all_inner_texts()[1] == share
    assert sum(len(person.inspector.seen) for person in (officer, lead, member)) >= 50
