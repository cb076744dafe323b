"""Findings: written, given evidence, agreed, published, retired; and what everybody may read of them."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form, add_errors
from core.steps import Step, accepted, form_page, offered, say_saved, sent, take
from insights.documents import findings as documents
from insights.documents.uses import of_user
from insights.forms.findings import (
    EvidenceForm,
    FindingFilter,
    FindingForm,
    LookAgainForm,
    PublicFindingFilter,
    RetireForm,
)
from insights.models import Finding, FindingEvidence
from insights.services import findings as services

PAGE_SIZE = 20
may_read = permission_required("insights.view_finding", raise_exception=True)
may_add = permission_required("insights.add_finding", raise_exception=True)
may_change = permission_required("insights.change_finding", raise_exception=True)
DRAFT, AGREED, PUBLIC, RETIRED = "draft", "agreed", "public", "retired"
AGREE = "insights.agree_finding"
NEEDS_AGREE = {"agree", "publish", "withdraw", "again"}  # and every step away from what everybody can read

STEPS = {
    "agree": Step(
        gettext_lazy("Agree to it"),
        (DRAFT,),
        Form,
        services.agree_finding,
        gettext_lazy("The finding is agreed"),
    ),
    "publish": Step(
        gettext_lazy("Publish"),
        (AGREED,),
        Form,
        services.publish_finding,
        gettext_lazy("Everybody can read this finding now"),
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw from the public pages"),
        (PUBLIC,),
        Form,
        services.withdraw_finding,
        gettext_lazy("This finding is no longer public"),
    ),
    "again": Step(
        gettext_lazy("It still holds: look again later"),
        (AGREED, PUBLIC),
        LookAgainForm,
        services.look_again,
        gettext_lazy("The day is kept"),
    ),
    "reopen": Step(
        gettext_lazy("Open it again to change it"),
        (AGREED, PUBLIC, RETIRED),
        Form,
        services.reopen_finding,
        gettext_lazy("The finding is a draft again"),
    ),
    "retire": Step(
        gettext_lazy("Say that it is out of date"),
        (DRAFT, AGREED, PUBLIC),
        RetireForm,
        services.retire_finding,
        gettext_lazy("The finding is kept as out of date"),
    ),
}


@may_read
@require_safe
def finding_list(request):
    mine = Finding.objects.for_user(request.user)
    filters = FindingFilter(request.GET, findings=mine)
    rows = documents.with_doubts(filters.narrow(mine)).order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "insights/findings/finding_list.html", {"filters": filters, "page": page})


@may_add
@form_page
def finding_add(request):
    form = FindingForm(sent(request))
    if form.is_valid():
        try:
            finding = services.add_finding(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            _say_kept(request, form, finding)
            return redirect("insight_work:finding_detail", finding.pk)
    return _form(request, "finding_add", form)


@may_read
@require_safe
def finding_detail(request, pk):
    return _page(request, _finding_or_404(request, pk))


@may_change
@form_page
def finding_edit(request, pk):
    finding = _draft_or_403(request, pk)
    form = FindingForm(sent(request), instance=finding)
    held = Finding.objects.get(pk=pk)  # the form writes what was typed into its own
    if form.is_valid() and accepted(form, services.change_finding, held, by=request.user, **form.cleaned_data):
        _say_kept(request, form, finding)
        return redirect("insight_work:finding_detail", pk)
    return _form(request, "finding_edit", form, finding=held)


@may_change
@require_POST
def finding_step(request, pk, step):
    finding = _finding_or_404(request, pk)
    if step in STEPS and not _may_take(request.user, finding, step):
        raise PermissionDenied
    form = take(request, STEPS, step, finding)
    if form is None:
        return redirect("insight_work:finding_detail", pk)
    return _page(request, finding, step, form)


@may_change
@form_page
def finding_evidence_add(request, pk):
    finding = _draft_or_403(request, pk)
    form = EvidenceForm(sent(request), user=request.user)
    if form.is_valid() and accepted(form, services.add_evidence, finding, by=request.user, **form.cleaned_data):
        messages.success(request, _("The evidence is attached"))
        return redirect("insight_work:finding_detail", pk)
    return _form(request, "finding_evidence_add", form, finding=finding)


@may_change
@require_POST
def finding_evidence_remove(request, pk):
    mine = Finding.objects.for_user(request.user)
    row = get_object_or_404(FindingEvidence.objects.filter(finding__in=mine.values("pk")), pk=pk)
    try:
        services.remove_evidence(row, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The evidence is taken away"))
    return redirect("insight_work:finding_detail", row.finding_id)


def _finding_or_404(request, pk) -> Finding:
    rows = Finding.objects.for_user(request.user).select_related("written_by", "agreed_by", "published_by")
    return get_object_or_404(rows, pk=pk)


def _draft_or_403(request, pk) -> Finding:
    """A draft; what is agreed is opened again first."""
    finding = _finding_or_404(request, pk)
    if finding.state != Finding.State.DRAFT:
        raise PermissionDenied
    return finding


def _say_kept(request, form, finding) -> None:
    say_saved(request, _("The finding is kept"), form, finding)
    for remark in documents.remarks(form.cleaned_data["statement"]):
        messages.warning(request, remark)


def _may_take(user, finding: Finding, step: str) -> bool:
    needs = step in NEEDS_AGREE or finding.is_published
    return user.has_perm("insights.change_finding") and (not needs or user.has_perm(AGREE))


def _form(request, name, form, **context):
    """The page of a form; one with errors keeps what was typed."""
    status = 422 if form.is_bound else 200
    return render(request, f"insights/findings/{name}.html", context | {"form": form}, status=status)


def _page(request, finding, sent="", form=None):
    state = PUBLIC if finding.is_published else finding.state
    names = [name for name, step in STEPS.items() if state in step.statuses or name == sent]
    names = [name for name in names if _may_take(request.user, finding, name)]
    if finding.written_by_id == request.user.pk and sent != "agree":
        names = [name for name in names if name != "agree"]
    pieces = documents.evidence_of(finding)
    context = {
        "finding": finding,
        "pieces": pieces,
        "remarks": documents.remarks(finding.statement),
        "doubts": documents.doubts(finding, pieces),
        "uses": of_user(request.user).filter(finding=finding).select_related("project"),
        "used_in": list(documents.used_in(finding)),
        "may_change": request.user.has_perm("insights.change_finding") and finding.state == Finding.State.DRAFT,
        "is_mine": finding.written_by_id == request.user.pk,
        "steps": offered(STEPS, names, sent, form),
        "form": form,
    }
    return render(request, "insights/findings/finding_detail.html", context, status=422 if form else 200)


# What anybody may read ---------------------------------------------------------------------------


@login_not_required
@require_safe
def public_finding_list(request):
    public = Finding.objects.public()
    filters = PublicFindingFilter(request.GET, findings=public)
    rows = filters.narrow(public).prefetch_related("topics", "areas").order_by("-published_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page": page, "canonical": settings.SITE_URL + reverse("library:finding_list")}
    return render(request, "library/finding_list.html", context)


@login_not_required
@require_safe
def public_finding_detail(request, reference):
    rows = Finding.objects.public().prefetch_related("topics", "groups", "areas")
    finding = get_object_or_404(rows, reference=reference)
    page = reverse("library:finding_detail", args=[reference])
    context = {
        "finding": finding,
        "evidence": documents.public_evidence(finding),
        "is_weakened": Finding.objects.weakened().filter(pk=finding.pk).exists(),
        "weighed": documents.public_weighed(finding),
        "answers": finding.answers.public().select_related("topic"),
        "canonical": settings.SITE_URL + page,
    }
    return render(request, "library/finding_detail.html", context)
