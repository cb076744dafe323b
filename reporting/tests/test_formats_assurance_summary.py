"""The summaries of the quarterly report and of the evidence for NHS England: what they say, that they can be read."""

from dataclasses import replace

import pytest

from core.pdf import render_pdf
from reporting.documents.assessment.facts import Judged, Refused
from reporting.documents.facts import AnnualFacts
from reporting.documents.formats import FORMATS, summary
from reporting.documents.formats.summary import assessment, quarter, shared
from reporting.documents.quarter.facts import Row, Word
from reporting.models import BuildFile, Report
from reporting.tests import assurance_facts as known
from reporting.tests.annual_facts import DRAFT, SHARED
from reporting.tests.pdf_checks import problems_of, top_bookmarks
from reporting.tests.reading import words

MARK = "Draft for checking, not for publication"
ROOM = quarter.ROOMS[0]
OF_PACK = assessment.ROOMS[0]


def of_quarter(facts=None, room: quarter.Room = ROOM, **more) -> str:
    return words(quarter.page(facts or known.quarter(), room, **SHARED | more))


def of_pack(facts=None, room: assessment.Room = OF_PACK, **more) -> str:
    return words(assessment.page(facts or known.pack(), room, **SHARED | more))


def block(facts, key: str, room: quarter.Room = ROOM) -> str:
    html = quarter.page(facts, room, **SHARED)
    start = html.index(f'id="section-{key}"')
    end = html.find('<div class="summary-block"', start)
    return words(html[start - 30 : end if end > 0 else html.index('<section id="more"')])


# Every kind --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        known.empty_quarter(),
        known.quarter(),
        known.quarter(300),
        known.full_quarter(),
        known.empty_pack(),
        known.pack(),
        known.pack(300),
        known.full_pack(),
    ],
    ids=lambda facts: facts.period,
)
def test_a_summary_has_two_to_four_pages_that_a_screen_reader_can_read(facts):
    content, pages = summary.summary(facts, **DRAFT)
    assert 2 <= pages <= 4
    assert problems_of(content, bookmarks=4) == []


@pytest.mark.parametrize("facts", [known.quarter(), known.pack()], ids=["quarter", "pack"])
def test_the_same_facts_give_the_same_summary(facts):
    assert summary.summary(facts, **SHARED) == summary.summary(facts, **SHARED)


@pytest.mark.parametrize("kind", [BuildFile.Kind.SUMMARY, BuildFile.Kind.EASY_READ])
def test_every_kind_of_report_has_a_summary_and_an_easy_read_draft(kind):
    (kinds,) = (kinds for each, _ending, kinds, _maker in FORMATS if each == kind)
    assert set(kinds) == set(Report.Kind)
    assert len(summary.PAGES) == len(Report.Kind)
    assert AnnualFacts in summary.PAGES


@pytest.mark.parametrize(("more", "is_marked"), [(DRAFT, True), (SHARED, False)])
def test_a_draft_is_marked(more, is_marked):
    assert (MARK in of_quarter(**more)) is is_marked
    assert (MARK in of_pack(**more)) is is_marked


@pytest.mark.parametrize(
    ("part", "facts"), [(quarter, known.full_quarter()), (assessment, known.full_pack())], ids=["quarter", "pack"]
)
def test_less_is_told_until_four_pages_hold_it_and_a_summary_that_is_longer_is_refused(monkeypatch, part, facts):
    fullest = render_pdf(part.page(facts, part.ROOMS[0], **SHARED), stylesheets=summary.STYLESHEETS)
    assert fullest.pages > summary.MOST_PAGES
    assert summary.laid_out(facts, **SHARED).pages <= summary.MOST_PAGES
    monkeypatch.setattr(part, "ROOMS", part.ROOMS[:1])
    with pytest.raises(summary.TooLong):
        summary.summary(facts, **SHARED)


