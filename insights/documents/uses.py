"""Where insight was used: what most and what never, and in how many cases before the options (INS-005, INS-019)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from engagement.models import Project
from insights.documents.comments import Share
from insights.models import Finding, Source, Use

MOST = 10
BEFORE_OPTIONS = (Project.Stage.IDEA, Project.Stage.FORMATIVE)


def service_changes() -> Q:
    """Projects that change how a service is delivered: the cases."""
    return Q(trigger=Project.Trigger.SERVICE)


def of_user(user) -> QuerySet[Use]:
    """The uses that a member of staff may see: of findings and items that they may see, in projects that they may."""
    about = Q(finding__in=Finding.objects.for_user(user).values("pk"))
    about |= Q(source__in=Source.objects.for_user(user).values("pk"))
    where = Q(project=None) | Q(project__in=Project.objects.for_user(user).values("pk"))
    return Use.objects.filter(about, where)


@dataclass(frozen=True, slots=True)
class Used:
    """A finding or an item with how often it was used."""

    kind: str
    row: Finding | Source
    times: int


def most_used(user) -> list[Used]:
    """What was used most, as far as somebody may see it. Two queries."""
    kinds = [(_("finding"), Finding), (_("library item"), Source)]
    found = [
        Used(kind, row, row.times)
        for kind, model in kinds
        for row in model.objects.for_user(user)
        .annotate(times=Count("uses"))
        .filter(times__gt=0)
        .order_by("-times", "pk")[:MOST]
    ]
    return sorted(found, key=lambda used: (-used.times, str(used.row)))[:MOST]


@dataclass(frozen=True, slots=True)
class NeverUsed:
    """What nobody has made use of: how many, and the first few, oldest first."""

    findings: int
    sources: int
    first_findings: list[Finding]
    first_sources: list[Source]


def never_used(user) -> NeverUsed:
    """Agreed findings and items in use that no project, decision or finding made use of. Four queries."""
    findings = Finding.objects.for_user(user).never_used().order_by("agreed_at", "pk")
    sources = Source.objects.for_user(user).never_used().filter(weighed=None).order_by("created_at", "pk")
    return NeverUsed(findings.count(), sources.count(), list(findings[:MOST]), list(sources[:MOST]))


@dataclass(frozen=True, slots=True)
class CitedEarly:
    """Cases that have come to their options, and how many of them cite insight from before; `not_there` have not."""

    share: Share
    not_there: int


def cited_before_options(projects: QuerySet[Project]) -> CitedEarly:
    """How many service changes cite a finding or an item at a stage before options (INS-019).

    Only cases that have reached their options are judged: the others still may. Give the projects to count. One query.
    """
    early = Exists(Use.objects.filter(project=OuterRef("pk"), stage__in=BEFORE_OPTIONS))
    is_there = ~Q(stage__in=BEFORE_OPTIONS)
    found = projects.filter(service_changes()).order_by().annotate(is_early=early)
    counted = found.aggregate(
        of=Count("pk", filter=is_there),
        cited=Count("pk", filter=is_there & Q(is_early=True)),
        not_there=Count("pk", filter=~is_there),
    )
    return CitedEarly(Share(counted["cited"], counted["of"]), counted["not_there"])
