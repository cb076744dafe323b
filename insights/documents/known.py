"""What answers, findings and the library already say about the subject of a project, published or not (ENG-014)."""

from collections.abc import Iterator

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from engagement.documents.known import MOST, WORTH, Found, Subject, in_a_line, rank, shared
from engagement.models import Activity, Policy
from insights.documents import quality
from insights.models import Finding, Response, Source
from people.models import User


def find(subject: Subject, user: User) -> Iterator[Found]:
    """Answers on the same topic, or of activities with the same groups or places, that the user may see."""
    if not user.has_perm("insights.view_response"):
        return
    rows = Response.objects.filter(activity__in=Activity.objects.for_user(user).values("pk"))
    rows = rows.exclude(activity__project=subject.project).annotate(worth=_worth(subject)).filter(worth__gt=0)
    rows = rows.order_by("-worth", "-updated_at", "-pk").select_related("activity", "topic")
    for row in rows.prefetch_related("activity__groups", "activity__areas")[:MOST]:
        areas = row.activity.areas.all()
        page = row.get_absolute_url() if row.is_published else reverse("admin:insights_response_change", args=[row.pk])
        yield Found(
            kind=_("you said, we did") if row.is_published else _("you said, we did (not published)"),
            title=capfirst(str(row)),
            url=page,
            day=timezone.localdate(row.published_at or row.updated_at),
            where=", ".join(area.name for area in areas),
            said=in_a_line(row.you_said),
            shares=shared(
                subject, topics=[row.topic], groups=row.activity.groups.all(), areas=areas, text=row.you_said
            ),
            worth=row.worth,
        )


def findings(subject: Subject, user: User) -> Iterator[Found]:
    """Agreed findings on the same topics, groups, places or words, with how sure and until when."""
    if not user.has_perm("insights.view_finding"):
        return
    ranked = rank(Finding.objects.for_user(user).agreed(), subject, TruncDate("agreed_at"), "statement")
    rows = list(ranked.prefetch_related("topics", "groups", "areas"))
    weakened = set(Finding.objects.weakened().filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    for row in rows:
        areas = row.areas.all()
        said = [_("How sure: %(confidence)s") % {"confidence": row.get_confidence_display()}, _look_again(row)]
        if row.pk in weakened:
            said.append(_("something that it rests on fell away"))
        yield Found(
            kind=_("finding"),
            title=row.statement,
            url=reverse("insight_work:finding_detail", args=[row.pk]),
            day=row.day,
            where=", ".join(area.name for area in areas),
            said="; ".join(said),
            shares=shared(subject, topics=row.topics.all(), groups=row.groups.all(), areas=areas, text=row.statement),
            worth=row.worth,
        )


def library(subject: Subject, user: User) -> Iterator[Found]:
    """Items of the library in use on the same subject, with their age, quality and the day for looking again."""
    if not user.has_perm("insights.view_source"):
        return
    policy = Policy.objects.current()
    mine = Source.objects.for_user(user).in_use()
    rows = rank(mine, subject, F("collected_to"), "title", "summary").select_related("rating", "kind")
    for row in rows.prefetch_related("topics", "groups", "areas"):
        areas = row.areas.all()
        rated = quality.quality(row, policy)
        said = [quality.age(row), rated.verdict if rated else _("quality not rated"), _look_again(row)]
        yield Found(
            kind=_("library item"),
            title=row.title,
            url=reverse("insight_work:source_detail", args=[row.pk]),
            day=row.day,
            where=", ".join(area.name for area in areas),
            said=capfirst("; ".join(said)),
            shares=shared(
                subject,
                topics=row.topics.all(),
                groups=row.groups.all(),
                areas=areas,
                text=f"{row.title} {row.summary}",
            ),
            worth=row.worth,
        )


def _look_again(row: Finding | Source) -> str:
    if row.review_by is None:
        return _("no day set for looking again")
    words = _("look again by %(day)s (past)") if row.is_past_review else _("look again by %(day)s")
    return words % {"day": date_format(row.review_by, "j F Y")}


def _worth(subject: Subject):
    """As `engagement.documents.known.rank` does it, over the activity that an answer belongs to."""
    worth = _one_if(Q(topic__in=list(subject.topics))) * WORTH["topics"]
    for name, wanted in (("groups", subject.groups), ("areas", subject.areas)):
        links = Activity._meta.get_field(name).remote_field.through.objects
        target = Activity._meta.get_field(name).m2m_reverse_field_name()
        links = links.filter(**{"activity": OuterRef("activity"), f"{target}__in": list(wanted)})
        number = links.order_by().values("activity").annotate(number=Count("pk")).values("number")
        worth += Coalesce(Subquery(number), Value(0), output_field=IntegerField()) * WORTH[name]
    for word in subject.words:
        worth += _one_if(Q(you_said__icontains=word)) * WORTH["words"]
    return worth


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())
