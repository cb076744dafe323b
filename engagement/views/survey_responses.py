"""What came in for a survey: typed in from paper, taken in from other tools, read, and deleted on request."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.forms import add_errors
from core.steps import form_page
from engagement import survey_sheets
from engagement.forms.surveys import EnterForm, RemoveForm, ResponseFilter, UploadForm
from engagement.models import Survey, SurveyResponse, SurveyUpload
from engagement.services.surveys import codes, reading
from engagement.services.surveys import responses as services
from engagement.views.surveys import may_change, may_read, survey_or_404

PAGE_SIZE = 20
FATES_ON_A_PAGE = 100

# Paper, telephone, in person ---------------------------------------------------------------------


@may_change
@form_page
def survey_enter(request, pk):
    """After each, the page says the code that is to be given to the person, and waits for the next."""
    survey = survey_or_404(request, pk)
    form = EnterForm(
        request.POST if request.method == "POST" else None,
        questions=list(survey.questions.order_by("order")),
        asks_about_people=survey.asks_about_people,
    )
    if form.is_valid() and (response := _enter(survey, form, request.user)):
        words = _("The answers are entered. Give this code to the person: %(code)s")
        messages.success(request, words % {"code": codes.code_of(response)})
        return redirect("engagement:survey_enter", survey.pk)
    context = {"survey": survey, "form": form}
    return render(request, "engagement/surveys/survey_enter.html", context, status=422 if form.is_bound else 200)


def _enter(survey, form, by) -> SurveyResponse | None:
    given = {name: form.cleaned_data[name] for name in ("form_token", "route", "on")}
    try:
        return services.enter(survey, form.answers, by=by, options=form.options, **given)
    except ValidationError as error:
        add_errors(form, error)
        return None


# Files from other tools --------------------------------------------------------------------------


@may_change
@form_page
def survey_upload(request, pk):
    survey = survey_or_404(request, pk)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid():
        row = survey_sheets.upload(survey, form.cleaned_data["file"].name, form.content, by=request.user)
        return redirect("engagement:survey_upload_detail", row.pk)
    questions = survey.questions.order_by("order")
    context = {"survey": survey, "form": form, "questions": questions}
    return render(request, "engagement/surveys/survey_upload.html", context, status=422 if is_sent else 200)


@may_change
@require_safe
def survey_upload_detail(request, pk):
    row = _upload_or_404(request, pk)
    page = Paginator(row.result["fates"], FATES_ON_A_PAGE).get_page(request.GET.get("page"))
    for fate in page:
        fate["words"] = {"new": _("new"), "unchanged": _("is in already"), "wrong": _("wrong")}[fate["fate"]]
    context = {"upload": row, "survey": row.survey, "result": row.result, "page": page}
    return render(request, "engagement/surveys/survey_upload_detail.html", context)


@may_change
@require_POST
def survey_upload_confirm(request, pk):
    row = _upload_or_404(request, pk)
    if survey_sheets.take_in(row, by=request.user):
        messages.success(request, _("The answers are taken in"))
    return redirect("engagement:survey_upload_detail", row.pk)


def _upload_or_404(request, pk) -> SurveyUpload:
    mine = SurveyUpload.objects.filter(survey__in=Survey.objects.for_user(request.user))
    return get_object_or_404(mine.select_related("survey"), pk=pk)


# Reading -----------------------------------------------------------------------------------------


@may_read
@require_safe
def response_list(request, pk):
    """What was sent, what nobody has read yet first."""
    survey = survey_or_404(request, pk)
    filters = ResponseFilter(request.GET)
    rows = _narrowed(survey.responses.sent(), **filters.cleaned_data)
    rows = rows.order_by(F("read_at").asc(nulls_first=True), "-sent_at", "-pk").prefetch_related("answers__question")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "engagement/surveys/response_list.html", {"survey": survey, "filters": filters, "page": page}
    )


def _narrowed(rows, *, words="", state="", route=""):
    if words:
        rows = rows.filter(answers__text__icontains=words).distinct()
    if state:
        rows = rows.filter(read_at__isnull=state == "unread")
    return rows.filter(route=route) if route else rows


@may_read
@require_safe
def response_detail(request, pk):
    mine = SurveyResponse.objects.sent().filter(survey__in=Survey.objects.for_user(request.user))
    response = get_object_or_404(mine.select_related("survey", "read_by", "entered_by"), pk=pk)
    answers = response.answers.select_related("question").order_by("question__order")
    context = {"response": response, "survey": response.survey, "answers": answers}
    return render(request, "engagement/surveys/response_detail.html", context)


@may_change
@require_POST
def response_read(request, pk):
    """Say that one response, or a page of them, is read."""
    survey = survey_or_404(request, pk)
    numbers = [int(each) for each in request.POST.getlist("response") if each.isdecimal() and len(each) < 19]
    done = reading.mark_read(survey, numbers, by=request.user)
    words = ngettext("%(count)s response is marked as read", "%(count)s responses are marked as read", done)
    messages.success(request, words % {"count": done})
    return redirect("engagement:response_list", survey.pk)


@may_change
@form_page
def response_remove(request, pk):
    """Delete what somebody said, when they ask for it with their code."""
    survey = survey_or_404(request, pk)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.remove_response(survey, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The answers are deleted"))
            return redirect("engagement:survey_work", survey.pk)
    context = {"survey": survey, "form": form}
    return render(request, "engagement/surveys/response_remove.html", context, status=422 if form.is_bound else 200)
