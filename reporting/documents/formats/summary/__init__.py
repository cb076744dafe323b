"""A summary of every kind of report on two to four pages, with the way to the whole (REP-008)."""

from collections.abc import Callable, Iterator
from typing import Any

from core.pdf import PDF
from reporting.documents.assessment import AssessmentFacts
from reporting.documents.facts import AnnualFacts
from reporting.documents.formats.summary import annual, assessment, quarter
from reporting.documents.formats.summary.shared import MOST_PAGES, STYLESHEETS, TooLong, fitted
from reporting.documents.quarter import QuarterFacts

__all__ = ["MOST_PAGES", "STYLESHEETS", "TooLong", "laid_out", "summary"]

# What draws the summary of each kind of report, by its facts: the fullest page first.
PAGES: dict[type, Callable[..., Iterator[str]]] = {
    AnnualFacts: annual.pages,
    QuarterFacts: quarter.pages,
    AssessmentFacts: assessment.pages,
}


def summary(facts: Any, *, fingerprint: str, is_draft: bool) -> tuple[bytes, int]:
    """The summary as a tagged PDF, and its pages. Raises TooLong."""
    made = laid_out(facts, fingerprint=fingerprint, is_draft=is_draft)
    return made.content, made.pages


def laid_out(facts: Any, *, fingerprint: str, is_draft: bool) -> PDF:
    """The summary with as much as four pages hold. Raises TooLong."""
    return fitted(PAGES[type(facts)](facts, fingerprint=fingerprint, is_draft=is_draft))
