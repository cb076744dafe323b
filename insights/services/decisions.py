"""Decisions: recorded, what they made of the insight before them, published; and the gate that asks for it (SVC-032).

Whatever the gate reads is written with the project's row locked, before the decision's own.
"""

import contextlib
import datetime
from collections.abc import Iterable, Iterator

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Activity, Project
from engagement.services import projects, stages
from engagement.services.gates import Obstacle
from forums.models import Forum, Meeting
from insights.documents.findings import refuse_personal
from insights.models import Decision, Finding, Source, Weighed
from people.models import User

ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # no letters that look like figures, and no vowels, so no words
FIELDS = ("title", "body", "decided_on", "meeting", "paper", "minute", "options", "decided", "because")
CHANGEABLE = (*FIELDS, "without_insight_because")
READABLE = ("title", "options", "decided", "because", "without_insight_because")
DONE = (Project.Stage.MOBILISE, Project.Stage.REVIEW)


def may_write(project: Project | None, user: User) -> bool:
    """Whether somebody may write decisions on a project; on none, only who may change any project."""
    if project is None:
        return user.has_perm("engagement.change_any_project")
    return project.may_be_changed_by(user)


@transaction.atomic
def add_decision(
    *, by: User, project: Project | None = None, activities: Iterable[Activity] = (), **values
) -> Decision:
    """Record what a board or committee decided. The same form sent twice is one decision. Raises ValidationError.

    A project that waits for its decision has it with this, so nobody records it twice. `values` are the names in
    CHANGEABLE. Raises PermissionDenied for somebody else's project.
    """
    project = _locked_project(project, by)
    # The second of two equal forms of one person waits here, and then finds the decision of the first.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    same = {name: values[name] for name in ("title", "body", "decided_on")}
    if found := Decision.objects.filter(**same, project=project, by=by).first():
        return found
    decision = Decision(project=project, by=by, reference=_new_reference(), **values)
    _save(decision, by)
    decision.activities.set(activities)
    audit.record(by, "recorded a decision", decision, project=project.pk if project else None)
    if project and project.decided_on is None:
        with contextlib.suppress(ValidationError):  # an earlier one, such as the one to consult, does not decide it
            stages.decide(project, by=by, decided_on=decision.decided_on, decision=decision.decided)
    return decision


@transaction.atomic
def change_decision(
    decision: Decision, *, by: User, activities: Iterable[Activity] | None = None, **values
) -> Decision:
    """Change what a decision says. The same again changes nothing. Raises ValidationError, PermissionDenied.

    What everybody can read already stays without personal details.
    """
    decision = _locked(decision, by)
    changed = [name for name in CHANGEABLE if name in values and getattr(decision, name) != values[name]]
    for name in changed:
        setattr(decision, name, values[name])
    if changed:
        if decision.is_published:
            refuse_personal(decision, *READABLE)
        _save(decision, by)
    if "without_insight_because" in changed and not decision.without_insight_because:
        _check_accounts(decision)
    if activities is not None and {row.pk for row in decision.activities.all()} != {row.pk for row in activities}:
        decision.activities.set(activities)
        changed.append("activities")
    if changed:
        audit.record(by, "changed a decision", decision, fields=changed)
    return decision


@transaction.atomic
def weigh(
    decision: Decision,
    *,
    by: User,
    effect: str,
    finding: Finding | None = None,
    source: Source | None = None,
    because: str = "",
) -> Weighed:
    """Say what a decision made of a finding or an item; the same one again changes what was said.

    Raises ValidationError for both or neither, and without a reason for what was not adopted in full.
    """
    decision = _locked(decision, by)
    if (finding is None) == (source is None):
        raise ValidationError(_("Choose a finding or a library item, one of them"), code="one_thing")
    about = {"finding": finding} if finding else {"source": source}
    row = decision.weighed.filter(**about).first() or Weighed(decision=decision, **about)
    said = {"effect": effect, "because": because.strip()}
    if row.pk and all(getattr(row, name) == value for name, value in said.items()):
        return row
    row.effect, row.because = said["effect"], said["because"]
    if decision.is_published:
        refuse_personal(row, "because")
    row.full_clean()
    row.save()
    audit.record(by, "weighed insight", decision, effect=effect, row=row.pk)
    return row


