"""Projects: begin one, change what is written about it. Its stages are moved by `engagement.services.stages`."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Policy, Project
from forums.documents.cadences import add_months
from people.models import User

SETS = ("areas", "topics", "groups")
TRIES = 20


@transaction.atomic
def add_project(*, by: User, areas=(), topics=(), groups=(), **fields) -> Project:
    """A new project under the next reference of the year: "P-2026-001". The same form sent twice is one project.

    Raises ValidationError for fields that do not go together, PermissionDenied for somebody who may not add projects.
    """
    if not by.has_perm("engagement.add_project"):
        raise PermissionDenied
    # The second of two equal forms of one person waits here, and then finds the project of the first.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    today = timezone.localdate()
    fields["lead"] = fields.get("lead") or by
    same = {name: fields.get(name) for name in ("title", "trigger", "lead")} | {"summary": fields.get("summary", "")}
    if found := Project.objects.filter(created_at__date=today, stage=Project.Stage.IDEA, **same).first():
        return found
    project = _numbered(Project(**fields), today)
    for name, rows in zip(SETS, (areas, topics, groups), strict=True):
        getattr(project, name).set(rows)
    audit.record(by, "added", project)
    return project


def _numbered(project: Project, today: datetime.date) -> Project:
    """Save under the next free reference. Somebody else may take it in the same moment: then the one after it."""
    start = f"P-{today.year}-"
    for _try in range(TRIES):
        taken = Project.objects.filter(reference__startswith=start).values_list("reference", flat=True)
        numbers = [int(each.removeprefix(start)) for each in taken if each.removeprefix(start).isdecimal()]
        project.reference = f"{start}{max(numbers, default=0) + 1:03}"
        project.full_clean(validate_unique=False)
        try:
            with transaction.atomic():
                project.save()
        except IntegrityError:
            if not Project.objects.filter(reference=project.reference).exists():
                raise
            project.pk = None
        else:
            return project
    raise ValidationError(_("Many projects are being added at this moment. Send the form again"))


@transaction.atomic
def change_project(project: Project, *, by: User, **fields) -> Project:
    """Change what is written about a project. The same values again change nothing. Raises ValidationError."""
    row = locked(project, by)
    sets = {name: fields.pop(name) for name in SETS if name in fields}
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    if schedule_review(row):
        changed.append("review_due_on")
    if changed:
        row.full_clean()
        row.save(update_fields=[*dict.fromkeys(changed), "updated_at"])
    for name, rows in sets.items():
        kept = getattr(row, name)
        if {each.pk for each in kept.all()} != {each.pk for each in rows}:
            kept.set(rows)
            changed.append(name)
    if changed:
        audit.record(by, "changed", row, fields=sorted(set(changed)))
    return row


def locked(project: Project, by: User) -> Project:
    """The project's row, locked until the end of the transaction, for somebody who works on it.

    Raises PermissionDenied for anybody else. Whatever a gate reads is written behind this lock.
    """
    row = Project.objects.select_for_update().get(pk=project.pk)
    if not row.may_be_changed_by(by):
        raise PermissionDenied
    return row


def schedule_review(project: Project) -> bool:
    """Set the day on which to look again, some months after the change was made, if none is set (ENG-045)."""
    if not project.implemented_on or project.review_due_on:
        return False
    project.review_due_on = add_months(project.implemented_on, Policy.objects.current().review_months)
    return True
