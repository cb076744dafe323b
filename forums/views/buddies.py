"""Buddies: asked for by members, found by staff."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.steps import form_page
from forums.forms.support import GoalsForm, GroupRequestForm, MatchForm, OutcomeForm
from forums.services.support import buddies
from forums.views.access import member_page
from people.models import Person

PAGE_SIZE = 20
may_see = permission_required("forums.view_buddy", raise_exception=True)
may_change = permission_required("forums.change_buddy", raise_exception=True)


def _page(request, template, form, **context):
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, f"{template}.html", context | {"form": form}, status=status)


def _worked(form, work, *arguments, **values) -> bool:
    """Whether the form is right and the service did what it asks."""
    if form.is_valid():
        try:
            work(*arguments, **form.cleaned_data, **values)
            return True
        except ValidationError as error:
            form.add_error(None, error)
    return False


# Members -----------------------------------------------------------------------------------------


@form_page
@member_page
def buddy(request):
    person = request.person
    form = GoalsForm(request.POST if request.method == "POST" else None)
    if form.is_bound and _worked(form, buddies.ask, person, by=request.user):
        messages.success(request, _("We look for a buddy for you, and write to you"))
        return redirect("members:buddy")
    mine = person.supported_by.filter(ended_on=None).select_related("buddy").first()
    supported = person.supports.filter(ended_on=None, started_on__isnull=False).select_related("person", "forum")
    values = {"is_adult": buddies.may_take_part(person), "mine": mine, "supported": supported}
    return _page(request, "members/support/buddy", form, **values)


@require_POST
@member_page
def buddy_withdraw(request, pk):
    found = get_object_or_404(request.person.supported_by.filter(ended_on=None), pk=pk)
    try:
        buddies.withdraw(found, by=request.user)
        messages.success(request, _("Your request is taken back"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("members:buddy")


# Staff -------------------------------------------------------------------------------------------


@require_safe
@may_see
def work_list(request):
    """What is open first, the oldest request at the top; then pairs at work; then what has ended."""
    rows = buddies.for_user(request.user).order_by(
        F("ended_on").desc(nulls_first=True), F("started_on").asc(nulls_first=True), "asked_on", "pk"
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return _page(request, "work/support/buddy_list", None, page=page)


@form_page
@may_change
def work_new(request):
    """A request for a patient group, or with `?person=` for somebody who asked on paper or by phone."""
    answers = request.POST if request.method == "POST" else None
    number = request.GET.get("person", "")
    if number:
        people = Person.objects.known().for_user(request.user)
        person = get_object_or_404(people, pk=int(number) if number.isascii() and number.isdecimal() else 0)
        form, work, about = GoalsForm(answers), buddies.ask, [person]
    else:
        person, form, work, about = None, GroupRequestForm(answers, user=request.user), buddies.ask_for_group, []
    if form.is_bound and _worked(form, work, *about, by=request.user):
        messages.success(request, _("The request is recorded"))
        return redirect("work:buddy_list")
    return _page(request, "work/support/buddy_new", form, person=person)


@form_page
@may_change
def work_detail(request, pk):
    """Find a buddy for a request, or end the support. What has ended can only be read."""
    found = get_object_or_404(buddies.for_user(request.user), pk=pk)
    answers = request.POST if request.method == "POST" else None
    if found.ended_on:
        form, work, done = None, None, ""
    elif found.started_on:
        form, work, done = OutcomeForm(answers), buddies.end, _("It is ended")
    else:
        form = MatchForm(answers, user=request.user, request=found)
        work, done = buddies.match, _("They are matched. Both are written to")
    if form and form.is_bound and _worked(form, work, found, by=request.user):
        messages.success(request, done)
        return redirect("work:buddy_detail", pk)
    return _page(request, "work/support/buddy_detail", form, found=found)
