"""What the search knows of the business: which records are found, by which filters, under which other names (INS)."""

import datetime
from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import search
from core.models import Scope
from core.search import Fields, Kind
from engagement.models import Activity, ActivityPartner, Impact
from forums.models import Forum, ForumAlias
from insights.documents.years import financial_year
from insights.models import Comment, Finding, Response, Source
from people.models import AreaAlias, Organisation, OrganisationAlias


def register() -> None:
    """Have the search find these from now on. Twice is harmless."""
    for kind in (ACTIVITIES, RESPONSES, COMMENTS, SOURCES, FINDINGS):
        search.register(kind)
    search.register_names(other_names)
    search.keep_in_step()


# Activities --------------------------------------------------------------------------------------


def activity_rows():
    rows = Activity.objects.select_related("organisation", "period", "project")
    return rows.prefetch_related("topics", "areas", "groups", "forums", "impacts", "partners")


def activity_fields(activity: Activity) -> Fields:
    """An activity, its purpose and what people said in it, with the impact that came of it."""
    day = activity.ends_on or activity.starts_on
    parts = [activity.purpose, activity.what_we_asked, activity.what_people_told_us, activity.what_changed]
    parts += [impact.statement for impact in activity.impacts.all()]
    project = [activity.project.title] if activity.project else []
    return Fields(
        title=str(activity),
        text=_joined(parts),
        names=[*_where(activity), *map(str, activity.partners.all()), *project],
        day=day or (activity.period and activity.period.ends_on),
        tags=_tags(activity, activity.topics.all(), day or (activity.period and activity.period.ends_on)),
    )


def activities_for(user):
    if user is search.PUBLIC or not user.has_perm("engagement.view_activity"):
        return Activity.objects.none()
    return None if user.only_areas() is None else Activity.objects.for_user(user)


ACTIVITIES = Kind(
    code="activity",
    name=_("Activity"),
    plural=_("Activities"),
    model=Activity,
    build=activity_fields,
    for_user=activities_for,
    url=lambda activity: activity.get_absolute_url(),
    rows=activity_rows,
    follows={
        Impact: lambda impact: [impact.activity_id],
        ActivityPartner: lambda link: [link.activity_id],
    },
)

# You said, we did --------------------------------------------------------------------------------


def response_rows():
    rows = Response.objects.select_related("topic", "activity__organisation")
    return rows.prefetch_related("activity__areas", "activity__groups", "activity__forums")


def response_fields(response: Response) -> Fields:
    day = timezone.localdate(response.published_at or response.updated_at)
    return Fields(
        title=str(response),
        text=_joined([response.you_said, response.we_did, response.reason]),
        names=[*_where(response.activity), response.activity.title],
        day=day,
        scope=Scope.PUBLIC if response.is_published else Scope.STAFF,
        tags=_tags(response.activity, [response.topic], day),
    )


def responses_for(user):
    """The published ones for everybody; all those of their areas for staff."""
    if user is search.PUBLIC or not user.has_perm("insights.view_response"):
        return Response.objects.public()
    if user.only_areas() is None:
        return None
    return Response.objects.filter(activity__in=Activity.objects.for_user(user).values("pk"))


def response_page(response: Response) -> str:
    """The public page once it is published; before, where staff write it."""
    if response.is_published:
        return response.get_absolute_url()
    return reverse("admin:insights_response_change", args=[response.pk])


RESPONSES = Kind(
    code="response",
    name=_("You said, we did"),
    plural=_("You said, we did"),
    model=Response,
    build=response_fields,
    for_user=responses_for,
    url=response_page,
    rows=response_rows,
    follows={Activity: lambda activity: activity.responses.values_list("pk", flat=True)},
)

# Comments ----------------------------------------------------------------------------------------


def comment_rows():
    return Comment.objects.select_related("collection", "area")


def comment_fields(comment: Comment) -> Fields | None:
    """The words of a comment that may be read. What is held or erased is not found."""
    if comment.is_held or not comment.text:
        return None
    day = comment.said_on
    tags = {"area": [comment.area_id] if comment.area_id else [], "year": [financial_year(day)] if day else []}
    # The name of a collection is in every one of its comments: as a title it would put them all before what was learnt.
    names = [comment.collection.title, comment.service, *([comment.area.name] if comment.area else [])]
    title = gettext("Comment %(number)s") % {"number": comment.reference}
    return Fields(title=title, text=comment.text, names=names, day=day, tags=tags)


