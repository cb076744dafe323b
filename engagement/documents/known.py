"""“Do we already know this?”: what earlier work says about the topics, places and groups of a project (ENG-014)."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagement.models import Activity, KnowledgeCheck, Project
from people.models import Area, User

MOST = 30
LONGEST = 220  # characters of what people said, in one line
LEAST_LETTERS = 4  # shorter words of a title say little
MOST_WORDS = 8
# What sharing one of them is worth when results are ranked: a topic says more than a place that everything shares.
WORTH = {"topics": 3, "groups": 2, "words": 2, "areas": 1}


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of earlier work: what it is, when and where, what people said, and what it shares with the project."""

    kind: str
    title: str
    url: str
    day: datetime.date | None
    where: str
    said: str
    shares: tuple[str, ...]
    worth: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What a project is about, as it is searched for. Places count with those they are part of, and their parts."""

    project: Project
    topics: dict[int, str]
    groups: dict[int, str]
    areas: dict[int, str]
    words: tuple[str, ...]


Finder = Callable[[Subject, User], Iterable[Found]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Have a finder asked in each search. It yields only what the user may see, at most `MOST` rows."""
    _finders.append(finder)


def find(project: Project, user: User) -> list[Found]:
    """What is known already: what shares most first, then the newest, at most `MOST`. Constant queries."""
    subject = subject_of(project)
    found = [each for finder in _finders for each in finder(subject, user)]
    return nlargest(MOST, found, key=lambda each: (each.worth, each.day or datetime.date.min, each.title))


def subject_of(project: Project) -> Subject:
    here = Area.objects.filter(projects=project)
    areas = Area.objects.filter(Q(pk__in=here) | Q(parent__in=here) | Q(children__in=here)).distinct()
    words = (word for word in re.findall(r"\w+", project.title.casefold()) if len(word) >= LEAST_LETTERS)
    return Subject(
        project,
        topics=dict(project.topics.values_list("pk", "name")),
        groups=dict(project.groups.values_list("pk", "name")),
        areas=dict(areas.values_list("pk", "name")),
        words=tuple(dict.fromkeys(words))[:MOST_WORDS],
    )


def as_kept(found: Iterable[Found]) -> list[dict]:
    """What was found, as a check of what is known keeps it."""
    return [
        {
            "kind": str(each.kind),
            "title": each.title,
            "address": each.url,
            "day": each.day.isoformat() if each.day else "",
        }
        for each in found
    ]


# How much something shares -----------------------------------------------------------------------


def rank(rows: models.QuerySet, subject: Subject, day: models.Expression, *fields: str) -> models.QuerySet:
    """Rows that share topics, groups, places or words with a subject, best first, each with its `worth` and `day`.

    The model has topics, groups and areas; `fields` are where words are looked for. At most `MOST` rows.
    """
    worth = _words_in(subject, fields) * WORTH["words"]
    for name in ("topics", "groups", "areas"):
        worth += _number_shared(rows.model, name, getattr(subject, name)) * WORTH[name]
    rows = rows.annotate(worth=worth, day=day).filter(worth__gt=0)
    return rows.order_by("-worth", F("day").desc(nulls_last=True), "-pk")[:MOST]


def _number_shared(model: type[models.Model], name: str, wanted: dict[int, str]) -> models.Expression:
    field = model._meta.get_field(name)
    owner, target = field.m2m_field_name(), field.m2m_reverse_field_name()
    links = field.remote_field.through.objects.filter(**{owner: OuterRef("pk"), f"{target}__in": list(wanted)})
    counted = links.order_by().values(owner).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), Value(0), output_field=models.IntegerField())


def _words_in(subject: Subject, fields: tuple[str, ...]) -> models.Expression:
    number = Cast(Value(0), models.IntegerField())
    for word in subject.words:
        is_there = Q()
        for field in fields:
            is_there |= Q(**{f"{field}__icontains": word})
        number = number + Case(When(is_there, then=1), default=0, output_field=models.IntegerField())
    return number


def shared(subject: Subject, *, topics=(), groups=(), areas=(), text: str = "") -> tuple[str, ...]:
    """What something shares with a subject, in words. Give rows; `text` is where words are looked for."""
    lines = [
        (_("topic: %(names)s"), [row.name for row in topics if row.pk in subject.topics]),
        (_("group: %(names)s"), [row.name for row in groups if row.pk in subject.groups]),
        (_("place: %(names)s"), [row.name for row in areas if row.pk in subject.areas]),
        (_("words: %(names)s"), [word for word in subject.words if word in text.casefold()]),
    ]
    return tuple(label % {"names": ", ".join(names)} for label, names in lines if names)


def in_a_line(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(LONGEST)


# What engagement finds ---------------------------------------------------------------------------


def past_activities(subject: Subject, user: User) -> Iterator[Found]:
    """Activities that share something, outside the project itself."""
    rows = Activity.objects.for_user(user).exclude(project=subject.project)
    rows = rank(rows, subject, Coalesce("ends_on", "starts_on"), "title", "what_people_told_us")
    for row in rows.prefetch_related("topics", "groups", "areas"):
        yield Found(
            kind=_("activity"),
            title=str(row),
            url=reverse("engagement:activity_detail", args=[row.pk]),
            day=row.day,
            where=", ".join(area.name for area in row.areas.all()),
            said=in_a_line(row.what_people_told_us),
            shares=shared(
                subject,
                topics=row.topics.all(),
                groups=row.groups.all(),
                areas=row.areas.all(),
                text=f"{row.title} {row.what_people_told_us}",
            ),
            worth=row.worth,
        )


def other_projects(subject: Subject, user: User) -> Iterator[Found]:
    """Projects that share something, open or not, with the page of their plan."""
    rows = Project.objects.for_user(user).exclude(pk=subject.project.pk)
    rows = rank(rows, subject, Coalesce("decided_on", "starts_on"), "title", "summary")
    for row in rows.prefetch_related("topics", "groups", "areas"):
        yield Found(
            kind=_("project"),
            title=str(row),
            url=reverse("engagement:project_plan", args=[row.pk]),
            day=row.day,
            where=", ".join(area.name for area in row.areas.all()),
            said=in_a_line(row.decision or row.summary),
            shares=shared(
                subject,
                topics=row.topics.all(),
                groups=row.groups.all(),
                areas=row.areas.all(),
                text=f"{row.title} {row.summary}",
            ),
            worth=row.worth,
        )


register(past_activities)
register(other_projects)

# The figure of what was avoided ------------------------------------------------------------------


def avoided_between(first: datetime.date, last: datetime.date) -> int:
    """For how many projects nobody was asked again: their newest check says reuse, and was made in these days."""
    newest = KnowledgeCheck.objects.filter(project=OuterRef("project")).order_by("-at", "-pk").values("pk")[:1]
    latest = KnowledgeCheck.objects.filter(pk=Subquery(newest), outcome=KnowledgeCheck.Outcome.REUSE)
    return latest.filter(at__date__range=(first, last)).count()
