"""Figures of projects and plans: whether people were involved early, properly, before the decision (ENG-011)."""

from statistics import median

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from engagement.documents.clock import readiness
from engagement.documents.coverage import overrides_in
from engagement.models import Consultation, ImpactAssessment, Plan, Project
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
    part_of,
)
from reporting.models import Milestone

Phase, State = ImpactAssessment.Phase, Plan.State


def _links(projects) -> list[Record]:
    return [_link(row) for row in projects.order_by("reference")[:MOST_RECORDS]]


def _link(project: Project) -> Record:
    return str(project), project.get_absolute_url()


@measure(
    "days-of-involvement",
    Group.PROJECTS,
    Unit.DAYS,
    Direction.UP,
    name=_("Days between first involving people and the decision"),
    definition=_(
        "For projects decided in the period: from the first activity that involved people to the day of the decision, "
        "in the middle of all that involved somebody. Telling people is not involving them."
    ),
    numerator=_("the median of the days from the first involvement to the decision"),
    denominator=_("projects decided in the period that involved people before"),
    source=_("Projects and their activities"),
)
def days_of_involvement(asked: Asked) -> Found:
    rows = {row.project: row.days for row in asked.coverage.involvement if row.days is not None}
    if not rows:
        return UNKNOWN
    return Found(median(rows.values()), len(rows), _links(Project.objects.filter(reference__in=rows)))


@measure(
    "equality-final",
    Group.PROJECTS,
    Unit.SHARE,
    Direction.UP,
    name=_("Equality assessments final before the decision"),
    definition=_(
        "Projects decided in the period whose kind of change needs an equality assessment, and whose assessment was "
        "final on the day of the decision or before. After a consultation it is the one after it that counts."
    ),
    numerator=_("projects whose assessment was final by the day of the decision"),
    denominator=_("projects decided in the period that need an assessment"),
    source=_("Equality assessments and decisions of projects"),
)
def equality_final(asked: Asked) -> Found:
    final = ImpactAssessment.objects.filter(project=OuterRef("pk")).alias(day=TruncDate("final_at"))
    final = final.filter(day__lte=OuterRef("decided_on"))
    decided = Project.objects.filter(decided_on__range=asked.days).exclude(trigger=Project.Trigger.NONE)
    decided = decided.annotate(any_final=Exists(final), final_after=Exists(final.filter(phase=Phase.AFTER)))
    rows = list(decided.order_by("reference"))
    return part_of(rows, lambda row: row.final_after if row.is_consulted_on else row.any_final, _link)


@measure(
    "overrides",
    Group.PROJECTS,
    Unit.NUMBER,
    Direction.DOWN,
    name=_("Gates that were overridden"),
    definition=_("How often a project passed a gate that refused it, because a named senior decided so."),
    numerator=_("gates that were overridden in the period"),
    source=_("Overrides"),
)
def overrides(asked: Asked) -> Found:
    begun = Q(created_at__date__lte=asked.as_at) | Q(starts_on__lte=asked.as_at)
    if not Project.objects.filter(begun).exists():
        return UNKNOWN
    rows = overrides_in(asked.period)
    pages = {row.reference: row.get_absolute_url() for row in Project.objects.filter(overrides__isnull=False)}
    return Found(len(rows), None, [(f"{row.project} {row.title}: {row.step}", pages[row.project]) for row in rows])


def _opened(asked: Asked):
    """Consultations that opened in the period, without those of projects that had stopped by then."""
    rows = Consultation.objects.filter(opens_on__range=asked.days)
    return rows.exclude(project__stopped_on__lte=F("opens_on")).select_related("project").order_by("opens_on", "pk")


@measure(
    "plans-signed",
    Group.PROJECTS,
    Unit.SHARE,
    Direction.UP,
    name=_("Consultations that opened with a signed plan"),
    definition=_(
        "Consultations that opened in the period, and whose project had a signed assessment and plan on the first day "
        "or before."
    ),
    numerator=_("consultations whose project had a signed plan on the first day"),
    denominator=_("consultations that opened in the period"),
    source=_("Plans of projects and consultations"),
)
def plans_signed(asked: Asked) -> Found:
    plans = Plan.objects.filter(project=OuterRef("project"), state__in=[State.SIGNED, State.SUPERSEDED])
    plans = plans.alias(day=TruncDate("decided_at")).filter(day__lte=OuterRef("opens_on"))
    opened = list(_opened(asked).annotate(is_signed=Exists(plans)))
    return part_of(opened, lambda row: row.is_signed, lambda row: _link(row.project))


@measure(
    "formats-ready",
    Group.PROJECTS,
    Unit.SHARE,
    Direction.UP,
    name=_("Consultations with all formats ready before they opened"),
    definition=_(
        "Consultations that opened in the period with at least one document, each of which was ready before the first "
        "day in every form that is listed, in the standard form and at least one other."
    ),
    numerator=_("consultations whose documents were all ready before the first day"),
    denominator=_("consultations that opened in the period"),
    source=_("Documents of consultations and the days on which they were ready"),
)
def formats_ready(asked: Asked) -> Found:
    opened = list(_opened(asked).prefetch_related("documents"))
    return part_of(opened, _is_ready, lambda row: _link(row.project))


def _is_ready(consultation: Consultation) -> bool:
    rows = readiness(consultation, list(consultation.documents.all()))
    return bool(rows) and not any(row.late or row.missing for row in rows)


@measure(
    "milestones-on-time",
    Group.PROJECTS,
    Unit.SHARE,
    Direction.UP,
    name=_("Milestones done by their day"),
    definition=_(
        "Milestones of all strategies and plans whose day fell in the period and has passed, or that are done already: "
        "those that were done by their day. A milestone for a month is due on its last day."
    ),
    numerator=_("milestones done by their day"),
    denominator=_("milestones that were due in the period"),
    source=_("Milestones of strategies and plans"),
)
def milestones_on_time(asked: Asked) -> Found:
    due = Milestone.objects.filter(due_on__range=(asked.period.starts_on, asked.period.ends_on))
    due = due.filter(Q(due_on__lte=asked.passed) | Q(done_on__lte=asked.as_at))
    rows = list(due.select_related("priority__plan").order_by("due_on", "pk"))
    return part_of(rows, _is_on_time, lambda row: (str(row), row.priority.plan.get_absolute_url()))


def _is_on_time(milestone: Milestone) -> bool:
    return milestone.done_on is not None and milestone.done_on <= milestone.due_on
