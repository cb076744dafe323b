"""The stage machine of projects: forward, back, decide, close, stop (SVC-011, SVC-021).

Each step locks the project's row first and asks the gates behind that lock.
"""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Consultation, Override, Project, StageChange
from engagement.services import gates
from engagement.services.gates import CLOSED, Obstacle
from engagement.services.projects import locked, schedule_review
from people.models import User

Stage = Project.Stage
ORDER = list(Stage)


def next_stages(project: Project) -> list[str]:
    """The stages to which a project may go on from where it stands, or `CLOSED`; none once it has ended.

    From options the signed plan leads to a consultation, or past it straight to the decision.
    """
    if not project.is_open:
        return []
    if project.stage == Stage.REVIEW:
        return [CLOSED]
    if project.stage == Stage.OPTIONS and project.is_consulted_on is False:
        return [Stage.DECISION]
    return [ORDER[ORDER.index(project.stage) + 1]]


def stage_before(project: Project) -> str | None:
    """The stage to which a project goes back: where it came from, or the one before; None at the first and the end."""
    if not project.is_open or project.stage == Stage.IDEA:
        return None
    here = ORDER.index(project.stage)
    came = project.stage_changes.filter(to_stage=project.stage).order_by("at", "pk").last()
    if came and ORDER.index(came.from_stage) < here:
        return came.from_stage
    if project.stage == Stage.DECISION and project.is_consulted_on is False:
        return Stage.OPTIONS
    return ORDER[here - 1]


def obstacles(project: Project, to: str) -> list[Obstacle]:
    """Everything between a project and a stage or its end: what the gates say, and a decision that is not recorded."""
    found = gates.obstacles(project, to)
    if to == Stage.MOBILISE and project.decided_on is None:
        found.insert(0, Obstacle(_("Record what was decided, and when"), can_be_overridden=False))
    return found


def may_override(project: Project, user: User) -> bool:
    """Whether somebody may let a project pass a gate that refuses it."""
    return user.has_perm("engagement.override_gate") and not _leads(project, user)


def _leads(project: Project, user: User) -> bool:
    """Whether somebody leads the project, or did: nobody hands it over to override its gate, and takes it back."""
    return project.lead_id == user.pk or project.history.filter(lead=user.pk).exists()


@transaction.atomic
def move(project: Project, to: str, *, by: User, because: str = "", override: dict | None = None) -> Project:
    """Take a project to its next stage. A second time changes nothing.

    Raises ValidationError with every obstacle. `override` names the `senior` who decided to pass them all the same,
    and the `reason`: both are kept for good with the words of each obstacle. What is simply missing stays refused.
    """
    project = locked(project, by)
    if project.stage == to and project.is_open:
        return project
    _check_next(project, to)
    found = obstacles(project, to)
    if found:
        _check_override(project, found, by, override)
    change = StageChange.objects.create(
        project=project, from_stage=project.stage, to_stage=to, because=because.strip(), by=by
    )
    if found:
        words = [str(obstacle.words) for obstacle in found]
        row = Override(project=project, change=change, obstacles=words, by=by, **override)
        row.full_clean()
        row.save()
        audit.record(by, "overrode a gate", project, to=to, obstacles=len(words))
    project.stage = to
    if to in {Stage.MOBILISE, Stage.REVIEW}:
        schedule_review(project)
    project.save(update_fields=["stage", "review_due_on", "updated_at"])
    audit.record(by, "moved", project, origin=change.from_stage, to=to)
    return project


def _check_next(project: Project, to: str) -> None:
    allowed = [each for each in next_stages(project) if each != CLOSED]
    if to not in allowed:
        raise ValidationError(
            _("This project cannot go there from where it stands. Look at its page again: somebody may have moved it"),
            code="not_next",
        )


