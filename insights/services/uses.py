"""That insight was used: in which project, at which stage it stood then, to what effect (INS-005, INS-019)."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from engagement.models import Project
from engagement.services.parts import Part
from insights.documents.uses import BEFORE_OPTIONS, of_user
from insights.models import Finding, Source, Use
from people.models import User


@transaction.atomic
def add_use(
    of: Finding | Source,
    *,
    by: User,
    effect: str,
    project: Project | None = None,
    elsewhere: str = "",
    on: datetime.date | None = None,
) -> Use:
    """Note that a finding or an item was used in a project, or elsewhere. The same form sent twice is one use.

    The stage is that of the project on the day. Raises ValidationError; PermissionDenied for somebody else's project.
    """
    type(of).objects.select_for_update(of=("self",)).get(pk=of.pk)  # so that the same form sent twice is one use
    day, elsewhere, effect = on or timezone.localdate(), elsewhere.strip(), effect.strip()
    if (project is None) == (elsewhere == ""):
        raise ValidationError(_("Choose a project, or say what it was used in"), code="one_place")
    if project is not None and not project.may_be_changed_by(by):
        raise PermissionDenied
    _check_usable(of)
    if day > timezone.localdate():
        raise ValidationError({"on": _("The day must not be in the future")})
    about = {"finding": of} if isinstance(of, Finding) else {"source": of}
    given = about | {"project": project, "elsewhere": elsewhere, "effect": effect, "on": day}
    if found := Use.objects.filter(**given).first():
        return found
    use = Use(**given, by=by, stage=stage_on(project, day) if project else "")
    use.full_clean()
    use.save()
    audit.record(by, "noted a use", of, use=use.pk, project=project.pk if project else None)
    return use


def _check_usable(of: Finding | Source) -> None:
    if isinstance(of, Finding) and of.state != Finding.State.AGREED:
        raise ValidationError(_("Only a finding that is agreed can be used"), code="not_agreed")
    if isinstance(of, Source) and of.state != Source.State.IN_USE:
        raise ValidationError(_("Only a library item that is in use can be used"), code="not_in_use")


def stage_on(project: Project, day: datetime.date) -> str:
    """The stage at which a project stood at the end of a day."""
    changes = list(project.stage_changes.order_by("at", "pk"))
    before = [change for change in changes if timezone.localdate(change.at) <= day]
    if before:
        return before[-1].to_stage
    return changes[0].from_stage if changes else project.stage


def part(project: Project, user: User) -> Part | None:
    """The line on a project's page: how much insight it used, and whether any of it before the options were set."""
    if not user.has_perm("insights.view_use"):
        return None
    uses = list(of_user(user).filter(project=project).values_list("stage", flat=True))
    url = f"{reverse('insight_work:use_list')}?project={project.pk}"
    if not uses:
        return Part(_("Insight used"), _("none"), "grey", _("No finding or library item is cited here yet."), url)
    words = ngettext("%(number)s use of insight is noted.", "%(number)s uses of insight are noted.", len(uses))
    words %= {"number": len(uses)}
    if any(stage in BEFORE_OPTIONS for stage in uses):
        return Part(_("Insight used"), _("early"), "green", words, url)
    words = f"{words} {_('None of them came before the options.')}"
    return Part(_("Insight used"), _("late"), "yellow", words, url)
