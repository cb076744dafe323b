"""Compute the coverage of a period: aggregates in the database, in a number of queries that no row adds to."""

import datetime
from dataclasses import replace

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.documents import forward_plan
from engagement.documents.coverage.claims import Claims
from engagement.documents.coverage.gaps import SOON, gaps
from engagement.documents.coverage.groups import Groups
from engagement.documents.coverage.places import Places, by_quarter, quarters_of
from engagement.documents.coverage.shape import Coverage, DecisionRow, InvolvementRow, OverrideRow, PlaceRow, Row
from engagement.documents.known import avoided_between
from engagement.models import Activity, Override, Period, Policy, Project, Rung, Session, Stage
from forums.models import Forum


def coverage(period: Period, *, user=None) -> Coverage:
    """How far the period's principles, places and groups are covered, as the record stands; what `user` may see of it.

    What is only planned counts nowhere. As at the last day of the period, or today while it goes on.
    """
    as_at = min(period.ends_on, timezone.localdate())
    everything = Activity.objects.for_user(user) if user else Activity.objects.all()
    recorded = everything.exclude(state=Activity.State.PLANNED)
    activities = recorded.in_period(period)
    forums = Forum.objects.meeting_between(period.starts_on, period.ends_on)
    policy, places, quarters = Policy.objects.current(), Places(user), quarters_of(period, as_at)
    claims = Claims(period, activities, forums, places)
    claims.count()
    groups = Groups(recorded, activities, as_at, policy.heard_months)
    groups.count(places)
    in_quarters = by_quarter(activities, quarters, places)
    listed = places.listed()
    lost_activities, lost_forums = claims.unplaced()
    found = Coverage(
        period=str(period),
        code=period.code,
        first_day=period.starts_on,
        last_day=period.ends_on,
        as_at=as_at,
        is_limited=bool(user) and user.only_areas() is not None,
        activities=activities.count(),
        planned=everything.filter(state=Activity.State.PLANNED).in_period(period).count(),
        forums=forums.count(),
        unplaced_activities=lost_activities,
        unplaced_forums=lost_forums,
        gaps=[],
        sets=claims.rows(listed),
        places=listed,
        quarters=quarters,
        by_place=[in_quarters.get(name) or _empty(name, places, len(quarters)) for name in listed],
        rungs=_by_step(activities, "rung", Rung.objects.order_by("ladder", "order")),
        stages=_by_step(activities, "stage", Stage.objects.order_by("cycle", "order")),
        natures=_by_choice(activities, "nature", Activity.Nature),
        modes=_by_choice(Session.objects.filter(activity__in=activities.values("pk")), "mode", Session.Mode),
        groups=groups.rows(listed),
        heard_months=policy.heard_months,
        decisions=_decisions(period, user),
        overrides=overrides_in(period, user),
        avoided=avoided_between(period.starts_on, period.ends_on),
        involvement=_involvement(period, user),
    )
    return replace(found, gaps=gaps(found))


def _empty(name: str, places: Places, quarters: int) -> PlaceRow:
    return PlaceRow(name, name in places.base, [0] * quarters, 0, 0)


# Shares of the period ----------------------------------------------------------------------------


def _by_step(activities: QuerySet[Activity], field: str, steps: QuerySet) -> list[Row]:
    """Activities by rung or stage, in the order of the ladder or cycle; those without one last."""
    counted = activities.values(field).annotate(number=Count("pk")).order_by()
    found = dict(counted.values_list(field, "number"))
    rows = [Row(step.name, found.get(step.pk, 0)) for step in steps]
    return rows + ([Row(_("Not recorded"), found[None])] if None in found else [])


def _by_choice(rows: QuerySet, field: str, choices) -> list[Row]:
    found = dict(rows.values(field).annotate(number=Count("pk")).order_by().values_list(field, "number"))
    counted = [Row(str(choice.label), found.get(choice.value, 0)) for choice in choices]
    return counted + ([Row(_("Not recorded"), found[""])] if "" in found else [])


# Projects ----------------------------------------------------------------------------------------


def _decisions(period: Period, user) -> list[DecisionRow]:
    """Decisions to come: from today to the end of the period, and while it goes on for at least 90 days."""
    today = timezone.localdate()
    if period.ends_on < today:
        return []
    soon = today + datetime.timedelta(days=SOON)
    first = max(today, period.starts_on)
    last = max(period.ends_on, soon) if period.starts_on <= today else period.ends_on
    return [
        DecisionRow(row.reference, row.title, row.board, row.due_on, row.has_involvement, row.missing)
        for row in forward_plan.decisions(first, last, user)
        if not row.is_taken
    ]


def _projects(user) -> QuerySet[Project]:
    return Project.objects.for_user(user) if user else Project.objects.all()


def overrides_in(period: Period, user=None) -> list[OverrideRow]:
    """The gates that were passed in a period although they refused, in the order of time."""
    rows = Override.objects.filter(
        at__date__range=(period.starts_on, period.ends_on), project__in=_projects(user).values("pk")
    )
    return [
        OverrideRow(
            project=row.project.reference,
            title=row.project.title,
            step=str(row.change),
            obstacles=list(row.obstacles),
            senior=row.senior,
            reason=row.reason,
            on=timezone.localtime(row.at).date(),
        )
        for row in rows.select_related("project", "change").order_by("at", "pk")
    ]


def _involvement(period: Period, user) -> list[InvolvementRow]:
    """Projects decided in the period: how long before that they first involved people. Telling is not involving."""
    involved = (
        Q(activities__starts_on__lte=F("decided_on"))
        & ~Q(activities__nature=Activity.Nature.INFORMATION)
        & ~Q(activities__state=Activity.State.PLANNED)
    )
    decided = _projects(user).filter(decided_on__range=(period.starts_on, period.ends_on))
    rows = decided.annotate(first=Min("activities__starts_on", filter=involved)).order_by("decided_on", "reference")
    return [
        InvolvementRow(
            project=row.reference,
            title=row.title,
            decided_on=row.decided_on,
            first_involved_on=row.first,
            days=(row.decided_on - row.first).days if row.first else None,
        )
        for row in rows
    ]
