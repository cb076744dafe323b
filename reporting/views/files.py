"""The files of a report as answers: the page with its own policy, the PDFs, the formats that people made."""

import base64
import hashlib
import re

from django.http import FileResponse, HttpResponse

from reporting.models import AlternativeFormat, Build

CONTENT_TYPES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


def page(build: Build) -> HttpResponse:
    """The report as a page of its own. Its styles are inside it, so the policy names their fingerprint."""
    with build.html.open() as file:
        content = file.read()
    nothing_else = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    policy = f"{nothing_else}; style-src {_style_source(content)}"
    return HttpResponse(content, content_type=CONTENT_TYPES["html"], headers={"Content-Security-Policy": policy})


def pdf(request, build: Build, field: str, words: str) -> FileResponse:
    """One of the PDFs of a build: shown, or kept when the address says `download`. `words` go into its name."""
    name = f"{_file_name(build)}{words}.pdf"
    download = "download" in request.GET
    return FileResponse(
        getattr(build, field).open(), content_type=CONTENT_TYPES["pdf"], filename=name, as_attachment=download
    )


def alternative(alternative: AlternativeFormat) -> FileResponse:
    """A format that people made, to keep."""
    ending = alternative.file.name.rpartition(".")[2]
    return FileResponse(
        alternative.file.open(), as_attachment=True, filename=f"{alternative.report} {alternative}.{ending}"
    )


def _file_name(build: Build) -> str:
    draft = " draft" if build.status == Build.Status.DRAFT else ""
    return f"{build.report.get_kind_display()} {build.report.period.code} v{build.version}{draft}"


def _style_source(page: bytes) -> str:
    style = re.search(rb"<style>(.*?)</style>", page, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(style[1]).digest()).decode()}'" if style else "'none'"
