"""How far each principle is shown: claims of activities and forums counted in the database, by strength and by place.

An activity claims the principle it fits most and its other principles by being recorded; evidence strengthens that.
Three kinds of claim are kept apart so that every activity counts once for a principle: its evidence, else the
principle it fits most, else another one.
"""

from collections import Counter
from itertools import pairwise

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from engagement.documents.coverage.places import Places
from engagement.documents.coverage.shape import STRENGTHS, Cell, PrincipleRow, SetRows, Tally
from engagement.documents.placing import local_sets, moved_to
from engagement.models import Activity, Evidence, OtherPrinciple, Period, PrincipleSet
from forums.models import Forum

RANK = Case(*(When(strength=name, then=Value(rank)) for rank, name in enumerate(STRENGTHS, start=1)))


class Claims:
    """The claims for the principles of a period. The number of queries is the same whatever there is to count."""

    def __init__(self, period: Period, activities: QuerySet[Activity], forums: QuerySet[Forum], places: Places):
        locals_ = local_sets(period.starts_on, period.ends_on).values("pk")
        chosen = PrincipleSet.objects.filter(Q(pk=period.principle_set_id) | Q(pk__in=locals_))
        chosen = chosen.prefetch_related("principles")
        self.sets = sorted(chosen, key=lambda each: (each.pk != period.principle_set_id, each.name))
        self.places = places
        self._kept = [principle.pk for each in self.sets for principle in each.principles.all()]
        self._moved = moved_to(period.principle_set)
        self._activities = activities
        self._evidence = Evidence.objects.alias(target=self._target("principle")).exclude(target=None)
        self._of_activities = self._evidence.filter(activity__in=activities.values("pk"))
        self._of_forums = self._evidence.filter(forum__in=forums.values("pk"))
        self._forums = forums

    def _target(self, path: str) -> Case:
        """The principle of this period that a claim counts for; NULL where its meaning changed between wordings."""
        same = [When(**{f"{path}__in": self._kept}, then=F(f"{path}_id"))] if self._kept else []
        moved = [When(**{path: old, "then": Value(new)}) for old, new in self._moved.items()]
        return Case(*same, *moved, default=None, output_field=IntegerField())

    def _first(self) -> QuerySet[Activity]:
        """Activities by the principle that they fit most, where no evidence says more."""
        rows = self._activities.alias(target=self._target("principle")).exclude(target=None)
        stronger = self._evidence.filter(activity=OuterRef("pk"), target=OuterRef("target"))
        return rows.exclude(Exists(stronger))

    def _other(self) -> QuerySet[OtherPrinciple]:
        """Their other principles, where neither evidence nor the principle that they fit most says it already."""
        rows = OtherPrinciple.objects.filter(activity__in=self._activities.values("pk"))
        rows = rows.alias(target=self._target("principle"), most=self._target("activity__principle"))
        rows = rows.exclude(target=None).filter(Q(most=None) | ~Q(most=F("target")))
        stronger = self._evidence.filter(activity=OuterRef("activity"), target=OuterRef("target"))
        return rows.exclude(Exists(stronger))

    # Strength ------------------------------------------------------------------------------------

    def by_strength(self) -> tuple[dict[int, Tally], dict[int, Tally]]:
        """For each principle, the activities and the forums that show it, by the strongest of their claims."""
        only_claimed = Counter()
        for rows, path in ((self._first(), "pk"), (self._other(), "activity")):
            counted = rows.values(shown=F("target")).annotate(number=Count(path, distinct=True))
            only_claimed.update(dict(counted.values_list("shown", "number")))
        activities = self._tallies(self._of_activities, "activity", only_claimed)
        return activities, self._tallies(self._of_forums, "forum", Counter())

    def _tallies(self, evidence: QuerySet[Evidence], path: str, claimed: Counter) -> dict[int, Tally]:
        """Counted as “at least so strong”, because one may have two claims that count for the same principle."""
        at_least = {
            f"at_least_{rank}": Count(path, distinct=True, filter=Q(rank__gte=rank))
            for rank in range(1, len(STRENGTHS) + 1)
        }
        rows = evidence.alias(rank=RANK).values(shown=F("target")).annotate(**at_least)
        found = {}
        for row in rows.order_by():
            steps = [row[f"at_least_{rank}"] for rank in range(1, len(STRENGTHS) + 1)] + [0]
            exact = [here - above for here, above in pairwise(steps)]
            exact[0] += claimed.pop(row["shown"], 0)
            found[row["shown"]] = Tally(*exact)
        return found | {target: Tally(claimed=number) for target, number in claimed.items()}

    # Place ---------------------------------------------------------------------------------------

    def by_place(self) -> tuple[Counter, Counter]:
        """Activities and forums that show a principle, by principle and name of the place."""
        activities, forums = Counter(), Counter()
        sources = ((self._first(), "", "pk"), (self._other(), "activity__", "activity"))
        for rows, path, counted in (*sources, (self._of_activities, "activity__", "activity")):
            keys = self.places.keys(f"{path}areas", f"{path}level")
            self._add(activities, rows.values(shown=F("target"), **keys).annotate(number=Count(counted, distinct=True)))
        keys = self.places.keys("forum__area", None)
        self._add(
            forums, self._of_forums.values(shown=F("target"), **keys).annotate(number=Count("forum", distinct=True))
        )
        return activities, forums

    def _add(self, counter: Counter, rows: QuerySet) -> None:
        for row in rows.order_by():
            counter[row["shown"], self.places.name(row["place"], row["level_alone"])] += row["number"]

    # Together ------------------------------------------------------------------------------------

    def count(self) -> None:
        """Ask the database. Which places there are to show is known only after every part has asked."""
        self.of_activities, self.of_forums = self.by_strength()
        self.activities_in, self.forums_in = self.by_place()

    def rows(self, places: list[str]) -> list[SetRows]:
        def row(principle) -> PrincipleRow:
            keys = [(principle.pk, place) for place in places]
            return PrincipleRow(
                principle.number,
                principle.short,
                self.of_activities.get(principle.pk, Tally()),
                self.of_forums.get(principle.pk, Tally()),
                [Cell(self.activities_in[key], self.forums_in[key]) for key in keys],
            )

        return [
            SetRows(each.name, each.kind == PrincipleSet.Kind.LOCAL, [row(one) for one in self._principles(each)])
            for each in self.sets
        ]

    @staticmethod
    def _principles(principle_set: PrincipleSet) -> list:
        return sorted(principle_set.principles.all(), key=lambda one: one.number)

    def unplaced(self) -> tuple[int, int]:
        """Activities and forums whose principle belongs to a wording with another meaning: people must decide."""
        activities = self._activities.alias(target=self._target("principle")).filter(target=None)
        lost = Evidence.objects.alias(target=self._target("principle")).filter(target=None)
        unsaid = self._forums.filter(evidence__in=lost).exclude(evidence__in=self._of_forums).distinct()
        return activities.count(), unsaid.count()
