"""The index: every record that a claim or a number rests on, once, with its permanent address (REP-009)."""

import re
from collections.abc import Iterable
from functools import singledispatch

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _

from engagement.models import Activity, Assurance, Evidence, ImpactAssessment, Project
from engagement.models import Plan as ProjectPlan
from forums.models import Forum
from insights.models import Decision, Response
from reporting.documents.assessment.facts import Lines, Record
from reporting.models import Assessment, Plan

Found = tuple[str, str, str, str, bool]  # reference, kind, title, path, whether everybody may open it


class Index:
    """Collects what is cited. A record keeps one reference, however often it is cited, and every claim it is for."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._references: dict[tuple[type, int], str] = {}

    def cite(self, row, claim: str = "") -> str:
        """The reference of a row, which then stands in the index, for this claim too."""
        key = type(row), row.pk
        if key not in self._references:
            self._references[key] = self._add(row)
        reference = self._references[key]
        claims = self._records[slugify(reference)].claims
        if claim and claim not in claims:
            claims.append(claim)
        return reference

    def lines(self, label: str, rows: Iterable, claim: str = "") -> Lines:
        """A line with the records behind it, each once, in the order of their references."""
        return Lines(str(label), in_order({self.cite(row, claim) for row in rows}))

    def records(self) -> list[Record]:
        return sorted(self._records.values(), key=lambda record: (record.kind, _natural(record.reference)))

    def _add(self, row) -> str:
        reference, kind, title, path, is_public = found(row)
        if slugify(reference) in self._records:  # two kinds of record may bear the same reference
            reference = f"{kind} {reference}"
        address = f"{settings.SITE_URL}{path}"
        self._records[slugify(reference)] = Record(reference, kind, title, address, is_public, [])
        return reference


@singledispatch
def found(row) -> Found:
    """What the index says of a row. Raises TypeError for a kind of record that has no page."""
    raise TypeError(f"{type(row).__name__} has no page of its own")


@found.register
def of_activity(row: Activity) -> Found:
    path = reverse("taking_part:activity_detail", args=[row.slug]) if row.is_published else row.get_absolute_url()
    return row.reference, kind_of(row), row.title, path, row.is_published


@found.register
def of_forum(row: Forum) -> Found:
    return f"forum-{row.pk}", kind_of(row), row.name, reverse("forums:forum_detail", args=[row.pk]), True


@found.register
def of_evidence(row: Evidence) -> Found:
    title = _("%(thing)s, for principle %(principle)s") % {"thing": row.thing, "principle": row.principle}
    path = reverse("engagement:evidence_detail", args=[row.pk])
    return f"evidence-{row.pk}", kind_of(row), title, path, False


@found.register
def of_project(row: Project) -> Found:
    return row.reference, kind_of(row), row.title, row.get_absolute_url(), False


@found.register
def of_project_plan(row: ProjectPlan) -> Found:
    path = reverse("engagement:project_plan", args=[row.project_id])
    return f"{row.project.reference}-plan-{row.version}", kind_of(row), row.project.title, path, False


@found.register
def of_equality(row: ImpactAssessment) -> Found:
    path = reverse("engagement:assessment_detail", args=[row.project_id, row.phase])
    return f"{row.project.reference}-equality-{row.phase}", kind_of(row), row.project.title, path, False


@found.register
def of_assurance(row: Assurance) -> Found:
    title = f"{row.project.title}: {row.forum.name}"
    return f"assurance-{row.pk}", kind_of(row), title, reverse("engagement:assurance_detail", args=[row.pk]), False


@found.register
def of_response(row: Response) -> Found:
    staff = reverse("insight_work:answer_detail", args=[row.pk])
    path = row.get_absolute_url() if row.is_published else staff
    return row.reference, kind_of(row), _shortened(row.you_said), path, row.is_published


@found.register
def of_decision(row: Decision) -> Found:
    path = reverse("insight_work:decision_detail", args=[row.pk])
    return row.reference, kind_of(row), row.title, path, False


@found.register
def of_plan(row: Plan) -> Found:
    staff = reverse("plans:plan_detail", args=[row.pk])
    path = reverse("our_plans:plan_detail", args=[row.code]) if row.is_published else staff
    return row.code, kind_of(row), row.title, path, row.is_published


@found.register
def of_assessment(row: Assessment) -> Found:
    path = reverse("assessments:assessment_detail", args=[row.pk])
    return f"assessment-{row.pk}", kind_of(row), str(row), path, False


def in_order(references: Iterable[str]) -> list[str]:
    """References as people order them: 2 before 10."""
    return sorted(references, key=_natural)


def _natural(reference: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", reference)]


def kind_of(row) -> str:
    return str(row._meta.verbose_name)


def _shortened(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(120)
