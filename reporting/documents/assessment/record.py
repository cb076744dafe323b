"""The record of a year, read once: what took place, which principles it claims and how far that is shown, and where.

It counts as `engagement.documents.coverage` does: an activity counts once for a principle, by the strongest of its
claims, and what is only planned counts nowhere. Coverage counts in the database; here the records themselves are
needed, because each number names those behind it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q

from engagement.documents.coverage import STRENGTHS, Places
from engagement.documents.placing import moved_to
from engagement.models import Activity, Assurance, Evidence, ImpactAssessment, Period, Project
from engagement.models import Plan as ProjectPlan
from forums.models import Forum
from insights.models import Decision, Response
from people.models import Area

CLAIMED = STRENGTHS[0]


@dataclass(frozen=True, slots=True)
class Shown:
    """That an activity or a forum supports a principle, by number of its row; `evidence` is None for a bare claim."""

    principle: int
    thing: Activity | Forum
    strength: str
    evidence: Evidence | None

    @property
    def rank(self) -> int:
        return STRENGTHS.index(self.strength)


class Year:
    """What took place in a period. The number of queries is the same whatever there is."""

    def __init__(self, period: Period):
        self.period = period
        self.days = period.starts_on, period.ends_on
        self.places = Places()
        self.areas = {area.pk: area for area in Area.objects.all()}
        self.principles = list(period.principle_set.principles.order_by("number"))
        self._moved = moved_to(period.principle_set)
        self._kept = {principle.pk for principle in self.principles}

    # What there is -------------------------------------------------------------------------------

    @cached_property
    def activities(self) -> list[Activity]:
        evidence = Evidence.objects.select_related("principle").prefetch_related("proofs")
        answers = Response.objects.select_related("topic").order_by("reference")
        related = (
            *("areas", "groups", "impacts", "other_principle_links__principle"),
            Prefetch("evidence", evidence),
            Prefetch("responses", answers),
            Prefetch("further_answers", answers),
            Prefetch("decisions", decisions().filter(decided_on__gte=self.period.starts_on)),
        )
        rows = Activity.objects.in_period(self.period).exclude(state=Activity.State.PLANNED)
        rows = rows.select_related("principle", "rung", "project").prefetch_related(*related)
        return list(rows.order_by("reference"))

    @cached_property
    def forums(self) -> list[Forum]:
        evidence = Evidence.objects.select_related("principle").prefetch_related("proofs")
        rows = Forum.objects.meeting_between(*self.days).prefetch_related(Prefetch("evidence", evidence))
        return list(rows.order_by("name"))

    @cached_property
    def projects(self) -> list[Project]:
        """Cases of the year: those with an activity in it, those decided in it, those whose plan was settled in it."""
        mine = Q(activities__in=[row.pk for row in self.activities]) | Q(decided_on__range=self.days)
        mine |= Q(plans__decided_at__date__range=self.days) | Q(assessments__final_at__date__range=self.days)
        wanted = Project.objects.filter(mine).values("pk")
        plans = ProjectPlan.objects.exclude(decided_at=None).select_related("project").order_by("version")
        assessments = ImpactAssessment.objects.exclude(final_at=None).select_related("project").order_by("phase")
        rows = Project.objects.filter(pk__in=wanted).select_related("organisation")
        related = Prefetch("plans", plans), Prefetch("assessments", assessments)
        return list(rows.prefetch_related(*related).order_by("reference"))

    @cached_property
    def assurances(self) -> list[Assurance]:
        rows = Assurance.objects.filter(concluded_at__date__range=self.days).select_related("project", "forum")
        return list(rows.order_by("concluded_at", "pk"))

    @cached_property
    def decisions(self) -> list[Decision]:
        """Decisions taken in the year, the first at the top."""
        return list(decisions().filter(decided_on__range=self.days).order_by("decided_on", "reference"))

    @cached_property
    def answers(self) -> dict[int, list[Response]]:
        """Answers to each activity of the year, by the number of the activity; those that cite it too."""
        return {
            row.pk: sorted({each.pk: each for each in (*row.responses.all(), *row.further_answers.all())}.values(),
                           key=lambda each: each.reference)
            for row in self.activities
        }  # fmt: skip

    # Claims --------------------------------------------------------------------------------------

    @cached_property
    def claims(self) -> dict[int, list[Shown]]:
        """What shows each principle of the period, the strongest first, by number of the principle’s row."""
        found: dict[int, list[Shown]] = defaultdict(list)
        for thing in (*self.activities, *self.forums):
            for claim in self._of(thing):
                found[claim.principle].append(claim)
        # The sort keeps activities before forums, and each in their own order, within one strength.
        return {number: sorted(rows, key=lambda row: -row.rank) for number, rows in found.items()}

    def _of(self, thing: Activity | Forum) -> Iterator[Shown]:
        strongest: dict[int, Shown] = {}
        for claim in self._said(thing):
            before = strongest.get(claim.principle)
            if before is None or (claim.rank, claim.evidence is not None) > (before.rank, before.evidence is not None):
                strongest[claim.principle] = claim
        yield from strongest.values()

    def _said(self, thing: Activity | Forum) -> Iterator[Shown]:
        """Every claim of a thing, the bare ones first."""
        if isinstance(thing, Activity):
            for principle in (thing.principle, *(link.principle for link in thing.other_principle_links.all())):
                if (number := self._placed(principle.pk)) is not None:
                    yield Shown(number, thing, CLAIMED, None)
        for evidence in thing.evidence.all():
            if (number := self._placed(evidence.principle_id)) is not None:
                yield Shown(number, thing, evidence.strength, evidence)

    def _placed(self, principle: int) -> int | None:
        """Where a principle stands in the wording of the period; None where its meaning changed."""
        return principle if principle in self._kept else self._moved.get(principle)

    # Places --------------------------------------------------------------------------------------

    def where(self, thing: Activity | Forum) -> list[str]:
        """The names of the places that something counts for, as coverage names them."""
        if isinstance(thing, Forum):
            areas, level = ([thing.area_id] if thing.area_id else []), ""
        else:
            areas, level = [area.pk for area in thing.areas.all()], thing.level
        if not areas:
            return [self.places.name(None, level)]
        return list(dict.fromkeys(self.places.name(self.places.place_of(area), "") for area in areas))


def decisions():
    """Decisions with what they weighed: which insight was adopted, and which not."""
    return Decision.objects.select_related("body", "project").prefetch_related("weighed")


def adopted(decision: Decision) -> bool:
    """Whether it took up something that people said, in full or in part."""
    return any(row.effect != row.Effect.NOT for row in decision.weighed.all())


def accounts(decision: Decision) -> bool:
    """Whether it weighed what people said, or says why there was nothing to weigh."""
    return bool(decision.weighed.all()) or bool(decision.without_insight_because.strip())


def unique(rows: Iterable) -> list:
    """Rows in their order, each once."""
    return list({row.pk: row for row in rows}.values())
