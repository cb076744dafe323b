"""The assessment and planning form of a project: its versions, a page for each section, its aims, and the decision."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.exports import pdf_page
from core.forms import add_errors
from core.steps import form_page, say_saved
from engagement.documents import plan_form
from engagement.forms.plans import AimForm, DecideForm, SectionForm
from engagement.models import Plan, Project
from engagement.services import aims
from engagement.services import plans as services
from engagement.views.projects import project_or_404, project_to_change

State = Plan.State
may_read = permission_required("engagement.view_plan", raise_exception=True)
may_write = permission_required("engagement.change_plan", raise_exception=True)
may_sign = permission_required("engagement.sign_plan", raise_exception=True)


def plan_or_404(request, pk) -> Plan:
    mine = Project.objects.for_user(request.user)
    rows = Plan.objects.filter(project__in=mine.values("pk"))
    return get_object_or_404(rows.select_related("project__lead", "submitted_by", "decided_by"), pk=pk)


def plan_to_change(request, pk) -> Plan:
    """The plan, for somebody who works on its project: 404 for one of another area, 403 for somebody else's."""
    plan = plan_or_404(request, pk)
    if not plan.project.may_be_changed_by(request.user):
        raise PermissionDenied
    return plan


# A project's plan and its versions ---------------------------------------------------------------


@may_read
@require_safe
def project_plan(request, pk):
    """The newest version, or with `?version=2` an earlier one."""
    project = project_or_404(request, pk)
    return _plan_page(request, project, _version(request, project))


def _version(request, project) -> Plan | None:
    rows = project.plans.select_related("project", "submitted_by", "decided_by").order_by("-version")
    wanted = request.GET.get("version", "")
    if wanted.isdecimal():
        return get_object_or_404(rows, version=wanted)
    return rows.first()


def _plan_page(request, project, plan, *, refused=(), status=200):
    is_draft = plan is not None and plan.state == State.DRAFT
    may_change = project.may_be_changed_by(request.user) and request.user.has_perm("engagement.change_plan")
    context = {
        "project": project,
        "plan": plan,
        "colours": services.COLOURS,
        "versions": project.plans.select_related("submitted_by", "decided_by"),
        "sections": plan_form.sections(plan, project) if is_draft else [],
        "missing": services.missing(plan, project) if is_draft else [],
        "words": plan_form.to_read(plan, project) if plan else [],
        "aims": [(aim, plan_form.aim_in_words(aim)) for aim in plan_form.aims_of(project)],
        "may_change": may_change,
        "may_begin": may_change and project.is_open and not project.plans.filter(state__in=services.IN_WORK).exists(),
        "may_decide": plan is not None and plan.state == State.SUBMITTED and services.may_decide(plan, request.user),
        "is_mine": plan is not None and plan.submitted_by_id == request.user.pk,
        "refused": refused,
    }
    return render(request, "engagement/plans/project_plan.html", context, status=status)


