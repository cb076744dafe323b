"""The projects that went on in a quarter, each with what the record shows of it on the last day."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from engagement.models import Activity, Assurance, Consultation, ImpactAssessment, Plan, Project, StageChange
from insights.models import Source
from reporting.documents.duties import SIGNED
from reporting.documents.quarter.span import Span, address

BEFORE, AFTER = ImpactAssessment.Phase.BEFORE, ImpactAssessment.Phase.AFTER


@dataclass(frozen=True, slots=True)
class Case:
    """One project as of a day. What was signed, begun, concluded or finished only later is not there yet."""

    project: Project
    on: datetime.date
    plan: Plan | None
    is_involved: bool
    consultation: Consultation | None
    assurances: tuple[Assurance, ...]
    final: dict[str, ImpactAssessment]
    reports: tuple[Source, ...]

    @property
    def url(self) -> str:
        return address("engagement:project_detail", self.project.pk)

    @property
    def is_decided(self) -> bool:
        """Whether the decision was taken, or should have been."""
        day = self.project.decided_on or self.project.decision_due_on
        return day is not None and day <= self.on

    @property
    def is_consulted(self) -> bool:
        """Whether a consultation was over."""
        day = self.consultation.last_day if self.consultation else None
        return day is not None and day < self.on

    @property
    def due(self) -> list[str]:
        """The phases in which an equality assessment had to be final: once people are involved, and once more after.

        The second one is due after a consultation, and before a decision where there is one (SVC-004 to SVC-008).
        """
        if not self.project.needs_assessment:
            return []
        before = [BEFORE] if self.is_involved or self.consultation or self.is_decided else []
        needs_after = self.project.is_consulted_on is not False and (self.is_consulted or self.is_decided)
        return [*before, AFTER] if needs_after else before


def cases(span: Span) -> list[Case]:
    """Projects that had begun by the last day, and were neither closed nor stopped before the first. Constant queries.

    A project without a first day began when it was entered, or with the first thing that is dated of it.
    """
    ended = Q(closed_on__lt=span.first) | Q(stopped_on__lt=span.first)
    rows = Project.objects.filter(_begun(span)).exclude(ended).select_related("consultation")
    rows = rows.prefetch_related("plans", "activities", "assurances__forum", "assessments__impacts__group")
    rows = list(rows.order_by("reference"))
    reports = _reports(rows, span)
    return [_case(project, span.as_at, tuple(reports.get(project.pk, ()))) for project in rows]


def _begun(span: Span) -> Q:
    traces = Q(created_at__date__lte=span.as_at)
    for rows in (
        StageChange.objects.filter(at__date__lte=span.as_at),
        Activity.objects.filter(starts_on__lte=span.as_at),
        ImpactAssessment.objects.filter(final_at__date__lte=span.as_at),
        Assurance.objects.filter(concluded_at__date__lte=span.as_at),
    ):
        traces |= Exists(rows.filter(project=OuterRef("pk")))
    return Q(starts_on__lte=span.as_at) | Q(starts_on=None) & traces


def _reports(projects: list[Project], span: Span) -> dict[int, list[Source]]:
    """Reports of findings that came from the activities of a project, or were used in it, by then."""
    report = {"layer": Source.Layer.REPORT, "state": Source.State.IN_USE}
    known = Source.objects.with_consent().filter(Q(collected_to=None) | Q(collected_to__lte=span.as_at), **report)
    of_activities = known.filter(activities__project__in=projects).values_list("activities__project", "pk")
    used = known.filter(uses__project__in=projects, uses__on__lte=span.as_at).values_list("uses__project", "pk")
    pairs = {*of_activities, *used}
    rows = Source.objects.in_bulk({source for _project, source in pairs})
    found: dict[int, list[Source]] = {}
    for project, source in sorted(pairs):
        found.setdefault(project, []).append(rows[source])
    return found


def _case(project: Project, on: datetime.date, reports: tuple[Source, ...]) -> Case:
    signed = [each for each in project.plans.all() if each.state in SIGNED and _by(each.decided_at, on)]
    return Case(
        project=project,
        on=on,
        plan=max(signed, key=lambda each: each.version, default=None),
        is_involved=any(_involves(each, on) for each in project.activities.all()),
        consultation=_consultation(project, on),
        assurances=tuple(each for each in project.assurances.all() if _by(each.concluded_at, on)),
        final={each.phase: each for each in project.assessments.all() if _by(each.final_at, on)},
        reports=reports,
    )


def _by(at: datetime.datetime | None, on: datetime.date) -> bool:
    return at is not None and timezone.localdate(at) <= on


def _involves(activity: Activity, on: datetime.date) -> bool:
    """Information alone and mere plans do not involve anybody."""
    if activity.nature == Activity.Nature.INFORMATION or activity.state == Activity.State.PLANNED:
        return False
    return activity.starts_on is not None and activity.starts_on <= on


def _consultation(project: Project, on: datetime.date) -> Consultation | None:
    row = getattr(project, "consultation", None)
    return row if row and row.opens_on and row.opens_on <= on else None
