"""The evidence for NHS England as PDF: tagged, every link led somewhere, the same bytes for the same facts."""

import hashlib
from functools import cache

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from core.pdf import PDF, render_pdf
from engagement.models import Project
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from people.models import Level
from people.tests import factories as people
from reporting.documents.assessment import AssessmentFacts
from reporting.documents.builder import build_files
from reporting.documents.frozen import freeze, thaw
from reporting.documents.pages import Medium
from reporting.models import Build, Report
from reporting.services.reports import request_report
from reporting.tests import factories
from reporting.tests.packs import INSIDE, drawn, everything, pack
from reporting.tests.pdf_checks import problems_of, top_bookmarks

pytestmark = pytest.mark.django_db
SHEETS = {Medium.PAPER: ("pdf.css",), Medium.LARGE_PRINT: ("pdf.css", "large.css")}


def full_year() -> str:
    """A year with something in each section, and texts as long as people write them; its frozen facts."""
    everything()
    east = people.area("East and North Hertfordshire")
    people.area("Hill", level=Level.NEIGHBOURHOOD, parent=east)
    question = people.equality_question()
    long = "People told us, at length, what they need from a clinic and from those who run it. " * 12
    for number in range(40):
        activity = engagement.activity(f"B-{number}", areas=[east], rung=engagement.rung("consulting"))
        engagement.impact(activity, long)
    for code, people_counted in (("female", 60), ("male", 40)):
        projects.participation(activity, question.options.get(code=code), people_counted, on=INSIDE)
    projects.project("P-2", stopped_on=INSIDE, stopped_because=long, trigger=Project.Trigger.POLICY)
    factories.report(kind=Report.Kind.ASSESSMENT).section_texts.create(section="people", text=long)
    return freeze(pack())[0]


@cache
def laid_out(frozen: str, medium: Medium) -> PDF:
    """Laying out takes seconds: each set of facts once."""
    return render_pdf(drawn(thaw(AssessmentFacts, frozen), medium), stylesheets=SHEETS[medium])


@pytest.mark.parametrize("medium", SHEETS)
def test_the_pdf_has_no_accessibility_problem(medium):
    assert problems_of(laid_out(full_year(), medium).content, bookmarks=12) == []


@pytest.mark.parametrize("medium", SHEETS)
def test_the_pdf_of_an_empty_year_has_no_accessibility_problem(medium):
    assert problems_of(laid_out(freeze(pack())[0], medium).content, bookmarks=10) == []


def test_the_bookmarks_are_the_sections_with_the_principle_that_is_shown_least_first():
    assert top_bookmarks(laid_out(full_year(), Medium.PAPER).content) == [
        "Contents",
        "What a critical reader would ask",
        "The principles, one by one",
        "Principle 3: Principle 3",
        "Principle 2: Principle 2",
        "Principle 1: Principle 1",
        "The difference made",
        "Consistency across places and neighbourhoods",
        "Who was heard, and who was not",
        "Legal duties",
        "How we were judged",
        "What was refused",
        "Index of records",
        "How we count and where the facts come from",
    ]


def test_the_map_of_places_is_said_in_words(tmp_path):
    file = tmp_path / "pack.pdf"
    file.write_bytes(laid_out(full_year(), Medium.PAPER).content)
    with pikepdf.open(file) as pdf:
        said = [str(item.Alt) for item in pdf.objects if isinstance(item, Dictionary) and item.get("/S") == Name.Figure]

    assert any("3. Principle 3: East and North Hertfordshire none" in words for words in said)


def test_the_same_facts_give_the_same_bytes():
    frozen = full_year()
    again = render_pdf(drawn(thaw(AssessmentFacts, frozen), Medium.PAPER))

    shown = laid_out(frozen, Medium.PAPER)
    assert hashlib.sha256(again.content).digest() == hashlib.sha256(shown.content).digest()


def test_a_worker_builds_the_pack_when_it_is_asked_for():
    everything()
    asked = request_report(engagement.period(), by=None, kind=Report.Kind.ASSESSMENT, in_background=False)
    build_files(Build.objects.claim(asked.pk))

    build = Build.objects.get(pk=asked.pk)
    assert (build.state, build.report.kind) == ("done", "assessment")
    assert "Legal duties" in factories.read(build.html).decode()
