"""Equality assessments before people are involved and after: written, made final, opened again (SVC-004 to 008)."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from engagement.models import GroupImpact, ImpactAssessment, Policy, Project
from engagement.services.doors import goes_through, has_reached
from engagement.services.gates import Obstacle
from engagement.services.parts import Part
from engagement.services.projects import locked
from people.models import PopulationGroup, User

Phase = ImpactAssessment.Phase
Stage = Project.Stage
AIMS = ("eliminate", "advance", "foster")
TEXTS = (*AIMS, "inequalities", "information")
OF_A_GROUP = ("effect", "evidence", "barrier", "mitigation", "owner", "due_on")
# The stage behind whose door an assessment stays as it is.
LOCKED_FROM = {Phase.BEFORE: Stage.CONSULTATION, Phase.AFTER: Stage.DECISION}


def needed_groups(project: Project):
    """The groups that an assessment has to say something about: those the project names, and those for every plan."""
    named = Q(pk__in=project.groups.values("pk"))
    return PopulationGroup.objects.filter(named | Q(is_always_considered=True)).order_by("name")


def missing_groups(assessment: ImpactAssessment):
    """The needed groups about which an assessment says nothing yet."""
    return needed_groups(assessment.project).exclude(pk__in=assessment.impacts.values("group"))


@transaction.atomic
def start(project: Project, phase: str, *, by: User) -> ImpactAssessment:
    """The assessment of a phase, begun if it is not there. “After” begins as a copy of the final one before.

    Raises ValidationError for “after” without a final assessment before.
    """
    project = locked(project, by)
    return _started(project, phase, by)


def _started(project: Project, phase: str, by: User) -> ImpactAssessment:
    """The assessment, begun if need be. The project's row is locked by whoever calls."""
    if found := project.assessments.filter(phase=phase).first():
        return found
    _check_open(project, phase)
    row = ImpactAssessment(project=project, phase=phase)
    before = _final_before(project) if phase == Phase.AFTER else None
    if before:
        for name in TEXTS:
            setattr(row, name, getattr(before, name))
    row.save()
    if before:
        GroupImpact.objects.bulk_create(
            GroupImpact(assessment=row, group_id=each.group_id, **{name: getattr(each, name) for name in OF_A_GROUP})
            for each in before.impacts.all()
        )
    audit.record(by, "began", row)
    return row


def _final_before(project: Project) -> ImpactAssessment:
    before = project.assessments.filter(phase=Phase.BEFORE, final_at__isnull=False).first()
    if before is None:
        raise ValidationError(_("Finish the assessment before people are involved first"), code="before_first")
    return before


def _check_open(project: Project, phase: str) -> None:
    if not project.is_open:
        raise ValidationError(_("This project has ended, so nothing about it changes"), code="ended")
    if has_reached(project, LOCKED_FROM[phase]):
        raise ValidationError(
            _("The project has gone on with this assessment. It can no longer change"), code="gone_on"
        )


def may_change(project: Project, phase: str) -> bool:
    """Whether the assessment of a phase can still change, as far as the project's stage goes."""
    return project.is_open and not has_reached(project, LOCKED_FROM[phase])


def _in_work(project: Project, phase: str, by: User) -> ImpactAssessment:
    """The assessment of a locked project that is not final. Raises ValidationError."""
    row = _started(project, phase, by)
    _check_open(project, phase)
    if row.is_final:
        raise ValidationError(_("This assessment is final. Open it again to change it"), code="final")
    return row


@transaction.atomic
def save_assessment(project: Project, phase: str, *, by: User, **texts) -> ImpactAssessment:
    """Write the texts of an assessment that is not final: three aims, inequalities, information considered.

    The same texts again change nothing. Raises ValidationError.
    """
    row = _in_work(locked(project, by), phase, by)
    changed = [name for name in TEXTS if name in texts and getattr(row, name) != texts[name].strip()]
    for name in changed:
        setattr(row, name, texts[name].strip())
    if changed:
        row.save(update_fields=[*changed, "updated_at"])
        audit.record(by, "changed", row, fields=changed)
    return row


@transaction.atomic
def set_group_impact(project: Project, phase: str, group: PopulationGroup, *, by: User, **fields) -> GroupImpact:
    """Say what a project would do to one group, in an assessment that is not final. Raises ValidationError."""
    assessment = _in_work(locked(project, by), phase, by)
    row = assessment.impacts.filter(group=group).first() or GroupImpact(assessment=assessment, group=group)
    if row.pk and all(getattr(row, name) == value for name, value in fields.items()):
        return row
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    audit.record(by, "assessed a group", assessment, group=group.pk, effect=row.effect)
    return row


