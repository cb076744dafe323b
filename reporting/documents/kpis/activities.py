"""Figures of activities: how many took place, where, for which principles, and who was heard (ENG, INC, SUP-007)."""

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.documents.coverage import HEARD
from engagement.models import Activity
from insights.models import Contributor
from people.models import PopulationGroup
from reporting.documents.kpis.record import Asked
from reporting.documents.kpis.shape import (
    MOST_RECORDS,
    UNKNOWN,
    Direction,
    Found,
    Group,
    Record,
    Unit,
    measure,
)

PROVED = ("verified", "outcome")


def links_to(activities) -> list[Record]:
    return [(str(row), row.get_absolute_url()) for row in activities.order_by("reference")[:MOST_RECORDS]]


def coverage_link(asked: Asked, part: str) -> str:
    return f"{reverse('engagement:coverage')}?period={asked.period.code}#{part}"


@measure(
    "activities-held",
    Group.ACTIVITIES,
    Unit.NUMBER,
    Direction.NEITHER,
    name=_("Activities that took place"),
    definition=_(
        "Activities with a day in the period. One that goes over several periods counts in each of them. "
        "What is only planned is not counted."
    ),
    numerator=_("activities that took place"),
    source=_("Activities"),
)
def activities_held(asked: Asked) -> Found:
    if not asked.is_on_record:
        return UNKNOWN
    return Found(asked.activities.count(), None, links_to(asked.activities))


@measure(
    "people-known",
    Group.ACTIVITIES,
    Unit.NUMBER,
    Direction.UP,
    name=_("Different people on the register who took part"),
    definition=_(
        "Each person on the register who is noted as having taken part in an activity of the period, counted once. "
        "More people take part than are on the register. Who has left the register is not counted any more."
    ),
    numerator=_("different people noted as having taken part"),
    source=_("People who took part, as noted with each activity"),
)
def people_known(asked: Asked) -> Found:
    return Found(_people(asked).count() or None)


@measure(
    "people-returning",
    Group.ACTIVITIES,
    Unit.SHARE,
    Direction.NEITHER,
    name=_("People who had taken part before"),
    definition=_(
        "Of the people on the register who took part, those who had also taken part in an activity that began before "
        "the period. The others are new, as far as the record reaches."
    ),
    numerator=_("people who also took part in an activity that began before the period"),
    denominator=_("different people on the register who took part in the period"),
    source=_("People who took part, as noted with each activity"),
)
def people_returning(asked: Asked) -> Found:
    if not asked.has_a_past:
        return UNKNOWN
    earlier = Contributor.objects.filter(activity__in=_begun_before(asked).values("pk"))
    earlier = earlier.exclude(activity__in=asked.activities.values("pk"))
    people = _people(asked)
    known = people.count()
    return Found(people.filter(person__in=earlier.values("person")).count(), known) if known else UNKNOWN


def _people(asked: Asked):
    """Each person once who took part in an activity of the period."""
    rows = Contributor.objects.filter(activity__in=asked.activities.values("pk"))
    return rows.order_by().values("person").distinct()


def _begun_before(asked: Asked):
    rows = Activity.objects.exclude(state=Activity.State.PLANNED)
    rows = rows.alias(begun_on=Coalesce("starts_on", "ends_on", "period__starts_on"))
    return rows.filter(begun_on__lt=asked.period.starts_on)


@measure(
    "groups-heard",
    Group.ACTIVITIES,
    Unit.NUMBER,
    Direction.UP,
    name=_("Different groups of people heard from"),
    definition=_("Population groups that are named with at least one activity of the period, each counted once."),
    numerator=_("groups named with an activity of the period"),
    denominator=_("groups on the body’s list"),
    source=_("Groups heard, as noted with each activity"),
)
def groups_heard(asked: Asked) -> Found:
    rows = asked.coverage.groups
    if not rows or not asked.is_on_record:
        return UNKNOWN
    heard = sorted(row.name for row in rows if row.activities)
    return Found(len(heard), len(rows), [(name, coverage_link(asked, "groups")) for name in heard])


@measure(
    "groups-new",
    Group.ACTIVITIES,
    Unit.NUMBER,
    Direction.UP,
    name=_("Groups of people heard from for the first time"),
    definition=_(
        "Population groups that are named with an activity of the period, and with none that began before it. "
        "The others that were heard from are returning."
    ),
    numerator=_("groups heard from in the period and never before"),
    denominator=_("groups heard from in the period"),
    source=_("Groups heard, as noted with each activity"),
)
def groups_new(asked: Asked) -> Found:
    if not asked.has_a_past:
        return UNKNOWN
    heard = PopulationGroup.objects.filter(pk__in=_groups_of(asked.activities))
    new = sorted(heard.exclude(pk__in=_groups_of(_begun_before(asked))).values_list("name", flat=True))
    return Found(len(new), heard.count(), [(name, coverage_link(asked, "groups")) for name in new])


def _groups_of(activities):
    return Activity.groups.through.objects.filter(activity__in=activities.values("pk")).values("populationgroup")


@measure(
    "groups-due",
    Group.ACTIVITIES,
    Unit.SHARE,
    Direction.DOWN,
    name=_("Groups of people not heard from for too long"),
    definition=_(
        "Population groups that were not heard from within the months that the policy sets, or never, as at the last "
        "day of the period."
    ),
    numerator=_("groups not heard from within the months of the policy"),
    denominator=_("groups on the body’s list"),
    source=_("Groups heard, as noted with each activity, and the policy"),
)
def groups_due(asked: Asked) -> Found:
    rows = asked.coverage.groups
    if not asked.is_on_record:
        return UNKNOWN
    waiting = [row.name for row in rows if row.last.status != HEARD]
    return Found(len(waiting), len(rows), [(name, coverage_link(asked, "groups")) for name in waiting])


@measure(
    "places-active",
    Group.ACTIVITIES,
    Unit.SHARE,
    Direction.UP,
    name=_("Places with an activity"),
    definition=_(
        "Places of the body’s area that are named with at least one activity of the period. An activity for the whole "
        "area names no place."
    ),
    numerator=_("places named with an activity of the period"),
    denominator=_("places of the area"),
    source=_("Places, as noted with each activity"),
)
def places_active(asked: Asked) -> Found:
    if not asked.is_on_record:
        return UNKNOWN
    places = [row for row in asked.coverage.by_place if row.is_place]
    active = [(row.name, coverage_link(asked, "places")) for row in places if row.total]
    return Found(len(active), len(places), active)


@measure(
    "principles-verified",
    Group.ACTIVITIES,
    Unit.SHARE,
    Direction.UP,
    name=_("Principles shown with verified evidence"),
    definition=_(
        "National principles for which at least one activity or forum of the period has evidence that a second person "
        "accepted, as it stands today."
    ),
    numerator=_("principles with verified evidence or a shown outcome"),
    denominator=_("principles of the national set of the period"),
    source=_("Evidence and its reviews"),
)
def principles_verified(asked: Asked) -> Found:
    rows = [row for one in asked.coverage.sets if not one.is_local for row in one.principles]
    shown = [(row.label, coverage_link(asked, "principles")) for row in rows if row.strength in PROVED]
    return Found(len(shown), len(rows), shown) if asked.is_on_record else UNKNOWN
