"""Make the files of a build, step by step, under its lease."""

import hashlib
import time

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.jobs import kept_alive
from core.models import LostJob
from core.pdf import render_pdf
from reporting.documents import facts
from reporting.documents.annual import gather
from reporting.documents.pages import Medium, annual_page
from reporting.models import Build, Snapshot, private_files

STEPS = (
    _("Gathering the facts"),
    _("Freezing the snapshot"),
    _("Drawing the web page"),
    _("Laying out the PDF"),
    _("Laying out the large print"),
    _("Storing the files"),
)


def build_files(build: Build) -> None:
    """Build everything a claimed build needs and finish it. Raises LostJob when another worker has taken over."""
    started = time.monotonic()
    with kept_alive(build):
        _step(build, 0)
        if build.snapshot is None:
            frozen, fingerprint = facts.freeze(gather(build.report))
            _step(build, 1)
            build.snapshot = _hold_snapshot(build, frozen, fingerprint)
        known = facts.thaw(build.snapshot.data)
        _step(build, 2)
        shared = {"fingerprint": build.snapshot.sha256, "is_draft": not build.becomes_final}
        page = annual_page(known, medium=Medium.SCREEN, **shared)
        _step(build, 3)
        laying_out = time.monotonic()
        pdf = render_pdf(annual_page(known, medium=Medium.PAPER, **shared))
        rendering = time.monotonic() - laying_out
        _step(build, 4)
        large = annual_page(known, medium=Medium.LARGE_PRINT, **shared)
        large_print = render_pdf(large, stylesheets=("pdf.css", "large.css"))
        _step(build, 5)
        with transaction.atomic():
            if build.becomes_final:
                _supersede(build)
            build.finish(
                snapshot=build.snapshot,
                html=_store(build, "html", page.encode()),
                pdf=_store(build, "pdf", pdf.content),
                large_print=_store(build, "pdf", large_print.content),
                pdf_sha256=hashlib.sha256(pdf.content).hexdigest(),
                pages=pdf.pages,
                status=Build.Status.FINAL if build.becomes_final else Build.Status.DRAFT,
                seconds=time.monotonic() - started,
                seconds_rendering=rendering,
            )


def _step(build, number) -> None:
    build.advance(number, len(STEPS), str(STEPS[number]))


@transaction.atomic
def _hold_snapshot(build, frozen, fingerprint) -> Snapshot:
    """The frozen facts, kept on the row at once: should this worker be lost, the next one makes the same files."""
    snapshot = Snapshot.objects.get_or_create(report=build.report, sha256=fingerprint, defaults={"data": frozen})[0]
    if not Build.objects.owned_by(build).update(snapshot=snapshot):
        raise LostJob
    return snapshot


def _supersede(build) -> None:
    Build.objects.filter(report=build.report, status=Build.Status.FINAL).exclude(pk=build.pk).update(
        status=Build.Status.SUPERSEDED
    )


def _store(build, suffix: str, content: bytes) -> str:
    """Keep a file under the name of its content, so that a second try of the same work writes the same file."""
    storage = private_files()
    name = f"reports/{build.report.period.code}/{hashlib.sha256(content).hexdigest()}.{suffix}"
    if not storage.exists(name):
        storage.save(name, ContentFile(content))
    return name
