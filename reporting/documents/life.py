"""Where a version stands on its way, and what was said of it: for its page."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forums.models import Forum, Meeting
from people.models import User
from reporting.documents.shapes import shape_of
from reporting.models import Approval, Build, Report, RouteStep, SectionComment

COLOURS = {"waiting": "yellow", "passed": "green", "returned": "red"}


@dataclass(frozen=True, slots=True)
class Stop:
    """One body on the way of a version: what it does, what came of it. `is_next` says that it is its turn.

    `approval` is None before the version is sent.
    """

    forum: Forum
    task: str
    state: str
    colour: str
    is_next: bool
    approval: int | None = None
    decided_on: datetime.date | None = None
    note: str = ""
    meeting: Meeting | None = None
    by: User | None = None


def stops(build: Build) -> list[Stop]:
    """The way of a version: what is done, what is next, what comes after. Empty for a kind without a route.

    The way of a final version is that of the draft it was made from.
    """
    approvals = list(_approvals(build).select_related("forum", "meeting", "by").order_by("build", "order"))
    turn = next((row.pk for row in approvals if row.result == Approval.Result.WAITING), None)
    done = [_stop(row, is_next=row.pk == turn) for row in approvals]
    if build.becomes_final or build.status != Build.Status.DRAFT:
        return done
    if any(row.result == Approval.Result.RETURNED for row in approvals):
        return done
    seen = {(row.forum_id, row.task) for row in approvals}
    route = RouteStep.objects.filter(kind=build.report.kind).select_related("forum").order_by("order")
    return done + [
        Stop(step.forum, step.get_task_display(), _("not sent yet"), "grey", is_next=False)
        for step in route
        if (step.forum_id, step.task) not in seen
    ]


def _approvals(build: Build):
    if not build.becomes_final:
        return build.approvals.all()
    drafts = Build.objects.filter(report=build.report_id, snapshot=build.snapshot_id, status=Build.Status.APPROVAL)
    newest = drafts.order_by("-version").values("pk")[:1]
    return Approval.objects.filter(build__in=newest)


def _stop(row: Approval, *, is_next: bool) -> Stop:
    return Stop(
        row.forum,
        row.get_task_display(),
        row.get_result_display(),
        COLOURS[row.result],
        is_next,
        row.pk,
        row.decided_on,
        row.note,
        row.meeting,
        row.by,
    )


# Comments ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one section; `key` and `name` are those of the whole report where it is of no section."""

    key: str
    name: str
    comments: list[SectionComment]

    @property
    def open(self) -> int:
        """How many wait for an answer."""
        return sum(row.settled_at is None for row in self.comments)


def said_of(report: Report, build: Build | None = None) -> list[Said]:
    """The comments on a report, or on one version of it, by section in the order of the report; the whole first."""
    rows = SectionComment.objects.filter(build__report=report).select_related("build__report__period", "by")
    rows = list((rows.filter(build=build) if build else rows).select_related("settled_by").order_by("at", "pk"))
    names = {"": _("The whole report"), **dict(shape_of(report).sections)}
    # A section that the report had once: what was said of it stays to be read.
    names |= {row.section: row.section for row in rows if row.section not in names}
    by_key = {key: [row for row in rows if row.section == key] for key in names}
    return [Said(key, str(names[key]), comments) for key, comments in by_key.items() if comments]
