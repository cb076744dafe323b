"""What may be asked of reporting: a report of a period, a final version of it, its publication."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs
from core.models import JobState
from engagement.models import Activity, Period
from people.models import User
from reporting.models import AlternativeFormat, Build, Download, Report


class NotReady(Exception):
    """The report cannot be made final. The message says why."""


@transaction.atomic
def request_report(
    period: Period, *, by: User | None, kind: str = Report.Kind.ANNUAL, final: bool = False, in_background: bool = True
) -> Build:
    """Ask for a report of a period. Asking again while it is being made returns the same build.

    Without `in_background` no worker is told: the caller makes it.
    """
    report, _is_new = Report.objects.get_or_create(kind=kind, period=period)
    return _queue(report, by=by, in_background=in_background, becomes_final=final)


@transaction.atomic
def request_final(build: Build, *, by: User) -> Build:
    """Make the final version from the snapshot of a finished draft: what was checked is what is issued.

    Raises NotReady for a build that is not finished, whose facts are final already, and while another version is made.
    """
    if obstacle := obstacle_to_final(build):
        raise NotReady(obstacle)
    final = _queue(build.report, by=by, becomes_final=True, snapshot=build.snapshot)
    if (final.becomes_final, final.snapshot_id) != (True, build.snapshot_id):
        raise NotReady(_("Another version is being made. Wait until it is ready, then ask again."))
    return final


def obstacle_to_final(build: Build) -> str:
    """Why a build cannot be made final, in words for a person; "" when it can."""
    if build.state != JobState.DONE:
        return _("Wait until the draft is ready.")
    if build.status != Build.Status.DRAFT:
        return _("This version is final already.")
    if build.report.builds.filter(status=Build.Status.FINAL, snapshot=build.snapshot).exists():
        return _("A final version with the same facts is there already.")
    return ""


@transaction.atomic
def publish_report(build: Build, *, by: User) -> Build:
    """Let everybody read a final version (PUB-007). One that is published already stays as it is.

    Raises ValidationError for a draft.
    """
    build = Build.objects.select_for_update().get(pk=build.pk)
    if build.published_at is not None:
        return build
    if build.status == Build.Status.DRAFT:
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
    """Ask for a draft of each ended year that has activities and was never reported (REP-022). Returns how many."""
    missing = [
        period for period in _ended_years().filter(reports__isnull=True) if Activity.objects.in_period(period).exists()
    ]
    for period in missing:
        request_report(period, by=None)
    return len(missing)


def _ended_years():
    return Period.objects.years().filter(ends_on__lt=timezone.localdate())
