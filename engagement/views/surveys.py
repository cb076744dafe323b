"""Surveys as staff make them: their words and questions, paper, publishing, and what came in."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.forms import add_errors
from core.pdf import PDFUnavailable
from core.steps import form_page, say_saved
from engagement.documents.paper_form import paper_form_pdf
from engagement.documents.survey_results import numbers, results
from engagement.forms.surveys import AnswersForm, LastDayForm, QuestionForm, SurveyFilter, SurveyForm
from engagement.models import Activity, Survey, SurveyQuestion
from engagement.services.surveys import editing

PAGE_SIZE = 20
may_read = permission_required("engagement.view_survey", raise_exception=True)
may_add = permission_required("engagement.add_survey", raise_exception=True)
may_change = permission_required("engagement.change_survey", raise_exception=True)


def survey_or_404(request, pk) -> Survey:
    return get_object_or_404(Survey.objects.for_user(request.user).select_related("activity"), pk=pk)


@may_read
@require_safe
def survey_list(request):
    filters = SurveyFilter(request.GET)
    rows = Survey.objects.for_user(request.user).select_related("activity")
    narrow = {"draft": rows.drafts, "coming": rows.coming, "open": rows.open, "closed": rows.closed}
    if state := filters.cleaned_data.get("state"):
        rows = narrow[state]()
    is_sent = Q(responses__sent_at__isnull=False)
    rows = rows.annotate(
        sent=Count("responses", filter=is_sent), unread=Count("responses", filter=is_sent & Q(responses__read_at=None))
    )
    page = Paginator(rows.order_by("-opens_on", "title", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "engagement/surveys/survey_list.html", {"filters": filters, "page": page})


@may_read
@require_safe
def survey_work(request, pk):
    return _work_page(request, survey_or_404(request, pk))


def _work_page(request, survey, form=None):
    may = request.user.has_perm("engagement.change_survey")
    if form is None and may and survey.is_published:
        form = LastDayForm(initial={"closes_on": survey.closes_on})
    context = {
        "survey": survey,
        "numbers": numbers(survey),
        "results": results(survey),
        "form": form,
        "has_responses": survey.responses.exists(),
    }
    return render(
        request, "engagement/surveys/survey_work.html", context, status=422 if form and form.is_bound else 200
    )


@may_add
@form_page
def survey_add(request, pk):
    activity = get_object_or_404(Activity.objects.for_user(request.user), pk=pk)
    form = SurveyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        survey = editing.add_survey(activity, by=request.user, **form.cleaned_data)
        say_saved(request, _("The survey is there. Add its questions"), form, survey)
        return redirect("engagement:survey_work", survey.pk)
    context = {"activity": activity, "form": form}
    return render(request, "engagement/surveys/survey_add.html", context, status=422 if form.is_bound else 200)


@may_change
@form_page
def survey_edit(request, pk):
    survey = survey_or_404(request, pk)
    form = SurveyForm(request.POST if request.method == "POST" else None, instance=survey)
    if form.is_valid():
        try:
            editing.change_survey(survey, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("The survey is changed"), form, survey)
            return redirect("engagement:survey_work", survey.pk)
    context = {"survey": survey, "form": form}
    return render(request, "engagement/surveys/survey_edit.html", context, status=422 if form.is_bound else 200)


@may_read
@require_safe
def survey_preview(request, pk):
    """The page as people will see it, without a way to send."""
    survey = survey_or_404(request, pk)
    form = AnswersForm(questions=list(survey.questions.order_by("order")))
    return render(request, "engagement/surveys/survey_preview.html", {"survey": survey, "form": form})


@may_read
@require_safe
def survey_paper(request, pk):
    """The paper form as a PDF; with `?print=large` in large print."""
    survey, is_large = survey_or_404(request, pk), request.GET.get("print") == "large"
    try:
        pdf = paper_form_pdf(survey, is_large=is_large)
    except PDFUnavailable:
        messages.error(request, _("No PDF can be made on this machine. Ask the person who runs the system"))
        return redirect("engagement:survey_work", survey.pk)
    name = f"{survey.slug}-large-print.pdf" if is_large else f"{survey.slug}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf.content, content_type="application/pdf", headers=headers)


@may_change
@require_POST
def survey_publish(request, pk):
    survey = survey_or_404(request, pk)
    try:
        editing.publish_survey(survey, by=request.user)
    except ValidationError as error:
        messages.error(request, _("Not published yet. %(what)s") % {"what": ". ".join(error.messages)})
    else:
        messages.success(request, _("The survey is published"))
    return redirect("engagement:survey_work", survey.pk)


@may_change
@require_POST
def survey_last_day(request, pk):
    survey = survey_or_404(request, pk)
    form = LastDayForm(request.POST)
    if form.is_valid():
        try:
            editing.move_last_day(survey, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The last day is changed"))
            return redirect("engagement:survey_work", survey.pk)
    return _work_page(request, survey, form)


# Questions ---------------------------------------------------------------------------------------


def _question_or_404(request, pk) -> SurveyQuestion:
    mine = SurveyQuestion.objects.filter(survey__in=Survey.objects.for_user(request.user))
    return get_object_or_404(mine.select_related("survey"), pk=pk)


@may_change
@form_page
def survey_question_add(request, pk):
    survey = survey_or_404(request, pk)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    form.instance.survey = survey
    if form.is_valid():
        try:
            editing.add_question(survey, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("The question is added"), form, SurveyQuestion)
            return redirect("engagement:survey_work", survey.pk)
    return _question_page(request, survey, form)


@may_change
@form_page
def survey_question_edit(request, pk):
    question = _question_or_404(request, pk)
    form = QuestionForm(request.POST if request.method == "POST" else None, instance=question)
    if form.is_valid():
        try:
            editing.change_question(question, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The question is changed"))
            return redirect("engagement:survey_work", question.survey_id)
    return _question_page(request, question.survey, form, question)


def _question_page(request, survey, form, question=None):
    context = {"survey": survey, "form": form, "question": question}
    return render(request, "engagement/surveys/question.html", context, status=422 if form.is_bound else 200)


@may_change
@require_POST
def survey_question_remove(request, pk):
    question = _question_or_404(request, pk)
    return _done(request, question.survey, editing.remove_question, _("The question is taken out"), question)


@may_change
@require_POST
def survey_question_move(request, pk):
    question = _question_or_404(request, pk)
    is_up = request.POST.get("to") == "up"
    return _done(request, question.survey, editing.move_question, _("The question is moved"), question, is_up=is_up)


def _done(request, survey, do, words, *args, **kwargs):
    """Carry out a button of the survey's page, and say what became of it there."""
    try:
        do(*args, by=request.user, **kwargs)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, words)
    return redirect("engagement:survey_work", survey.pk)
