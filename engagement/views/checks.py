"""Check lists of a project: every question of a point on one page, with the figure beside it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.forms import add_errors
from core.steps import form_page
from engagement.documents.clock import Reading, is_better, measures
from engagement.forms.checks import ChecksForm
from engagement.models import CheckAnswer, CheckQuestion, Point
from engagement.services import checks as services
from engagement.views.projects import project_or_404


@dataclass(frozen=True, slots=True)
class Row:
    """One question on the page: its fields, its figure, and what was said to it here and at other points."""

    question: CheckQuestion
    fields: list
    reading: Reading | None
    answer: CheckAnswer | None
    others: list[CheckAnswer]
    is_rated_better: bool


@form_page
@permission_required("engagement.view_checkanswer", raise_exception=True)
def check_list(request, pk, point):
    project = project_or_404(request, pk)
    if point not in services.points_of(project):
        raise Http404
    may = project.may_be_changed_by(request.user) and request.user.has_perm("engagement.change_checkanswer")
    if request.method == "POST" and not may:
        raise PermissionDenied
    answers = list(project.check_answers.select_related("by"))
    here = {row.question_id: row for row in answers if row.point == point}
    sent = request.POST if request.method == "POST" else None
    form = ChecksForm(sent, questions=services.questions_at(point), answers=here)
    if form.is_valid() and _saved(request, project, point, form):
        return redirect("engagement:check_list", pk, point)
    context = {
        **_places(project, point),
        "project": project,
        "form": form,
        "rows": _rows(form, project, answers, here),
        "may_answer": form.is_bound or (may and services.may_answer(project, point)),
    }
    return render(request, "engagement/checks/check_list.html", context, status=422 if form.is_bound else 200)


def _saved(request, project, point, form) -> bool:
    try:
        changed = services.answer_all(project, point, form.given(), by=request.user)
    except ValidationError as error:
        add_errors(form, error)
        return False
    messages.success(request, _("The answers are saved") if changed else _("Nothing was changed"))
    return True


def _places(project, point) -> dict:
    """The points of the project, the one that is shown among them."""
    points = [(each, each.label, services.is_passed(project, each)) for each in services.points_of(project)]
    return {"points": points, "point": point, "point_words": Point(point).label}


def _rows(form, project, answers, here) -> list[Row]:
    readings = measures(project)
    rows = []
    for question in form.questions:
        reading = readings.get(question.measure)
        answer = here.get(question.pk)
        others = [each for each in answers if each.question_id == question.pk and each != answer]
        better = is_better(form.rating_of(question), than=reading.suggestion) if reading else False
        rows.append(Row(question, form.fields_of(question), reading, answer, others, better))
    return rows
