"""The equality assessment of a project: before, after, the difference, and what it says about each group."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form
from core.steps import Step, accepted, form_page, offered, say_saved, take
from engagement.documents.assessment_difference import difference, sources
from engagement.forms.assessments import AssessmentForm, GroupImpactForm, OtherGroupForm, ReopenForm
from engagement.models import GroupImpact, ImpactAssessment, Policy
from engagement.services import assessments as services
from engagement.views.projects import project_or_404, project_to_change
from people.models import PopulationGroup

Phase = ImpactAssessment.Phase
may_read = permission_required("engagement.view_impactassessment", raise_exception=True)
may_change = permission_required("engagement.change_impactassessment", raise_exception=True)


def _start(row, *, by):
    return services.start(row.project, row.phase, by=by)


STEPS = {
    "start": Step(gettext_lazy("Begin it"), (), Form, _start, gettext_lazy("The assessment is begun")),
    "finish": Step(gettext_lazy("Make it final"), (), Form, services.finish, gettext_lazy("The assessment is final")),
    "reopen": Step(
        gettext_lazy("Open it again"), (), ReopenForm, services.reopen, gettext_lazy("The assessment is open again")
    ),
}


@may_read
@require_safe
def assessment_detail(request, pk, phase):
    return _detail_page(request, _assessment(project_or_404(request, pk), phase))


@may_change
@require_POST
def assessment_step(request, pk, phase, step):
    row = _assessment(project_to_change(request, pk), phase)
    if row.pk is None and step != "start":
        raise Http404
    form = take(request, STEPS, step, row)
    if form is None:
        return redirect("engagement:assessment_detail", pk, phase)
    return _detail_page(request, _assessment(row.project, phase), step, form)


def _assessment(project, phase) -> ImpactAssessment:
    """The assessment of a phase, or a new one that is not kept."""
    if phase not in Phase.values:
        raise Http404
    found = project.assessments.select_related("project", "final_by").filter(phase=phase).first()
    return found or ImpactAssessment(project=project, phase=phase)


def _detail_page(request, row, sent="", form=None):
    project = row.project
    may = project.may_be_changed_by(request.user) and request.user.has_perm("engagement.change_impactassessment")
    may = may and services.may_change(project, row.phase)
    is_there = row.pk is not None
    impacts = list(row.impacts.select_related("group")) if is_there else []
    names = [] if not may else ["start"] if not is_there else ["reopen"] if row.is_final else ["finish"]
    context = {
        **_names(row),
        "project": project,
        "assessment": row,
        "is_there": is_there,
        "impacts": impacts,
        "unknown": sum(each.effect == GroupImpact.Effect.UNKNOWN for each in impacts),
        "missing": services.missing_groups(row) if is_there else [],
        "has_both": project.assessments.count() == len(Phase),
        "may_edit": may and is_there and not row.is_final,
        "sources": sources(project, request.user),
        "steps": offered(STEPS, names, sent, form),
        "form": form,
    }
    return render(request, "engagement/assessments/assessment_detail.html", context, status=422 if form else 200)


def _names(row) -> dict:
    return {
        "label": Policy.objects.current().assessment_label,
        "phase": row.phase,
        "phase_words": Phase(row.phase).label,
    }


@form_page
@may_change
def assessment_edit(request, pk, phase):
    row = _to_write(request, pk, phase)
    form = AssessmentForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_valid() and accepted(form, _save_texts, request, row, form):
        say_saved(request, _("The assessment is saved"), form, row)
        return redirect("engagement:assessment_detail", pk, phase)
    context = {**_names(row), "project": row.project, "form": form}
    return render(request, "engagement/assessments/assessment_edit.html", context, status=422 if form.is_bound else 200)


def _save_texts(request, row, form):
    services.save_assessment(row.project, row.phase, by=request.user, **form.cleaned_data)


def _to_write(request, pk, phase) -> ImpactAssessment:
    """The assessment, for somebody who may write in it. One that is final has no form; what was sent is kept."""
    row = _assessment(project_to_change(request, pk), phase)
    if row.pk is None:
        raise Http404
    if request.method != "POST" and (row.is_final or not services.may_change(row.project, phase)):
        raise PermissionDenied
    return row


@form_page
@may_change
def group_impact_edit(request, pk, phase, group):
    row = _to_write(request, pk, phase)
    group = get_object_or_404(PopulationGroup, pk=group)
    impact = row.impacts.filter(group=group).first()
    form = GroupImpactForm(request.POST if request.method == "POST" else None, instance=impact)
    if form.is_valid() and accepted(form, _save_impact, request, row, group, form):
        messages.success(request, _("The effect on %(group)s is saved") % {"group": group})
        return redirect("engagement:assessment_detail", pk, phase)
    context = {**_names(row), "project": row.project, "group": group, "form": form, "is_there": impact is not None}
    status = 422 if form.is_bound else 200
    return render(request, "engagement/assessments/group_impact_edit.html", context, status=status)


def _save_impact(request, row, group, form):
    services.set_group_impact(row.project, row.phase, group, by=request.user, **form.cleaned_data)


@may_change
@require_POST
def group_impact_remove(request, pk, phase, group):
    row = _to_write(request, pk, phase)
    try:
        services.remove_group_impact(row.project, phase, get_object_or_404(PopulationGroup, pk=group), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The group is no longer in the assessment"))
    return redirect("engagement:assessment_detail", pk, phase)


@form_page
@may_change
def group_impact_add(request, pk, phase):
    """Choose a group that is not in the assessment yet."""
    row = _to_write(request, pk, phase)
    others = PopulationGroup.objects.exclude(pk__in=row.impacts.values("group"))
    form = OtherGroupForm(request.POST if request.method == "POST" else None, groups=others)
    if form.is_valid():
        return redirect("engagement:group_impact_edit", pk, phase, form.cleaned_data["group"].pk)
    context = {**_names(row), "project": row.project, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "engagement/assessments/group_impact_add.html", context, status=status)


@may_read
@require_safe
def assessment_difference(request, pk):
    project = project_or_404(request, pk)
    rows = {row.phase: row for row in project.assessments.select_related("project")}
    if len(rows) < len(Phase):
        raise Http404
    context = {
        "project": project,
        "label": Policy.objects.current().assessment_label,
        "difference": difference(rows[Phase.BEFORE], rows[Phase.AFTER]),
    }
    return render(request, "engagement/assessments/assessment_difference.html", context)
