"""Surveys: made and published (`editing`), answered (`responses`), counted (`counting`) and read (`reading`)."""

from engagement.services.surveys.counting import count_answers
from engagement.services.surveys.reading import forget_uploads
from engagement.services.surveys.responses import forget_drafts

__all__ = ["count_answers", "forget_drafts", "forget_uploads"]
