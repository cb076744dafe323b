"""Another format or language: asked for by anybody, answered by staff."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form
from core.limits import TOO_OFTEN, sent_too_often
from core.steps import Step, accepted, form_page, offered, take
from people.forms.requests import CouldNotForm, FormatFilter, FormatForm, ReceivedFormatForm, SentForm
from people.models import FormatRequest, Person
from people.services import requests as services

PAGE_SIZE = 20
MOST_AN_HOUR = 20  # from one address: a group may sit behind one Wi-Fi
OPEN = FormatRequest.State.OPEN
may_read = permission_required("people.view_formatrequest", raise_exception=True)
may_add = permission_required("people.add_formatrequest", raise_exception=True)
may_change = permission_required("people.change_formatrequest", raise_exception=True)

STEPS = {
    "sent": Step(
        gettext_lazy("Note that it was sent"),
        (OPEN,),
        SentForm,
        services.mark_sent,
        gettext_lazy("It is noted that it was sent"),
    ),
    "could-not": Step(
        gettext_lazy("It could not be made"),
        (OPEN,),
        CouldNotForm,
        services.could_not,
        gettext_lazy("It is noted why it could not be made"),
    ),
    "withdraw": Step(
        gettext_lazy("They no longer need it"),
        (OPEN,),
        Form,
        services.withdraw,
        gettext_lazy("The request is withdrawn"),
    ),
}

# Public ------------------------------------------------------------------------------------------


@login_not_required
@form_page
def format_ask(request):
    path = request.GET.get("page", "")
    initial = {"path": path if services.is_ours(path) else ""}
    form = FormatForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and sent_too_often(request, "formats", most=MOST_AN_HOUR):
        form.add_error(None, TOO_OFTEN)
    if form.is_valid() and accepted(form, services.ask, person=_who(request), **form.answers):
        return redirect("people:format_asked")
    context = {"form": form, "days": services.days_to_answer(), "path": form.initial["path"]}
    if form.is_bound:
        context["path"] = form.cleaned_data.get("path", "")
    return render(request, "people/formats/ask.html", context, status=422 if form.is_bound else 200)


def _who(request) -> Person | None:
    """The person on the register who has signed in, if anybody."""
    user = request.user
    return Person.objects.known().filter(user=user.pk).first() if user.is_authenticated else None


@login_not_required
@require_safe
def format_asked(request):
    return render(request, "people/formats/asked.html", {"days": services.days_to_answer()})


# Staff -------------------------------------------------------------------------------------------


@may_read
@require_safe
def format_list(request):
    filters = FormatFilter(request.GET)
    mine = FormatRequest.objects.for_user(request.user)
    page = Paginator(services.open_first(filters.narrow(mine)), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = services.read(page.object_list, by=request.user)
    context = {"filters": filters, "page": page, "rows": rows, "times": services.times(request.user)}
    return render(request, "people/formats/list.html", context)


@may_add
@form_page
def format_add(request):
    form = ReceivedFormatForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and accepted(form, services.ask, by=request.user, **form.answers):
        messages.success(request, _("The request is noted"))
        return redirect("register:format_list")
    return render(request, "people/formats/add.html", {"form": form}, status=422 if form.is_bound else 200)


@may_read
@require_safe
def format_detail(request, pk):
    return _page(request, _found(request, pk))


@may_change
@require_POST
def format_step(request, pk, step):
    found = _found(request, pk)
    form = take(request, STEPS, step, found)
    return redirect("register:format_detail", pk) if form is None else _page(request, found, step, form)


def _found(request, pk) -> FormatRequest:
    mine = FormatRequest.objects.for_user(request.user).select_related("person", "settled_by")
    return get_object_or_404(mine, pk=pk)


def _page(request, found, sent="", form=None):
    services.read([found], by=request.user)
    names = [name for name, step in STEPS.items() if found.state in step.statuses or name == sent]
    may = request.user.has_perm("people.change_formatrequest")
    context = {"found": found, "steps": offered(STEPS, names, sent, form) if may else [], "form": form}
    return render(request, "people/formats/detail.html", context, status=422 if form else 200)
