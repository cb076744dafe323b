"""Themes learnt from comments that people coded, and how far a machine's codes agree with a person's."""

from insights.documents.learning.agreements import Agreement, ThemeAgreement, agreement
from insights.documents.learning.examples import Example, normalised
from insights.documents.learning.models import Learnt, Model, NotLearnt, Suggestion, TooFewExamples, train

__all__ = [
    "Agreement",
    "Example",
    "Learnt",
    "Model",
    "NotLearnt",
    "Suggestion",
    "ThemeAgreement",
    "TooFewExamples",
    "agreement",
    "normalised",
    "train",
]
