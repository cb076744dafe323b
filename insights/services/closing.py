"""Nothing closes before people have read what came of it: “you said, we did”, without exception (SVC-022)."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from engagement.models import Activity, Project
from engagement.services import gates
from insights.models import Response


def activity_gate(activity: Activity) -> Iterator[str]:
    """An activity closes only with an answer that everybody can read."""
    if not Response.objects.public().filter(activity=activity).exists():
        yield _("Publish what came of it, or why it could not be done, in “you said, we did”")


def project_gate(project: Project, to: str) -> Iterator[gates.Obstacle]:
    """A project closes only when each of its activities has an answer that everybody can read."""
    if to != gates.CLOSED:
        return
    answered = Exists(Response.objects.public().filter(activity=OuterRef("pk")))
    for activity in project.activities.exclude(answered):
        words = _("Publish what came of %(activity)s in “you said, we did”") % {"activity": activity}
        url = reverse("engagement:activity_detail", args=[activity.pk])
        yield gates.Obstacle(words, url, can_be_overridden=False)