def comments_for(user):
    if user is search.PUBLIC or not user.has_perm("insights.view_comment"):
        return Comment.objects.none()
    return None if user.only_areas() is None else Comment.objects.for_user(user)


COMMENTS = Kind(
    code="comment",
    name=_("Comment"),
    plural=_("Comments"),
    model=Comment,
    build=comment_fields,
    for_user=comments_for,
    url=lambda comment: reverse("insight_work:comment_detail", args=[comment.pk]),
    rows=comment_rows,
)

# The library -------------------------------------------------------------------------------------


def source_rows():
    return Source.objects.select_related("kind", "organisation").prefetch_related("topics", "areas", "groups")


def source_fields(source: Source) -> Fields:
    """An item of the library. Who may find it when is asked each time: embargoes and consents end by themselves."""
    places = [area.name for area in source.areas.all()]
    return Fields(
        title=source.title,
        text=_joined([source.key_finding, source.summary]),
        names=[*places, str(source.kind), *([source.organisation.name] if source.organisation else [])],
        day=source.collected_to,
        scope={"public": Scope.PUBLIC, "partners": Scope.PARTNERS}.get(source.scope, Scope.STAFF),
        tags={
            "topic": [topic.pk for topic in source.topics.all()],
            "area": [area.pk for area in source.areas.all()],
            "group": [group.pk for group in source.groups.all()],
            "year": [financial_year(source.collected_to)] if source.collected_to else [],
        },
    )


def sources_for(user):
    """The published ones for everybody; for staff what is in use and theirs to see, raw data only with permission."""
    if user is search.PUBLIC or not user.has_perm("insights.view_source"):
        return Source.objects.public()
    return Source.objects.for_user(user).in_use()


SOURCES = Kind(
    code="source",
    name=_("Library item"),
    plural=_("Library items"),
    model=Source,
    build=source_fields,
    for_user=sources_for,
    url=lambda source: reverse("insight_work:source_detail", args=[source.pk]),
    rows=source_rows,
)

# Findings ----------------------------------------------------------------------------------------


def finding_rows():
    return Finding.objects.prefetch_related("topics", "areas", "groups")


def finding_fields(finding: Finding) -> Fields:
    day = timezone.localdate(finding.agreed_at or finding.created_at)
    return Fields(
        title=finding.statement,
        text=finding.confidence_because,
        names=[area.name for area in finding.areas.all()],
        day=day,
        scope=Scope.PUBLIC if finding.is_published else Scope.STAFF,
        tags={
            "topic": [topic.pk for topic in finding.topics.all()],
            "area": [area.pk for area in finding.areas.all()],
            "group": [group.pk for group in finding.groups.all()],
            "year": [financial_year(day)],
        },
    )


def findings_for(user):
    """The published ones for everybody; for staff all those of their areas."""
    if user is search.PUBLIC or not user.has_perm("insights.view_finding"):
        return Finding.objects.public()
    return None if user.only_areas() is None else Finding.objects.for_user(user)


FINDINGS = Kind(
    code="finding",
    name=_("Finding"),
    plural=_("Findings"),
    model=Finding,
    build=finding_fields,
    for_user=findings_for,
    url=lambda finding: reverse("insight_work:finding_detail", args=[finding.pk]),
    rows=finding_rows,
)

# Shared ------------------------------------------------------------------------------------------


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _where(activity: Activity) -> list[str]:
    names = [row.name for rows in (activity.areas, activity.forums) for row in rows.all()]
    return [*names, activity.organisation.name] if activity.organisation else names


def _tags(activity: Activity, topics, day: datetime.date | None) -> dict[str, list[int]]:
    return {
        "topic": [topic.pk for topic in topics],
        "area": [area.pk for area in activity.areas.all()],
        "group": [group.pk for group in activity.groups.all()],
        "forum": [forum.pk for forum in activity.forums.all()],
        "year": [financial_year(day)] if day else [],
    }


def other_names() -> Iterator[tuple[str, str]]:
    """Names of the same body, forum or place: an older, shorter or mistaken one with today's."""
    yield from OrganisationAlias.objects.values_list("name", "organisation__name")
    yield from Organisation.objects.exclude(short_name="").values_list("short_name", "name")
    took_over = Organisation.objects.filter(predecessors__isnull=False)
    yield from took_over.values_list("predecessors__name", "name")
    yield from ForumAlias.objects.values_list("name", "forum__name")
    yield from Forum.objects.filter(successor__isnull=False).values_list("name", "successor__name")
    yield from AreaAlias.objects.values_list("name", "area__name")
