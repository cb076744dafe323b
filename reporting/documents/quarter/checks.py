"""Answers to check lists that were red on the last day of a quarter (SVC-011), and gates that were overridden in it."""

from django.utils.translation import gettext as _

from engagement.documents.coverage import overrides_in
from engagement.models import CheckAnswer, Point, Project, Rating
from reporting.documents.quarter.facts import Table
from reporting.documents.quarter.span import Span, address, row, table
from reporting.documents.words import day_in_words


def red_answers(span: Span) -> list[CheckAnswer]:
    """Answers that were red on the last day, of projects that had not ended. Two queries.

    What was answered again since is told as it stood: each answer keeps its earlier versions.
    """
    rows = CheckAnswer.objects.select_related("project", "question").order_by("project__reference", "pk")
    rows = [each for each in rows if _goes_on(each.project, span)]
    versions = CheckAnswer.history.filter(at__date__lte=span.as_at).order_by("at", "history_id")
    then = {pk: (rating, words) for pk, rating, words in versions.values_list("id", "rating", "evidence")}
    found = []
    for each in rows:
        if each.pk in then:
            each.rating, each.evidence = then[each.pk]
            found.append(each)
    return [each for each in found if each.rating == Rating.RED]


def _goes_on(project: Project, span: Span) -> bool:
    return all(day is None or day > span.as_at for day in (project.closed_on, project.stopped_on))


def red_table(rows: list[CheckAnswer]) -> Table:
    columns = (_("Project"), _("Asked at"), _("Question"), _("What the answer rests on"))
    found = [
        row(
            each.project,
            Point(each.point).label,
            each.question,
            each.evidence,
            url=address("engagement:check_list", each.project_id, each.point),
        )
        for each in rows
    ]
    nothing = _("No answer to a check list was red on the last day.")
    return table("red-answers", _("Answers to check lists that were red"), columns, found, nothing)


def override_table(span: Span) -> Table:
    columns = (_("Project"), _("Step"), _("On"), _("What stood in the way"), _("Who decided"), _("Why"))
    overrides = overrides_in(span.period)
    numbers = dict(
        Project.objects.filter(reference__in=[each.project for each in overrides]).values_list("reference", "pk")
    )
    rows = [
        row(
            f"{each.project} {each.title}",
            each.step,
            day_in_words(each.on),
            " ".join(each.obstacles),
            each.senior,
            each.reason,
            url=address("engagement:project_detail", numbers[each.project]),
        )
        for each in overrides
    ]
    return table("overrides", _("Gates that were overridden"), columns, rows, _("No gate was overridden."))
