"""What belongs to a plan: actions, milestones, risks, money, phases and reviews, each with a page to add or change."""

from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core.forms import Form
from core.steps import Step, accepted, form_page, offered, say_saved, sent, take
from reporting.forms import plans as forms
from reporting.models import BudgetLine, Milestone, Phase, Plan, PlanReview, Priority, Risk
from reporting.services import plans as services


def may(permission: str):
    return permission_required(f"reporting.{permission}", raise_exception=True)


@dataclass(frozen=True)
class Kind:
    """A kind of row of a plan: its form, the words of its pages, where on the plan's page it stands, and its steps."""

    model: type
    form: type[forms.PartForm]
    add: str
    edit: str
    saved: str
    anchor: str
    step_url: str = ""


PRIORITY = Kind(
    Priority,
    forms.PriorityForm,
    _("Add a priority action"),
    _("Change the priority action"),
    _("The priority action is kept"),
    "actions",
)
MILESTONE = Kind(
    Milestone,
    forms.MilestoneForm,
    _("Add a milestone"),
    _("Change the milestone"),
    _("The milestone is kept"),
    "actions",
    "plans:milestone_step",
)
RISK = Kind(
    Risk,
    forms.RiskForm,
    _("Add a risk"),
    _("Change the risk"),
    _("The risk is kept"),
    "risks",
    "plans:risk_step",
)
BUDGET = Kind(
    BudgetLine,
    forms.BudgetForm,
    _("Add a budget line"),
    _("Change the budget line"),
    _("The budget line is kept"),
    "money",
)
PHASE = Kind(
    Phase,
    forms.PhaseForm,
    _("Add a phase of the roadmap"),
    _("Change the phase"),
    _("The phase is kept"),
    "roadmap",
)
REVIEW = Kind(
    PlanReview,
    forms.ReviewForm,
    _("Add a review"),
    _("Change the review"),
    _("The review is kept"),
    "reviews",
)

OPEN, OVER = "open", "over"
MILESTONE_STEPS = {
    "finish": Step(
        _("Mark it as done"), (OPEN,), forms.FinishForm, services.finish_milestone, _("The milestone is done")
    ),
    "reopen": Step(
        _("Take back that it is done"), (OVER,), Form, services.reopen_milestone, _("The milestone is open again")
    ),
}
RISK_STEPS = {
    "close": Step(_("Close the risk"), (OPEN,), forms.CloseRiskForm, services.close_risk, _("The risk is closed")),
    "reopen": Step(_("Open it again"), (OVER,), Form, services.reopen_risk, _("The risk is open again")),
}


@may("add_priority")
@form_page
def priority_add(request, pk):
    return _add(request, PRIORITY, _plan(pk))


@may("change_priority")
@form_page
def priority_edit(request, pk):
    return _edit(request, PRIORITY, pk)


@may("add_milestone")
@form_page
def milestone_add(request, pk):
    priority = get_object_or_404(Priority.objects.select_related("plan"), pk=pk)
    return _add(request, MILESTONE, priority.plan, about=priority, priority=priority)


@may("change_milestone")
@form_page
def milestone_edit(request, pk):
    return _edit(request, MILESTONE, pk)


@may("change_milestone")
@require_POST
def milestone_step(request, pk, step):
    return _step(request, MILESTONE, pk, step)


@may("add_risk")
@form_page
def risk_add(request, pk):
    return _add(request, RISK, _plan(pk))


@may("change_risk")
@form_page
def risk_edit(request, pk):
    return _edit(request, RISK, pk)


@may("change_risk")
@require_POST
def risk_step(request, pk, step):
    return _step(request, RISK, pk, step)


@may("add_budgetline")
@form_page
def budget_add(request, pk):
    return _add(request, BUDGET, _plan(pk))


@may("change_budgetline")
@form_page
def budget_edit(request, pk):
    return _edit(request, BUDGET, pk)


@may("add_phase")
@form_page
def phase_add(request, pk):
    return _add(request, PHASE, _plan(pk))


@may("change_phase")
@form_page
def phase_edit(request, pk):
    return _edit(request, PHASE, pk)


@may("add_planreview")
@form_page
def review_add(request, pk):
    return _add(request, REVIEW, _plan(pk))


@may("change_planreview")
@form_page
def review_edit(request, pk):
    return _edit(request, REVIEW, pk)


# What they share ---------------------------------------------------------------------------------


def _plan(pk) -> Plan:
    return get_object_or_404(Plan, pk=pk)


def _row(kind: Kind, pk):
    """A row, and its plan."""
    parent = "priority__plan" if kind is MILESTONE else "plan"
    row = get_object_or_404(kind.model.objects.select_related(parent), pk=pk)
    return row, row.priority.plan if kind is MILESTONE else row.plan


def _back(plan: Plan, kind: Kind):
    return redirect(f"{plan.get_absolute_url()}#{kind.anchor}")


def _add(request, kind: Kind, plan: Plan, about=None, **parent):
    form = kind.form(sent(request), plan=plan, user=request.user)
    given = form.cleaned_data | (parent or {"plan": plan}) if form.is_valid() else {}
    if given and accepted(form, services.add_part, kind.model, by=request.user, **given):
        say_saved(request, kind.saved, form, kind.model)
        return _back(plan, kind)
    return _page(request, plan, kind.add, form, about=about, status=422 if form.is_bound else 200)


def _edit(request, kind: Kind, pk):
    row, plan = _row(kind, pk)
    held, _same = _row(kind, pk)  # the form writes what was typed into its own
    form = kind.form(sent(request), plan=plan, user=request.user, instance=row)
    if form.is_valid() and accepted(form, services.change_part, held, by=request.user, **form.cleaned_data):
        say_saved(request, kind.saved, form, kind.model)
        return _back(plan, kind)
    status = 422 if form.is_bound else 200
    return _page(request, plan, kind.edit, form, row=held, kind=kind, status=status)


def _step(request, kind: Kind, pk, step):
    row, plan = _row(kind, pk)
    refused = take(request, _steps(kind), step, row)
    if refused is None:
        return _back(plan, kind)
    form = kind.form(plan=plan, user=request.user, instance=row)
    return _page(request, plan, kind.edit, form, row=row, kind=kind, step=step, refused=refused, status=422)


def _steps(kind: Kind) -> dict[str, Step]:
    return {MILESTONE: MILESTONE_STEPS, RISK: RISK_STEPS}.get(kind, {})


def _is_over(row) -> bool:
    return row.closed_on is not None if isinstance(row, Risk) else row.status == Milestone.Status.DONE


def _page(request, plan, title, form, *, about=None, row=None, kind=None, step="", refused=None, status=200):
    steps = _steps(kind) if kind else {}
    state = OVER if steps and _is_over(row) else OPEN
    names = [name for name, each in steps.items() if state in each.statuses or name == step]
    context = {
        "title": title,
        "plan": plan,
        "about": about or (row.priority if isinstance(row, Milestone) else None),
        "row": row,
        "form": form,
        "step_url": kind.step_url if kind else "",
        "steps": offered(steps, names, step, refused, evidence=getattr(row, "evidence", "")),
        "refused": refused,
    }
    return render(request, "reporting/plans/part_form.html", context, status=status)
