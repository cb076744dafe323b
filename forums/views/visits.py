"""Quality visits: planned and followed by staff; visitors see theirs, and write what they observed."""

from copy import copy
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form
from core.steps import Step, accepted, form_page, offered, say_saved, take
from forums.forms.visits import (
    CancelVisitForm,
    FindingsForm,
    FindingsSentForm,
    ObservationsForm,
    ProviderResponseForm,
    VisitFilter,
    VisitForm,
    VisitorForm,
)
from forums.models import QualityVisit, Visitor
from forums.services import visits as services
from forums.views.access import member_page

PAGE_SIZE = 20
Status = QualityVisit.Status
may_read = permission_required("forums.view_qualityvisit", raise_exception=True)
may_add = permission_required("forums.add_qualityvisit", raise_exception=True)
may_change = permission_required("forums.change_qualityvisit", raise_exception=True)

STEPS = {
    "made": Step(
        gettext_lazy("Note that the visit was made"),
        (Status.PLANNED,),
        Form,
        services.mark_made,
        gettext_lazy("The visit is noted as made"),
    ),
    "findings": Step(
        gettext_lazy("Write the findings"),
        (Status.MADE,),
        FindingsForm,
        services.write_findings,
        gettext_lazy("The findings are kept"),
    ),
    "sent": Step(
        gettext_lazy("Note that the provider got the findings"),
        (Status.MADE,),
        FindingsSentForm,
        services.send_findings,
        gettext_lazy("It is noted that the findings were sent"),
    ),
    "response": Step(
        gettext_lazy("Keep the provider’s answer"),
        (Status.SENT, Status.ANSWERED),
        ProviderResponseForm,
        services.record_response,
        gettext_lazy("The answer is kept"),
    ),
    "cancel": Step(
        gettext_lazy("Cancel the visit"),
        (Status.PLANNED,),
        CancelVisitForm,
        services.cancel,
        gettext_lazy("The visit is cancelled"),
    ),
}

# Staff -------------------------------------------------------------------------------------------


@may_read
@require_safe
def visit_list(request):
    mine = QualityVisit.objects.for_user(request.user)
    filters = VisitFilter(request.GET, rows=mine)
    rows = filters.narrow(mine).select_related("provider").annotate(patients=Count("visitors"))
    page = Paginator(rows.order_by("-visited_on", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "work/visits/visit_list.html", {"filters": filters, "page": page})


@may_add
@form_page
def visit_new(request):
    form = VisitForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        visit = services.plan(by=request.user, **form.cleaned_data)
        say_saved(request, _("The visit is on the list. Now choose who comes along"), form, QualityVisit)
        return redirect("work:visit_detail", visit.pk)
    return render(request, "work/visits/visit_new.html", {"form": form}, status=422 if form.is_bound else 200)


@may_read
@require_safe
def visit_detail(request, pk):
    return _page(request, _found(request, pk))


@may_change
@form_page
def visit_edit(request, pk):
    visit = _found(request, pk)
    form = VisitForm(request.POST if request.method == "POST" else None, user=request.user, instance=copy(visit))
    if form.is_valid() and accepted(form, partial(services.change, visit, by=request.user, **form.cleaned_data)):
        say_saved(request, _("The visit is changed"), form, QualityVisit)
        return redirect("work:visit_detail", pk)
    context = {"form": form, "visit": visit}
    return render(request, "work/visits/visit_edit.html", context, status=422 if form.is_bound else 200)


@may_change
@form_page
def visitor_add(request, pk):
    visit = _found(request, pk)
    form = VisitorForm(request.POST if request.method == "POST" else None, user=request.user, visit=visit)
    if form.is_valid() and accepted(form, services.add_visitor, visit, by=request.user, **form.cleaned_data):
        words = {"name": form.cleaned_data["person"]}
        messages.success(request, _("%(name)s comes along. They see the visit on their page") % words)
        return redirect("work:visit_detail", pk)
    context = {"form": form, "visit": visit}
    return render(request, "work/visits/visitor_add.html", context, status=422 if form.is_bound else 200)


@may_change
@require_POST
def visit_step(request, pk, step):
    visit = _found(request, pk)
    form = take(request, STEPS, step, visit)
    return redirect("work:visit_detail", pk) if form is None else _page(request, visit, step, form)


@may_change
@require_POST
def visitor_remove(request, pk):
    visitor = _visitor(request, pk)
    try:
        services.remove_visitor(visitor, by=request.user)
        messages.success(request, _("%(name)s no longer comes along") % {"name": visitor.person})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("work:visit_detail", visitor.visit_id)


@may_change
@form_page
def visitor_write(request, pk):
    """What a visitor told staff on paper or by phone."""
    visitor = _visitor(request, pk)
    form = _observations(request, visitor)
    if form.is_valid() and accepted(form, services.observe, visitor, by=request.user, **form.cleaned_data):
        messages.success(request, _("It is kept as what %(name)s observed") % {"name": visitor.person})
        return redirect("work:visit_detail", visitor.visit_id)
    context = {"form": form, "visitor": visitor, "visit": visitor.visit}
    return render(request, "work/visits/visitor_write.html", context, status=422 if form.is_bound else 200)


def _observations(request, visitor) -> ObservationsForm:
    data = request.POST if request.method == "POST" else None
    return ObservationsForm(data, initial={"observations": visitor.observations})


def _found(request, pk) -> QualityVisit:
    mine = QualityVisit.objects.for_user(request.user).select_related("provider", "area")
    return get_object_or_404(mine, pk=pk)


def _visitor(request, pk) -> Visitor:
    mine = QualityVisit.objects.for_user(request.user)
    rows = Visitor.objects.filter(visit__in=mine).select_related("visit__provider", "person")
    return get_object_or_404(rows, pk=pk)


def _page(request, visit, sent="", form=None):
    names = [name for name, step in STEPS.items() if visit.status in step.statuses or name == sent]
    may = request.user.has_perm("forums.change_qualityvisit")
    known = {name: value for name in ("findings", "response", "responded_on") if (value := getattr(visit, name))}
    context = {"visit": visit, "form": form, "is_planned": visit.status == Status.PLANNED}
    context["visitors"] = visit.visitors.select_related("person", "waived_by", "observed_by")
    context["steps"] = offered(STEPS, names, sent, form, **known) if may else []
    return render(request, "work/visits/visit_detail.html", context, status=422 if form else 200)


# Visitors ----------------------------------------------------------------------------------------


@form_page
@member_page
def member_visit(request, pk):
    """A visit of somebody's own: where, when, what they wrote, and what came of it."""
    mine = Visitor.objects.of(request.person).select_related("visit__provider", "visit__area")
    visitor = get_object_or_404(mine, pk=pk)
    form = _observations(request, visitor) if visitor.may_be_written or request.method == "POST" else None
    if form and form.is_valid() and accepted(form, services.observe, visitor, by=request.user, **form.cleaned_data):
        messages.success(request, _("Thank you. Your words are kept"))
        return redirect("members:visit", pk)
    context = {"visitor": visitor, "visit": visitor.visit, "form": form}
    status = 422 if form and form.is_bound else 200
    return render(request, "members/visits/visit.html", context, status=status)
