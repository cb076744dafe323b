"""Assurance: staff ask a group and follow its conditions; members of the group answer in the portal."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.forms import add_errors
from core.steps import form_page
from engagement.documents.assurance import judgement, signed_purpose
from engagement.forms.assurance import AnswerForForm, AnswerForm, AskForm, ConcludeForm, ConditionFormSet, DoneForm
from engagement.models import Assurance, AssuranceAnswer, Condition, Project
from engagement.services import assurance as services
from forums.views.access import member_page
from people.models import Person

PAGE_SIZE = 20
ANSWER = ("sufficient", "sufficient_because", "influential", "influential_because", "condition")
may_view = permission_required("engagement.view_assurance", raise_exception=True)

# Staff -------------------------------------------------------------------------------------------


@may_view
@require_safe
def assurance_list(request, pk):
    project = get_object_or_404(Project.objects.for_user(request.user), pk=pk)
    rows = project.assurances.select_related("forum").annotate(answered=Count("answers"))
    conditions = Condition.objects.filter(assurance__project=project).select_related("assurance__forum")
    may_change = project.may_be_changed_by(request.user)
    context = {
        "project": project,
        "assurances": rows,
        "open_conditions": conditions.open(),
        "met_conditions": conditions.exclude(done_on=None),
        "may_ask": may_change and project.is_open and request.user.has_perm("engagement.add_assurance"),
        "may_change": may_change,
    }
    return render(request, "engagement/assurance/assurance_list.html", context)


@form_page
@permission_required("engagement.add_assurance", raise_exception=True)
def assurance_ask(request, pk):
    project = get_object_or_404(Project.objects.for_user(request.user), pk=pk)
    _check_may_change(project, request.user)
    form = AskForm(request.POST if request.method == "POST" else None, project=project)
    if form.is_valid():
        try:
            assurance = services.ask(project, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The members of %(forum)s are asked") % {"forum": assurance.forum})
            return redirect("engagement:assurance_detail", assurance.pk)
    return _form(request, "assurance_ask", form, project=project)


@may_view
@require_safe
def assurance_detail(request, pk):
    assurance = _assurance_or_404(request, pk)
    project = assurance.project
    user, is_open = request.user, assurance.concluded_at is None
    context = {
        "assurance": assurance,
        "project": project,
        "judgement": judgement(assurance),
        "named": _named_answers(user, assurance),
        "conditions": assurance.conditions.all(),
        "may_answer": services.answerers(project, assurance.forum).count() if is_open else None,
        "may_change": project.may_be_changed_by(user),
        "may_enter": is_open and _may_enter(user, project),
        "may_conclude": is_open and services.may_conclude(project, user),
    }
    return render(request, "engagement/assurance/assurance_detail.html", context)


def _assurance_or_404(request, pk):
    rows = Assurance.objects.for_user(request.user)
    rows = rows.select_related("project", "forum", "asked_by", "concluded_by").prefetch_related("answers")
    return get_object_or_404(rows, pk=pk)


def _named_answers(user, assurance):
    """The answers with names, for those who may read names: of the people of their own areas. None for anybody else."""
    if not user.has_perm("people.view_person"):
        return None
    rows = assurance.answers.select_related("person", "entered_by")
    return rows.annotate(is_seen=Exists(Person.objects.for_user(user).filter(pk=OuterRef("person"))))


def _may_enter(user, project) -> bool:
    may = user.has_perms(["engagement.change_assurance", "people.view_person"])
    return may and not services.works_on(project, user)


@form_page
@permission_required(["engagement.change_assurance", "people.view_person"], raise_exception=True)
def assurance_answer_for(request, pk):
    """What a member told staff, on paper or by telephone."""
    assurance = _assurance_or_404(request, pk)
    if not _may_enter(request.user, assurance.project):
        raise PermissionDenied
    people = services.answerers(assurance.project, assurance.forum).for_user(request.user)
    form = AnswerForForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        try:
            services.answer(assurance, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The answer is kept"))
            return redirect("engagement:assurance_detail", assurance.pk)
    return _form(request, "assurance_answer_for", form, assurance=assurance, project=assurance.project)


@form_page
@permission_required("engagement.conclude_assurance", raise_exception=True)
def assurance_conclude(request, pk):
    assurance = _assurance_or_404(request, pk)
    if not services.may_conclude(assurance.project, request.user):
        raise PermissionDenied
    answers = request.POST if request.method == "POST" else None
    form, conditions = ConcludeForm(answers), ConditionFormSet(answers, prefix="conditions")
    if form.is_valid() and conditions.is_valid():
        wanted = [each.cleaned_data for each in conditions if each.has_changed()]
        try:
            services.conclude(assurance, **form.cleaned_data, conditions=wanted, by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The conclusion is kept, and those who answered are told"))
            return redirect("engagement:assurance_detail", assurance.pk)
    context = {"assurance": assurance, "project": assurance.project, "conditions": conditions}
    return _form(request, "assurance_conclude", form, judgement=judgement(assurance), **context)


def _form(request, name, form, **context):
    """The page of a form; one with errors keeps what was typed."""
    status = 422 if form.is_bound else 200
    return render(request, f"engagement/assurance/{name}.html", context | {"form": form}, status=status)


def _check_may_change(project, user) -> None:
    if not project.may_be_changed_by(user):
        raise PermissionDenied


@permission_required("engagement.view_condition", raise_exception=True)
@require_safe
def condition_list(request):
    """Every open condition of the user's projects, the first due first."""
    rows = Condition.objects.for_user(request.user).filter(assurance__project__in=Project.objects.open()).open()
    rows = rows.select_related("assurance__project", "assurance__forum")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for condition in page:
        condition.may_change = condition.assurance.project.may_be_changed_by(request.user)
    return render(request, "engagement/assurance/condition_list.html", {"page": page})