def test_the_way_to_the_whole_is_for_the_committee_and_for_everybody(settings):
    settings.SITE_URL = "https://icb.example.org"
    for html in (quarter.page(known.quarter(), ROOM, **SHARED), assessment.page(known.pack(), OF_PACK, **SHARED)):
        for address in ("https://icb.example.org/reports/", "https://icb.example.org/reports/published/"):
            assert f'<a href="{address}">{address}</a>' in html
        assert html.count("<title>Picture for telephones. It opens: ") == 2
        assert "f" * 64 in html


def test_a_cut_says_whether_it_is_all():
    assert shared.cut("One two. Three four.", 2) == shared.Cut("One two.", False)
    assert shared.few([1, 2, 3], 2) == shared.Few([1, 2], 1)
    assert shared.few([1], 2) == shared.Few([1], 0)


# The quarterly report ----------------------------------------------------------------------------


def test_the_committee_reads_what_it_is_asked_before_anything_else():
    facts = known.quarter(concerns=[known.concern("red", 2, 1), known.concern("promises", None)])
    said = of_quarter(facts)
    assert "Prepared for: Quality committee, meeting of 19 July 2023" in said
    assert "Kind of red 2 1 more: worse decide what to do" in said
    assert "Kind of promises not recorded not recorded more: worse nothing" in said
    assert "Before: January to March 2023." in said
    assert said.index("What the committee is asked") < said.index("The nine kinds of evidence")


def test_the_bookmarks_are_the_parts_of_the_summary():
    content, _pages = summary.summary(known.quarter(), **SHARED)
    assert top_bookmarks(content) == [
        "What the committee is asked",
        "What the independent group says",
        "The nine kinds of evidence",
        "Where to read more",
    ]


def test_each_kind_of_evidence_has_a_block_with_its_sentences_and_its_main_figures():
    facts = known.quarter(
        figures=[
            known.figure("activities-held", "over 700", "over 600"),
            known.figure("heard-right", "too few to show"),
            known.figure("seats-filled", "19% (6 of 32)"),
        ]
    )
    for key in known.TABLES:
        assert f"What {key} comes to." in block(facts, key)
    assert "Figure activities-held: over 700 · before: over 600 · the same" in block(facts, "activities")
    assert "Figure heard-right: too few to show · before: not recorded · the same" in block(facts, "answers")
    assert "seats-filled" not in of_quarter(facts)
    assert "1 more figure of performance stands in the report." in of_quarter(facts)


def test_rows_are_told_with_the_names_of_their_columns_and_the_rest_is_counted():
    said = block(known.quarter(8), "answers")
    assert "overrides 1.0 · Step: overrides 1.1 · On: overrides 1.2 · Who decided: overrides 1.4" in said
    assert said.count("And 3 more in the report.") == 3
    assert said.index("Table of overrides") < said.index("Table of promises-overdue") < said.index("Table of answers")


def test_numbers_of_people_keep_their_words_and_what_is_not_known_says_so():
    rows = [
        Row(["took part", "over 700", "3", "Somebody who took part twice is counted twice."]),
        Row(["views", "not recorded", "1", "–"]),
    ]
    said = block(known.quarter(activities=known.section("activities", known.table("took-part", rows))), "activities")
    assert "took part · Number: over 700 · Activities that say it: 3 · Note: Somebody who took part twice" in said
    assert "views · Number: not recorded · Activities that say it: 1 And" not in said
    assert "–" not in said


def test_a_row_that_has_no_room_as_a_whole_is_counted_and_never_cut():
    rows = [Row([known.LONG, "Owner", "Due", "3"]), Row(["Short", "None", "Owner", "May", "no"])]
    rows[0] = Row([known.LONG, "None", "Owner", "May", "no"])
    facts = known.quarter(learning=known.section("learning", known.table("actions-open", rows)))
    said = block(facts, "learning", quarter.Room(3, 15, 2))
    assert "at some length" not in said
    assert "Short · Who sees to it: Owner · Due: May · Overdue: no" in said
    assert "And 1 more in the report." in said
    assert "The report has 2 rows on this." in block(facts, "learning", quarter.Room(0, 0, 1))


