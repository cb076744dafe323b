"""Figures of insight: whether comments are read, findings are used, and decisions weigh them (INS-005, INS-019)."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.models import Project, StageChange
from insights.documents.uses import BEFORE_OPTIONS, cited_before_options, service_changes
from insights.models import Comment, Decision, Finding, Response, Source, Use, Weighed
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


@measure(
    "comments-read",
    Group.INSIGHT,
    Unit.SHARE,
    Direction.UP,
    name=_("Comments read by a named person"),
    definition=_(
        "Comments of activities of the period, and others that were made in it, that a named person has read, as it "
        "stands today. Comments that are held because of personal details count as not read."
    ),
    numerator=_("comments that a named person has read"),
    denominator=_("comments whose words are there"),
    source=_("Comments and who read them"),
)
def comments_read(asked: Asked) -> Found:
    of_period = Q(collection__activity__in=asked.activities.values("pk"))
    of_period |= Q(collection__activity=None, said_on__range=asked.days)
    rows = Comment.objects.exclude(text="").filter(of_period).order_by()
    rows = rows.values("collection", "collection__title").annotate(of=Count("pk"), read=Count("read_at"))
    rows = list(rows.order_by("collection__title", "collection"))
    records = [
        (f"{row['collection__title']}: {row['read']} / {row['of']}", _collection(row)) for row in rows if row["read"]
    ]
    return Found(sum(row["read"] for row in rows), sum(row["of"] for row in rows), records)


def _collection(row: dict) -> str:
    return reverse("insight_work:collection_detail", args=[row["collection"]])


@measure(
    "decisions-weighed",
    Group.INSIGHT,
    Unit.SHARE,
    Direction.UP,
    name=_("Decisions that weighed what people said"),
    definition=_(
        "Decisions of the period on a project that say what was made of at least one finding or library item: adopted, "
        "in part, or not and why."
    ),
    numerator=_("decisions that weighed insight"),
    denominator=_("decisions on a project in the period"),
    source=_("Decisions and what they weighed"),
)
def decisions_weighed(asked: Asked) -> Found:
    rows = Decision.objects.filter(decided_on__range=asked.days, project__isnull=False)
    rows = rows.annotate(has_weighed=Exists(Weighed.objects.filter(decision=OuterRef("pk"))))
    return part_of(list(rows.order_by("decided_on", "pk")), lambda row: row.has_weighed, _decision)


def _decision(row: Decision) -> Record:
    return str(row), reverse("insight_work:decision_detail", args=[row.pk])


@measure(
    "insight-early",
    Group.INSIGHT,
    Unit.SHARE,
    Direction.UP,
    name=_("Cases that cited insight before their options"),
    definition=_(
        "Service changes that came to their options in the period, and had cited a finding or a library item while "
        "they were an idea or in the formative stage."
    ),
    numerator=_("service changes that cited insight before the options stage"),
    denominator=_("service changes that came to their options in the period"),
    source=_("Uses of insight and the stages of projects"),
)
def insight_early(asked: Asked) -> Found:
    steps = StageChange.objects.filter(from_stage__in=BEFORE_OPTIONS, at__date__range=asked.days)
    steps = steps.exclude(to_stage__in=BEFORE_OPTIONS)
    projects = Project.objects.filter(pk__in=steps.values("project"))
    found = cited_before_options(projects)
    early = Exists(Use.objects.filter(project=OuterRef("pk"), stage__in=BEFORE_OPTIONS))
    there = projects.filter(service_changes(), early).exclude(stage__in=BEFORE_OPTIONS)
    rows = there.order_by("reference")[:MOST_RECORDS]
    return Found(found.share.number, found.share.of, [(str(row), row.get_absolute_url()) for row in rows])


@measure(
    "findings-unused",
    Group.INSIGHT,
    Unit.SHARE,
    Direction.DOWN,
    name=_("Findings that nobody has used"),
    definition=_(
        "Findings that were agreed by the last day of the period, and that no project, plan, decision or answer had "
        "made use of by then. Findings that are out of date today are left out."
    ),
    numerator=_("findings without any use by the last day of the period"),
    denominator=_("findings agreed by the last day of the period"),
    source=_("Findings, their uses, decisions and answers"),
)
def findings_unused(asked: Asked) -> Found:
    agreed = Finding.objects.agreed().filter(agreed_at__date__lte=asked.as_at)
    cites = Response.findings.through.objects.filter(finding=OuterRef("pk"))
    used = (
        Exists(Use.objects.filter(finding=OuterRef("pk"), on__lte=asked.as_at))
        | Exists(Weighed.objects.filter(finding=OuterRef("pk"), decision__decided_on__lte=asked.as_at))
        | Exists(cites.filter(response__created_at__date__lte=asked.as_at))
    )
    return part_of(list(agreed.annotate(used=used).order_by("agreed_at", "pk")), lambda row: not row.used, _finding)


def _finding(row: Finding) -> Record:
    return str(row), reverse("insight_work:finding_detail", args=[row.pk])


@measure(
    "findings-past-review",
    Group.INSIGHT,
    Unit.SHARE,
    Direction.DOWN,
    name=_("Findings past their day to be looked at again"),
    definition=_(
        "Agreed findings whose day to be looked at again had passed on the last day of the period, as the record stood "
        "on that day."
    ),
    numerator=_("agreed findings whose day has passed"),
    denominator=_("agreed findings that have such a day"),
    source=_("Versions of findings"),
)
def findings_past_review(asked: Asked) -> Found:
    then = Finding.history.as_of(asked.moment).filter(state=Finding.State.AGREED, review_by__isnull=False)
    return _past_review(asked, then, _finding)


@measure(
    "items-past-review",
    Group.INSIGHT,
    Unit.SHARE,
    Direction.DOWN,
    name=_("Library items past their day to be looked at again"),
    definition=_(
        "Library items in use whose day to be looked at again had passed on the last day of the period, as the record "
        "stood on that day."
    ),
    numerator=_("library items in use whose day has passed"),
    denominator=_("library items in use that have such a day"),
    source=_("Versions of library items"),
)
def items_past_review(asked: Asked) -> Found:
    then = Source.history.as_of(asked.moment).filter(state=Source.State.IN_USE, review_by__isnull=False)
    return _past_review(asked, then, _item)


def _item(row: Source) -> Record:
    return str(row), reverse("insight_work:source_detail", args=[row.pk])


def _past_review(asked: Asked, then, record) -> Found:
    rows = sorted(then, key=lambda row: (row.review_by, row.pk))
    return part_of(rows, lambda row: row.review_by < asked.as_at, record) if rows else UNKNOWN
