"""The quarterly report as it is drawn: the first page on one page, nine sections, the group, an accessible PDF."""

import datetime
import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from core.pdf import render_pdf
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights.tests import factories as insights
from people.tests import factories as people
from reporting.documents.pages import Medium, page
from reporting.documents.quarter import SECTIONS, gather
from reporting.documents.quarter.first import EXCEPTIONS
from reporting.documents.shapes import SHAPES
from reporting.models import SectionText, Statement
from reporting.tests import factories
from reporting.tests import plan_factories as plans
from reporting.tests import quarter_factories as quarterly
from reporting.tests.pdf_checks import problems_of, top_bookmarks
from reporting.tests.quarter_factories import NOON
from reporting.tests.reading import words
from reporting.tests.test_quarter_heard import pairs

pytestmark = pytest.mark.django_db


def drawn(facts, medium: str = Medium.SCREEN, *, is_draft: bool = False) -> str:
    return page(SHAPES["quarterly"], facts, fingerprint="f" * 64, is_draft=is_draft, medium=medium)


def part(html: str, ident: str) -> str:
    return words(re.search(rf'<section id="{ident}".*?</section>', html, re.DOTALL)[0])


@pytest.fixture
def record():
    """Something to decide, a plan, a series of pairs, an answer, a text and the word of a group."""
    pairs(12, datetime.date(2023, 6, 30))
    plans.milestone(plans.priority(plans.plan(title="Our strategy")), datetime.date(2023, 5, 31), text="Write it.")
    project = projects.project("P-001", title="Clinic", starts_on=datetime.date(2023, 4, 3))
    engagement.duty("14Z45")
    engagement.activity_count(engagement.activity("A-1", title="Asking", project=project), "over 30")
    insights.published_response("answer-1", published_at=NOON)
    report = quarterly.report(prepared_for=forums.forum("Quality committee"))
    SectionText.objects.create(report=report, section="first", text="We ask for <money>.")
    SectionText.objects.create(report=report, section="feedback", text="We learnt\n\nto ask.")
    group = forums.forum("Assurance group", chair="Ravi Chandran")
    day = datetime.date(2023, 8, 2)
    Statement.objects.create(report=report, forum=group, result="not", text="Not yet.", said_on=day)
    return report


def test_the_page_says_for_whom_and_as_of_when_and_has_every_section_by_its_key(record):
    html = drawn(gather(record))

    assert "Prepared for: Quality committee" in words(html)
    assert [f'id="section-{key}"' in html for key, _name in SECTIONS] == [True] * 10
    assert html.count("<h1") == 1
    assert "As it stood on 30 June 2023." in part(html, "section-first")


def test_the_first_page_has_the_exceptions_first_with_what_is_asked(record):
    first = part(drawn(gather(record)), "section-first")

    assert "We ask for &lt;money&gt;." in first
    assert "Milestones that are late 1 not recorded cannot be compared decide on new days or more help" in first
    assert "Gates that were overridden 0 not recorded cannot be compared nothing" in first
    assert first.index("Milestones that are late") < first.index("Gates that were overridden")
    assert first.index("Exceptions") < first.index("Figures of performance")


def test_rows_lead_to_their_records_and_a_text_stands_before_what_is_computed(record, settings):
    html = drawn(gather(record))

    assert re.search(rf'<a href="{settings.SITE_URL}/record/activities/\d+/">A-1 Asking</a>', html)
    assert f'<a href="{settings.SITE_URL}/you-said-we-did/answer-1/">' in html
    assert re.search(r'<div class="edited"><p>We learnt</p>\s*<p>to ask.</p></div>\s*<p>No comment of this', html)


def test_the_group_says_its_word_or_the_page_says_that_it_has_not(record):
    assert part(drawn(gather(record)), "group") == (
        "What the independent group says Assurance group: not assured Not yet. "
        "By its chair, Ravi Chandran, on 2 August 2023"
    )
    Statement.objects.all().delete()
    assert "has not spoken on this report yet" in part(drawn(gather(record)), "group")


