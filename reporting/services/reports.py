"""What may be asked of reporting: a report of a period, a final version of it, its publication."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs
from core.models import JobState
from engagement.models import Activity, Period
from people.models import User
from reporting.documents.shapes import SHAPES
from reporting.models import AlternativeFormat, Build, Download, Report
from reporting.services import approvals

MOST_QUARTERS = 4  # for which drafts are made at once
QUARTER_DRAFTED_FOR = 366  # days after its end


class NotReady(Exception):
    """The report cannot be made final. The message says why."""


@transaction.atomic
def request_report(
    period: Period, *, by: User | None, kind: str = Report.Kind.ANNUAL, final: bool = False, in_background: bool = True
) -> Build:
    """Ask for a report of a period. Asking again while it is being made returns the same build.

    Without `in_background` no worker is told: the caller makes it. Raises ValidationError for a kind that is not made
    of such a period, and for a final version at once of a kind that goes through bodies first (code `route`).
    """
    if obstacle := obstacle_to_pair(kind, period):
        raise ValidationError({"period": obstacle})
    report, _is_new = Report.objects.get_or_create(kind=kind, period=period)
    if final and (first := approvals.route_of(report).first()):
        words = _("Ask for a draft, and send it for approval. It begins with %(body)s.")
        raise ValidationError(words % {"body": first.forum}, code="route")
    return _queue(report, by=by, in_background=in_background, becomes_final=final)


def obstacle_to_pair(kind: str, period: Period) -> str:
    """Why a kind of report is not made of a period, in words for a person; "" when it is."""
    wanted = SHAPES[kind].period
    if period.kind == wanted:
        return ""
    if wanted == Period.Kind.QUARTER:
        return _("The quarterly assurance report is made of a quarter. Select a quarter")
    return _("This kind of report is made of a year. Select a year")


@transaction.atomic
def request_final(build: Build, *, by: User) -> Build:
    """Make the final version from the snapshot of a finished draft: what was checked is what is issued.

    Where its kind has a route, every body on it has to have passed this version (REP-005). Raises NotReady for a build
    that is not finished or not passed, whose facts are final already, and while another version is made.
    """
    report = Report.objects.select_for_update().get(pk=build.report_id)
    build = Build.objects.select_related("report", "snapshot").get(pk=build.pk)
    if obstacle := obstacle_to_final(build):
        raise NotReady(obstacle)
    final = _queue(report, by=by, becomes_final=True, snapshot=build.snapshot)
    if (final.becomes_final, final.snapshot_id) != (True, build.snapshot_id):
        raise NotReady(_("Another version is being made. Wait until it is ready, then ask again."))
    return final


def obstacle_to_final(build: Build) -> str:
    """Why a build cannot be made final, in words for a person; "" when it can."""
    if build.state != JobState.DONE:
        return _("Wait until the draft is ready.")
    if build.becomes_final:
        return _("This version is final already.")
    if build.report.builds.filter(status=Build.Status.FINAL, snapshot=build.snapshot).exists():
        return _("A final version with the same facts is there already.")
    return approvals.obstacle_on_the_way(build)


@transaction.atomic
def publish_report(build: Build, *, by: User) -> Build:
    """Let everybody read a final version (PUB-007). One that is published already stays as it is.

    Raises ValidationError for a version that is not final.
    """
    build = Build.objects.select_for_update().get(pk=build.pk)
    if build.published_at is not None:
        return build
    if build.status not in (Build.Status.FINAL, Build.Status.SUPERSEDED):
        raise ValidationError(_("Make the report final before you publish it"))
    build.published_at, build.published_by = timezone.now(), by
    build.save(update_fields=["published_at", "published_by"])
    audit.record(by, "published", build)
    return build


@transaction.atomic
def withdraw_report(build: Build, *, by: User) -> Build:
    """Take a version off the public pages. One that is not published stays as it is."""
    build = Build.objects.select_for_update().get(pk=build.pk)
    if build.published_at is not None:
        build.published_at = build.published_by = None
        build.save(update_fields=["published_at", "published_by"])
        audit.record(by, "withdrew", build)
    return build


def _queue(report: Report, *, by: User | None, in_background: bool = True, **values) -> Build:
    report = Report.objects.select_for_update().get(pk=report.pk)
    if running := report.builds.unfinished().first():
        return running
    version = (report.builds.aggregate(last=Max("version"))["last"] or 0) + 1
    build = Build.objects.create(report=report, version=version, requested_by=by, **values)
    audit.record(by, "asked for a final version of" if build.becomes_final else "asked for", build)
    if in_background:
        jobs.ring(build)
    return build


@transaction.atomic
def note_download(build: Build, file_format: str, *, by: User) -> None:
    """Keep who took which file."""
    Download.objects.create(build=build, file_format=file_format, by=by)


def note_alternative(alternative: AlternativeFormat, *, by: User) -> None:
    """Keep who took a format that people made."""
    audit.record(by, "downloaded", alternative)


def latest_reportable_period() -> Period | None:
    """The last year that has ended and has something to report."""
    return next((period for period in _ended_years() if Activity.objects.in_period(period).exists()), None)


def draft_missing_reports() -> int:
    """Ask for a draft of each period that ended and was never reported (REP-022). Returns how many.

    Years that have activities get the annual report and the evidence for NHS England's assessment. The last four
    quarters that ended within a year get the quarterly one, from the first activity on: a quarter in which nothing
    happened is a finding, older ones are not made up for.
    """
    missing = []
    for kind in (kind for kind, shape in SHAPES.items() if shape.period == Period.Kind.YEAR):
        years = _ended_years().exclude(reports__kind=kind)
        missing += [(kind, period) for period in years if Activity.objects.in_period(period).exists()]
    missing += [(Report.Kind.QUARTERLY, period) for period in _quarters_to_report()]
    for kind, period in missing:
        request_report(period, by=None, kind=kind)
    return len(missing)


def _ended_years():
    return Period.objects.years().filter(ends_on__lt=timezone.localdate())


def _quarters_to_report() -> list[Period]:
    today = timezone.localdate()
    begun = Coalesce("starts_on", "ends_on", "period__starts_on")
    first = Activity.objects.exclude(state=Activity.State.PLANNED).aggregate(day=Min(begun))["day"]
    if first is None:
        return []
    ended = Period.objects.filter(kind=Period.Kind.QUARTER, ends_on__lt=today).order_by("-ends_on")[:MOST_QUARTERS]
    recent = today - datetime.timedelta(days=QUARTER_DRAFTED_FOR)
    newest = [period for period in ended if period.ends_on >= max(first, recent)]
    reported = set(
        Report.objects.filter(kind=Report.Kind.QUARTERLY, period__in=newest).values_list("period", flat=True)
    )
    return [period for period in newest if period.pk not in reported]
