"""Check lists: a project answers each question at four points, with evidence; a red answer shuts the next door."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from engagement.models import CheckAnswer, CheckQuestion, Point, Project, Rating
from engagement.services.doors import goes_through, has_reached
from engagement.services.gates import Obstacle
from engagement.services.parts import Part
from engagement.services.projects import locked
from people.models import User

Stage = Project.Stage
# The door before which each point is asked.
DOORS = {
    Point.PLAN: Stage.OPTIONS,
    Point.OPEN: Stage.CONSULTATION,
    Point.CLOSE: Stage.ANALYSIS,
    Point.DECISION: Stage.DECISION,
}
OF_A_CONSULTATION = {Point.OPEN, Point.CLOSE}


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says to one question: a rating, what it rests on, and where that can be seen."""

    question: CheckQuestion
    rating: str
    evidence: str
    link: str = ""


def points_of(project: Project) -> list[Point]:
    """The points at which a project is asked: where there is no consultation, none opens and none closes."""
    return [point for point in DOORS if project.is_consulted_on is not False or point not in OF_A_CONSULTATION]


def is_passed(project: Project, point: str) -> bool:
    """Whether the project has gone through the door of a point, so that its answers stay as they are."""
    return has_reached(project, DOORS[point])


def may_answer(project: Project, point: str) -> bool:
    """Whether answers at a point can still change, as far as the project's stage goes."""
    return project.is_open and not is_passed(project, point)


def next_point(project: Project) -> Point:
    """The point that is asked next; the last one when all are passed."""
    points = points_of(project)
    return next((point for point in points if not is_passed(project, point)), points[-1])


def questions_at(point: str) -> list[CheckQuestion]:
    """The questions of the lists in use that are asked at a point, list by list in their order."""
    rows = CheckQuestion.objects.filter(check_list__is_active=True).select_related("check_list")
    rows = rows.order_by("check_list__name", "check_list", "order", "pk")
    return [row for row in rows if not row.at_points or point in row.at_points]


@transaction.atomic
def answer_all(project: Project, point: str, given: Iterable[Given], *, by: User) -> list[CheckAnswer]:
    """Answer several questions at one point: all of them, or none. The same answers again change nothing.

    Returns what changed. Raises ValidationError for an answer without a rating or evidence, for a question that is not
    asked there, and at a point whose door the project has gone through.
    """
    project = locked(project, by)
    if not project.is_open:
        raise ValidationError(_("This project has ended, so nothing about it changes"), code="ended")
    if is_passed(project, point):
        raise ValidationError(_("The project has gone through this door. Its answers stay as they are"), code="passed")
    asked = {row.pk for row in questions_at(point)} if point in points_of(project) else set()
    there = {row.question_id: row for row in project.check_answers.filter(point=point)}
    changed = []
    for each in given:
        if each.question.pk not in asked:
            raise ValidationError(_("“%(question)s” is not asked here") % {"question": each.question}, code="not_asked")
        row = there.get(each.question.pk) or CheckAnswer(project=project, question=each.question, point=point)
        if _change(row, each, by):
            changed.append(row)
    return changed


def _change(row: CheckAnswer, given: Given, by: User) -> bool:
    said = {"rating": given.rating, "evidence": given.evidence.strip(), "link": given.link}
    if row.pk and all(getattr(row, name) == value for name, value in said.items()):
        return False
    for name, value in said.items():
        setattr(row, name, value)
    row.at, row.by = timezone.now(), by
    row.full_clean(exclude=["by"])
    row.save()
    audit.record(by, "answered", row, point=row.point, rating=row.rating)
    return True


def answer(
    project: Project,
    question: CheckQuestion,
    point: str,
    *,
    rating: str,
    evidence: str,
    link: str = "",
    by: User,
) -> CheckAnswer:
    """Answer one question at one point. Raises ValidationError as `answer_all` does."""
    answer_all(project, point, [Given(question, rating, evidence, link)], by=by)
    return project.check_answers.get(question=question, point=point)


# What stands in the way, and the line on the project's page --------------------------------------


def gate(project: Project, to: str) -> Iterator[Obstacle]:
    """Before each of four doors: every question of every list in use that blocks is answered, and none is red.

    A red answer can be overridden by a named senior. A question without an answer is simply missing.
    """
    points = [point for point in points_of(project) if goes_through(project, to, DOORS[point])]
    for point in points:
        page = reverse("engagement:check_list", args=[project.pk, point])
        given = dict(project.check_answers.filter(point=point).values_list("question", "rating"))
        for question in questions_at(point):
            rating, url = given.get(question.pk), f"{page}#question-{question.pk}"
            words = {"list": question.check_list, "point": point.label, "question": question.text}
            if not question.check_list.blocks:
                continue
            if rating is None:
                text = _("%(list)s, %(point)s: answer the question “%(question)s”")
                yield Obstacle(text % words, url, can_be_overridden=False)
            elif rating == Rating.RED:
                text = _("%(list)s, %(point)s: the answer to “%(question)s” is red")
                yield Obstacle(text % words, url)


def part(project: Project, user: User) -> Part | None:
    """How many questions of the next point are answered, and whether one is red."""
    if not user.has_perm("engagement.view_checkanswer"):
        return None
    point = next_point(project)
    asked = questions_at(point)
    if not asked:
        return None
    given = dict(project.check_answers.filter(point=point).values_list("question", "rating"))
    ratings = [given[row.pk] for row in asked if row.pk in given]
    words = _("%(point)s: %(answered)s of %(asked)s questions answered.")
    words %= {"point": point.label.capitalize(), "answered": len(ratings), "asked": len(asked)}
    if Rating.RED in ratings:
        status, colour = _("red"), "red"
    elif len(ratings) < len(asked):
        status, colour = _("not complete"), "yellow"
    else:
        status, colour = _("complete"), "green"
    return Part(_("Check lists"), status, colour, words, reverse("engagement:check_list", args=[project.pk, point]))
