"""What forums asked the Board, and which documents readers reviewed, for the annual report (REP-031, REP-037)."""

from django.utils import timezone

from engagement.models import Period
from forums.documents.reviews import ReviewFacts, facts_between
from forums.models import BoardQuestion, Review
from reporting.documents.facts import Asked, Reviewed, Voices
from reporting.documents.words import day_in_words


def voices(period: Period) -> Voices:
    """Questions that were put to the Board in the period, and reviews that went to their readers in it."""
    put = BoardQuestion.objects.filter(submitted_at__date__range=(period.starts_on, period.ends_on))
    public = put.public().select_related("forum").order_by("submitted_at", "slot", "pk")
    found = facts_between(Review.objects.all(), period.starts_on, period.ends_on)
    return Voices(
        questions=[_asked(row) for row in public],
        not_public=put.filter(published_at=None).count(),
        reviews=[_reviewed(row) for row in found],
    )


def _asked(row: BoardQuestion) -> Asked:
    return Asked(
        forum=row.forum.name,
        topic=row.topic,
        question=row.text.strip(),
        put_on=day_in_words(timezone.localdate(row.submitted_at)),
        answer=row.answer.strip(),
        answered_by=row.answered_by,
        answered_on=day_in_words(row.answered_on),
    )


def _reviewed(row: ReviewFacts) -> Reviewed:
    ages, made = row.readability, row.outcomes
    return Reviewed(
        title=row.review.title,
        organisation=str(row.review.organisation or ""),
        asked=row.readers.asked,
        answered=row.readers.answered,
        comments=made.comments,
        taken_up=made.taken_up,
        partly=made.partly,
        not_taken_up=made.not_taken_up,
        age_before=_age(ages.before),
        age_after=_age(ages.after),
    )


def _age(measured) -> str:
    return str(measured.reading_age) if measured else ""
