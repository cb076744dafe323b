"""Make the files of a build, step by step, under its lease."""

import hashlib
import time

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.files import private_files
from core.jobs import kept_alive
from core.models import LostJob
from core.pdf import render_pdf
from reporting.documents import formats
from reporting.documents.frozen import freeze, thaw
from reporting.documents.pages import Medium, page
from reporting.documents.shapes import shape_of
from reporting.models import Build, BuildFile, Snapshot

STEPS = (
    _("Gathering the facts"),
    _("Freezing the snapshot"),
    _("Drawing the web page"),
    _("Laying out the PDF"),
    _("Laying out the large print"),
    _("Making the other formats"),
    _("Storing the files"),
)


def build_files(build: Build) -> None:
    """Build everything a claimed build needs and finish it. Raises LostJob when another worker has taken over."""
    started = time.monotonic()
    shape = shape_of(build.report)
    with kept_alive(build):
        _step(build, 0)
        if build.snapshot is None:
            frozen, fingerprint = freeze(shape.gather(build.report))
            _step(build, 1)
            build.snapshot = _hold_snapshot(build, frozen, fingerprint)
        known = thaw(shape.facts, build.snapshot.data)
        _step(build, 2)
        shared = {"fingerprint": build.snapshot.sha256, "is_draft": not build.becomes_final}
        web_page = page(shape, known, medium=Medium.SCREEN, **shared)
        _step(build, 3)
        laying_out = time.monotonic()
        pdf = render_pdf(page(shape, known, medium=Medium.PAPER, **shared))
        rendering = time.monotonic() - laying_out
        _step(build, 4)
        large = page(shape, known, medium=Medium.LARGE_PRINT, **shared)
        large_print = render_pdf(large, stylesheets=("pdf.css", "large.css"))
        _step(build, 5)
        others = formats.make(build.report.kind, known, **shared)
        _step(build, 6)
        with transaction.atomic():
            if build.becomes_final:
                _supersede(build)
            build.finish(
                snapshot=build.snapshot,
                html=_store(build, "html", web_page.encode()),
                pdf=_store(build, "pdf", pdf.content),
                large_print=_store(build, "pdf", large_print.content),
                pdf_sha256=hashlib.sha256(pdf.content).hexdigest(),
                pages=pdf.pages,
                status=Build.Status.FINAL if build.becomes_final else Build.Status.DRAFT,
                seconds=time.monotonic() - started,
                seconds_rendering=rendering,
            )
            BuildFile.objects.bulk_create(_file(build, made) for made in others)


def _file(build: Build, made: formats.Made) -> BuildFile:
    return BuildFile(
        build=build,
        kind=made.kind,
        file=_store(build, made.ending, made.content),
        sha256=hashlib.sha256(made.content).hexdigest(),
        pages=made.pages,
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
    """Keep a file under the name of its content, so that a second try of the same work writes the same file.

    A try that was killed, or that met a full disk, may have left the beginning of it: that is written anew.
    """
    storage, fingerprint = private_files(), hashlib.sha256(content).hexdigest()
    name = f"reports/{build.report.period.code}/{fingerprint}.{suffix}"
    if storage.exists(name):
        with storage.open(name) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == fingerprint:
                return name
        storage.delete(name)
    try:
        storage.save(name, ContentFile(content))
    except OSError:
        storage.delete(name)
        raise
    return name
