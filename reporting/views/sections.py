"""What people write into a report, and what they say of its drafts."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.steps import accepted, form_page, say_saved, sent
from reporting.documents.computed import computed_text, newest
from reporting.documents.life import said_of
from reporting.documents.shapes import shape_of
from reporting.forms.sections import CommentForm, SectionForm, SettleForm
from reporting.models import Build, Report, SectionComment, SectionText
from reporting.services import sections as services
from reporting.services.marks import mark_of

may_read = permission_required("reporting.view_sectiontext", raise_exception=True)
may_write = permission_required("reporting.change_sectiontext", raise_exception=True)
may_clear = permission_required("reporting.delete_sectiontext", raise_exception=True)
may_comment = permission_required("reporting.add_sectioncomment", raise_exception=True)
may_settle = permission_required("reporting.change_sectioncomment", raise_exception=True)


@may_read
@require_safe
def section_list(request, pk):
    report = _report_or_404(pk)
    texts = {row.section: row for row in report.section_texts.select_related("by")}
    said = {row.key: row for row in said_of(report)}
    rows = [(key, name, texts.get(key), said.get(key)) for key, name in shape_of(report).sections]
    statements = report.statements.select_related("forum", "by")
    context = {"report": report, "rows": rows, "statements": statements, "newest": newest(report)}
    return render(request, "reporting/sections/section_list.html", context)


@may_write
@form_page
def section_edit(request, pk, section):
    """The text of a section beside what is computed. A stale form keeps what was typed and shows both texts."""
    report = _report_or_404(pk)
    name = dict(shape_of(report).sections).get(section)
    if name is None:
        raise Http404
    row = report.section_texts.filter(section=section).select_related("by").first()
    build = newest(report)
    computed = computed_text(build, section)
    form = SectionForm(sent(request), initial={"text": row.text if row else "", "seen": mark_of(row)})
    if form.is_valid():
        words = {"computed": computed, **form.cleaned_data}
        if accepted(form, services.write_section, report, section, by=request.user, **words):
            say_saved(request, _("The text is kept. It is printed in the next version"), form, SectionText)
            return redirect("reporting:section_list", report.pk)
    context = {"report": report, "key": section, "name": name, "row": row, "build": build, "computed": computed}
    context |= {"form": form, "is_stale": _renew(form, row), "mark": mark_of(row)}
    context["said"] = next((said for said in said_of(report) if said.key == section), None)
    context["versions"] = _versions(report, section)
    return render(request, "reporting/sections/section_edit.html", context, status=422 if form.is_bound else 200)


def _renew(form: SectionForm, row: SectionText | None) -> bool:
    """Whether a form that was refused is stale. The page shows both texts, so sending it again is a choice made."""
    if not form.is_bound or form.data.get("seen", "") == mark_of(row):
        return False
    form.data = form.data.copy()
    form.data["seen"] = mark_of(row)
    return True


@may_clear
@require_POST
def section_clear(request, pk, section):
    report = _report_or_404(pk)
    try:
        services.clear_section(report, section, by=request.user, seen=request.POST.get("seen", ""))
        messages.success(request, _("The text is taken away. The section says what is computed"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("reporting:section_list", report.pk)


@may_comment
@form_page
def comment_add(request, pk):
    build = _build_or_404(request, pk)
    form = CommentForm(sent(request), report=build.report, initial={"section": request.GET.get("section", "")})
    if form.is_valid() and accepted(form, services.add_comment, build, by=request.user, **form.cleaned_data):
        say_saved(request, _("The comment is kept"), form, SectionComment)
        return redirect(build)
    return _page(request, "comment_add", form, build=build)


@may_settle
@form_page
def comment_settle(request, pk):
    comment = get_object_or_404(SectionComment.objects.select_related("build__report__period", "by"), pk=pk)
    form = SettleForm(sent(request))
    if form.is_valid() and accepted(form, services.settle_comment, comment, by=request.user, **form.cleaned_data):
        say_saved(request, _("It is noted what was done with the comment"), form, SectionComment)
        return redirect(comment.build)
    names = {"": _("The whole report"), **dict(shape_of(comment.build.report).sections)}
    section = names.get(comment.section, comment.section)
    return _page(request, "comment_settle", form, build=comment.build, comment=comment, section=section)


def _page(request, name: str, form, **context):
    status = 422 if form.is_bound else 200
    return render(request, f"reporting/sections/{name}.html", {"form": form, **context}, status=status)


def _versions(report: Report, section: str):
    """Every version of a text, the newest first; a line without words says that it was taken away."""
    rows = SectionText.history.filter(report_id=report.pk, section=section).select_related("history_user")
    return rows.order_by("-history_date", "-history_id")


def _report_or_404(pk) -> Report:
    return get_object_or_404(Report.objects.select_related("period"), pk=pk)


def _build_or_404(request, pk) -> Build:
    return get_object_or_404(Build.objects.for_user(request.user).select_related("report__period"), pk=pk)
