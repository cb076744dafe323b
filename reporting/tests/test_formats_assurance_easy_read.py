"""The Easy Read drafts of the quarterly report and of the evidence for NHS England."""

import re
from dataclasses import replace
from html import unescape

import pytest

from core.readability import sentences_of
from reporting.documents.assessment.facts import Judged, Refused
from reporting.documents.formats import easy_read
from reporting.documents.levels import JudgedRow
from reporting.documents.quarter.facts import Pairs, Row, Word
from reporting.tests import assurance_facts as known
from reporting.tests.annual_facts import SHARED
from reporting.tests.reading import words

FACTS = [
    known.empty_quarter(),
    known.quarter(),
    known.full_quarter(),
    known.empty_pack(),
    known.pack(),
    known.pack(300),
    known.full_pack(),
]


def html(facts) -> str:
    content, pages = easy_read.easy_read(facts, **SHARED)
    assert pages is None
    return content.decode()


def parts(facts) -> dict[str, list[str]]:
    """The sentences under each heading."""
    return {part.heading: [idea.sentence for idea in part.ideas] for part in easy_read.draft_of(facts).parts}


def left_out(facts) -> list[str]:
    return easy_read.draft_of(facts).left_out.to_shorten


# Both --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts.period)
def test_no_sentence_and_no_heading_has_more_than_twelve_words_and_each_has_a_picture(facts):
    page = html(facts)
    headings = [words(each) for each in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]
    said = [unescape(each) for each in re.findall(r'<p class="sentence">(.*?)</p>', page)]
    for line in [*said, *headings]:
        assert len(line.split()) <= 12, line
        assert len(sentences_of(line)) == 1, line
    assert page.count("<figcaption>Picture: ") == len(said) > 10


@pytest.mark.parametrize("facts", [known.quarter(), known.pack()], ids=["quarter", "pack"])
def test_it_is_a_draft_even_of_a_final_report_until_somebody_checked_it(facts):
    page = html(facts)
    assert "A group of people with a learning disability has to check it first." in words(page)
    assert "Numbers of people are left out." in words(page)
    assert page.count("<h1>") == 1
    assert not re.search(r"<script|<link|src=|style=|url\(", page)
    assert html(facts) == page


@pytest.mark.parametrize("facts", [known.quarter(), known.pack()], ids=["quarter", "pack"])
def test_long_names_make_no_long_sentence(facts):
    long = "The Integrated Care Board of Hereshire and Thereshire and all of the Isles Between"
    said = [line for lines in parts(replace(facts, body=long)).values() for line in lines]
    assert not any("Thereshire" in line for line in said)


# The quarterly report ----------------------------------------------------------------------------


def test_the_committee_is_asked_first_with_the_quarter_before():
    concerns = [known.concern("overrides", 2, 1), known.concern("red", 1), known.concern("duties", 0, 0)]
    said = parts(known.quarter(concerns=[*concerns, known.concern("promises", None)]))
    assert said["What we ask the committee"] == [
        "A check said no, and we went on: 2.",
        "In the three months before: 1.",
        "We ask the committee to decide what to do.",
        "Answers to our checks that show a problem: 1.",
        "We do not know how many there were before.",
        "We ask the committee to decide what to do.",
        "For 1 kind of problem, we found none.",
        "For 1 kind of problem, nothing was written down.",
    ]
    assert [*said].index("What we ask the committee") == 1


def test_a_concern_that_has_no_short_words_is_listed():
    facts = known.quarter(concerns=[known.concern("new-kind", 3, 1)])
    assert "Kind of new-kind: 3; decide what to do" in left_out(facts)


def test_each_kind_of_evidence_says_how_many_and_nothing_is_not_none():
    pairs = [Pairs("a-b", "A beside B", "A", "B", [("Trust", 50.0, 60.0)])]
    said = parts(known.quarter(4, experience=known.section("experience", pairs=pairs)))
    assert said["What we did"] == ["We did 4 things to listen."]
    assert said["What we found out"] == ["Reports of what people said: 4."]
    assert said["What we learnt"] == ["Things we learnt: 4.", "Things we still have to do: 4."]
    assert said["Patients and staff"] == ["Numbers of patients and staff side by side: 1."]
    assert said["Being fair to everybody"] == [
        "Checks that we still have to finish: 4.",
        "Things that could be bad for a group: 4.",
    ]
    empty = parts(known.empty_quarter())
    assert [heading for heading, lines in empty.items() if lines == ["Nothing is written down about this."]] == [
        "What we did",
        "What we found out",
        "What we learnt",
        "Patients and staff",
        "Being fair to everybody",
        "What the law asks",
        "What people talked about",
        "What we answered",
    ]


def test_themes_are_named_without_their_shares():
    rows = [Row(["Parking", "38% of about 290", "not recorded", ""]), Row([known.LONG, "", "", ""])]
    facts = known.quarter(feedback=known.section("feedback", known.table("themes", rows)))
    assert parts(facts)["What people talked about"] == ["People talked about this: Parking."]
    assert known.LONG in left_out(facts)
    assert "38%" not in html(facts)


