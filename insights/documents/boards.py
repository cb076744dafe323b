"""What is new for a board on its topics since it last met, and how often its digest was read (INS-018)."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from core.models import AuditEvent
from engagement.models import Policy, Topic
from forums.models import Forum, Meeting
from insights.documents.findings import with_doubts
from insights.documents.quality import Quality, quality
from insights.models import Finding, Response, Source, StatusChange, Subscription

OPENED, SENT = "opened the digest", "sent the digest"


def of_user(user) -> QuerySet[Forum]:
    """Forums of the areas that somebody works for, and those of the whole area."""
    areas = user.only_areas()
    forums = Forum.objects.exclude(status=Forum.Status.CLOSED)
    return forums if areas is None else forums.filter(Q(area=None) | Q(area__in=areas))


def with_topics(forums: QuerySet[Forum]) -> QuerySet[Forum]:
    """Boards and committees, and other forums that want a topic, with `next_at` and their subscriptions."""
    wanted = Exists(Subscription.objects.filter(forum=OuterRef("pk")))
    meetings = _meetings(OuterRef("pk")).upcoming().order_by("starts_at").values("starts_at")[:1]
    found = forums.filter(Q(kind__is_committee=True) | wanted).annotate(next_at=Subquery(meetings))
    return found.select_related("kind").prefetch_related("subscriptions__topic").order_by("name")


def _meetings(forum) -> QuerySet[Meeting]:
    """Meetings of a forum (or an OuterRef), its own and joint ones."""
    joint = Meeting.joint_with.through.objects.filter(forum=forum).values("meeting")
    return Meeting.objects.filter(Q(forum=forum) | Q(pk__in=joint))


# The digest --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """A new library item with its quality today; None where nobody has rated it."""

    source: Source
    quality: Quality | None


@dataclass(frozen=True, slots=True)
class Digest:
    """What a board gets before it meets. `since` is None where it has neither met nor subscribed yet."""

    forum: Forum
    topics: tuple[Topic, ...]
    meeting: Meeting | None
    since: datetime.date | None
    has_met: bool
    sources: tuple[Item, ...]
    findings: tuple[Finding, ...]
    answers: tuple[Response, ...]
    changes: tuple[StatusChange, ...]

    @property
    def meets_on(self) -> datetime.date:
        return timezone.localdate(self.meeting.starts_at)

    @property
    def is_anything(self) -> bool:
        return bool(self.sources or self.findings or self.answers or self.changes)


def digest(forum: Forum, user) -> Digest:
    """What is new on the topics of a board since it last met, as far as somebody may see it.

    A board or committee gets reports that staff may read and findings that are agreed; any other forum, where
    residents sit, only what is public. Raw data and answers that are not public are in neither. Constant queries.
    """
    subscriptions = forum.subscriptions.select_related("topic").order_by("topic__name")
    topics = tuple(row.topic for row in subscriptions)
    meetings = _meetings(forum)
    last = meetings.held().filter(starts_at__lt=timezone.now()).order_by("-starts_at").first()
    since = timezone.localdate(last.starts_at) if last else forum.subscriptions.aggregate(day=Min("since"))["day"]
    found = {"sources": (), "findings": (), "answers": (), "changes": ()}
    if topics and since:
        found = _new(forum, user, topics, since)
    coming = meetings.upcoming().order_by("starts_at").first()
    return Digest(forum, topics, coming, since, last is not None, **found)


def _new(forum: Forum, user, topics: tuple[Topic, ...], since: datetime.date) -> dict[str, tuple]:
    sources, findings = Source.objects.for_user(user), Finding.objects.for_user(user)
    if forum.kind.is_committee:
        sources = sources.in_use().past_embargo().with_consent().filter(layer=Source.Layer.REPORT)
        new_sources = sources.filter(created_at__date__gte=since)
        findings, day = findings.agreed(), "agreed_at"
    else:
        new_sources = sources.filter(pk__in=Source.objects.public().values("pk"), published_at__date__gte=since)
        findings, day = findings.public(), "published_at"
    new_sources = new_sources.filter(pk__in=Source.objects.filter(topics__in=topics).values("pk"))
    about = Finding.objects.filter(topics__in=topics).values("pk")
    new_findings = with_doubts(findings.filter(**{f"{day}__date__gte": since}, pk__in=about)).order_by(f"-{day}", "pk")
    public = Response.objects.for_user(user).public().filter(topic__in=topics)
    answers = public.filter(published_at__date__gte=since).select_related("topic", "responsible")
    older = public.filter(published_at__date__lt=since)
    changes = StatusChange.objects.filter(response__in=older.values("pk"), at__date__gte=since)
    policy = Policy.objects.current()
    rows = new_sources.select_related("kind", "organisation", "rating").order_by("-created_at", "pk")
    return {
        "sources": tuple(Item(row, quality(row, policy)) for row in rows),
        "findings": tuple(new_findings),
        "answers": tuple(answers),
        "changes": tuple(changes.select_related("response__topic").order_by("-at", "-pk")),
    }


# Whether it was read and sent ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """How often the digest of a board was opened, by how many people, since when; None: no opening is on record."""

    times: int
    people: int
    last: datetime.datetime


def reading(forum: Forum, since: datetime.date | None) -> Reading | None:
    """The openings on record since a day. What happened on paper or by e-mail is in no record, so it is not counted."""
    events = _events(forum, OPENED)
    if since:
        events = events.filter(at__date__gte=since)
    found = list(events.values_list("actor_id", "at"))
    if not found:
        return None
    return Reading(len(found), len({actor for actor, _at in found}), max(at for _actor, at in found))


def was_sent(forum: Forum, meeting: Meeting) -> AuditEvent | None:
    """The last time that it went to a meeting, or None."""
    return _events(forum, SENT).filter(detail__meeting=meeting.pk).order_by("-at", "-pk").first()


def _events(forum: Forum, verb: str) -> QuerySet[AuditEvent]:
    label = Forum._meta.label_lower
    return AuditEvent.objects.filter(subject_type=label, subject_id=str(forum.pk), verb=verb)
