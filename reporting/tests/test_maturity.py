"""What the annual report says of the body's self-assessments over the years (REP-038)."""

import json
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.pdf import render_pdf
from engagement.models import Period
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from reporting.documents.annual import gather
from reporting.documents.changes import changes
from reporting.documents.facts import AnnualFacts
from reporting.documents.formats.plain_text import plain_text
from reporting.documents.frozen import freeze, thaw
from reporting.documents.levels import Maturity
from reporting.documents.maturity import maturity
from reporting.documents.pages import Medium
from reporting.documents.pages import page as drawn
from reporting.documents.shapes import SHAPES
from reporting.tests import annual_facts as known
from reporting.tests import assessment_factories as assessments
from reporting.tests import factories, packs
from reporting.tests.pdf_checks import problems_of
from reporting.tests.reading import page, words

NOBODY = "No final self-assessment of this year or an earlier one is on record. That is a finding."


@pytest.fixture
def year(db) -> Period:
    return engagement.period()


def chapter(html: str) -> str:
    return re.search(r'<section id="maturity".*?</section>', html, re.DOTALL)[0]


# What counts -------------------------------------------------------------------------------------


def test_the_levels_of_each_year_up_to_the_reports_own_are_kept(year):
    of = assessments.yardstick(name="Five domains")
    for code, level in (("2022-23", "inadequate"), ("2023-24", "good"), ("2024-25", "outstanding")):
        assessments.judged(of, level, "good", code=code)
    [found] = maturity(year).yardsticks

    assert (found.name, found.period, found.made_on) == ("Five domains", "2023–24", "14 May 2024")
    assert (found.levels.years, found.levels.levels) == (["2022–23", "2023–24"], list(assessments.RATINGS))
    assert [(line.dimension, [mark.step for mark in line.marks], line.move) for line in found.levels.lines] == [
        ("Governance", [1, 3], "rose"),
        ("Annual reporting", [3, 3], "same"),
    ]


def test_drafts_and_what_nhs_england_said_do_not_count(year):
    of = assessments.yardstick()
    assessments.judged(of, "good", final_at=None)
    assessments.judged(of, "good", assessor="nhse")

    assert maturity(year) == Maturity("31 March 2024", [])


def test_what_was_last_judged_some_years_ago_still_stands(year):
    assessments.judged(assessments.yardstick(), "good", code="2021-22")

    assert [each.period for each in maturity(year).yardsticks] == ["2021–22"]


def test_each_dimension_says_what_its_level_looks_like_why_and_what_shows_it(year):
    of = assessments.aiming(assessments.yardstick(name="Five domains"), number=2)
    row = assessments.assessment(of, year, final_at=assessments.FINAL_AT, forum=forums.committee("Quality"))
    first = assessments.judgement(row, 1, "good", gap="No Easy Read.", next_step="Make one.")
    first.activities.set([engagement.activity("A-2"), engagement.activity("A-1")])
    assessments.judgement(row, 2, "inadequate", text="")
    first.dimension.descriptors.create(level=first.level, text="The board listens.")
    [found] = maturity(year).yardsticks

    assert found.forum == "Quality"
    assert found.target == "Target not reached. At least “good”: 1, and 2 were aimed for."
    assert [(each.level, each.looks_like, each.text, each.references) for each in found.rows] == [
        ("good", "The board listens.", "Because of 1.", ["A-1", "A-2"]),
        ("inadequate", "", "", []),
    ]
    assert not found.lacks_descriptions


def test_an_evaluation_in_words_has_its_words_and_no_levels(year):
    row = assessments.assessment(assessments.evaluation(name="The strategy"), year, final_at=assessments.FINAL_AT)
    assessments.judgement(row, 1, "", perspective="people", text="It helped.")
    facts = gather(factories.report(year))
    html = words(chapter(page(facts)))

    assert facts.maturity.yardsticks[0].levels.lines == []
    assert "It has no levels. It is judged in words." in html
    assert "Impact of the work (people and communities): judged in words It helped." in html
    assert "<svg" not in chapter(page(facts))


def test_more_yardsticks_and_years_cost_no_query_more(year):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            maturity(year)
        return len(found)

    def one(number: int) -> None:
        of = assessments.yardstick(name=f"Yardstick {number:03}")
        assessments.judged(of, "good", "good", code="2022-23")
        row = assessments.judged(of, "good", "good").judgements.first()
        row.activities.set([engagement.activity(f"A-{number}")])

    one(1)
    counts = [queries()]
    for number in range(2, 11):
        one(number)
    counts.append(queries())
    assert counts[0] == counts[1] < 12


# How it is printed -------------------------------------------------------------------------------


def test_a_year_without_a_self_assessment_says_so_in_one_sentence(year):
    html = page(gather(factories.report(year)))

    assert NOBODY in words(chapter(html))
    assert chapter(html).count("<p") == 2
    assert 'href="#maturity"' in html


