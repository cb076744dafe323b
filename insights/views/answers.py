"""“You said, we did” on the staff pages: written, looked through, moved on, published, in other formats, late."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form, add_errors
from core.steps import Step, accepted, form_page, offered, say_saved, sent, take
from engagement.models import Activity
from insights.documents import responses as documents
from insights.forms.responses import AnswerFilter, AnswerForm, FormatForm, StatusForm
from insights.models import Response, ResponseFormat, Status
from insights.services import responses as services

PAGE_SIZE = 20
may_read = permission_required("insights.view_response", raise_exception=True)
may_add = permission_required("insights.add_response", raise_exception=True)
may_change = permission_required("insights.change_response", raise_exception=True)
may_publish = permission_required("insights.publish_response", raise_exception=True)
DRAFT, PUBLIC = "draft", "public"

STEPS = {
    "publish": Step(
        gettext_lazy("Publish"),
        (DRAFT,),
        Form,
        services.publish_response,
        gettext_lazy("Everybody can read this answer now"),
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw from the public pages"),
        (PUBLIC,),
        Form,
        services.withdraw_response,
        gettext_lazy("This answer is no longer public"),
    ),
}


@may_read
@require_safe
def answer_list(request):
    mine = Response.objects.for_user(request.user)
    filters = AnswerFilter(request.GET, answers=mine)
    rows = filters.narrow(mine).select_related("topic", "activity", "responsible").order_by("-updated_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "insights/answers/answer_list.html", {"filters": filters, "page": page})


@may_add
@form_page
def answer_add(request, pk):
    """Several answers to one activity are written one after the other: those that are there stand above the form."""
    activity = get_object_or_404(Activity.objects.for_user(request.user).select_related("project"), pk=pk)
    _check_may_change(request.user, activity)
    form = AnswerForm(sent(request), activity=activity, user=request.user, initial=_first_words(activity))
    if form.is_valid() and (response := _accepted_answer(form, activity, request.user)):
        say_saved(request, _("The answer is kept. It is not public yet"), form, response)
        return redirect(request.path if "another" in request.POST else _address(response))
    answers = activity.responses.select_related("topic")
    return _form(request, "answer_add", form, activity=activity, answers=answers)


def _accepted_answer(form: AnswerForm, activity: Activity, by) -> Response | None:
    """The answer that the service made of the form, or None: then the form says why not."""
    try:
        return services.create_response(activity, by=by, **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return None


def _first_words(activity: Activity) -> dict:
    """What the activity says already, for its first answer; the day on which people were heard."""
    topics = list(activity.topics.all()[:2])
    found = {"heard_on": activity.ends_on, "project": activity.project_id}
    if not activity.responses.exists():
        found["you_said"] = activity.what_people_told_us
    return found | ({"topic": topics[0].pk} if len(topics) == 1 else {})


@may_read
@require_safe
def answer_detail(request, pk):
    return _page(request, _answer_or_404(request, pk))


@may_change
@form_page
def answer_edit(request, pk):
    response = _answer_or_404(request, pk)
    _check_may_write(request.user, response)
    form = AnswerForm(sent(request), instance=response, activity=response.activity, user=request.user)
    held = Response.objects.get(pk=pk)  # the form writes what was typed into its own
    if form.is_valid() and accepted(form, services.update_response, held, by=request.user, **form.cleaned_data):
        say_saved(request, _("The answer is kept"), form, response)
        return redirect(_address(response))
    return _form(request, "answer_edit", form, response=held)


@may_publish
@require_POST
def answer_step(request, pk, step):
    response = _answer_or_404(request, pk)
    _check_may_change(request.user, response.activity)
    form = take(request, STEPS, step, response)
    if form is None:
        return redirect(_address(response))
    return _page(request, response, step, form)


@may_change
@form_page
def answer_status(request, pk):
    response = _answer_or_404(request, pk)
    _check_may_write(request.user, response)
    known = {name: getattr(response, name) for name in ("status", *StatusForm.NAMES)}
    form = StatusForm(sent(request), initial=known | {"done_on": response.done_on or timezone.localdate()})
    if form.is_valid() and accepted(form, services.update_response, response, by=request.user, **_step_of(form)):
        say_saved(request, _("The answer has moved on"), form, response)
        return redirect(_address(response))
    return _form(request, "answer_status", form, response=response)


def _step_of(form: StatusForm) -> dict:
    """What was typed, without a day of doing for what is not done: the box offers today."""
    done = form.cleaned_data["status"] in {Status.DONE, Status.REVIEWED}
    return form.cleaned_data | ({} if done else {"done_on": None})


@may_change
@form_page
def answer_format_add(request, pk):
    response = _answer_or_404(request, pk)
    _check_may_write(request.user, response)
    form = FormatForm(sent(request))
    if form.is_valid() and accepted(form, services.add_format, response, by=request.user, **form.cleaned_data):
        messages.success(request, _("The format is kept"))
        return redirect(_address(response))
    return _form(request, "answer_format_add", form, response=response)


@may_change
@require_POST
def answer_format_remove(request, pk):
    mine = Response.objects.for_user(request.user)
    row = get_object_or_404(ResponseFormat.objects.filter(response__in=mine.values("pk")), pk=pk)
    _check_may_write(request.user, row.response)
    services.remove_format(row, by=request.user)
    messages.success(request, _("The format is no longer offered"))
    return redirect(_address(row.response))


def _address(response: Response):
    return reverse("insight_work:answer_detail", args=[response.pk])


def _answer_or_404(request, pk):
    rows = Response.objects.for_user(request.user).select_related(
        "activity__project", "topic", "responsible", "decision", "project", "published_by"
    )
    return get_object_or_404(rows, pk=pk)


def _check_may_change(user, activity: Activity) -> None:
    if not activity.may_be_changed_by(user):
        raise PermissionDenied


def _may_write(user, response: Response) -> bool:
    """Whether somebody may change an answer: what everybody reads, only who may publish."""
    may = user.has_perm("insights.change_response") and response.activity.may_be_changed_by(user)
    return may and (not response.is_published or user.has_perm("insights.publish_response"))


def _check_may_write(user, response: Response) -> None:
    if not _may_write(user, response):
        raise PermissionDenied


def _form(request, name, form, **context):
    """The page of a form; one with errors keeps what was typed."""
    status = 422 if form.is_bound else 200
    return render(request, f"insights/answers/{name}.html", context | {"form": form}, status=status)


def _page(request, response, sent="", form=None):
    state = PUBLIC if response.is_published else DRAFT
    may = request.user.has_perm("insights.publish_response") and response.activity.may_be_changed_by(request.user)
    names = [name for name, step in STEPS.items() if may and (state in step.statuses or name == sent)]
    context = {
        "response": response,
        "late": documents.late_words(response),
        "remarks": documents.remarks(response),
        "readings": documents.readings(response),
        "terms": documents.terms(response),
        "steps": offered(STEPS, names, sent, form),
        "may_write": _may_write(request.user, response),
        "changes": response.status_changes.select_related("by"),
        "form": form,
    }
    return render(request, "insights/answers/answer_detail.html", context, status=422 if form else 200)
