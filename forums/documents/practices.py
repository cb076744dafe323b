"""Patient groups of practices: which are at work, which have gone quiet, how networks are covered (PPG-001 to 006)."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Case, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models import CriterionAnswer, Meeting, PracticeGroup, SelfAssessment
from people.models import Area, Level, User

# A group that has not replied to the last question for so long has gone quiet.
QUIET_AFTER = datetime.timedelta(days=90)
# So has one that neither met nor replied for so long.
SILENT_AFTER = datetime.timedelta(days=365)


class Life(models.TextChoices):
    """Whether a group is at work, as far as is recorded."""

    ACTIVE = "active", _("active")
    QUIET = "quiet", _("gone quiet")
    UNKNOWN = "unknown", _("not recorded")


def networks_for(user: User) -> QuerySet[Area]:
    """Networks of practices, areas of the level of neighbourhoods; also that of every group the user works with."""
    networks = Area.objects.filter(level=Level.NEIGHBOURHOOD)
    areas = user.only_areas()
    theirs = PracticeGroup.objects.for_user(user).filter(network__isnull=False).values("network")
    return networks if areas is None else networks.filter(Q(pk__in=areas) | Q(parent__in=areas) | Q(pk__in=theirs))


def with_life(groups: QuerySet[PracticeGroup], today: datetime.date | None = None) -> QuerySet[PracticeGroup]:
    """Each group with `last_met_on` (None where no held meeting is recorded) and `life`.

    Quiet: no reply to the last question for 90 days; or a sign of life that is more than a year old. Not recorded:
    neither meeting nor reply is known, and no question has waited for so long.
    """
    today = today or timezone.localdate()
    held = Meeting.objects.held().filter(forum=OuterRef("forum")).order_by().values("forum")
    groups = groups.annotate(last_met_on=Subquery(held.annotate(last=Max("starts_at__date")).values("last")))
    unanswered = Q(last_reply_on=None) | Q(last_reply_on__lt=F("last_asked_on"))
    waits = Q(last_asked_on__lte=today - QUIET_AFTER) & unanswered
    silent_since = today - SILENT_AFTER
    lives = Q(last_reply_on__gt=silent_since) | Q(last_met_on__gt=silent_since)
    nothing_known = Q(last_reply_on=None, last_met_on=None)
    return groups.annotate(
        life=Case(
            When(waits, then=Value(Life.QUIET)),
            When(lives, then=Value(Life.ACTIVE)),
            When(nothing_known, then=Value(Life.UNKNOWN)),
            default=Value(Life.QUIET),
        )
    )


# Coverage ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Coverage:
    """One network: how many groups of each kind of representation and of each life. `network` None: not recorded."""

    network: Area | None
    represented: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lives: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def groups(self) -> int:
        return sum(self.lives.values())

    @property
    def represented_words(self) -> list[tuple[str, int]]:
        """Every kind of representation that a group has, in words, with how many."""
        names = [*PracticeGroup.Represented.choices, ("", _("not recorded"))]
        return [(str(label), self.represented[code]) for code, label in names if self.represented[code]]

    @property
    def active(self) -> int:
        return self.lives[Life.ACTIVE]

    @property
    def quiet(self) -> int:
        return self.lives[Life.QUIET]

    @property
    def unknown(self) -> int:
        return self.lives[Life.UNKNOWN]


def coverage(groups: QuerySet[PracticeGroup], networks: QuerySet[Area]) -> list[Coverage]:
    """Every network, also those without a group, and last the groups whose network is not recorded."""
    found = {network.pk: Coverage(network) for network in networks}
    for network, represented, life in with_life(groups).order_by().values_list("network", "represented", "life"):
        line = found.setdefault(network, Coverage(None))
        line.represented[represented] += 1
        line.lives[life] += 1
    return list(found.values())


# Self-assessments --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Assessed:
    """A self-assessment, with the criteria in which it differs from the one before by the same standard."""

    assessment: SelfAssessment
    answers: list[CriterionAnswer]
    met: int
    better: list[CriterionAnswer]
    worse: list[CriterionAnswer]
    is_first: bool

    @property
    def of(self) -> int:
        return len(self.answers)


_RANK = {CriterionAnswer.Met.NO: 0, CriterionAnswer.Met.PARTLY: 1, CriterionAnswer.Met.YES: 2}


def history_of(group: PracticeGroup) -> list[Assessed]:
    """The self-assessments of a group, the newest first."""
    found: list[Assessed] = []
    before: dict[int, dict[int, str]] = {}
    rows = group.assessments.select_related("standard").prefetch_related("answers__criterion").order_by("on", "pk")
    for assessment in rows:
        answers = list(assessment.answers.all())
        last = before.get(assessment.standard_id)
        steps = [
            (each, _RANK[each.met] - _RANK[last[each.criterion_id]])
            for each in answers
            if last and each.criterion_id in last
        ]
        found.append(
            Assessed(
                assessment=assessment,
                answers=answers,
                met=sum(each.met == CriterionAnswer.Met.YES for each in answers),
                better=[each for each, step in steps if step > 0],
                worse=[each for each, step in steps if step < 0],
                is_first=last is None,
            )
        )
        before[assessment.standard_id] = {each.criterion_id: each.met for each in answers}
    return found[::-1]
