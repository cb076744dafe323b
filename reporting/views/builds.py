"""The reports pages: ask for a report, watch it being made, take it away."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.models import JobState
from reporting.documents.annual import gather
from reporting.documents.sections import texts_of
from reporting.documents.shapes import shape_of
from reporting.documents.since import newest_changes
from reporting.forms.reports import ReportRequestForm
from reporting.models import AlternativeFormat, Build, Report
from reporting.services import reports as services
from reporting.views import files, life

PAGE_SIZE = 50
NEWEST_FIRST = (
    "-report__period__ends_on",
    "report__period__starts_on",
    "report__kind",
    "-version",
    "-pk",
)
may_read = permission_required("reporting.view_build", raise_exception=True)
may_ask = permission_required("reporting.add_build", raise_exception=True)
may_finalise = permission_required("reporting.finalise_report", raise_exception=True)
may_publish = permission_required("reporting.publish_report", raise_exception=True)


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
        return redirect(services.request_report(**form.cleaned_data, by=request.user))
    return _list_page(request, form, status=422)


def _list_page(request, form, *, status: int = 200):
    """By quarter and year, the newest first: for who works on reports every version, for others the final ones."""
    builds = Build.objects.for_user(request.user).select_related("report__period", "requested_by")
    if not request.user.has_perm("reporting.add_build"):
        builds = builds.filter(status=Build.Status.FINAL)
    newest = builds.order_by(*NEWEST_FIRST)
    page = Paginator(newest, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "changes": newest_changes()}
    return render(request, "reporting/report_list.html", context, status=status)


@may_ask
@require_safe
def report_detail(request, pk):
    report = get_object_or_404(Report.objects.select_related("period__principle_set"), pk=pk)
    shape, written = shape_of(report), texts_of(report)
    context = {
        "report": report,
        "facts": gather(report) if report.kind == Report.Kind.ANNUAL else None,
        "sections": [(key, name, key in written) for key, name in shape.sections],
        "builds": report.builds.all(),
    }
    return render(request, "reporting/report_detail.html", context)


@may_read
@require_safe
def build_detail(request, pk):
    build = get_object_or_404(
        Build.objects.for_user(request.user).select_related("report__period", "snapshot", "requested_by"), pk=pk
    )
    can_finalise = request.user.has_perm("reporting.finalise_report") and not services.obstacle_to_final(build)
    is_final = build.status in (Build.Status.FINAL, Build.Status.SUPERSEDED)
    can_publish = request.user.has_perm("reporting.publish_report") and is_final
    context = life.context(request.user, build) | {
        "build": build,
        "is_final": is_final,
        "can_finalise": can_finalise,
        "can_publish": can_publish,
    }
    return render(request, "reporting/build_detail.html", context)


@may_finalise
@require_POST
def build_finalise(request, pk):
    build = get_object_or_404(Build.objects.for_user(request.user), pk=pk)
    try:
        return redirect(services.request_final(build, by=request.user))
    except services.NotReady as error:
        messages.error(request, str(error))
        return redirect(build)


@may_publish
@require_POST
def build_publish(request, pk):
    build = get_object_or_404(Build.objects.for_user(request.user), pk=pk)
    try:
        services.publish_report(build, by=request.user)
        messages.success(request, _("Everybody can read this report now"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(build)


@may_publish
@require_POST
def build_withdraw(request, pk):
    build = get_object_or_404(Build.objects.for_user(request.user), pk=pk)
    services.withdraw_report(build, by=request.user)
    messages.success(request, _("The report is off the public pages"))
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
    alternative = get_object_or_404(AlternativeFormat.objects.there().select_related("report__period"), pk=pk)
    if not Build.objects.for_user(request.user).filter(report=alternative.report).exists():
        raise Http404
    services.note_alternative(alternative, by=request.user)
    return files.alternative(alternative)


@may_read
@require_safe
def build_html(request, pk):
    """The report as a page of its own. Its styles are inside it, so the policy names their fingerprint."""
    build = _finished(request, pk)
    return _noted(request, build, "html", files.page(request, build))


def _pdf(request, pk, field: str, words: str) -> HttpResponseBase:
    build = _finished(request, pk)
    return _noted(request, build, field, files.pdf(request, build, field, words))


def _noted(request, build: Build, file_format: str, answer: HttpResponseBase) -> HttpResponseBase:
    """The answer, with who took the file kept; a file that is not handed out was not taken."""
    if answer.status_code == HTTPStatus.OK:
        services.note_download(build, file_format, by=request.user)
    return answer


def _finished(request, pk) -> Build:
    build = get_object_or_404(Build.objects.for_user(request.user).select_related("report__period"), pk=pk)
    if build.state != JobState.DONE:
        raise Http404(_("This report is not ready yet."))
    return build
