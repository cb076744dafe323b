"""Which principles count in a period, and where an activity or a forum stands among them (CFG-012, CFG-013)."""

import datetime
from collections.abc import Callable

from django.db.models import Q, QuerySet

from engagement.models import Principle, PrincipleMapping, PrincipleSet


def local_sets(first: datetime.date, last: datetime.date) -> QuerySet[PrincipleSet]:
    """The body's own sets that were in force on a day between two; one without dates always is."""
    begun = Q(effective_from__isnull=True) | Q(effective_from__lte=last)
    still = Q(effective_to__isnull=True) | Q(effective_to__gte=first)
    return PrincipleSet.objects.filter(begun, still, kind=PrincipleSet.Kind.LOCAL)


def moved_to(principle_set: PrincipleSet) -> dict[int, int]:
    """Principles of other wordings by number of row, and the number of row in this set; none whose meaning changed."""
    links = PrincipleMapping.objects.filter(to_principle__principle_set=principle_set)
    unchanged = links.exclude(relation=PrincipleMapping.Relation.CHANGED)
    return dict(unchanged.values_list("from_principle", "to_principle"))


def placer(principle_set: PrincipleSet) -> Callable[[Principle], int | None]:
    """A function from a principle to its number in this set: None where its meaning changed, and people must decide."""
    numbers = dict(principle_set.principles.values_list("pk", "number"))
    mapped = {old: numbers[new] for old, new in moved_to(principle_set).items()}

    def place(principle: Principle) -> int | None:
        return principle.number if principle.principle_set_id == principle_set.pk else mapped.get(principle.pk)

    return place
