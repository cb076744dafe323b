"""The legal duties in force, by which code they are known, and where a signed plan says something of them.

What shows a duty is said twice, because it is not the same: the quarterly report says it of each case as it stood on a
day, and names the part that is missing; the assessment pack says it of a whole year, and names the records. What both
need stands here once.
"""

import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engagement.models import Duty, Plan

SIGNED = (Plan.State.SIGNED, Plan.State.SUPERSEDED)
# Questions of the planning form, by their codes: the triple aim with the name of each aim, and two more.
AIMS = {"aim_wellbeing": _("wellbeing"), "aim_quality": _("quality"), "aim_resources": _("resources")}
INEQUALITIES, SOCIAL_VALUE = "inequalities", "social_value"


def in_force(first: datetime.date, last: datetime.date) -> QuerySet[Duty]:
    """Duties that were in force on a day between two days, both included."""
    began = Q(in_force_from=None) | Q(in_force_from__lte=last)
    goes_on = Q(in_force_to=None) | Q(in_force_to__gte=first)
    return Duty.objects.filter(began, goes_on)


def code_of(duty: Duty) -> str:
    """The number of the section in small letters, without the “s” for section: “14z45” for “14Z45” and “s14Z45”."""
    code = duty.code.casefold()
    return code[1:] if code[:1] == "s" and code[1:2].isdigit() else code


def says(plan: Plan | None, question: str) -> bool:
    """Whether a plan says anything to a question of the form."""
    return bool(plan) and bool(str(plan.answers.get(question) or "").strip())
