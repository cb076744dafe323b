"""The way of a report from a draft to its final version: sent, passed on or sent back, withdrawn (REP-005, REP-006).

Whatever changes how far a report is holds the report's row, so that two people never decide from the same state.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit
from core.models import JobState
from forums.models import Forum, Meeting
from people.models import User
from reporting.models import Approval, Build, Report, RouteStep, Statement
from reporting.services.marks import refuse_stale

Result = Approval.Result


@transaction.atomic
def send_for_approval(build: Build, *, by: User) -> Build:
    """Send a finished draft to the bodies on the route of its kind. A second time changes nothing.

    What a body passed before a withdrawal stays passed: it is the same version. Raises ValidationError for a version
    that is not a finished draft or was sent back, without a route, and while another version is on its way.
    """
    build = _locked(build)
    if build.status == Build.Status.APPROVAL:
        return build
    if obstacle := _obstacle_to_sending(build):
        raise ValidationError(obstacle)
    passed = list(build.approvals.all())
    seen = {(row.forum_id, row.task) for row in passed}
    steps = [step for step in route_of(build.report) if (step.forum_id, step.task) not in seen]
    Approval.objects.bulk_create(
        Approval(build=build, order=number, forum=step.forum, task=step.task)
        for number, step in enumerate(steps, start=len(passed) + 1)
    )
    _set_status(build, Build.Status.APPROVAL)
    audit.record(by, "sent for approval", build)
    return build


def _obstacle_to_sending(build: Build) -> str:
    if build.state != JobState.DONE:
        return _("Wait until the draft is ready.")
    if build.status != Build.Status.DRAFT:
        return _("This version is final already.")
    if words := _sent_back(build):
        return words
    if not route_of(build.report).exists():
        return _("Reports of this kind go to no other body. Make the version final when it is right.")
    on_its_way = Approval.objects.filter(build__report=build.report, result=Result.WAITING).first()
    if on_its_way:
        return _("%(other)s is in approval. Withdraw it before you send another version.") % {"other": on_its_way.build}
    return ""


@transaction.atomic
def withdraw_from_approval(build: Build, *, by: User) -> Build:
    """Take a version back from the bodies that have not looked at it yet: it is a draft again.

    What was passed stays noted. A version that is not in approval stays as it is.
    """
    build = _locked(build)
    if build.status == Build.Status.APPROVAL:
        build.approvals.filter(result=Result.WAITING).delete()
        _set_status(build, Build.Status.DRAFT)
        audit.record(by, "withdrew from approval", build)
    return build


@transaction.atomic
def record_result(
    approval: Approval,
    *,
    by: User,
    result: str,
    decided_on: datetime.date,
    note: str = "",
    meeting: Meeting | None = None,
) -> Approval:
    """Note what a body made of a version. What is sent back is a draft again, and the bodies after it are not asked.

    The same from the same person again changes nothing. Raises ValidationError when somebody else was first (code
    `recorded`), when an earlier body has not looked at it yet (`order`), and for a day or a meeting that cannot be.
    """
    build = _locked(approval.build)
    # No row where the version was withdrawn, or sent back by an earlier body, since the page was opened.
    approval = Approval.objects.select_related("forum", "by").filter(pk=approval.pk).first()
    if approval is None or (build.status != Build.Status.APPROVAL and approval.result == Result.WAITING):
        raise ValidationError(_("This version is not in approval any more. Look at its page again."), code="gone")
    said = {"result": result, "decided_on": decided_on, "note": note.strip(), "meeting_id": meeting and meeting.pk}
    if approval.result != Result.WAITING:
        if approval.by_id == by.pk and all(getattr(approval, name) == value for name, value in said.items()):
            return approval
        raise ValidationError(_recorded(approval), code="recorded")
    _check(approval, build, result, decided_on, note, meeting)
    for name, value in said.items():
        setattr(approval, name, value)
    approval.by = by
    approval.full_clean()
    approval.save()
    if result == Result.RETURNED:
        build.approvals.filter(result=Result.WAITING).delete()
        _set_status(build, Build.Status.DRAFT)
    audit.record(by, "passed a report on" if result == Result.PASSED else "sent a report back", build, step=approval.pk)
    return approval


def _recorded(approval: Approval) -> str:
    words = _("%(by)s has recorded this already: %(body)s, %(result)s on %(day)s. Nothing was changed.")
    return words % {
        "by": approval.by or _("Somebody"),
        "body": approval.forum,
        "result": approval.get_result_display(),
        "day": date_format(approval.decided_on, "j F Y"),
    }


def _check(
    approval: Approval, build: Build, result: str, decided_on: datetime.date, note: str, meeting: Meeting | None
) -> None:
    earlier = build.approvals.filter(order__lt=approval.order)
    if first := earlier.filter(result=Result.WAITING).select_related("forum").first():
        words = _("%(body)s has not looked at it yet. Its result comes first.")
        raise ValidationError(words % {"body": first.forum}, code="order")
    if result not in (Result.PASSED, Result.RETURNED):
        raise ValidationError({"result": _("Select whether it is passed on or sent back")})
    if result == Result.RETURNED and not note.strip():
        raise ValidationError({"note": _("Say why it is sent back")})
    if decided_on > timezone.localdate():
        raise ValidationError({"decided_on": _("The day must not be in the future")})
    if decided_on < timezone.localdate(build.finished_at):
        raise ValidationError({"decided_on": _("The day must not be before this version was made")})
    if earlier.filter(decided_on__gt=decided_on).exists():
        raise ValidationError({"decided_on": _("The day must not be before the body before it had decided")})
    if meeting and not _is_of(meeting, approval.forum):
        raise ValidationError({"meeting": _("Select a meeting of %(body)s") % {"body": approval.forum}})


def _is_of(meeting: Meeting, forum: Forum) -> bool:
    return meeting.forum_id == forum.pk or meeting.joint_with.filter(pk=forum.pk).exists()


def route_of(report: Report):
    """Through which bodies reports of this kind go, in order."""
    return RouteStep.objects.filter(kind=report.kind).select_related("forum").order_by("order")


def obstacle_on_the_way(build: Build) -> str:
    """What its route still keeps a version from being final, in words for a person; "" when nothing does."""
    if words := _sent_back(build):
        return words
    waiting = build.approvals.filter(result=Result.WAITING).select_related("forum").first()
    if waiting:
        return _("This version waits for %(body)s.") % {"body": waiting.forum}
    if build.status == Build.Status.DRAFT and (first := route_of(build.report).first()):
        return _("Send this version for approval first. It begins with %(body)s.") % {"body": first.forum}
    return ""


def _sent_back(build: Build) -> str:
    returned = build.approvals.filter(result=Result.RETURNED).select_related("forum").first()
    if returned is None:
        return ""
    words = _("%(body)s sent this version back. Make a new version and send that for approval.")
    return words % {"body": returned.forum}


def _locked(build: Build) -> Build:
    report = Report.objects.select_for_update().get(pk=build.report_id)
    build = Build.objects.get(pk=build.pk)
    build.report = report
    return build


def _set_status(build: Build, status: str) -> None:
    build.status = status
    build.save(update_fields=["status"])


# The independent group's own word ----------------------------------------------------------------


@transaction.atomic
def say_statement(
    report: Report, forum: Forum, *, by: User, result: str, text: str, said_on: datetime.date, seen: str | None = None
) -> Statement:
    """Note what a group that assures says of a report, in its chair's words (REP-020). What it said before is kept.

    `seen` is the mark of the statement that the form was filled in from; one that has changed since is not
    overwritten (code `stale`). Raises ValidationError for a group without that role.
    """
    report = Report.objects.select_for_update().get(pk=report.pk)
    if forum.role != Forum.Role.ASSURES:
        raise ValidationError({"forum": _("Select a group whose role is to assure")})
    if said_on > timezone.localdate():
        raise ValidationError({"said_on": _("The day must not be in the future")})
    row = report.statements.filter(forum=forum).first()
    said = {"result": result, "text": text.strip(), "said_on": said_on}
    if row and all(getattr(row, name) == value for name, value in said.items()):
        return row
    refuse_stale(row, seen)
    row = row or Statement(report=report, forum=forum)
    for name, value in said.items():
        setattr(row, name, value)
    row.by = by
    row.full_clean()
    row.save()
    audit.record(by, "noted a group's statement on", report, statement=row.pk)
    return row
