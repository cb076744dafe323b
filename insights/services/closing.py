"""Nothing closes before people have read what came of it: “you said, we did”, without exception (SVC-022).

Whoever takes an answer away locks the same rows as whoever closes, in the same order: project, activity, issue.
"""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from engagement.models import Activity, IssueRaised, Project
from engagement.services import gates
from insights.models import Response


def activity_gate(activity: Activity) -> Iterator[str]:
    """An activity closes only with an answer that everybody can read, its own or one that cites it."""
    if not Response.objects.public().to(activity).exists():
        yield _("Publish what came of it, or why it could not be done, in “you said, we did”")


def project_gate(project: Project, to: str) -> Iterator[gates.Obstacle]:
    """A project closes only when each of its activities has an answer that everybody can read."""
    if to != gates.CLOSED:
        return
    answered = Response.objects.public().answered()
    for activity in project.activities.exclude(answered):
        words = _("Publish what came of %(activity)s in “you said, we did”") % {"activity": activity}
        url = reverse("engagement:activity_detail", args=[activity.pk])
        yield gates.Obstacle(words, url, can_be_overridden=False)


def issue_gate(issue: IssueRaised) -> Iterator[str]:
    """An issue closes when everybody can read its answer, or when the person who raised it was told alone."""
    if issue.person_told_on is None and not Response.objects.public().filter(issues=issue).exists():
        yield _("Tell the person who raised it first, or publish its answer in “you said, we did”")


# Taking an answer away ---------------------------------------------------------------------------


def lock(response: Response) -> Response:
    """The answer with everything that it may hold closed: nobody can close any of it until the transaction ends."""
    activities = Activity.objects.filter(Q(pk=response.activity_id) | Q(further_answers=response))
    numbers = sorted(set(activities.values_list("pk", flat=True)))
    projects = Project.objects.filter(activities__in=numbers).values("pk")
    list(Project.objects.select_for_update().filter(pk__in=projects).order_by("pk"))
    list(Activity.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
    issues = sorted(response.issues.values_list("pk", flat=True))
    list(IssueRaised.objects.select_for_update().filter(pk__in=issues).order_by("pk"))
    return Response.objects.select_for_update().get(pk=response.pk)


def check_stays_answered(response: Response, activities: Iterable[Activity], issues: Iterable[IssueRaised]) -> None:
    """Raise ValidationError where a closed activity, project or issue would be left without a public answer.

    `activities` and `issues` are those that this answer will no longer answer in public.
    """
    others = Response.objects.public().exclude(pk=response.pk)
    found = []
    for activity in activities:
        project = activity.project
        is_closed = activity.state == Activity.State.CLOSED or (project is not None and project.closed_on is not None)
        if is_closed and not others.to(activity).exists():
            words = _(
                "“%(activity)s” is closed, and this is its only public answer. Publish another answer to it first"
            )
            found.append(ValidationError(words % {"activity": activity}, code="closed"))
    for issue in issues:
        if issue.closed_on and not issue.person_told_on and not others.filter(issues=issue).exists():
            words = _(
                "The issue “%(issue)s” was closed with this answer. Tell the person who raised it, or open it again"
            )
            found.append(ValidationError(words % {"issue": issue}, code="closed"))
    if found:
        raise ValidationError(found)