def test_yardsticks_of_one_name_have_each_their_own_picture(year):
    for level in ("inadequate", "good"):
        assessments.judged(assessments.yardstick(name="Five domains"), level, level)
    html = chapter(page(gather(factories.report(year))))

    pictures = re.findall(r"Five domains\. Governance: 2023–24 (\w+)", html)
    assert sorted(pictures) == ["good", "inadequate"]


def test_the_page_has_a_picture_with_its_words_and_the_table_beside_it():
    html = chapter(page(known.facts()))

    assert "Five domains. Domain 1: 2022–23 fair, 2023–24 good; Domain 2: 2022–23 fair, 2023–24 good." in html
    assert "Domain 1 fair good rose" in words(html)
    assert "Last for 2023–24, judged on 14 May 2024 by the body itself. Target reached." in words(html)
    assert "Domain 1: good What “good” looks like: It is done. The board listens." in words(html)
    assert "Missing: No Easy Read. Next: Make one. Activities that show it: A-1" in words(html)


def test_a_level_without_words_says_so():
    html = words(chapter(page(known.facts())))

    assert "Domain 2: good Nobody has written why it was judged so. This level is not described." in html
    assert "No activity is named that shows it." in html


def test_where_no_level_is_described_that_is_said_once():
    [one] = known.facts().maturity.yardsticks
    bare = replace(one, rows=[replace(row, looks_like="") for row in one.rows])
    html = words(chapter(page(replace(known.facts(), maturity=Maturity("31 March 2024", [bare])))))

    assert html.count("Nobody has described what these levels look like.") == 1
    assert "This level is not described." not in html


def test_a_long_history_shows_five_years_and_says_where_the_others_are():
    facts = replace(known.facts(), maturity=Maturity("31 March 2024", [known.self_assessed(years=7)]))
    html = chapter(page(facts))

    assert "2018–19" not in html
    assert "2019–20" in html
    assert "2 earlier years stand in the data files." in html


def test_pictures_of_many_dimensions_fit_their_pages_in_both_prints():
    many = known.self_assessed(years=5, dimensions=12)
    facts = replace(known.facts(4, principles=2), maturity=Maturity("31 March 2024", [many]))
    for medium, sheets in ((Medium.PAPER, ("pdf.css",)), (Medium.LARGE_PRINT, ("pdf.css", "large.css"))):
        html = drawn(SHAPES["annual"], facts, medium=medium, **known.SHARED)
        heights = [int(found) for found in re.findall(r'viewBox="0 0 \d+ (\d+)"', chapter(html))]
        assert len(heights) == (4 if medium == Medium.PAPER else 6)
        assert max(heights) <= (700 if medium == Medium.PAPER else 480)
        assert problems_of(render_pdf(html, stylesheets=sheets).content) == []


def test_the_evidence_for_nhs_england_has_the_same_table_of_the_same_years(year):
    of = assessments.yardstick(name="Five domains")
    for code, level in (("2022-23", "inadequate"), ("2023-24", "good"), ("2024-25", "outstanding")):
        assessments.judged(of, level, code=code)
    annual, pack = page(gather(factories.report(year))), packs.drawn(packs.pack())
    tables = [re.search(r'<table class="levels">.*?</table>', html, re.DOTALL)[0] for html in (annual, pack)]

    assert tables[0] == tables[1]
    assert "Governance inadequate good rose" in words(tables[0])


def test_the_plain_text_reads_the_levels_row_by_row():
    text = plain_text(known.facts(), **known.SHARED)[0].decode()

    assert "Dimension: Domain 1\n2022–23: fair\n2023–24: good\nChange: rose" in text


# Older snapshots ---------------------------------------------------------------------------------


def test_a_snapshot_from_before_it_was_kept_thaws_and_has_no_such_page():
    data = json.loads(freeze(known.facts())[0])
    for later in ("maturity", "prepared_for", "prepared_on"):
        del data[later]
    facts = thaw(AnnualFacts, json.dumps(data))
    html = page(facts)

    assert facts.maturity == Maturity()
    assert "maturity" not in html
    assert "How we judge ourselves" not in html


def test_levels_come_back_from_a_snapshot_as_they_were():
    facts = known.facts()

    assert thaw(AnnualFacts, freeze(facts)[0]) == facts


def test_a_level_that_changed_is_one_change_between_two_reports():
    def data(level: str) -> dict:
        [one] = known.facts().maturity.yardsticks
        rows = [replace(one.rows[0], level=level), *one.rows[1:]]
        facts = replace(known.facts(), maturity=Maturity("31 March 2024", [replace(one, rows=rows)]))
        return json.loads(freeze(facts)[0])

    found = changes(data("fair"), data("good"))

    assert [str(each) for each in found.figures] == ["Self-assessments, Five domains: Domain 1: now good, before fair"]
    assert (found.came, found.went) == ((), ())
