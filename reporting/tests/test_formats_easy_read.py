"""The Easy Read draft: short sentences by rules, a place for each picture, honest about what it leaves out."""

import re
from dataclasses import replace
from html import unescape

import pytest

from core.readability import sentences_of
from reporting.documents.formats import easy_read
from reporting.documents.formats.plain_text import COLUMNS, plain_text
from reporting.tests import annual_facts as known
from reporting.tests.reading import words

SHORT = {"you_said": "The label hides the Braille.", "we_did": "We moved the label; every pharmacy knows."}
LONG = "You told us that the label on the box hides the Braille that is printed there for people who need it."


def html(facts) -> str:
    content, pages = easy_read.easy_read(facts, **known.SHARED)
    assert pages is None
    return content.decode()


def sentences(facts) -> list[str]:
    return [unescape(each) for each in re.findall(r'<p class="sentence">(.*?)</p>', html(facts))]


@pytest.mark.parametrize("activities", [0, 1, 28, 280])
def test_no_sentence_and_no_heading_has_more_than_twelve_words(activities):
    facts = known.facts(activities)
    page = html(facts)
    for line in [*sentences(facts), *(words(each) for each in re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page))]:
        assert len(line.split()) <= 12, line
        assert len(sentences_of(line)) == 1, line


def test_long_names_make_no_long_sentence():
    facts = replace(
        known.facts(2), body="The Integrated Care Board of Hereshire and Thereshire and all of the Isles Between"
    )
    assert not any("Thereshire" in line for line in sentences(facts))
    assert all(len(line.split()) <= 12 for line in sentences(facts))


def test_each_sentence_has_a_place_for_a_picture_that_says_what_belongs_there():
    page = html(known.facts())
    slots = re.findall(r'<div class="idea"><figure><figcaption>Picture: ([^<]+)</figcaption></figure><p', page)
    assert len(slots) == page.count('<p class="sentence">') > 30


def test_an_answer_in_short_words_is_told_and_cut_at_its_semicolon():
    one = known.item(4, 1, answers=[known.answer(4, **SHORT)])
    said = sentences(known.facts(items=[one], principles=1))
    told = said.index("This is what people told us.")
    assert said[told : told + 6] == [
        "This is what people told us.",
        "The label hides the Braille.",
        "This is what came of it.",
        "We moved the label.",
        "Every pharmacy knows.",
        "This is done.",
    ]


def test_a_text_with_one_long_sentence_is_left_out_as_a_whole_and_listed():
    one = known.item(4, 1, answers=[known.answer(4, you_said=f"It is hard. {LONG}", we_did="We moved it.")])
    facts = known.facts(items=[one], principles=1)
    said = sentences(facts)
    assert "It is hard." not in said
    assert "We moved it." not in said
    assert "People talked to us about this: Pharmacy." in said
    assert f"a-4-1: {one.title}" in words(html(facts))


def test_a_sentence_is_never_cut_in_the_middle():
    assert easy_read.short_sentences(LONG) == []
    assert easy_read.short_sentences("One two. Three four!") == ["One two.", "Three four!"]
    assert easy_read.short_sentences("") == []


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (4, "This is done."),
        (5, "We could not do this."),
        (6, "We are working on this now."),
        (7, "We have promised to do this."),
    ],
)
def test_a_promise_is_a_promise_until_it_is_done(number, state):
    one = known.item(number, 1, answers=[known.answer(number)])
    assert state in sentences(known.facts(items=[one], principles=1))


def test_the_numbers_are_those_of_the_facts():
    facts = known.facts(28)
    said = sentences(facts)
    answers = [answer for item in facts.items for answer in item.answers]
    done = sum(answer.status == "done" for answer in answers)
    assert {"We did 28 things to listen.", "2 groups work with us.", f"We gave people {len(answers)} answers."} <= {
        *said
    }
    assert f"We have done {done} of them." in said
    assert "We gave people no answer after 14 things." in said
    assert not any("took part" in line for line in said)


def test_it_says_that_it_is_a_draft_even_of_a_final_report_and_what_it_leaves_out():
    page = words(html(known.facts(28)))
    assert "This is a draft." in page
    assert "A group of people with a learning disability has to check it first." in page
    assert "8 activities are not mentioned." in page
    assert "Numbers of people are left out." in page


def test_it_has_one_first_heading_a_language_and_no_file_or_script():
    page = html(known.facts())
    assert page.count("<h1>") == 1
    assert page.index("<h1>") < page.index("<h2")
    assert '<html lang="en-GB">' in page
    assert not re.search(r"<script|<link|src=|style=|url\(", page)


def test_what_people_wrote_is_text():
    one = known.item(4, 1, title="<script>x</script>", answers=[known.answer(4, you_said=LONG)])
    assert "<script" not in html(known.facts(items=[one], principles=1))


# Plain text for a transcriber --------------------------------------------------------------------


def plain(facts, **shared) -> str:
    return plain_text(facts, **known.SHARED | shared)[0].decode()


def test_the_plain_text_has_forty_columns_and_says_what_the_page_says():
    facts = known.facts(28)
    text = plain(facts)
    assert max(len(line) for line in text.splitlines() if " " in line.strip()) <= COLUMNS
    flat = " ".join(text.split())
    for item in facts.items:
        assert " ".join(item.title.split()) in flat
    for answer in (answer for item in facts.items for answer in item.answers):
        assert answer.you_said in flat
    assert "Kind: took part Number: over 187" in flat
    assert "f" * 64 in flat


def test_the_plain_text_reads_a_table_row_by_row_and_leaves_pictures_out():
    text = plain(known.facts(28))
    assert "Place: Harlow\nActivities: 28" in text
    assert "<" not in text
    assert "Skip to the report" not in text
    assert "{" not in text


def test_a_draft_in_plain_text_says_so_and_the_same_facts_give_the_same_text():
    facts = known.facts(3)
    assert "Draft for checking, not for publication" in plain(facts, is_draft=True)
    assert "Draft for checking" not in plain(facts)
    assert plain(facts) == plain(facts)