def test_answers_are_told_by_the_rule_and_left_out_as_a_whole_where_they_are_long():
    rows = [
        Row(["It is far.", "Travel", "We will ask the bus.", "Promised", "1 May 2023"]),
        Row([known.LONG, "Parking", "We moved it.", "Could not, because", "1 May 2023"]),
        Row(["It is dark.", "Light", "We put up a lamp.", "Done, and looked at again", "1 May 2023"]),
    ]
    facts = known.quarter(answers=known.section("answers", known.table("answers", rows)))
    assert parts(facts)["What we answered"] == [
        "We gave people 3 answers.",
        "This is what people told us.",
        "It is dark.",
        "This is what came of it.",
        "We put up a lamp.",
        "This is done.",
        "People talked to us about this: Parking.",
        "We could not do this.",
    ]
    assert known.LONG in left_out(facts)
    assert "Examples are chosen by a rule." in words(html(facts))


def test_what_people_wrote_and_what_groups_say_is_told_where_it_is_short():
    said_by = Word("Readers", "", "not", "not assured", ["It saw little."], "2 July 2023")
    facts = known.quarter(words=[said_by], edited={"first": "We need money.", "feedback": known.LONG})
    said = parts(facts)
    assert said["What we ask the committee"][0] == "We need money."
    assert said["What a group says about this paper"] == ["Readers says: not assured.", "It saw little."]
    assert "What somebody wrote: What people told us, and what we learnt" in left_out(facts)


def test_a_quarter_that_goes_on_says_so():
    assert "The time is not over yet." in parts(known.quarter(is_over=False))["About this paper"]
    assert "The time is not over yet." not in parts(known.quarter())["About this paper"]


# The evidence for NHS England --------------------------------------------------------------------


def test_what_cannot_be_shown_comes_first():
    said = parts(known.pack())
    assert said["What we cannot show"] == [
        "Rules that we have nothing to show for: 1.",
        "Laws that we have nothing to show for: 1.",
        "Times a rule is not shown in a place: 11.",
        "Groups of people we did not hear from: 1.",
        "We gave people no answer after 27 things.",
    ]
    assert [*said].index("What we cannot show") == 1
    assert parts(known.empty_pack())["What we cannot show"] == ["We looked for gaps and found none."]


@pytest.mark.parametrize(
    ("strength", "told"),
    [
        ("claimed", ["We say that we do this.", "Nobody has proved it yet."]),
        ("evidenced", ["We wrote down how we do this.", "Nobody has checked it yet."]),
        ("verified", ["Somebody has checked that we do this."]),
        ("outcome", ["Somebody has checked that we do this.", "It made a difference."]),
    ],
)
def test_a_rule_says_how_sure_we_are(strength, told):
    row = known.principle(1, [known.claim(1), known.claim(2, is_forum=True)], [], strength)
    said = parts(replace(known.pack(), principles=[row]))["Rule 1: Principle in a few words 1"]
    assert said == [
        "We did 1 thing for this.",
        "1 group helps with this.",
        *told,
        "Nothing that changed is written down.",
    ]


def test_changes_are_told_where_they_are_short_and_counted_where_they_are_not():
    row = known.principle(1, [known.claim(1)], [known.change(), known.change(known.LONG), known.change()])
    facts = replace(known.pack(), principles=[row, known.principle(2, [])])
    said = parts(facts)
    assert said["Rule 1: Principle in a few words 1"][-3:] == [
        "Changes that are written down: 3.",
        "This is what changed.",
        "The label moved.",
    ]
    assert said["Rule 2: Principle in a few words 2"] == ["We have nothing to show for this rule."]
    assert left_out(facts) == [known.LONG]
    assert "1 change is not mentioned." in words(html(facts))


def test_law_checks_and_refusals_are_told_in_numbers():
    rows = [JudgedRow("Practice", "", "good", "", "", "", []), JudgedRow("Own words", "", "", known.LONG, "", "", [])]
    judged = [Judged("Domains", "the body itself", "1 May 2024", False, "a-1", rows)]
    refused = [Refused("plan refused", "Thin.", "", [], "A senior"), Refused("plan refused", "Thin.", "", [])]
    facts = known.pack(judged=judged, refused=refused, edited={"people": "We hear few.", "duties": known.LONG})
    said = parts(facts)
    assert said["What the law asks"] == [
        "Laws that we have nothing to show for: 1.",
        "Laws where we can show what we did: 1.",
        "Laws that did not matter this year: 1.",
    ]
    assert said["How we were checked"] == [
        "This check is by the body itself.",
        "This check is not finished.",
        "Practice: good.",
    ]
    assert said["When somebody said no"] == ["Times somebody said no: 2.", "Times we went on all the same: 1."]
    assert said["Where we did it"] == ["Harlow: 28 things.", "Epping: 0 things."]
    assert said["What people wrote for this report"] == ["We hear few."]
    assert {"What somebody wrote: Legal duties", "Domains: Own words"} <= {*left_out(facts)}


def test_an_empty_year_says_that_nothing_is_written_down():
    empty = known.pack(0, forums=replace(known.pack().forums, references=[]), duties=[])
    said = parts(empty)
    assert said["What we did"] == ["Nothing is written down about this."]
    assert said["What the law asks"] == ["No law is written down."]
    assert said["How we were checked"] == ["Nobody has written down a check of this year."]
    assert said["When somebody said no"] == ["It is not written down that anybody said no."]
