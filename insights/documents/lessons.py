"""Lessons by kind: how many there are, how many were shared, how many are done (INS-017)."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from insights.models import Lesson


@dataclass(frozen=True, slots=True)
class OfKind:
    """Lessons of one kind, counted."""

    label: str
    lessons: int
    shared: int
    done: int


def by_kind(lessons: QuerySet[Lesson]) -> list[OfKind]:
    """A row for each kind, those without a lesson too. One query."""
    counted = (
        lessons.order_by()
        .values("kind")
        .annotate(lessons=Count("pk"), shared=Count("shared_on"), done=Count("done_on"))
    )
    found = {row.pop("kind"): row for row in counted}
    nothing = {"lessons": 0, "shared": 0, "done": 0}
    return [OfKind(str(kind.label), **found.get(kind.value, nothing)) for kind in Lesson.Kind]
