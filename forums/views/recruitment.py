"""Ways to take part: anybody reads and applies, members apply and accept their role, staff choose."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form, add_errors
from core.limits import TOO_OFTEN, sent_too_often
from core.steps import Step, form_page, offered, take
from forums.forms.recruitment import (
    ApplicationFilter,
    ApplicationForm,
    AppointForm,
    DeclineForm,
    MemberApplicationForm,
    NotesForm,
    OpportunityFilter,
    ReceivedApplicationForm,
)
from forums.models import Application, Forum, Meeting, Membership, Opportunity
from forums.services import recruitment as services
from forums.views.access import member_page
from people.models import Person

PAGE_SIZE = 20
MOST_AN_HOUR = 60  # from one address: a whole forum may sit behind one Wi-Fi
MOST_BESIDE = 10  # forums and meetings beside the list of opportunities
Status = Application.Status
may_read = permission_required("forums.view_application", raise_exception=True)
may_change = permission_required("forums.change_application", raise_exception=True)
may_add = permission_required("forums.add_application", raise_exception=True)

# Public ------------------------------------------------------------------------------------------


def _open_ones():
    return services.soonest_first(services.with_places(Opportunity.objects.open())).select_related("forum", "area")


def _public_or_404(pk):
    opportunities = services.with_places(Opportunity.objects.public())
    return get_object_or_404(opportunities.select_related("forum", "area", "role"), pk=pk)


@login_not_required
@require_safe
def opportunity_list(request):
    filters = OpportunityFilter(request.GET)
    page = Paginator(filters.narrow(_open_ones()), PAGE_SIZE).get_page(request.GET.get("page"))
    forums = Forum.objects.forums().live().filter(is_open=True).order_by("name")
    meetings = Meeting.objects.public().upcoming().select_related("forum").order_by("starts_at")
    context = {"filters": filters, "page": page, "forums": forums[:MOST_BESIDE], "meetings": meetings[:MOST_BESIDE]}
    return render(request, "forums/recruitment/opportunity_list.html", context)


@login_not_required
@require_safe
def opportunity_detail(request, pk):
    opportunity = _public_or_404(pk)
    context = {"opportunity": opportunity, "description": services.role_description(opportunity)}
    context["wanted"] = opportunity.wanted.all()
    return render(request, "forums/recruitment/opportunity_detail.html", context)


@login_not_required
@form_page
def opportunity_apply(request, pk):
    """What follows looks the same whoever applied: it tells nobody whether somebody is on the register."""
    opportunity = _public_or_404(pk)
    data = request.POST if request.method == "POST" else None
    form = ApplicationForm(data, opportunity=opportunity, wordings=services.wordings_asked())
    if form.is_valid() and sent_too_often(request, "applications", most=MOST_AN_HOUR):
        form.add_error(None, TOO_OFTEN)
    if form.is_valid():
        try:
            services.apply(opportunity, **form.answers)
        except ValidationError as error:
            add_errors(form, error)
        else:
            is_young = services.may_be_under_18(form.cleaned_data["birth_year"])
            page = "forums:opportunity_applied_young" if is_young else "forums:opportunity_applied"
            return redirect(page, opportunity.pk)
    context = {"opportunity": opportunity, "form": form}
    return render(request, "forums/recruitment/apply.html", context, status=422 if form.is_bound else 200)


@login_not_required
@require_safe
def opportunity_applied(request, pk):
    return render(request, "forums/recruitment/applied.html", {"opportunity": _public_or_404(pk)})


@login_not_required
@require_safe
def opportunity_applied_young(request, pk):
    return render(request, "forums/recruitment/applied_young.html", {"opportunity": _public_or_404(pk)})


# Members -----------------------------------------------------------------------------------------


@require_safe
@member_page
def member_list(request):
    mine = request.person.applications.select_related("opportunity")
    page = Paginator(_open_ones(), PAGE_SIZE).get_page(request.GET.get("page"))
    applied = {each.opportunity_id for each in mine if each.status in Application.OPEN}
    context = {"page": page, "applications": mine, "applied": applied, "open_statuses": Application.OPEN}
    return render(request, "members/recruitment/opportunity_list.html", context)


@form_page
@member_page
def member_apply(request, pk):
    opportunity = _public_or_404(pk)
    form = MemberApplicationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.apply_as_member(opportunity, request.person, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Thank you. We have your application."))
            return redirect("members:opportunity_list")
    context = {"opportunity": opportunity, "form": form, "description": services.role_description(opportunity)}
    return render(request, "members/recruitment/apply.html", context, status=422 if form.is_bound else 200)


@require_POST
@member_page
def application_withdraw(request, pk):
    application = get_object_or_404(request.person.applications, pk=pk)
    try:
        services.withdraw_application(application, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your application is withdrawn"))
    return redirect("members:opportunity_list")


@form_page
@member_page
def role_accept(request, pk):
    """Read what a seat is about, and say that it is understood."""
    mine = Membership.objects.current().filter(person=request.person)
    membership = get_object_or_404(mine.select_related("forum", "role", "application__opportunity__forum"), pk=pk)
    if request.method == "POST":
        services.accept_role(membership, by=request.user)
        messages.success(request, _("Thank you. We have noted that you know what your role is about."))
        return redirect("members:home")
    application = getattr(membership, "application", None)
    description = services.role_description(application.opportunity) if application else []
    context = {"membership": membership, "description": description}
    return render(request, "members/recruitment/role_accept.html", context)


# Staff -------------------------------------------------------------------------------------------


@may_read
@require_safe
def application_list(request):
    mine = Opportunity.objects.for_user(request.user)
    filters = ApplicationFilter(request.GET, opportunities=mine)
    given = {name: value for name, value in filters.cleaned_data.items() if value}
    rows = Application.objects.for_user(request.user).filter(**given).select_related("person", "opportunity__forum")
    offered = services.soonest_first(services.with_places(mine.public())).select_related("forum")
    chosen = filters.cleaned_data["opportunity"]
    context = {
        "filters": filters,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "opportunities": offered.filter(pk=chosen.pk) if chosen else offered.open()[:PAGE_SIZE],
    }
    return render(request, "work/recruitment/application_list.html", context)


@may_add
@form_page
def application_add(request, pk):
    """Enter an application that came on paper, by phone or in person."""
    opportunity = get_object_or_404(Opportunity.objects.for_user(request.user).select_related("forum"), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = ReceivedApplicationForm(data, opportunity=opportunity, wordings=services.wordings_asked())
    if form.is_valid():
        try:
            application = services.apply(opportunity, by=request.user, **form.answers)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The application is recorded"))
            return redirect("work:application_detail", application.pk)
    context = {"opportunity": opportunity, "form": form}
    return render(request, "work/recruitment/application_add.html", context, status=422 if form.is_bound else 200)


STEPS = {
    "note": Step(
        gettext_lazy("Save the notes"),
        tuple(Status),
        NotesForm,
        services.note,
        gettext_lazy("The notes are saved"),
    ),
    "shortlist": Step(
        gettext_lazy("Shortlist"),
        (Status.RECEIVED,),
        Form,
        services.shortlist,
        gettext_lazy("The application is shortlisted"),
    ),
    "appoint": Step(
        gettext_lazy("Appoint and welcome"),
        Application.OPEN,
        AppointForm,
        services.appoint,
        gettext_lazy("The applicant is appointed, and a welcome is on its way"),
    ),
    "decline": Step(
        gettext_lazy("Do not appoint"),
        Application.OPEN,
        DeclineForm,
        services.decline,
        gettext_lazy("The person is told that they are not appointed"),
    ),
    "withdraw": Step(
        gettext_lazy("The person withdraws"),
        Application.OPEN,
        Form,
        services.withdraw_application,
        gettext_lazy("The application is withdrawn"),
    ),
}


@may_read
@require_safe
def application_detail(request, pk):
    return _detail_page(request, _application_or_404(request, pk))


@may_change
@require_POST
def application_step(request, pk, step):
    application = _application_or_404(request, pk)
    form = take(request, STEPS, step, application)
    if form is None:
        return redirect("work:application_detail", application.pk)
    return _detail_page(request, application, step, form)


def _application_or_404(request, pk):
    mine = Application.objects.for_user(request.user)
    return get_object_or_404(mine.select_related("person", "opportunity__forum", "membership__role"), pk=pk)


def _detail_page(request, application, sent="", form=None):
    names = [name for name, step in STEPS.items() if application.status in step.statuses]
    may = request.user.has_perm("forums.change_application")
    seen = Person.objects.for_user(request.user).filter(pk=application.person_id).exists()
    context = {
        "application": application,
        "steps": offered(STEPS, names, sent, form, notes=application.notes) if may else [],
        "form": form,
        "may_open_person": seen and request.user.has_perm("people.view_person"),
        "is_young": application.person.is_under_18 or application.person.may_be_under_18,
    }
    return render(request, "work/recruitment/application_detail.html", context, status=422 if form else 200)