def test_a_quarter_in_which_nothing_is_recorded_says_so_in_every_section():
    html = drawn(quarterly.facts())

    said = "No exception is on record. For 7 of the 7 kinds the record holds nothing that could be one."
    assert said in part(html, "section-first")
    for words_ in ("so no promise could be overdue", "so no gate could be overridden"):
        assert words_ in part(html, "section-answers")
    for key, _name in SECTIONS[1:]:
        assert "That is a finding." in part(html, f"section-{key}")
    assert "Which committee it is prepared for is not recorded" in words(html)


@pytest.mark.parametrize("is_draft", [True, False])
def test_only_a_draft_is_marked_as_one(is_draft):
    html = drawn(quarterly.facts(), Medium.PAPER, is_draft=is_draft)

    assert ("Draft for checking, not for publication" in html) is is_draft


def test_the_chart_has_its_words_and_its_table(record):
    found = re.search(r'<section id="section-experience".*?</section>', drawn(gather(record)), re.DOTALL)[0]

    assert found.count("<svg") == found.count("<title>") == found.count("<table") == 1
    assert "Trust 00, 1 April 2023 – 30 June 2023: 60.0% and 60.0%" in found


# PDF ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("medium", "styles"), [(Medium.PAPER, ("pdf.css",)), (Medium.LARGE_PRINT, ("pdf.css", "large.css"))]
)
def test_the_pdf_has_no_accessibility_problem(record, medium, styles):
    pdf = render_pdf(drawn(gather(record), medium), stylesheets=styles)

    assert problems_of(pdf.content, bookmarks=12) == []
    assert top_bookmarks(pdf.content) == [
        "Contents",
        "What the committee is asked",
        *[f"{number}. {name}" for number, (_key, name) in enumerate(SECTIONS[1:], 1)],
        "What the independent group says",
        "Definitions, and how we count",
    ]


def test_an_empty_quarter_is_accessible_too_and_the_same_facts_give_the_same_bytes():
    facts = quarterly.facts()
    first, again = (render_pdf(drawn(facts, Medium.PAPER)).content for _time in range(2))

    assert first == again
    assert problems_of(first, bookmarks=12) == []


def first_page_takes(facts) -> int:
    """How many pages lie between the first page and the first of the nine sections."""
    content = render_pdf(drawn(facts, Medium.PAPER)).content
    with pikepdf.open(BytesIO(content)) as pdf, pdf.open_outline() as outline:
        places = {item.title: pdf.pages.index(pikepdf.Page(item.destination[0])) for item in outline.root}
    return places["1. Activities and outputs, and progress on plans"] - places["What the committee is asked"]


@pytest.mark.parametrize("text", ["", "We ask for more money. " * 12])
def test_the_first_page_stays_one_page_when_everything_is_wrong_and_every_name_is_long(text):
    facts = quarterly.facts()
    worst = {"now": 1234, "before": -1, "change": "cannot be compared"}
    concerns = [replace(one, asked=str(EXCEPTIONS[one.key].asked), **worst) for one in facts.concerns]
    long = {"name": "Groups of people heard from for the first time", "text": "966 days (median of 12)", "before": "9"}
    figures = [replace(one, **long, way="cannot be compared") for one in facts.figures]

    full = replace(facts, concerns=concerns, figures=figures, edited={"first": text} if text else {})
    assert full.first_figures
    assert first_page_takes(full) == 1


# The page of the report --------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "period"), [("quarterly", quarterly.quarter), ("assessment", engagement.period)])
def test_the_page_of_a_report_lists_its_sections_and_which_have_a_text(client, kind, period):
    client.force_login(people.user("officer"))
    report = factories.report(period(), kind=kind)
    key, name = SHAPES[kind].sections[0]
    SectionText.objects.create(report=report, section=key, text="Ours.")
    html = words(client.get(report.get_absolute_url()).content.decode())

    assert f"{name} (with a text of its own)" in html
    assert [str(name) for _key, name in SHAPES[kind].sections if str(name) not in html] == []
    assert html.count("with a text of its own") == 1


@pytest.mark.parametrize("role", ["project_lead", "secretary", "member"])
def test_only_those_who_make_reports_see_the_page_of_one(client, role):
    client.force_login(people.user(role))

    assert client.get(quarterly.report().get_absolute_url()).status_code == 403
