"""A survey on paper: tagged PDF with boxes to tick and lines to write on, in the usual or in large print (ENG-027)."""

from django.template.loader import render_to_string

from core.pdf import PDF, render_pdf
from engagement.models import Survey, SurveyQuestion
from people.models import EqualityQuestion, Organisation

STYLESHEETS = ("letter.css", "letter-large.css", "paper-form.css")
LINES = {SurveyQuestion.Kind.TEXT: 6, SurveyQuestion.Kind.LINE: 1, SurveyQuestion.Kind.NUMBER: 1}


def paper_form_pdf(survey: Survey, *, is_large: bool) -> PDF:
    """The form as it is printed. Raises core.pdf.PDFUnavailable where the machine cannot make one."""
    return render_pdf(paper_form_page(survey, is_large=is_large), stylesheets=STYLESHEETS)


def paper_form_page(survey: Survey, *, is_large: bool) -> str:
    """The form as a page of HTML."""
    questions = list(survey.questions.order_by("order"))
    for question in questions:
        question.lines = range(LINES.get(question.kind, 0))
        question.boxes = "12345" if question.kind == SurveyQuestion.Kind.SCALE else question.options
    about = EqualityQuestion.objects.prefetch_related("options") if survey.asks_about_people else []
    context = {
        "survey": survey,
        "questions": questions,
        "about": about,
        "body": Organisation.objects.body(),
        "is_large": is_large,
    }
    return render_to_string("engagement/surveys/paper_form.html", context)
