"""Projects: the list, the page from which everything about one is reached, its steps, and the forward plan."""

import datetime

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from tablib import Dataset

from core.exports import csv_file
from core.forms import Form, add_errors
from core.steps import Step, form_page, offered, say_saved, take
from engagement.documents import forward_plan as plan
from engagement.documents.earliness import earliness_of
from engagement.documents.plausibility import warnings_about_project
from engagement.forms.projects import (
    BackForm,
    DecideForm,
    ForwardForm,
    ForwardPlanFilter,
    OverrideForm,
    ProjectChangeForm,
    ProjectFilter,
    ProjectForm,
    StopForm,
)
from engagement.models import Activity, Policy, Project
from engagement.services import projects as services
from engagement.services import representatives, stages
from engagement.services.parts import parts_of
from forums.documents.cadences import add_months

PAGE_SIZE = 25
DAYS_BACK = 90
may_read = permission_required("engagement.view_project", raise_exception=True)
may_change = permission_required("engagement.change_project", raise_exception=True)


@may_read
@require_safe
def project_list(request):
    filters = ProjectFilter(request.GET, user=request.user)
    rows = filters.narrow(Project.objects.for_user(request.user)).select_related("lead", "decision_by")
    page = Paginator(rows.prefetch_related("areas"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "engagement/projects/project_list.html", {"filters": filters, "page": page})


@form_page
@permission_required("engagement.add_project", raise_exception=True)
def project_add(request):
    form = ProjectForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            project = services.add_project(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            words = _("The project is added as %(reference)s") % {"reference": project.reference}
            say_saved(request, words, form, project)
            return redirect(project)
    return _form_page(request, form)


@form_page
@may_change
def project_edit(request, pk):
    project = project_to_change(request, pk)
    form = ProjectChangeForm(request.POST if request.method == "POST" else None, instance=project, user=request.user)
    if form.is_valid():
        try:
            services.change_project(project, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("The project is changed"), form, project)
            return redirect(project)
    return _form_page(request, form, Project.objects.get(pk=pk))


def _form_page(request, form, project=None):
    context = {"form": form, "project": project}
    return render(request, "engagement/projects/project_form.html", context, status=422 if form.is_bound else 200)


def project_or_404(request, pk) -> Project:
    mine = Project.objects.for_user(request.user)
    return get_object_or_404(mine.select_related("lead", "organisation", "decision_by"), pk=pk)


def project_to_change(request, pk) -> Project:
    """The project, for somebody who works on it; 404 for one of another area, 403 for one of somebody else."""
    project = project_or_404(request, pk)
    if not project.may_be_changed_by(request.user):
        raise PermissionDenied
    return project


# One project and its steps -----------------------------------------------------------------------


def _override(project, *, by, to, senior, reason):
    return stages.move(project, to, by=by, override={"senior": senior, "reason": reason})


STEPS = {
    "forward": Step(gettext_lazy("Go on"), (), ForwardForm, stages.move, gettext_lazy("The project goes on")),
    "override": Step(
        gettext_lazy("Go on all the same"),
        (),
        OverrideForm,
        _override,
        gettext_lazy("The project goes on. The override is kept and reported"),
    ),
    "decide": Step(
        gettext_lazy("Record the decision"),
        (),
        DecideForm,
        stages.decide,
        gettext_lazy("The decision is recorded"),
    ),
    "close": Step(gettext_lazy("Close the project"), (), Form, stages.close, gettext_lazy("The project is closed")),
    "back": Step(
        gettext_lazy("Go back one stage"), (), BackForm, stages.back, gettext_lazy("The project is back one stage")
    ),
    "stop": Step(gettext_lazy("Stop the project"), (), StopForm, stages.stop, gettext_lazy("The project is stopped")),
}


@may_read
@require_safe
def project_detail(request, pk):
    return _detail_page(request, project_or_404(request, pk))


@may_change
@require_POST
def project_step(request, pk, step):
    project = project_to_change(request, pk)
    form = take(request, STEPS, step, project)
    if form is None:
        return redirect(project)
    return _detail_page(request, project_or_404(request, pk), step, form)


def _detail_page(request, project, sent="", form=None):
    ahead = next(iter(stages.next_stages(project)), None)
    obstacles = stages.obstacles(project, ahead) if ahead else []
    may = project.may_be_changed_by(request.user)
    steps = _steps(project, request.user, ahead, obstacles, sent, form) if may else []
    context = {
        "project": project,
        "stages": _stages(project),
        "ahead": _("closed") if ahead == stages.CLOSED else Project.Stage(ahead).label if ahead else "",
        "obstacles": obstacles,
        "steps": steps,
        "form": form,
        "may_change": may,
        "parts": parts_of(project, request.user),
        "history": _history(project),
        "activities": _activities(request.user, project),
        "earliness": earliness_of(project),
        "doubts": warnings_about_project(project),
        **_people(request, project, may),
    }
    return render(request, "engagement/projects/project_detail.html", context, status=422 if form else 200)


def _activities(user, project):
    mine = Activity.objects.for_user(user).filter(project=project)
    return mine.prefetch_related("surveys").order_by("starts_on", "pk")


def _history(project) -> list[tuple]:
    """Each change of stage, the newest first, with its override or None."""
    changes = project.stage_changes.select_related("by", "override__by").order_by("-at", "-pk")
    return [(change, getattr(change, "override", None)) for change in changes]


def _people(request, project, may) -> dict:
    policy, here = Policy.objects.current(), representatives.number_of(project)
    return {
        "policy": policy,
        "representatives_here": here,
        "are_too_few": here < policy.least_representatives,
        "representatives": project.representatives.select_related("person"),
        "names": may or request.user.has_perm("people.view_person"),
        "scrutiny": project.scrutiny.select_related("authority"),
    }


def _steps(project, user, ahead, obstacles, sent, form) -> list[tuple]:
    """The forms of the steps that are open: forward with nothing in the way, else the override for whoever may."""
    forward = [sent] if sent in {"forward", "override"} and form else []
    if ahead not in (None, stages.CLOSED) and not forward:
        can_pass = all(obstacle.can_be_overridden for obstacle in obstacles) and stages.may_override(project, user)
        forward = ["override"] if obstacles and can_pass else [] if obstacles else ["forward"]
    others = ["decide"] if project.is_open and project.stage == Project.Stage.DECISION else []
    others += ["close"] if ahead == stages.CLOSED and (sent == "close" or not obstacles) else []
    before = stages.stage_before(project)
    return [
        *offered(STEPS, forward, sent, form, to=ahead),
        *offered(STEPS, others, sent, form, decided_on=project.decided_on, decision=project.decision),
        *offered(STEPS, ["back"] if before else [], sent, form, to=before),
        *offered(STEPS, ["stop"] if project.is_open else [], sent, form),
    ]


def _stages(project) -> list[dict]:
    """Every stage in order, and where the project stands among them: passed, now, to come, or not needed."""
    since = {change.to_stage: change.at for change in project.stage_changes.all()}
    here, rows = stages.ORDER.index(project.stage), []
    skipped = {Project.Stage.CONSULTATION, Project.Stage.ANALYSIS} if project.is_consulted_on is False else set()
    for number, stage in enumerate(stages.ORDER):
        state = "passed" if number < here or project.closed_on else "now" if number == here else "to come"
        state = "not needed" if stage in skipped and number != here else state
        rows.append({"label": stage.label, "state": state, "since": since.get(stage) if number <= here else None})
    return rows


# The forward plan --------------------------------------------------------------------------------


@may_read
@require_safe
def forward_plan(request):
    filters, found = _forward_plan(request)
    seen = Project.objects.for_user(request.user).open().filter(decided_on=None, decision_due_on=None)
    context = {
        "filters": filters,
        "months": plan.by_board_and_month(found),
        "number": len(found),
        "gaps": sum(bool(each.missing) or not each.has_involvement for each in found),
        "undated": seen.count(),
        "today": timezone.localdate(),
    }
    return render(request, "engagement/projects/forward_plan.html", context)


@may_read
@require_safe
def forward_plan_csv(request):
    _filters, found = _forward_plan(request)
    names = [step.name for step in found[0].steps] if found else []
    columns = [_("reference"), _("project"), _("stage"), _("board"), _("day"), _("taken"), _("people were involved")]
    table = Dataset(headers=[*columns, *names, _("gates overridden")])
    for each in found:
        yes_no = [_("yes") if flag else _("no") for flag in (each.is_taken, each.has_involvement)]
        words = [each.reference, each.title, each.stage, each.board, each.due_on.isoformat(), *yes_no]
        table.append([*words, *(step.words for step in each.steps), each.overrides])
    return csv_file(table, "forward-plan.csv")


def _forward_plan(request) -> tuple[ForwardPlanFilter, list[plan.Decision]]:
    """The decisions that the filters leave, with the last 90 days and all that is overdue."""
    filters = ForwardPlanFilter(request.GET, projects=Project.objects.for_user(request.user))
    chosen, today = filters.cleaned_data, timezone.localdate()
    last = add_months(today, int(chosen.get("months") or 12))
    found = plan.decisions(today - datetime.timedelta(days=DAYS_BACK), last, request.user, with_overdue=True)
    if board := chosen.get("board"):
        found = [each for each in found if each.board == board.name]
    if chosen.get("gaps"):
        found = [each for each in found if each.missing or not each.has_involvement]
    return filters, found
