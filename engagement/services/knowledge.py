"""“Do we already know this?” is asked before a plan goes on; the answer is kept with what was found (ENG-014)."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from engagement.documents import known
from engagement.models import KnowledgeCheck, Project
from engagement.services.gates import Obstacle
from engagement.services.parts import Part
from engagement.services.plans import BEFORE_PLAN
from engagement.services.projects import locked
from people.models import User

Outcome = KnowledgeCheck.Outcome
COLOURS = {Outcome.REUSE: "green", Outcome.REFRESH: "blue", Outcome.NEW: "grey"}


def newest(project: Project) -> KnowledgeCheck | None:
    """The check that counts."""
    return project.knowledge_checks.order_by("-at", "-pk").first()


@transaction.atomic
def record_check(project: Project, *, by: User, outcome: str, because: str) -> KnowledgeCheck:
    """Keep what follows and why, with what the search finds now for this user. The same again finds the first.

    Raises ValidationError for a project that is closed or stopped.
    """
    project = locked(project, by)
    if not project.is_open:
        raise ValidationError(_("This project is closed or stopped: its record stays as it is"), code="ended")
    found = known.as_kept(known.find(project, by))
    before = newest(project)
    if before and (before.outcome, before.because, before.found) == (outcome, because.strip(), found):
        return before
    check = KnowledgeCheck(project=project, outcome=outcome, because=because.strip(), found=found, by=by)
    check.full_clean(exclude=["found"])  # nothing found is an answer too
    check.save()
    audit.record(by, "looked up what is known", check, outcome=outcome, found=len(found))
    return check


def gate(project: Project, to: str) -> Iterator[Obstacle]:
    """A check before options and all that follows. Where what is known is used, nobody is consulted again."""
    if to in BEFORE_PLAN:
        return
    url = reverse("engagement:knowledge", args=[project.pk])
    check = newest(project)
    if check is None:
        yield Obstacle(_("Look first whether the answer is known already, and say what follows"), url)
    elif check.outcome == Outcome.REUSE and to == Project.Stage.CONSULTATION:
        words = _("You chose to use what is known: nobody is asked again. To consult people, say what else you need")
        yield Obstacle(words, url)


def part(project: Project, user: User) -> Part | None:
    """What follows from what is known."""
    if not user.has_perm("engagement.view_knowledgecheck"):
        return None
    url, title = reverse("engagement:knowledge", args=[project.pk]), _("Do we already know this?")
    check = newest(project)
    if check is None:
        return Part(title, _("not looked up"), "grey", _("Look before anybody is asked again."), url)
    number = len(check.found)
    words = ngettext("%(number)s piece of earlier work found.", "%(number)s pieces of earlier work found.", number)
    status = {Outcome.REUSE: _("use it"), Outcome.REFRESH: _("bring it up to date"), Outcome.NEW: _("ask anew")}
    return Part(title, capfirst(status[check.outcome]), COLOURS[check.outcome], words % {"number": number}, url)
