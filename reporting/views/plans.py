"""Strategies and plans: how far each is, what is late first, published and withdrawn."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.charts import Bar, bars
from core.forms import Form, add_errors
from core.steps import Step, accepted, form_page, offered, say_saved, sent, take
from reporting.documents import plans as documents
from reporting.documents.plan_page import PlanPage
from reporting.forms.plans import PlanFilter, PlanForm
from reporting.models import Plan
from reporting.services import plans as services

PAGE_SIZE = 20
may_read = permission_required("reporting.view_plan", raise_exception=True)
may_add = permission_required("reporting.add_plan", raise_exception=True)
may_change = permission_required("reporting.change_plan", raise_exception=True)
may_publish = permission_required("reporting.publish_plan", raise_exception=True)
DRAFT, PUBLIC = "draft", "public"

STEPS = {
    "publish": Step(
        gettext_lazy("Publish the plan"),
        (DRAFT,),
        Form,
        services.publish_plan,
        gettext_lazy("Everybody can read this plan now"),
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw from the public pages"),
        (PUBLIC,),
        Form,
        services.withdraw_plan,
        gettext_lazy("This plan is no longer public"),
    ),
}


@may_read
@require_safe
def plan_list(request):
    filters = PlanFilter(request.GET)
    page = Paginator(filters.narrow(Plan.objects.all()), PAGE_SIZE).get_page(request.GET.get("page"))
    found = documents.progress_of(page, timezone.localdate())
    context = {"filters": filters, "page": page, "found": found, "states": documents.STATES, "chart": _chart(found)}
    return render(request, "reporting/plans/plan_list.html", context)


@may_read
@require_safe
def plan_detail(request, pk):
    return _page(request, _plan_or_404(pk))


@may_add
@form_page
def plan_add(request):
    """With `delivers` in the address it begins as the plan of that priority action."""
    asked = request.GET.get("delivers", "")
    initial = {"kind": Plan.Kind.ACTION, "delivers": asked} if asked.isdecimal() else {}
    form = PlanForm(sent(request), plan=None, user=request.user, initial=initial)
    if form.is_valid():
        try:
            plan = services.add_plan(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("The plan is kept. Add its priority actions now"), form, plan)
            return redirect(plan)
    context = {"title": _("Add a strategy or plan"), "form": form}
    return render(request, "reporting/plans/plan_form.html", context, status=422 if form.is_bound else 200)


@may_change
@form_page
def plan_edit(request, pk):
    plan = _plan_or_404(pk)
    form = PlanForm(sent(request), plan=plan, user=request.user, instance=_plan_or_404(pk))
    if form.is_valid() and accepted(form, services.change_plan, plan, by=request.user, **form.cleaned_data):
        say_saved(request, _("The plan is kept"), form, Plan)
        return redirect(plan)
    context = {"title": _("Change the plan"), "plan": plan, "form": form}
    return render(request, "reporting/plans/plan_form.html", context, status=422 if form.is_bound else 200)


@may_publish
@require_POST
def plan_step(request, pk, step):
    plan = _plan_or_404(pk)
    form = take(request, STEPS, step, plan)
    return redirect(plan) if form is None else _page(request, plan, step, form)


def _plan_or_404(pk) -> Plan:
    return get_object_or_404(Plan.objects.select_related("agreed_by", "delivers__plan", "published_by"), pk=pk)


def _page(request, plan, sent="", form=None):
    state = PUBLIC if plan.is_published else DRAFT
    may = request.user.has_perm("reporting.publish_plan")
    names = [name for name, step in STEPS.items() if may and (state in step.statuses or name == sent)]
    context = {
        "plan": plan,
        "page": PlanPage(plan, timezone.localdate(), request.user),
        "steps": offered(STEPS, names, sent, form),
        "form": form,
    }
    return render(request, "reporting/plans/plan_detail.html", context, status=422 if form else 200)


def _chart(found: list[documents.Progress]):
    """A bar to each plan: actions that go well, and behind them those that do not."""
    rows = [
        Bar(
            each.plan.title,
            each.counts[documents.DONE] + each.counts[documents.ON_TRACK],
            each.counts[documents.LATE] + each.counts[documents.AT_RISK],
        )
        for each in found
        if each.lines
    ]
    names = {"first": _("done or on track"), "second": _("late or at risk")}
    return bars(_("Priority actions of each plan"), rows, ident="plans", is_above=True, **names) if rows else ""
