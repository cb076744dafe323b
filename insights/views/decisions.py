"""Decisions: recorded, what they made of what people said, published."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form, add_errors
from core.steps import Step, accepted, form_page, offered, say_saved, sent, take
from engagement.models import Project
from insights.documents import decisions as documents
from insights.forms.decisions import DecisionFilter, DecisionForm, WeighForm
from insights.models import Decision, Response, Weighed
from insights.services import decisions as services

PAGE_SIZE = 20
may_read = permission_required("insights.view_decision", raise_exception=True)
may_add = permission_required("insights.add_decision", raise_exception=True)
may_change = permission_required("insights.change_decision", raise_exception=True)
may_publish = permission_required("insights.publish_response", raise_exception=True)
DRAFT, PUBLIC = "draft", "public"

STEPS = {
    "publish": Step(
        gettext_lazy("Publish"),
        (DRAFT,),
        Form,
        services.publish_decision,
        gettext_lazy("Everybody can read this decision now"),
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw from the public pages"),
        (PUBLIC,),
        Form,
        services.withdraw_decision,
        gettext_lazy("This decision is no longer public"),
    ),
}


@may_read
@require_safe
def decision_list(request):
    mine = Decision.objects.for_user(request.user)
    filters = DecisionFilter(request.GET, decisions=mine)
    rows = filters.narrow(mine).select_related("project", "body").annotate(pieces=Count("weighed", distinct=True))
    page = Paginator(rows.order_by("-decided_on", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "insights/decisions/decision_list.html", {"filters": filters, "page": page})


@may_add
@form_page
def decision_add(request):
    """With `project` in the address it begins with that project, its board and its activities."""
    project = _asked_project(request)
    initial = {"project": project, "body": project.decision_by_id, "decided_on": project.decided_on} if project else {}
    form = DecisionForm(sent(request), user=request.user, project=project, initial=initial)
    if form.is_valid():
        try:
            decision = services.add_decision(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("The decision is recorded. Say now what it made of what people said"), form, decision)
            return redirect("insight_work:decision_detail", decision.pk)
    return _form(request, "decision_add", form)


@may_read
@require_safe
def decision_detail(request, pk):
    return _page(request, _decision_or_404(request, pk))


@may_change
@form_page
def decision_edit(request, pk):
    decision = _decision_or_404(request, pk)
    _check_may_write(request.user, decision)
    form = DecisionForm(sent(request), user=request.user, instance=decision)
    held = Decision.objects.get(pk=pk)  # the form writes what was typed into its own
    if form.is_valid() and accepted(form, services.change_decision, held, by=request.user, **form.cleaned_data):
        say_saved(request, _("The decision is kept"), form, decision)
        return redirect("insight_work:decision_detail", pk)
    return _form(request, "decision_edit", form, decision=held)


@may_publish
@require_POST
def decision_step(request, pk, step):
    decision = _decision_or_404(request, pk)
    _check_may_write(request.user, decision)
    form = take(request, STEPS, step, decision)
    if form is None:
        return redirect("insight_work:decision_detail", pk)
    return _page(request, decision, step, form)


@may_change
@form_page
def weighed_add(request, pk):
    decision = _decision_or_404(request, pk)
    _check_may_write(request.user, decision)
    form = WeighForm(sent(request), user=request.user)
    if form.is_valid() and accepted(form, services.weigh, decision, by=request.user, **form.cleaned_data):
        messages.success(request, _("It is noted what was made of it"))
        _warn(request, form.cleaned_data["source"])
        return redirect("insight_work:decision_detail", pk)
    return _form(request, "weighed_add", form, decision=decision)


@may_change
@require_POST
def weighed_remove(request, pk):
    mine = Decision.objects.for_user(request.user)
    row = get_object_or_404(Weighed.objects.filter(decision__in=mine.values("pk")).select_related("decision"), pk=pk)
    _check_may_write(request.user, row.decision)
    try:
        services.remove_weighed(row, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("It does not count as weighed any more"))
    return redirect("insight_work:decision_detail", row.decision_id)


def _asked_project(request) -> Project | None:
    """The project that the address names, for who works on it; another's is not begun with."""
    asked = request.POST.get("project") or request.GET.get("project", "")
    if not asked.isdecimal():
        return None
    project = Project.objects.for_user(request.user).filter(pk=asked).first()
    return project if project and project.may_be_changed_by(request.user) else None


def _decision_or_404(request, pk) -> Decision:
    rows = Decision.objects.for_user(request.user).select_related("project", "body", "meeting", "published_by")
    return get_object_or_404(rows, pk=pk)


def _may_write(user, decision: Decision) -> bool:
    """Whether somebody may change a decision: what everybody reads, only who may publish."""
    may = user.has_perm("insights.change_decision") and services.may_write(decision.project, user)
    return may and (not decision.is_published or user.has_perm("insights.publish_response"))


def _check_may_write(user, decision: Decision) -> None:
    if not _may_write(user, decision):
        raise PermissionDenied


def _warn(request, source) -> None:
    for words in documents.source_warnings(source) if source else ():
        messages.warning(request, words)


def _form(request, name, form, **context):
    """The page of a form; one with errors keeps what was typed."""
    status = 422 if form.is_bound else 200
    return render(request, f"insights/decisions/{name}.html", context | {"form": form}, status=status)


def _page(request, decision, sent="", form=None):
    state = PUBLIC if decision.is_published else DRAFT
    may_write = _may_write(request.user, decision)
    may = may_write and request.user.has_perm("insights.publish_response")
    names = [name for name, step in STEPS.items() if may and (state in step.statuses or name == sent)]
    context = {
        "decision": decision,
        "weighed": documents.weighed(decision),
        "answers": Response.objects.for_user(request.user).filter(decision=decision).select_related("topic"),
        "steps": offered(STEPS, names, sent, form),
        "may_write": may_write,
        "form": form,
    }
    return render(request, "insights/decisions/decision_detail.html", context, status=422 if form else 200)
