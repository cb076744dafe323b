"""No word of a report runs over the margin of its page, in the standard form or in large print."""

import re
import subprocess

import pytest

from core.pdf import render_pdf
from reporting.documents.pages import Medium, page
from reporting.documents.shapes import SHAPES
from reporting.models import Report
from reporting.tests import annual_facts, packs
from reporting.tests import quarter_factories as quarterly

NARROWEST_MARGIN = 40  # points: 14 mm; the least that a page of a report leaves free is 16 mm
SHEETS = {Medium.PAPER: ("pdf.css",), Medium.LARGE_PRINT: ("pdf.css", "large.css")}


def over_the_margin(content: bytes) -> list[str]:
    """Words that begin or end in the margin, with the number of their page."""
    read = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    found = []
    for number, sheet in enumerate(read.stdout.decode().split("<page ")[1:], start=1):
        width = float(re.match(r'width="([\d.]+)"', sheet)[1])
        for left, right, word in re.findall(r'xMin="([\d.-]+)".*?xMax="([\d.-]+)".*?>(.*?)</word>', sheet):
            if float(left) < NARROWEST_MARGIN or float(right) > width - NARROWEST_MARGIN:
                found.append(f"page {number}: {word}")
    return found


def laid_out(kind: Report.Kind, facts, medium: Medium) -> bytes:
    drawn = page(SHAPES[kind], facts, medium=medium, fingerprint="8d" * 32, is_draft=True)
    return render_pdf(drawn, stylesheets=SHEETS[medium]).content


@pytest.mark.parametrize("medium", SHEETS)
def test_no_word_of_the_annual_report_runs_over_its_page(medium):
    facts = annual_facts.facts()
    assert over_the_margin(laid_out(Report.Kind.ANNUAL, facts, medium)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("medium", SHEETS)
def test_no_word_of_the_quarterly_report_or_of_the_pack_runs_over_its_page(medium):
    packs.everything()
    assert over_the_margin(laid_out(Report.Kind.ASSESSMENT, packs.pack(), medium)) == []
    assert over_the_margin(laid_out(Report.Kind.QUARTERLY, quarterly.facts(), medium)) == []


def test_a_word_that_runs_over_is_found():
    html = f'<html lang="en"><head><title>A</title></head><body><p>{"long" * 40}</p></body></html>'
    assert [word[:12] for word in over_the_margin(render_pdf(html).content)] == ["page 1: long"]
