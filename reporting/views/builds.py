"""The reports pages: ask for a report, watch it being made, take it away."""

import base64
import hashlib
import re

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.models import JobState
from reporting import services
from reporting.documents.annual import gather
from reporting.forms import ReportRequestForm
from reporting.models import AlternativeFormat, Build, Report

may_read = permission_required("reporting.view_build", raise_exception=True)
may_ask = permission_required("reporting.add_build", raise_exception=True)
may_finalise = permission_required("reporting.finalise_report", raise_exception=True)
CONTENT_TYPES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


@may_read
@require_safe
def report_list(request):
    form = ReportRequestForm() if request.user.has_perm("reporting.add_build") else None
    return _list_page(request, form)


@may_ask
@require_POST
def report_request(request):
    form = ReportRequestForm(request.POST)
    if form.is_valid():
        return redirect(services.request_report(form.cleaned_data["period"], by=request.user))
    return _list_page(request, form, status=422)


def _list_page(request, form, *, status: int = 200):
    builds = Build.objects.for_user(request.user).select_related("report__period", "requested_by")
    newest = builds.order_by("-requested_at")[:100]
    return render(request, "reporting/report_list.html", {"builds": newest, "form": form}, status=status)


@may_ask
@require_safe
def report_detail(request, pk):
    report = get_object_or_404(Report.objects.select_related("period__principle_set"), pk=pk)
    return render(
        request,
        "reporting/report_detail.html",
        {"report": report, "facts": gather(report), "builds": report.builds.all()},
    )


@may_read
@require_safe
def build_detail(request, pk):
    build = get_object_or_404(
        Build.objects.for_user(request.user).select_related("report__period", "snapshot", "requested_by"), pk=pk
    )
    can_finalise = request.user.has_perm("reporting.finalise_report") and not services.obstacle_to_final(build)
    return render(
        request,
        "reporting/build_detail.html",
        {"build": build, "can_finalise": can_finalise, "alternatives": build.report.alternatives.all()},
    )


@may_finalise
@require_POST
def build_finalise(request, pk):
    build = get_object_or_404(Build.objects.for_user(request.user), pk=pk)
    try:
        return redirect(services.request_final(build, by=request.user))
    except services.NotReady as error:
        messages.error(request, str(error))
        return redirect(build)


@may_read
@require_safe
def build_pdf(request, pk):
    return _pdf(request, pk, "pdf", "")


@may_read
@require_safe
def build_large_print(request, pk):
    return _pdf(request, pk, "large_print", " large print")


@may_read
@require_safe
def alternative_file(request, pk):
    """A format that people made: readable with the report's final version, or by those who work on it."""
    alternative = get_object_or_404(AlternativeFormat.objects.select_related("report__period"), pk=pk)
    if not Build.objects.for_user(request.user).filter(report=alternative.report).exists():
        raise Http404
    services.note_alternative(alternative, by=request.user)
    ending = alternative.file.name.rpartition(".")[2]
    return FileResponse(
        alternative.file.open(), as_attachment=True, filename=f"{alternative.report} {alternative}.{ending}"
    )


@may_read
@require_safe
def build_html(request, pk):
    """The report as a page of its own. Its styles are inside it, so the policy names their fingerprint."""
    build = _finished(request, pk)
    services.note_download(build, "html", by=request.user)
    with build.html.open() as file:
        page = file.read()
    nothing_else = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    policy = f"{nothing_else}; style-src {_style_source(page)}"
    return HttpResponse(page, content_type=CONTENT_TYPES["html"], headers={"Content-Security-Policy": policy})


def _pdf(request, pk, field: str, words: str) -> FileResponse:
    build = _finished(request, pk)
    services.note_download(build, field, by=request.user)
    name = f"{_file_name(build)}{words}.pdf"
    download = "download" in request.GET
    return FileResponse(
        getattr(build, field).open(), content_type=CONTENT_TYPES["pdf"], filename=name, as_attachment=download
    )


def _finished(request, pk) -> Build:
    build = get_object_or_404(Build.objects.for_user(request.user).select_related("report__period"), pk=pk)
    if build.state != JobState.DONE:
        raise Http404(_("This report is not ready yet."))
    return build


def _file_name(build: Build) -> str:
    draft = " draft" if build.status == Build.Status.DRAFT else ""
    return f"{build.report.get_kind_display()} {build.report.period.code} v{build.version}{draft}"


def _style_source(page: bytes) -> str:
    style = re.search(rb"<style>(.*?)</style>", page, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(style[1]).digest()).decode()}'" if style else "'none'"
