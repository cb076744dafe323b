"""The way of a version: sent, passed on or sent back, withdrawn; what groups say; what changed; who took it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.steps import accepted, form_page, say_saved, sent
from reporting.documents.fingerprints import FILES
from reporting.documents.since import since_last
from reporting.forms.approvals import ResultForm, StatementForm
from reporting.models import Approval, Build, BuildFile, Report, Statement
from reporting.services import approvals as services
from reporting.services.marks import mark_of

PAGE_SIZE = 50
may_read = permission_required("reporting.view_build", raise_exception=True)
may_send = permission_required("reporting.add_approval", raise_exception=True)
may_record = permission_required("reporting.change_approval", raise_exception=True)
may_add_statement = permission_required("reporting.add_statement", raise_exception=True)
may_change_statement = permission_required("reporting.change_statement", raise_exception=True)
may_finalise = permission_required("reporting.finalise_report", raise_exception=True)


@may_send
@require_POST
def build_send(request, pk):
    build = _build_or_404(request, pk)
    try:
        services.send_for_approval(build, by=request.user)
        messages.success(request, _("The version is on its way"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(build)


@may_record
@require_POST
def build_recall(request, pk):
    build = _build_or_404(request, pk)
    services.withdraw_from_approval(build, by=request.user)
    messages.success(request, _("The version is a draft again"))
    return redirect(build)


@may_record
@form_page
def approval_record(request, pk):
    approval = get_object_or_404(Approval.objects.select_related("build__report__period", "forum"), pk=pk)
    build = approval.build
    form = ResultForm(sent(request), forum=approval.forum)
    if form.is_valid() and accepted(form, services.record_result, approval, by=request.user, **form.cleaned_data):
        messages.success(request, _("The result is kept"))
        return redirect(build)
    context = {"approval": approval, "build": build, "form": form}
    return render(request, "reporting/approvals/approval_record.html", context, status=_status(form))


@may_add_statement
@form_page
def statement_add(request, pk):
    report = get_object_or_404(Report.objects.select_related("period"), pk=pk)
    return _statement(request, report, StatementForm(sent(request)), None)


@may_change_statement
@form_page
def statement_edit(request, pk):
    row = get_object_or_404(Statement.objects.select_related("report__period", "forum"), pk=pk)
    initial = {"result": row.result, "text": row.text, "said_on": row.said_on, "seen": mark_of(row)}
    return _statement(request, row.report, StatementForm(sent(request), forum=row.forum, initial=initial), row)


def _statement(request, report, form, row):
    if form.is_valid():
        said = {"forum": row.forum if row else None} | form.cleaned_data
        if accepted(form, services.say_statement, report, by=request.user, **said):
            say_saved(request, _("The statement is kept. It is printed in the next version"), form, Statement)
            return redirect("reporting:section_list", report.pk)
    context = {"report": report, "form": form, "row": row}
    return render(request, "reporting/approvals/statement.html", context, status=_status(form))


@may_read
@require_safe
def build_changes(request, pk):
    """What changed since the last final report of the kind."""
    finals = [Build.Status.FINAL, Build.Status.SUPERSEDED]
    builds = Build.objects.for_user(request.user).filter(status__in=finals).select_related("report__period")
    build = get_object_or_404(builds, pk=pk)
    return render(request, "reporting/approvals/build_changes.html", {"build": build, "since": since_last(build)})


@may_finalise
@require_safe
def build_downloads(request, pk):
    """Who took which file of a version, when (REP-025)."""
    build = _build_or_404(request, pk)
    taken = build.downloads.select_related("by").order_by("-at", "-pk")
    page = Paginator(taken, PAGE_SIZE).get_page(request.GET.get("page"))
    words = dict(FILES) | dict(BuildFile.Kind.choices) | {"json": _("facts (JSON)")}
    rows = [(row, words.get(row.file_format, row.file_format)) for row in page]
    return render(request, "reporting/approvals/build_downloads.html", {"build": build, "page": page, "rows": rows})


def _build_or_404(request, pk) -> Build:
    return get_object_or_404(Build.objects.for_user(request.user).select_related("report__period"), pk=pk)


def _status(form) -> int:
    return 422 if form.is_bound else 200
