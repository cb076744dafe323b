"""The files of a report as answers: the page with its own policy, the PDFs, the formats that people made."""

import base64
import hashlib
import logging
import re
from http import HTTPStatus
from io import BytesIO

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render

from reporting.documents.fingerprints import content_of, fingerprint_of
from reporting.models import AlternativeFormat, Build, BuildFile

logger = logging.getLogger(__name__)
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
}
SHOWN = ("pdf", "html")  # what a browser shows; the others are kept
# What stands in the name of a further format, besides the report and its version.
WORDS = {
    BuildFile.Kind.SUMMARY: "summary",
    BuildFile.Kind.EASY_READ: "easy read draft",
    BuildFile.Kind.XLSX: "tables",
    BuildFile.Kind.CSV: "tables",
    BuildFile.Kind.DOCX: "extract for the accounts",
    BuildFile.Kind.TEXT: "plain text",
    BuildFile.Kind.COVER: "cover sheet",
}


def page(request, build: Build) -> HttpResponse:
    """The report as a page of its own. Its styles are inside it, so the policy names their fingerprint."""
    content = content_of(build.html)
    return _altered(request, build) if content is None else _page(content)


def _page(content: bytes) -> HttpResponse:
    nothing_else = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    policy = f"{nothing_else}; style-src {_style_source(content)}"
    return HttpResponse(content, content_type=CONTENT_TYPES["html"], headers={"Content-Security-Policy": policy})


def pdf(request, build: Build, field: str, words: str) -> FileResponse | HttpResponse:
    """One of the PDFs of a build: shown, or kept when the address says `download`. `words` go into its name."""
    content = content_of(getattr(build, field), fingerprint_of(build, field))
    if content is None:
        return _altered(request, build)
    name = f"{_file_name(build)}{words}.pdf"
    download = "download" in request.GET
    return FileResponse(BytesIO(content), content_type=CONTENT_TYPES["pdf"], filename=name, as_attachment=download)


def made(request, row: BuildFile) -> FileResponse | HttpResponse:
    """A further format of a build. A page has the policy of the report's own page, a PDF is shown, the rest is kept."""
    content = content_of(row.file, row.sha256)
    if content is None:
        return _altered(request, row.build)
    ending = row.file.name.rpartition(".")[2]
    if ending == "html":
        return _page(content)
    name = f"{_file_name(row.build)} {WORDS[row.kind]}.{ending}"
    is_kept = ending not in SHOWN or "download" in request.GET
    return FileResponse(BytesIO(content), content_type=CONTENT_TYPES[ending], filename=name, as_attachment=is_kept)


def facts(request, build: Build) -> FileResponse | HttpResponse:
    """The facts of a build as they were frozen: the JSON that every format is made from."""
    content = build.snapshot.data.encode()
    if hashlib.sha256(content).hexdigest() != build.snapshot.sha256:
        return _altered(request, build)
    name = f"{_file_name(build)}.json"
    return FileResponse(BytesIO(content), content_type=CONTENT_TYPES["json"], filename=name, as_attachment=True)


def _altered(request, build: Build) -> HttpResponse:
    """Said in place of a file that is gone or is not what was made (GOV-010)."""
    logger.error("A file of build %s is not as it was made", build.pk)
    return render(request, "reporting/file_altered.html", {"build": build}, status=HTTPStatus.CONFLICT)


def alternative(alternative: AlternativeFormat) -> FileResponse:
    """A format that people made, to keep. A slot without a file has nothing to give: Http404."""
    if not alternative.file:
        raise Http404
    ending = alternative.file.name.rpartition(".")[2]
    return FileResponse(
        alternative.file.open(), as_attachment=True, filename=f"{alternative.report} {alternative}.{ending}"
    )


def _file_name(build: Build) -> str:
    draft = "" if build.becomes_final else " draft"
    return f"{build.report.get_kind_display()} {build.report.period.code} v{build.version}{draft}"


def _style_source(page: bytes) -> str:
    style = re.search(rb"<style>(.*?)</style>", page, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(style[1]).digest()).decode()}'" if style else "'none'"