def test_sentences_beyond_the_room_are_counted():
    facts = known.quarter(review=known.section("review", sentences=["One.", "long " * 61 + "end.", "Two.", "Three."]))
    said = block(facts, "review", quarter.Room(1, 10, 2))
    assert "One. Two. The report has 2 more sentences on this." in said
    assert "long" not in said


def test_what_somebody_wrote_and_what_groups_say_stand_there_as_far_as_there_is_room():
    said_by = Word("Assurance group", "", "not", "not assured", ["It saw little.", known.LONG * 9], "2 July 2023")
    facts = known.quarter(words=[said_by], edited={"first": "We ask for money.", "feedback": known.LONG * 9})
    said = of_quarter(facts)
    assert "We ask for money." in said
    assert "Assurance group: not assured It saw little. People told us" in said
    assert "The report says more." in block(facts, "feedback")
    assert "Somebody wrote about this. It stands in the report." in block(facts, "feedback", quarter.Room(0, 0, 1))
    silent = of_quarter(known.quarter())
    assert "The independent group has not spoken on this report yet." in silent


def test_an_empty_quarter_says_that_nothing_is_on_record():
    said = of_quarter(known.empty_quarter())
    assert "For 7 of the 7 kinds the record holds nothing that could be one." in said
    assert "The record has no quarter before." in said
    assert "No figure of performance is recorded." in said
    assert "Which committee it is prepared for is not recorded" in said


# The evidence for NHS England --------------------------------------------------------------------


def test_what_is_not_shown_comes_first():
    said = of_pack()
    assert "Which principles are not shown? The last one." in said
    assert said.index("What is not shown") < said.index("The principles, one by one")
    empty = of_pack(known.empty_pack())
    assert "We look for gaps in each section, and found none." in empty
    assert "No principle is on record." in empty
    assert "0 of 0" not in empty


def test_each_principle_has_its_evidence_its_places_and_the_difference_made():
    claims = [known.claim(1, "verified"), known.claim(2), known.claim(3), known.claim(4, is_forum=True)]
    row = known.principle(1, claims, [known.change(), known.change(known.LONG * 9), known.change("Seen.")], "verified")
    facts = replace(known.pack(of_principles=2), principles=[known.principle(2, []), row])
    said = of_pack(facts)
    assert (
        "Principle 1: Principle in a few words 1 · verified 3 activities (verified: 1, claimed: 2); "
        "1 forum (claimed: 1). "
        "Not shown in: Epping. The difference made: 3 changes, decisions or kept promises."
        " Service changed, 1 June 2023: The label moved. Service changed, 1 June 2023: Seen. And 1 more in the report."
    ) in said
    assert "Principle in a few words 2 · not shown Nothing in the record shows this principle." in said
    assert "No change, no decision and no kept promise is recorded. That is a finding." in said
    assert "Our own : none: 2, claimed: 1." in said


def test_duties_say_what_is_missing_and_places_how_many_principles_are_shown_there():
    said = of_pack()
    assert "Duty s149 (Act 2006, s149) state gap Nothing shows it" in said
    assert "Duty 14Z45 (Act 2006, 14Z45) state met nothing" in said
    assert "Duty 13Q (Act 2006, 13Q) state none does not apply" in said
    assert "Epping 0 0 of 10 Harlow 28 9 of 10" in said
    assert "No activity of the year names 1 neighbourhood." in said
    assert "Groups of people heard in the year: 1 of 2." in said


def test_judgements_and_refusals_say_what_is_not_final_and_what_went_on():
    judged = [Judged("Domains", "the body itself", "1 May 2024", False, "a-1", [])]
    refused = [Refused("plan refused", "It is thin.", "1 June 2023", [], "A senior: it is urgent")] * 8
    said = of_pack(known.pack(judged=judged, refused=refused))
    assert "Domains By the body itself, 1 May 2024. Not final. Nothing is judged yet." in said
    assert "Plan refused, 1 June 2023 It is thin. It went on all the same." in said
    assert "And 2 more in the report." in said
    assert "Nothing was refused or sent back in the year." in of_pack()
