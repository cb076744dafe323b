"""Aims of a project as numbers and groups. They are signed with its plan: only a draft lets them change (ENG-008)."""

from django.db import transaction

from core import audit
from engagement.models import Aim, Plan
from engagement.services.plans import refuse_unless, to_write
from people.models import User

State = Plan.State


@transaction.atomic
def save_aim(plan: Plan, aim: Aim | None, *, by: User, groups=(), **values) -> Aim:
    """Add an aim to the project, or change one. Aims are signed with the plan: only a draft lets them change (ENG-008).

    `values` are measure, target and baseline. The same aim added twice is one. Raises ValidationError.
    """
    plan, project = to_write(plan, by)
    refuse_unless(plan, State.DRAFT)
    if aim is None:
        aim = project.aims.filter(**values).first() or Aim(project=project)
    for name, value in values.items():
        setattr(aim, name, value)
    aim.full_clean()
    aim.save()
    aim.groups.set(groups)
    audit.record(by, "set", aim, project=project.pk)
    return aim


@transaction.atomic
def remove_aim(plan: Plan, aim: int, *, by: User) -> None:
    """Take the aim with that number away while the plan is a draft. One that has gone already is no error."""
    plan, project = to_write(plan, by)
    refuse_unless(plan, State.DRAFT)
    if found := project.aims.filter(pk=aim).first():
        audit.record(by, "removed", found, project=project.pk)
        found.delete()