@transaction.atomic
def remove_group_impact(project: Project, phase: str, group: PopulationGroup, *, by: User) -> None:
    """Take a group out of an assessment that is not final. One that is not there is left so. Raises ValidationError."""
    assessment = _in_work(locked(project, by), phase, by)
    number, _rows = assessment.impacts.filter(group=group).delete()
    if number:
        audit.record(by, "removed a group", assessment, group=group.pk)


@transaction.atomic
def finish(assessment: ImpactAssessment, *, by: User) -> ImpactAssessment:
    """Make an assessment final. A second time changes nothing.

    Raises ValidationError unless the three aims are answered and every needed group has its row. An effect may be
    “not known yet”: the page then says so.
    """
    project = locked(assessment.project, by)
    row = project.assessments.get(pk=assessment.pk)
    if row.is_final:
        return row
    _check_open(project, row.phase)
    unsaid = [str(row._meta.get_field(name).verbose_name) for name in AIMS if not getattr(row, name).strip()]
    if unsaid:
        words = _("Say something about each of the three aims. Missing: %(aims)s")
        raise ValidationError(words % {"aims": "; ".join(unsaid)}, code="aims")
    if missing := missing_groups(row):
        raise ValidationError(
            _("Say what it would do to: %(groups)s") % {"groups": "; ".join(map(str, missing))}, code="groups"
        )
    row.final_at, row.final_by = timezone.now(), by
    row.save(update_fields=["final_at", "final_by", "updated_at"])
    audit.record(by, "finished", row)
    return row


@transaction.atomic
def reopen(assessment: ImpactAssessment, *, by: User, because: str) -> ImpactAssessment:
    """Open a final assessment again, with a reason, as long as the project has not gone on with it.

    One that is open stays so. Raises ValidationError.
    """
    project = locked(assessment.project, by)
    row = project.assessments.get(pk=assessment.pk)
    if not row.is_final:
        return row
    _check_open(project, row.phase)
    if not because.strip():
        raise ValidationError({"because": _("Say why it is opened again")})
    row.final_at = row.final_by = None
    row.save(update_fields=["final_at", "final_by", "updated_at"])
    audit.record(by, "opened again", row, because=because.strip())
    return row


# What stands in the way, and the line on the project's page --------------------------------------


def gate(project: Project, to: str) -> Iterator[Obstacle]:
    """Leaving options asks for a final assessment before; the decision after a consultation for the one after."""
    if not project.needs_assessment:
        return
    came_straight = project.stage == Stage.OPTIONS
    if goes_through(project, to, Stage.CONSULTATION) or (goes_through(project, to, Stage.DECISION) and came_straight):
        yield from _unless_final(project, Phase.BEFORE)
    elif goes_through(project, to, Stage.DECISION):
        yield from _unless_final(project, Phase.AFTER)


def _unless_final(project: Project, phase: str) -> Iterator[Obstacle]:
    url = reverse("engagement:assessment_detail", args=[project.pk, phase])
    row = project.assessments.filter(phase=phase).first()
    label = {"label": Policy.objects.current().assessment_label, "phase": Phase(phase).label}
    if row is None or not row.is_final:
        yield Obstacle(_("Finish the %(label)s %(phase)s") % label, url)
    elif missing := missing_groups(row):
        words = _("The %(label)s %(phase)s says nothing about: %(groups)s")
        yield Obstacle(words % (label | {"groups": "; ".join(map(str, missing))}), url)


def part(project: Project, user: User) -> Part | None:
    """Where the assessments stand: the one after as soon as there is one, else the one before."""
    if not user.has_perm("engagement.view_impactassessment"):
        return None
    rows = {row.phase: row for row in project.assessments.all()}
    phase = Phase.AFTER if Phase.AFTER in rows or _waits_for_after(project, rows) else Phase.BEFORE
    row = rows.get(phase)
    if not project.needs_assessment and not rows:
        status, colour, words = _("not needed"), "grey", _("The kind of change needs none.")
    elif row is None:
        status, colour, words = _("not begun"), "red", _("Nothing is written yet: %(phase)s.")
    elif row.is_final:
        status, colour, words = _("final"), "green", _("Final: %(phase)s.")
    else:
        status, colour, words = _("in work"), "yellow", _("Being written: %(phase)s.")
    title = Policy.objects.current().assessment_label
    url = reverse("engagement:assessment_detail", args=[project.pk, phase])
    return Part(title[:1].upper() + title[1:], status, colour, words % {"phase": Phase(phase).label}, url)


def _waits_for_after(project: Project, rows: dict) -> bool:
    before = rows.get(Phase.BEFORE)
    is_over = project.stage == Stage.ANALYSIS
    return bool(before and before.is_final and is_over)
