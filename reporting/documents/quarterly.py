"""Gather what the quarterly assurance report says: plain data, ready for JSON (REP-010 to REP-018)."""

import datetime
from dataclasses import asdict

from django.utils import timezone

from engagement.documents.coverage import overrides_in
from engagement.models import Activity, Assurance, Condition, ImpactAssessment, Period
from insights.models import Response


def gather_quarter(period: Period) -> dict:
    """The activities of a period, what was overridden, conditions, assurance, equality assessments and answers.

    Days are text, such as 2023-06-30. `as_at` is the last day of the period, or today while it goes on: what was open
    on that day counts as open, also when it was done later. What is only planned is left out.
    """
    as_at = min(period.ends_on, timezone.localdate())
    days = period.starts_on, period.ends_on
    return {
        "period": period.code,
        "first_day": _day(period.starts_on),
        "last_day": _day(period.ends_on),
        "as_at": _day(as_at),
        "activities": _activities(period),
        "overrides": [asdict(row) | {"on": _day(row.on)} for row in overrides_in(period)],
        "conditions": _conditions(as_at),
        "assurance": _assurance(days),
        "equality_assessments": _assessments(days),
        "answers": _answers(days),
    }


def _activities(period: Period) -> list[dict]:
    rows = Activity.objects.in_period(period).exclude(state=Activity.State.PLANNED)
    rows = rows.select_related("principle", "rung", "project").prefetch_related("areas", "counts", "response_counts")
    return [
        {
            "reference": row.reference,
            "title": row.title,
            "nature": row.nature,
            "principle": row.principle.number,
            "rung": str(row.rung or ""),
            "project": row.project.reference if row.project else "",
            "first_day": _day(row.starts_on),
            "last_day": _day(row.ends_on),
            "places": sorted(area.name for area in row.areas.all()),
            "reached": [str(each.count) for each in row.counts.all() if each.about == each.About.REACHED],
            "took_part": [str(each.count) for each in row.counts.all() if each.about == each.About.TOOK_PART],
            "responses": {each.route: each.received for each in row.response_counts.all()},
            "changed": row.what_changed.strip(),
        }
        for row in rows.order_by("reference")
    ]


def _conditions(as_at: datetime.date) -> list[dict]:
    """Conditions that groups had set by that day and that were still open on it, the one due first at the top."""
    rows = Condition.objects.filter(assurance__concluded_at__date__lte=as_at).exclude(done_on__lte=as_at)
    return [
        {
            "project": row.assurance.project.reference,
            "group": row.assurance.forum.name,
            "condition": row.text,
            "needed": row.before,
            "owner": row.owner,
            "due_on": _day(row.due_on),
            "is_overdue": row.due_on < as_at,
        }
        for row in rows.select_related("assurance__project", "assurance__forum").order_by("due_on", "pk")
    ]


def _assurance(days: tuple[datetime.date, datetime.date]) -> list[dict]:
    rows = Assurance.objects.filter(concluded_at__date__range=days).select_related("project", "forum")
    return [
        {
            "project": row.project.reference,
            "group": row.forum.name,
            "result": row.result,
            "statement": row.statement,
            "concluded_on": _day(timezone.localtime(row.concluded_at).date()),
        }
        for row in rows.order_by("concluded_at", "pk")
    ]


def _assessments(days: tuple[datetime.date, datetime.date]) -> list[dict]:
    """Equality assessments that became final, with the groups that are worse off and what is done about it."""
    rows = ImpactAssessment.objects.filter(final_at__date__range=days).select_related("project")
    return [
        {
            "project": row.project.reference,
            "phase": row.phase,
            "final_on": _day(timezone.localtime(row.final_at).date()),
            "negative": [
                {"group": each.group.name, "mitigation": each.mitigation}
                for each in row.impacts.all()
                if each.effect == each.Effect.NEGATIVE
            ],
        }
        for row in rows.prefetch_related("impacts__group").order_by("final_at", "pk")
    ]


def _answers(days: tuple[datetime.date, datetime.date]) -> list[dict]:
    """“You said, we did” that went on the public page, and is still there."""
    rows = Response.objects.filter(published_at__date__range=days).select_related("topic")
    return [
        {"reference": row.reference, "topic": row.topic.name, "you_said": row.you_said, "status": row.status}
        for row in rows.order_by("published_at", "pk")
    ]


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""
