"""What everybody sees of surveys: answering without an account, and coming back with a code (ENG-027).

Nothing here needs a cookie but the one against forged forms. A code never stands in an address: it is sent in a form.
What came of it stands on the page for every kind of code, in an app above this one: a form is handed on to it.
"""

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.codes import tried_too_often
from core.forms import add_errors
from core.limits import TOO_OFTEN, sent_too_often
from core.steps import form_page
from engagement.forms.surveys import AboutYouForm, AnswersForm, CodeForm
from engagement.models import Survey, SurveyResponse
from engagement.services.surveys import codes, counting
from engagement.services.surveys import responses as services

PAGE_SIZE = 20
MOST_AN_HOUR = 200  # a whole forum answers behind one Wi-Fi
SEEN_FOR = 3600  # seconds for which the address of the page after sending shows the code
SALT = "engagement.surveys.sent"


@login_not_required
@require_safe
def survey_list(request):
    page = Paginator(Survey.objects.open().order_by("closes_on", "title"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "surveys/survey_list.html", {"page": page})


@login_not_required
@require_safe
def survey_detail(request, slug):
    return render(request, "surveys/survey_detail.html", {"survey": _survey_or_404(slug)})


def _survey_or_404(slug) -> Survey:
    return get_object_or_404(Survey.objects.public().select_related("activity"), slug=slug)


@login_not_required
@never_cache
@form_page
def survey_answer(request, slug):
    """The questions. What was typed before the survey closed is kept when it comes after."""
    survey = _survey_or_404(slug)
    is_sent, saves = request.method == "POST", "save" in request.POST or not survey.is_open
    questions = list(survey.questions.order_by("order"))
    form = AnswersForm(request.POST if is_sent else None, questions=questions, needs_all=not saves)
    if form.is_valid() and sent_too_often(request, "survey-answers", most=MOST_AN_HOUR):
        form.add_error(None, TOO_OFTEN)
    if form.is_valid() and (response := _keep(survey, form, saves)):
        return redirect(_address("surveys:survey_sent", response))
    context = {"survey": survey, "form": form}
    return render(request, "surveys/survey_answer.html", context, status=422 if is_sent else 200)


def _keep(survey: Survey, form: AnswersForm, saves: bool) -> SurveyResponse | None:
    """What became of a form, or None with the reasons on the form."""
    do = services.keep_draft if saves else services.send
    try:
        return do(survey, form.answers, form_token=form.cleaned_data["form_token"])
    except ValidationError as error:
        add_errors(form, error)
        return None


def _address(name: str, response: SurveyResponse) -> str:
    """A page about one response, for an hour. The address holds nothing that opens it later."""
    return reverse(name) + f"?answers={signing.dumps(response.pk, salt=SALT)}"


def _response_or_404(request) -> SurveyResponse:
    try:
        number = signing.loads(request.GET.get("answers", ""), salt=SALT, max_age=SEEN_FOR)
    except signing.BadSignature:
        raise Http404 from None
    return get_object_or_404(SurveyResponse.objects.select_related("survey__activity"), pk=number)


@login_not_required
@never_cache
@require_safe
def survey_sent(request):
    """The code, after sending or saving."""
    response = _response_or_404(request)
    form = AboutYouForm() if response.survey.asks_about_people else None
    asks = bool(form and form.fields) and response.sent_at is not None and not response.is_counted
    context = {"response": response, "survey": response.survey, "code": codes.code_of(response)}
    context["about_url"] = _address("surveys:about_you", response) if asks else ""
    return render(request, "surveys/survey_sent.html", context)


@login_not_required
@never_cache
@form_page
def about_you(request):
    """The equality questions: they raise totals, once for each response."""
    response = _response_or_404(request)
    if response.sent_at is None or not response.survey.asks_about_people:
        raise Http404
    form = AboutYouForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        counting.count_person(response, form.options)
        return redirect(_address("surveys:survey_sent", response))
    context = {"survey": response.survey, "form": form, "back_url": _address("surveys:survey_sent", response)}
    return render(request, "surveys/about_you.html", context, status=422 if form.is_bound else 200)


@login_not_required
@never_cache
@form_page
def survey_resume(request):
    """With the code, the form as it was left. It is shown at once: no address leads to it."""
    form, response = _found(request)
    if response is None:
        return render(request, "surveys/survey_resume.html", {"form": form}, status=422 if form.is_bound else 200)
    survey = response.survey
    if response.sent_at is not None or not survey.is_open:
        return redirect("receipts:receipt", preserve_request=True)
    questions = list(survey.questions.order_by("order"))
    initial = AnswersForm.initial_of(response, services.answers_of(response))
    answers = AnswersForm(questions=questions, initial=initial)
    return render(request, "surveys/survey_answer.html", {"survey": survey, "form": answers})


def _found(request) -> tuple[CodeForm, SurveyResponse | None]:
    form = CodeForm(request.POST if request.method == "POST" else None)
    response = None
    if form.is_valid():
        if tried_too_often(request):
            form.add_error(None, _("We have had many codes from where you are. Try again in an hour"))
        elif (response := services.find(form.cleaned_data["code"])) is None:
            form.add_error("code", _("There are no answers with that code"))
    return form, response


@login_not_required
@form_page
def receipt(request):
    """The old address of the page for codes."""
    return redirect("receipts:receipt", preserve_request=True)
