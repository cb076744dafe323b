"""The register of people: find somebody, see what is kept, change it, and record what they told us."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import person_panels
from core.steps import form_page
from people.forms.needs import NeedsForSomebodyForm
from people.forms.register import ConsentForm, ErasureAskForm, PersonFilterForm, PersonForm
from people.models import Person
from people.services import consents, duplicates, needs, open_account, register

may_see = permission_required("people.view_person", raise_exception=True)
may_add = permission_required("people.add_person", raise_exception=True)
may_change = permission_required("people.change_person", raise_exception=True)
may_record_consent = permission_required("people.change_consent", raise_exception=True)
may_record_needs = permission_required("people.change_accessneed", raise_exception=True)
PAGE_SIZE = 50
MESSAGES_SHOWN = 20


def people_of(user):
    """The persons that a member of staff deals with."""
    return Person.objects.known().for_user(user)


def person_or_404(request, pk) -> Person:
    return get_object_or_404(people_of(request.user).select_related("area", "user"), pk=pk)


@may_see
@require_safe
def person_list(request):
    form = PersonFilterForm(request.GET, user=request.user)
    found = form.narrow(people_of(request.user)).select_related("area").order_by("name", "pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "people/register/person_list.html", {"form": form, "page": page})


@may_add
@form_page
def person_add(request):
    """Add somebody. Where entries look like the new one, they are shown before it is saved."""
    form = PersonForm(request.POST if request.method == "POST" else None, user=request.user)
    alike = []
    if form.is_valid():
        alike = [] if "go_on" in request.POST else duplicates.like(form.instance, people_of(request.user))
        if not alike:
            person = register.add_person(by=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s is on the register") % {"name": person})
            return redirect("register:person_detail", person.pk)
    context = {"form": form, "alike": alike}
    return render(request, "people/register/person_add.html", context, status=422 if form.errors else 200)


@may_change
@form_page
def person_edit(request, pk):
    person = person_or_404(request, pk)
    form = PersonForm(request.POST if request.method == "POST" else None, instance=copy(person), user=request.user)
    if form.is_valid():
        register.update_person(person, by=request.user, **form.cleaned_data)
        messages.success(request, _("The details are saved"))
        return redirect("register:person_detail", pk)
    context = {"form": form, "person": person}
    return render(request, "people/register/person_edit.html", context, status=422 if form.errors else 200)


@may_see
@require_safe
def person_detail(request, pk):
    person, user = person_or_404(request, pk), request.user
    context = {
        "person": person,
        "capacities": person.capacities.all(),
        "in_force": list(consents.in_force(person).values()) if user.has_perm("people.view_consent") else None,
        "needs": _needs(person, user) if user.has_perm("people.view_accessneed") else None,
        "written": person.messages.all()[:MESSAGES_SHOWN] if user.has_perm("people.view_message") else None,
        "panels": person_panels.panels(person, user),
        "merged": person.merged.all(),
        "erasure": person.erasure_requests.filter(decided_at=None).first(),
        "erasure_form": ErasureAskForm(),
    }
    return render(request, "people/register/person_detail.html", context)


def _needs(person, user):
    return needs.needs_of([person], by=user, purpose="to look at the entry")[person.pk]


@may_change
@require_POST
def person_open_account(request, pk):
    person = person_or_404(request, pk)
    try:
        open_account(person, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(name)s can sign in with a code by e-mail") % {"name": person})
    return redirect("register:person_detail", pk)


@may_record_consent
@form_page
def person_consents(request, pk):
    """Everything somebody agreed to or took back, with the words that they saw; and record what they told us."""
    person = person_or_404(request, pk)
    form = ConsentForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("What they told you is recorded"))
        return redirect("register:person_consents", pk)
    history = person.consents.select_related("purpose", "wording", "recorded_by", "withdrawal_recorded_by")
    context = {"person": person, "form": form, "history": history}
    return render(request, "people/register/person_consents.html", context, status=422 if form.errors else 200)


@may_record_needs
@form_page
def person_needs(request, pk):
    person = person_or_404(request, pk)
    current = needs.needs_of([person], by=request.user, purpose="to record access needs")[person.pk]
    form = NeedsForSomebodyForm(request.POST if request.method == "POST" else None, current=current)
    if form.is_valid():
        needs.set_needs(person, form.by_kind, by=request.user)
        messages.success(request, _("The needs are saved"))
        return redirect("register:person_detail", pk)
    context = {"person": person, "form": form}
    return render(request, "people/register/person_needs.html", context, status=422 if form.errors else 200)