@transaction.atomic
def remove_weighed(row: Weighed, *, by: User) -> None:
    """Take back that something was weighed. A second time changes nothing. Raises ValidationError.

    It stays where the project went on because of it, and where everybody can read it.
    """
    decision = _locked(row.decision, by)
    if not decision.weighed.filter(pk=row.pk).exists():
        return
    if decision.is_published:
        raise ValidationError(_("Everybody can read this decision. Withdraw it first"), code="published")
    decision.weighed.filter(pk=row.pk).delete()
    _check_accounts(decision)
    audit.record(by, "removed weighed insight", decision, row=row.pk)


@transaction.atomic
def publish_decision(decision: Decision, *, by: User) -> Decision:
    """Let everybody read a decision, with what was not adopted and why. A second time changes nothing.

    Raises ValidationError without anything weighed and no reason for that, and for personal details.
    """
    decision = _locked(decision, by)
    if decision.is_published:
        return decision
    if not Decision.objects.accounting().filter(pk=decision.pk).exists():
        raise ValidationError(_("Say first what was made of what people said, or why there was nothing"), code="silent")
    refuse_personal(decision, *READABLE)
    for row in decision.weighed.all():
        refuse_personal(row, "because")
    decision.published_at, decision.published_by = timezone.now(), by
    _save(decision, by)
    audit.record(by, "published a decision", decision)
    return decision


@transaction.atomic
def withdraw_decision(decision: Decision, *, by: User) -> Decision:
    """Take a decision off the public pages. A second time changes nothing."""
    decision = _locked(decision, by)
    if decision.is_published:
        decision.published_at = decision.published_by = None
        _save(decision, by)
        audit.record(by, "withdrew a decision", decision)
    return decision


def _new_reference() -> str:
    while True:
        reference = f"decision-{get_random_string(7, ALPHABET)}"
        if not Decision.objects.filter(reference=reference).exists():
            return reference


def _locked_project(project: Project | None, by: User) -> Project | None:
    """Lock the project first: whoever moves it waits. Raises PermissionDenied for somebody else's."""
    if project is not None:
        return projects.locked(project, by)
    if not may_write(None, by):
        raise PermissionDenied
    return None


def _locked(decision: Decision, by: User) -> Decision:
    _locked_project(decision.project, by)
    return Decision.objects.select_for_update(of=("self",)).select_related("project", "body").get(pk=decision.pk)


def _check_accounts(decision: Decision) -> None:
    """Raise ValidationError where a project that went on would be left without a decision that the gate asks for."""
    project = decision.project
    if project is None or project.stage not in DONE or project.trigger != Project.Trigger.SERVICE:
        return
    if not project.decisions.accounting().exists():
        words = _(
            "The project went on because insight was weighed. Weigh something else first, or say why there was none"
        )
        raise ValidationError(words, code="needed")


def _save(decision: Decision, by: User) -> None:
    _check(decision.body, decision.decided_on, decision.meeting)
    decision.full_clean(exclude=["by"])  # who recorded it may have left since
    decision._history_user = by
    decision.save()


def _check(body: Forum, decided_on: datetime.date, meeting: Meeting | None) -> None:
    if not body.kind.is_committee:
        raise ValidationError({"body": _("Choose a board or a committee. Other forums advise, they do not decide")})
    if decided_on > timezone.localdate():
        raise ValidationError({"decided_on": _("The day must not be in the future")})
    if meeting is not None and meeting.forum_id != body.pk and not meeting.joint_with.filter(pk=body.pk).exists():
        raise ValidationError({"meeting": _("Choose a meeting of %(body)s") % {"body": body}})


# The gate ----------------------------------------------------------------------------------------


def gate(project: Project, to: str) -> Iterator[Obstacle]:
    """A service change goes on to be made only with a decision that weighs what people said, or says why nothing."""
    if to != Project.Stage.MOBILISE or project.trigger != Project.Trigger.SERVICE:
        return
    rows = Decision.objects.filter(project=project)
    if rows.accounting().exists():
        return
    if found := rows.first():
        words = _("Say what the decision made of what people said, or why there was nothing to weigh")
        yield Obstacle(words, reverse("insight_work:decision_detail", args=[found.pk]))
    else:
        words = _("Record the decision: who decided, from which options, and what was made of what people said")
        yield Obstacle(words, f"{reverse('insight_work:decision_add')}?project={project.pk}")