@may_write
@require_POST
def plan_new(request, pk):
    project = project_to_change(request, pk)
    try:
        services.start_version(project, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("engagement:project_plan", project.pk)


@may_write
@require_POST
def plan_submit(request, pk):
    plan = plan_to_change(request, pk)
    try:
        services.submit(plan, by=request.user)
    except ValidationError as error:
        return _plan_page(request, plan.project, plan, refused=error.messages, status=422)
    messages.success(request, _("The plan waits for a decision. Somebody else has to sign it"))
    return redirect("engagement:project_plan", plan.project_id)


@may_write
@require_POST
def plan_withdraw(request, pk):
    plan = plan_to_change(request, pk)
    try:
        services.withdraw(plan, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The plan is a draft again"))
    return redirect("engagement:project_plan", plan.project_id)


@may_read
@require_safe
def plan_pdf(request, pk):
    plan = plan_or_404(request, pk)
    name = f"plan-{plan.project_id}-version-{plan.version}.pdf"
    page = reverse("engagement:project_plan", args=[plan.project_id])
    return pdf_page(request, lambda: plan_form.plan_pdf(plan), name, otherwise=page)


# One section -------------------------------------------------------------------------------------


@form_page
@may_write
def plan_section(request, pk, number):
    plan = plan_to_change(request, pk)
    if plan.state != State.DRAFT:
        return _only_drafts(request, plan)
    form, context = _section(request, plan, number)
    if form.is_valid():
        try:
            services.save_section(plan, form.answers(), by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("Saved: %(section)s") % {"section": context["title"]}, form, plan)
            return redirect(_after_section(request, plan, number, context["last"]))
    return render(request, "engagement/plans/plan_section.html", context, status=422 if form.is_bound else 200)


def _section(request, plan, number) -> tuple[SectionForm, dict]:
    """The form of a section with what its page shows. Raises Http404 for a number that no section has."""
    sections = plan_form.by_section(plan_form.questions())
    if not 1 <= number <= len(sections):
        raise Http404
    title, rows = sections[number - 1]
    codes = {question.code for question in rows}
    settled = {code: answer for code, answer in plan.answers.items() if code not in codes}
    asked = [question for question in rows if plan_form.may_come(question, settled, plan.project)]
    form = SectionForm(
        request.POST if request.method == "POST" else None,
        questions=asked,
        answers=plan.answers,
        considered=plan_form.always_considered() if plan_form.CONSIDERED in codes else [],
    )
    context = {"form": form, "plan": plan, "project": plan.project, "title": title, "number": number}
    return form, context | {"questions": asked, "last": len(sections)}


def _after_section(request, plan, number, last) -> str:
    if request.POST.get("then") == "leave" or number >= last:
        return reverse("engagement:project_plan", args=[plan.project_id])
    return reverse("engagement:plan_section", args=[plan.pk, number + 1])


def _only_drafts(request, plan):
    words = {"version": plan.version, "state": plan.get_state_display()}
    messages.error(request, _("Version %(version)s cannot be changed: %(state)s") % words)
    return redirect("engagement:project_plan", plan.project_id)


# Aims --------------------------------------------------------------------------------------------


@form_page
@may_write
def plan_aim_add(request, pk):
    return _aim_page(request, plan_to_change(request, pk), None)


@form_page
@may_write
def plan_aim_edit(request, pk, aim):
    plan = plan_to_change(request, pk)
    return _aim_page(request, plan, get_object_or_404(plan.project.aims, pk=aim))


def _aim_page(request, plan, aim):
    if plan.state != State.DRAFT:
        return _only_drafts(request, plan)
    initial = {name: getattr(aim, name) for name in ("measure", "target", "baseline")} if aim else {}
    initial["groups"] = list(aim.groups.values_list("pk", flat=True)) if aim else []
    form = AimForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            aims.save_aim(plan, aim, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The aim is saved"))
            return redirect("engagement:project_plan", plan.project_id)
    context = {"form": form, "plan": plan, "project": plan.project, "aim": aim}
    return render(request, "engagement/plans/aim.html", context, status=422 if form.is_bound else 200)


@may_write
@require_POST
def plan_aim_remove(request, pk, aim):
    plan = plan_to_change(request, pk)
    try:
        aims.remove_aim(plan, aim, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The aim is removed"))
    return redirect("engagement:project_plan", plan.project_id)


# The decision ------------------------------------------------------------------------------------


@form_page
@may_sign
def plan_decide(request, pk):
    """To sign or refuse. Nobody decides on a plan that they submitted or whose project they lead."""
    plan = plan_or_404(request, pk)
    if not services.may_decide(plan, request.user):
        raise PermissionDenied
    form = DecideForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            done = _decide(plan, request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, done)
            return redirect("engagement:project_plan", plan.project_id)
    context = {"form": form, "plan": plan, "project": plan.project, "words": plan_form.to_read(plan, plan.project)}
    return render(request, "engagement/plans/plan_decide.html", context, status=422 if form.is_bound else 200)


def _decide(plan, user, *, decision, reason) -> str:
    if decision == DecideForm.SIGN:
        services.sign(plan, by=user)
        return _("The plan is signed")
    services.refuse(plan, reason, by=user)
    return _("The plan is refused. Whoever wrote it can begin a new version with the same answers")
