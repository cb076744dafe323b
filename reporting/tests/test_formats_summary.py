"""The summary of the annual report and the Word extract: what they say, by which rule, and that they can be read."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from core.pdf import render_pdf
from reporting.documents.formats import docx as word
from reporting.documents.formats import packing, summary
from reporting.documents.formats.examples import examples, whole_sentences
from reporting.documents.formats.summary import annual
from reporting.tests import annual_facts as known
from reporting.tests.pdf_checks import problems_of, top_bookmarks
from reporting.tests.reading import words


def page(facts, *, most: int = 2, longest: int = 50, **shared) -> str:
    return words(annual.page(facts, most=most, words=longest, **known.SHARED | shared))


@pytest.mark.parametrize("activities", [0, 1, 28, 280])
def test_the_summary_has_two_to_four_pages_that_a_screen_reader_can_read(activities):
    content, pages = summary.summary(known.facts(activities), **known.DRAFT)
    assert 2 <= pages <= 4
    assert problems_of(content, bookmarks=4) == []
    assert top_bookmarks(content) == [
        "What happened, in numbers",
        "What came of it, principle by principle",
        "What we could not do, and why",
        "Where to read more",
    ]


def test_the_same_facts_give_the_same_summary():
    facts = known.facts()
    assert summary.summary(facts, **known.SHARED) == summary.summary(facts, **known.SHARED)


def test_fewer_and_shorter_examples_are_taken_until_four_pages_hold_them():
    facts = known.facts(280)
    long = render_pdf(annual.page(facts, most=8, words=80, **known.SHARED), stylesheets=summary.STYLESHEETS)
    assert long.pages > 4
    assert summary.laid_out(facts, **known.SHARED).pages <= 4


def test_a_summary_that_would_be_longer_than_four_pages_is_refused(monkeypatch):
    monkeypatch.setattr(annual, "ROOM", ((8, 80),))
    with pytest.raises(summary.TooLong):
        summary.summary(known.facts(280), **known.SHARED)


def test_the_summary_says_the_numbers_of_the_report():
    facts = known.facts(30)
    said = page(facts)
    assert "30 activities 2 forums, panels and networks" in said
    assert "over 187 Somebody who took part twice is counted twice. 5 of 30 activities" in said
    assert "2 more numbers stand in the report." in said
    assert "No feedback No answer. 15 of 30" in said


def test_examples_are_chosen_by_what_came_of_them():
    none = known.item(1, 1, answers=[], told="", changed="", impacts=[])
    changed = known.item(2, 1, answers=[])
    promised, done = known.item(3, 1, answers=[known.answer(3)]), known.item(4, 1, answers=[known.answer(4)])
    refused = known.item(5, 1, answers=[known.answer(5)])
    both = known.item(6, 1, answers=[known.answer(7), known.answer(8)])
    chosen = examples([none, changed, promised, done, refused, both], 6)
    assert [one.item.reference for one in chosen] == ["A-4", "A-6", "A-5", "A-3", "A-2", "A-1"]
    assert chosen[1].answer.reference == "a-8-1"
    assert examples([], 2) == []


def test_a_text_is_shortened_by_whole_sentences_and_says_that_there_is_more():
    text = "One two three. Four five six. Seven."
    assert whole_sentences(text, 7) == (text, True)
    assert whole_sentences(text, 6) == ("One two three. Four five six.", False)
    assert whole_sentences(text, 2) == ("", False)
    assert whole_sentences("", 5) == ("", True)
    facts = known.facts(items=[known.item(1, 1)], principles=1)
    assert "The report says more." in page(facts, longest=20)
    assert "The report says more." not in page(facts, longest=200)


def test_what_we_could_not_do_says_why_and_how_much_more_there_is():
    items = [known.item(number, 1, answers=[known.answer(1)]) for number in range(1, 7)]
    said = page(known.facts(items=items, principles=1))
    assert "Could not, because: The law does not allow it." in said
    assert "2 more stand in the report." in said
    assert "No answer in the record says that we could not do something." in page(known.facts(1))


def test_a_principle_without_an_activity_is_a_finding():
    assert "No activity fits this principle most. That is a finding." in page(known.facts(1, principles=2))


def test_the_way_to_more_is_an_address_and_a_picture_with_words(settings):
    settings.SITE_URL = "https://icb.example.org"
    html = annual.page(known.facts(1), most=1, words=20, **known.SHARED)
    for address in ("https://icb.example.org/reports/published/", "https://icb.example.org/you-said-we-did/"):
        assert f'<a href="{address}">{address}</a>' in html
    assert re.findall(r"<svg role=\"img\"[^>]*><title>([^<]*)</title>", html) == [
        "Picture for telephones. It opens: Our reports, in every format",
        "Picture for telephones. It opens: “You said, we did”: what came of what people told us",
    ]


@pytest.mark.parametrize(("shared", "is_marked"), [(known.DRAFT, True), (known.SHARED, False)])
def test_a_draft_summary_and_a_draft_extract_are_marked(shared, is_marked):
    facts = known.facts(2)
    mark = "Draft for checking, not for publication"
    assert (mark in page(facts, **shared)) is is_marked
    assert (mark in text_of(read(facts, **shared))) is is_marked


# The extract for the accounts --------------------------------------------------------------------


def read(facts, **shared):
    content, pages = word.extract(facts, **known.SHARED | shared)
    assert pages is None
    return docx.Document(io.BytesIO(content))


def text_of(document) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def headings(document, level: int) -> list[str]:
    return [each.text for each in document.paragraphs if each.style.name == f"Heading {level}"]


def test_the_extract_has_the_same_headings_whatever_the_year_held():
    fixed = [
        "Our duty to involve people",
        "The year in numbers",
        "How we met each principle",
        "What changed because people spoke",
        "What we could not do, and why",
        "What is missing",
        "Where to read more",
    ]
    assert headings(read(known.facts(0)), 1) == headings(read(known.facts(40)), 1) == fixed
    examples_of = headings(read(known.facts(28, principles=3)), 2)
    assert [title[:11] for title in examples_of] == ["Principle 1", "Principle 2", "Principle 3"]


def test_the_extract_is_british_english_and_knows_its_title():
    document = read(known.facts(2))
    assert (
        document.core_properties.title == "Extract for the annual report and accounts: Annual engagement report 2023–24"
    )
    assert (document.core_properties.author, document.core_properties.language) == ("Hereshire ICB", "en-GB")
    languages = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_each_table_of_the_extract_has_a_header_row_and_its_figures():
    document = read(known.facts(30))
    for table in document.tables:
        (header,) = table._tbl.iter(qn("w:tblHeader"))
        assert header.getparent().getparent() is table.rows[0]._tr
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["Activities", "30"] in cells
    assert ["1. Principle in a few words 1", "3", "0"] in cells
    assert ["took part", "took part", "over 187", "5 of 30"] in cells
    assert ["No feedback", "No answer.", "15 of 30"] in cells


def test_the_extract_without_people_says_not_recorded():
    facts = known.facts(0)
    object.__setattr__(facts, "took_part", [])
    object.__setattr__(facts, "reached", [])
    assert "How many people took part is not recorded for any activity." in text_of(read(facts))


def test_more_refusals_than_fit_are_counted():
    items = [known.item(number, 1, answers=[known.answer(1)]) for number in range(1, 13)]
    assert "2 more stand in the report." in text_of(read(known.facts(items=items, principles=1)))


def test_a_character_that_word_cannot_hold_does_not_stop_the_extract():
    assert "Principle 1: Labels and boxes" in text_of(read(known.with_title("Labels\x0band\x00boxes")))


def test_the_same_facts_give_the_same_extract():
    first, second = (word.extract(known.facts(), **known.SHARED)[0] for _time in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {packing.LONG_AGO}