def _check_override(project: Project, found: list[Obstacle], by: User, override: dict | None) -> None:
    """Refuse with every obstacle, unless all can be passed, by somebody who may, with a name and a reason."""
    if override is None:
        raise ValidationError([ValidationError(each.words, code="obstacle") for each in found])
    if not by.has_perm("engagement.override_gate"):
        raise PermissionDenied
    if _leads(project, by):
        words = _("You lead this project, or led it. Somebody else has to enter the override")
        raise ValidationError(words, code="own_project")
    firm = [each for each in found if not each.can_be_overridden]
    if firm:
        raise ValidationError([ValidationError(each.words, code="firm") for each in firm])
    missing = {"senior": _("Enter the name and post of the senior who decided"), "reason": _("Enter the reason")}
    errors = {name: words for name, words in missing.items() if not str(override.get(name, "")).strip()}
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def back(project: Project, *, by: User, because: str, to: str = "") -> Project:
    """Take a project one stage back, and say why. A decision is taken back with its stage; the history keeps it.

    `to` is the stage that the person saw: a project that is there already stays. Raises ValidationError.
    """
    project = locked(project, by)
    if to and project.stage == to and project.is_open:
        return project
    before = stage_before(project)
    if before is None or to not in ("", before):
        raise ValidationError(_("This project cannot go back from where it stands. Look at its page again"))
    if not because.strip():
        raise ValidationError({"because": _("Say why it goes back")})
    StageChange.objects.create(
        project=project, from_stage=project.stage, to_stage=before, because=because.strip(), by=by
    )
    audit.record(by, "moved back", project, origin=project.stage, to=before)
    if project.stage == Stage.DECISION:
        project.decided_on, project.decision = None, ""
    project.stage = before
    project.save(update_fields=["stage", "decided_on", "decision", "updated_at"])
    return project


@transaction.atomic
def decide(project: Project, *, by: User, decided_on: datetime.date, decision: str) -> Project:
    """Record what was decided, at the stage of the decision. The same again changes nothing. Raises ValidationError."""
    project = locked(project, by)
    if (project.decided_on, project.decision) == (decided_on, decision.strip()):
        return project
    if project.stage != Stage.DECISION or not project.is_open:
        raise ValidationError(_("A decision is recorded at the stage “decision”. Bring the project there first"))
    if not decision.strip():
        raise ValidationError({"decision": _("Enter what was decided")})
    _check_day(project, decided_on)
    project.decided_on, project.decision = decided_on, decision.strip()
    project.save(update_fields=["decided_on", "decision", "updated_at"])
    audit.record(by, "recorded the decision", project, decided_on=decided_on.isoformat())
    return project


def _check_day(project: Project, decided_on: datetime.date) -> None:
    if decided_on > timezone.localdate():
        raise ValidationError({"decided_on": _("The day of the decision must not be in the future")})
    consultation = Consultation.objects.filter(project=project).first()
    last_day = consultation.last_day if consultation and project.is_consulted_on is not False else None
    if last_day and decided_on <= last_day:
        words = _("People could respond until %(day)s. The decision comes after that")
        raise ValidationError({"decided_on": words % {"day": date_format(last_day, "j F Y")}})


@transaction.atomic
def close(project: Project, *, by: User) -> Project:
    """End a project after its review. A second time changes nothing. Raises ValidationError with every obstacle."""
    project = locked(project, by)
    if project.closed_on is not None:
        return project
    if CLOSED not in next_stages(project):
        raise ValidationError(_("A project is closed after its review. Bring it there first"))
    if found := obstacles(project, CLOSED):
        raise ValidationError([ValidationError(each.words, code="obstacle") for each in found])
    project.closed_on = timezone.localdate()
    project.save(update_fields=["closed_on", "updated_at"])
    audit.record(by, "closed", project)
    return project


@transaction.atomic
def stop(project: Project, *, by: User, reason: str) -> Project:
    """End a project before its time, and say why. A second time changes nothing. Raises ValidationError."""
    project = locked(project, by)
    if project.stopped_on is not None:
        return project
    if not project.is_open:
        raise ValidationError(_("This project is closed already"))
    if not reason.strip():
        raise ValidationError({"reason": _("Enter why it stops")})
    project.stopped_on, project.stopped_because = timezone.localdate(), reason.strip()
    project.save(update_fields=["stopped_on", "stopped_because", "updated_at"])
    audit.record(by, "stopped", project)
    return project
