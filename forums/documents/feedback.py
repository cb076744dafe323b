"""What members say about taking part, forum by forum: how many, how much, and their words without a name (MEM-029)."""

from dataclasses import dataclass

from django.db.models import QuerySet

from forums.models import Feedback

QUESTIONS = ("heard", "worthwhile", "confident")
WELL = (Feedback.Score.MOSTLY, Feedback.Score.FULLY)
MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """One question: how many said “mostly” or “fully”, of how many who answered."""

    question: str
    well: int
    base: int


@dataclass(frozen=True, slots=True)
class ForumFeedback:
    """One forum. `words` are the newest comments, without who wrote them."""

    forum: str
    answers: tuple[Answer, ...]
    words: tuple[str, ...]


def by_forum(feedback: QuerySet[Feedback]) -> list[ForumFeedback]:
    """Each forum that anybody spoke about, by name. Forums without feedback are left out."""
    rows: dict[str, list[Feedback]] = {}
    for each in feedback.select_related("forum").order_by("forum__name", "-given_at", "-pk"):
        rows.setdefault(each.forum.name, []).append(each)
    return [ForumFeedback(name, _answers(found), _words(found)) for name, found in rows.items()]


def _answers(found: list[Feedback]) -> tuple[Answer, ...]:
    labels = {name: str(Feedback._meta.get_field(name).verbose_name) for name in QUESTIONS}
    return tuple(
        Answer(labels[name], sum(getattr(each, name) in WELL for each in found), len(found)) for name in QUESTIONS
    )


def _words(found: list[Feedback]) -> tuple[str, ...]:
    return tuple(each.comment for each in found if each.comment.strip())[:MOST_WORDS]
