"""The reports of findings of a period: sample, key finding, published or not (INS-031)."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.counts import Count
from engagement.models import Period, Policy
from insights.documents.quality import quality
from insights.models import Source


@dataclass(frozen=True, slots=True)
class ReportOfFindings:
    """One report as the quarterly list has it. What nobody recorded is None or empty, never 0."""

    reference: str
    title: str
    kind: str
    organisation: str
    collected_from: datetime.date | None
    collected_to: datetime.date | None
    added_on: datetime.date
    sample: Count | None
    sample_note: str
    key_finding: str
    quality: int | None
    published_on: datetime.date | None

    @property
    def is_published(self) -> bool:
        return self.published_on is not None


def reports_of_findings(period: Period) -> list[ReportOfFindings]:
    """Every report of findings in use whose collection ended in the period, oldest first. Two queries.

    One without a day of collection belongs to the period in which it came into the library. Raw data are no reports,
    stories whose consent is over are left out, and what is under embargo does not count as published yet.
    """
    policy = Policy.objects.current()
    return [_report(source, policy) for source in _in(period)]


def _in(period: Period) -> QuerySet[Source]:
    days = (period.starts_on, period.ends_on)
    undated = Q(collected_to=None, created_at__date__range=days)
    reports = Source.objects.in_use().with_consent().filter(layer=Source.Layer.REPORT)
    found = reports.filter(Q(collected_to__range=days) | undated)
    return found.select_related("kind", "organisation", "rating").order_by("collected_to", "pk")


def _report(source: Source, policy: Policy) -> ReportOfFindings:
    rated = quality(source, policy)
    published = timezone.localdate(source.published_at) if source.published_at else None
    if published and source.embargo_until:
        published = max(published, source.embargo_until)
    return ReportOfFindings(
        reference=source.reference,
        title=source.title,
        kind=source.kind.name,
        organisation=source.organisation.name if source.organisation else "",
        collected_from=source.collected_from,
        collected_to=source.collected_to,
        added_on=timezone.localdate(source.created_at),
        sample=source.people,
        sample_note=source.people_note,
        key_finding=source.key_finding,
        quality=rated.score if rated else None,
        published_on=published if published and published <= timezone.localdate() else None,
    )
