"""Patient groups of practices, as staff work with them (PPG-*)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import add_errors
from forums.documents import practices as facts
from forums.forms.practices import AssessmentForm, GroupFilter, PlanForm
from forums.models import PracticeGroup
from forums.services import practices

PAGE_SIZE = 50
may_read = permission_required("forums.view_practicegroup", raise_exception=True)
may_change = permission_required("forums.change_practicegroup", raise_exception=True)


@may_read
@require_safe
def practice_list(request):
    mine, networks = PracticeGroup.objects.for_user(request.user), facts.networks_for(request.user)
    filters = GroupFilter(request.GET, networks=networks)
    chosen = {name: value for name, value in filters.cleaned_data.items() if value}
    groups = facts.with_life(mine).filter(**chosen).select_related("forum", "practice", "network")
    ordered = groups.order_by(F("network__name").asc(nulls_last=True), "forum__name", "pk")
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page": page, "coverage": facts.coverage(mine, networks)}
    return render(request, "work/practices/practice_list.html", context)


def _group(request, pk) -> PracticeGroup:
    groups = facts.with_life(PracticeGroup.objects.for_user(request.user))
    groups = groups.select_related("forum__kind", "practice", "network")
    return get_object_or_404(groups, pk=pk)


@may_read
@require_safe
def practice_detail(request, pk):
    return _detail_page(request, _group(request, pk), None)


def _detail_page(request, group: PracticeGroup, form: PlanForm | None, *, status: int = 200):
    context = {
        "group": group,
        "form": form or PlanForm(initial={"plan": group.plan}),
        "history": facts.history_of(group),
        "standard": practices.newest_standard(),
        "awards": group.awards.all(),
        "buddies": group.forum.buddies.select_related("buddy"),
        "shows_names": request.user.has_perm("people.view_person"),
    }
    return render(request, "work/practices/practice_detail.html", context, status=status)


@may_change
@require_POST
def practice_plan(request, pk):
    group, form = _group(request, pk), PlanForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, group, form, status=422)
    practices.set_plan(group, form.cleaned_data["plan"], by=request.user)
    messages.success(request, _("The plan is saved."))
    return redirect("work:practice_detail", group.pk)


@may_change
@require_POST
def practice_asked(request, pk):
    practices.asked_today(_group(request, pk), by=request.user)
    messages.success(request, _("Noted: asked today."))
    return redirect("work:practice_detail", pk)


@may_change
@require_POST
def practice_replied(request, pk):
    practices.replied_today(_group(request, pk), by=request.user)
    messages.success(request, _("Noted: replied today."))
    return redirect("work:practice_detail", pk)


@may_change
@require_http_methods(["GET", "HEAD", "POST"])
def practice_assess(request, pk):
    group, standard = _group(request, pk), practices.newest_standard()
    if standard is None:
        raise Http404
    form = AssessmentForm(request.POST if request.method == "POST" else None, standard=standard)
    if form.is_valid() and _assessed(form, group, standard, request.user):
        messages.success(request, _("The self-assessment is saved."))
        return redirect("work:practice_detail", group.pk)
    context = {"group": group, "standard": standard, "form": form}
    return render(request, "work/practices/practice_assess.html", context, status=422 if form.errors else 200)


def _assessed(form: AssessmentForm, group: PracticeGroup, standard, user):
    """The assessment, or None when the service refuses it: then the form says why."""
    day, who = form.cleaned_data["on"], form.cleaned_data["assessed_by"]
    try:
        return practices.assess(group, standard, on=day, assessed_by=who, answers=form.answers, by=user)
    except ValidationError as error:
        add_errors(form, error)
        return None
