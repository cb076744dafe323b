"""How long before its decision people were involved in a project, and whether the options were still open (ENG-011)."""

import datetime
from dataclasses import dataclass

from django.db.models import Min
from django.utils import timezone

from engagement.models import Activity, Project


@dataclass(frozen=True, slots=True)
class Earliness:
    """When involvement began. `days` counts from there to the decision, taken or due; None where a day is missing."""

    first_involved_on: datetime.date | None
    days: int | None
    is_decided: bool
    is_too_late: bool


def earliness_of(project: Project) -> Earliness:
    """From the first day of the first activity that involved people. Information alone and mere plans do not count."""
    begun = Activity.objects.filter(project=project, starts_on__lte=timezone.localdate())
    begun = begun.exclude(nature=Activity.Nature.INFORMATION).exclude(state=Activity.State.PLANNED)
    first = begun.aggregate(first=Min("starts_on"))["first"]
    decision = project.decided_on or project.decision_due_on
    fixed = project.options_fixed_on
    return Earliness(
        first_involved_on=first,
        days=(decision - first).days if first and decision else None,
        is_decided=project.decided_on is not None,
        is_too_late=bool(fixed and (first or timezone.localdate()) >= fixed),
    )
