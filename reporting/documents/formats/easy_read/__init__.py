"""A draft of an Easy Read version of every kind of report, by rules from the facts alone (REP-008, REP-024).

Easy Read is made with people with a learning disability: this is what they start from. Each sentence has at most 12
words and one idea, and a place for a picture beside it. A text that does not fit is left out as a whole, because half
of it could mean something else; what is left out is listed for whoever finishes the draft.
"""

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string

from core.pdf import assets
from reporting.documents.assessment import AssessmentFacts
from reporting.documents.facts import AnnualFacts
from reporting.documents.formats.easy_read import annual, assessment, quarter
from reporting.documents.formats.easy_read.shared import MOST_WORDS, Draft, short_sentences
from reporting.documents.quarter import QuarterFacts

__all__ = ["MOST_WORDS", "draft_of", "easy_read", "short_sentences"]

# What writes the draft of each kind of report, by its facts.
DRAFTS: dict[type, Callable[[Any], Draft]] = {
    AnnualFacts: annual.draft,
    QuarterFacts: quarter.draft,
    AssessmentFacts: assessment.draft,
}


def easy_read(facts: Any, *, fingerprint: str, is_draft: bool) -> tuple[bytes, None]:
    """The draft as a web page of its own. It is a draft whatever the report is: nobody has checked it."""
    draft = draft_of(facts)
    context = {
        "facts": facts,
        "fingerprint": fingerprint,
        "parts": draft.parts,
        "left_out": draft.left_out,
        "most_words": MOST_WORDS,
        "styles": assets()["easy-read.css"].decode(),
    }
    return render_to_string("reporting/easy_read/draft.html", context).encode(), None


def draft_of(facts: Any) -> Draft:
    """What the draft says, without parts that say nothing, and what it leaves out."""
    draft = DRAFTS[type(facts)](facts)
    return Draft([part for part in draft.parts if part.ideas], draft.left_out)
