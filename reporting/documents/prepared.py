"""For whom a report is prepared, for which meeting, and what that body does with it (REP-010, REP-036)."""

from typing import Any

from forums.models import Forum
from reporting.documents.words import day_in_words
from reporting.models import Report, RouteStep


def prepared(report: Report) -> dict[str, Any]:
    """The fields of these names in the facts of every kind of report; texts are "" where nothing is recorded.

    `tasks` are keys of `RouteStep.Task`: what the route of such reports asks of the body that this one is prepared for.
    """
    steps = list(RouteStep.objects.filter(kind=report.kind).select_related("forum").order_by("order"))
    recipient = report.prepared_for or _recipient(steps)
    return {
        "prepared_for": str(recipient or ""),
        "prepared_on": day_in_words(report.prepared_on),
        "tasks": [step.task for step in steps if recipient and step.forum_id == recipient.pk],
    }


def _recipient(steps: list[RouteStep]) -> Forum | None:
    """Where nobody has named a body: the first on the route that agrees such reports, else the first of all."""
    agreeing = [step for step in steps if step.task == RouteStep.Task.AGREES]
    return next((step.forum for step in [*agreeing, *steps]), None)
