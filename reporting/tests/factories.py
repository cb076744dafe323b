"""Valid reports and builds for tests: plain functions, nothing random. A build's files are made without laying out."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta

from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils import timezone

from core.models import JobState
from engagement.models import Activity, Period
from engagement.tests import factories as engagement
from people.models import Organisation
from people.tests import factories as people
from reporting.documents.frozen import freeze
from reporting.documents.shapes import shape_of
from reporting.models import Build, Report, ReportItem, Snapshot, StandingText
from reporting.services.reports import request_report

FINISHED = datetime(2024, 4, 10, 9, 0, tzinfo=UTC)


def body() -> Organisation:
    return Organisation.objects.body() or people.body()


def report(period: Period | None = None, **fields) -> Report:
    """The report of a year, 2023–24 if none is named; made when it is not there yet."""
    body()
    return Report.objects.get_or_create(period=period or engagement.period(), **{"kind": "annual"} | fields)[0]


def report_item(report: Report, activity: Activity, **fields) -> ReportItem:
    return ReportItem.objects.create(report=report, activity=activity, **fields)


def left_out(report: Report, activity: Activity, because: str = "Told in the report of the trust") -> ReportItem:
    return report_item(report, activity, is_left_out=True, left_out_because=because)


def standing_text(slot: str = "introduction", text: str = "This is {body} in {period}.") -> StandingText:
    return StandingText.objects.create(kind=Report.Kind.ANNUAL, slot=slot, text=text)


def snapshot(report: Report) -> Snapshot:
    """The facts of the report as the record stands now."""
    data, fingerprint = freeze(shape_of(report).gather(report))
    return Snapshot.objects.get_or_create(report=report, sha256=fingerprint, defaults={"data": data})[0]


def build(of: Report | None = None, **fields) -> Build:
    """A build that waits for a worker."""
    of = of or report()
    version = (of.builds.aggregate(last=Max("version"))["last"] or 0) + 1
    return Build.objects.create(report=of, **{"version": version} | fields)


def running_build(of: Report | None = None, **fields) -> Build:
    """A build that some worker holds on a lease of a minute."""
    running = {"state": JobState.RUNNING, "token": uuid.UUID(int=1), "attempts": 1, "started_at": timezone.now()}
    return build(of, **running | {"lease_until": timezone.now() + timedelta(minutes=1)} | fields)


def failed_build(of: Report | None = None, error: str = "The paper ran out.", **fields) -> Build:
    return build(of, **{"state": JobState.FAILED, "error": error, "finished_at": FINISHED} | fields)


def finished_build(
    of: Report | None = None, *, pdf: bytes = b"%PDF-1.7 draft", html: bytes = b"<p>", **fields
) -> Build:
    """A build that is done, with files that hold the bytes given."""
    of = of or report()
    done = {"state": JobState.DONE, "finished_at": FINISHED, "snapshot": snapshot(of), "pages": 2}
    done |= {"seconds": 3.2, "seconds_rendering": 2.5, "pdf_sha256": hashlib.sha256(pdf).hexdigest()}
    for name, content in (("pdf", pdf), ("large_print", pdf + b" in large print"), ("html", html)):
        storage, ending = Build._meta.get_field(name).storage, "html" if name == "html" else "pdf"
        done[name] = f"reports/{of.period.code}/{hashlib.sha256(content).hexdigest()}.{ending}"
        if not storage.exists(done[name]):
            storage.save(done[name], ContentFile(content))
    return build(of, **done | fields)


def final_build(of: Report | None = None, **fields) -> Build:
    return finished_build(of, **{"status": Build.Status.FINAL, "becomes_final": True} | fields)


def claimed_build(period: Period | None = None, **fields) -> Build:
    """A build as the task has it in hand: asked for, and claimed by this worker."""
    body()
    asked = request_report(period or engagement.period(), by=None, in_background=False, **fields)
    return Build.objects.claim(asked.pk)


def read(field) -> bytes:
    """What a stored file holds. The file is closed again."""
    with field.open() as file:
        return file.read()
