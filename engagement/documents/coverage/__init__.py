"""Coverage of a period: how far each principle is shown, where, when and for whom, and what is missing."""

from engagement.documents.coverage.gathering import coverage, overrides_in
from engagement.documents.coverage.output import HEADERS, as_data, heard_words, strength_words, tidy
from engagement.documents.coverage.places import Places
from engagement.documents.coverage.shape import DUE, HEARD, NEVER, NONE, STRENGTHS, Coverage, SetRows

__all__ = [
    "DUE",
    "HEADERS",
    "HEARD",
    "NEVER",
    "NONE",
    "STRENGTHS",
    "Coverage",
    "Places",
    "SetRows",
    "as_data",
    "coverage",
    "heard_words",
    "overrides_in",
    "strength_words",
    "tidy",
]