@form_page
@permission_required("engagement.change_condition", raise_exception=True)
def condition_done(request, pk):
    rows = Condition.objects.for_user(request.user).select_related("assurance__project", "assurance__forum")
    condition = get_object_or_404(rows, pk=pk)
    project = condition.assurance.project
    _check_may_change(project, request.user)
    form = DoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.condition_done(condition, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The condition is met"))
            return redirect("engagement:assurance_list", project.pk)
    return _form(request, "condition_done", form, condition=condition, project=project)


# Members -----------------------------------------------------------------------------------------


@require_safe
@member_page
def answer_list(request):
    rows = Assurance.objects.for_member(request.person).select_related("project", "forum")
    answered = AssuranceAnswer.objects.filter(assurance=OuterRef("pk"), person=request.person)
    open_first = F("concluded_at").desc(nulls_first=True)
    rows = rows.annotate(is_answered=Exists(answered)).order_by(open_first, "-asked_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "members/assurance/answer_list.html", {"page": page})


@form_page
@member_page
def answer(request, pk):
    """What is known of the project, and the two questions; once the group has concluded, what it concluded."""
    rows = Assurance.objects.for_member(request.person).select_related("project", "forum")
    assurance = get_object_or_404(rows, pk=pk)
    own = assurance.answers.filter(person=request.person).first()
    given = {name: getattr(own, name) for name in ANSWER} if own else {}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=given)
    if form.is_valid():
        try:
            services.answer(assurance, request.person, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Your answer is kept. You can change it until your group has concluded."))
            return redirect("assurance:answer", assurance.pk)
    return _answer_page(request, assurance, own, form)


def _answer_page(request, assurance, own, form):
    project = assurance.project
    is_asked = assurance.concluded_at is None and project.is_open
    is_independent = services.answerers(project, assurance.forum).filter(pk=request.person.pk).exists()
    context = {
        "assurance": assurance,
        "own": own,
        "form": form if form.is_bound or (is_asked and is_independent) else None,
        "is_independent": is_independent,
        "purpose": signed_purpose(project),
        "activities": project.activities.exclude(what_people_told_us="").order_by("reference"),
    }
    return render(request, "members/assurance/answer.html", context, status=422 if form.is_bound else 200)
