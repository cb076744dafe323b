"""What the pages of the library show: rows found by filters, what an item led to, the figures of the whole."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from engagement.models import Policy
from forums.documents.cadences import add_months
from insights.documents.years import days_of_financial_year
from insights.models import Finding, Response, Source, SourceFile, StoryHearing
from insights.models.library import BEFORE_THE_PANDEMIC
from people.models import Organisation

NEWEST_FIRST = (F("collected_to").desc(nulls_last=True), "-pk")
RECENT_MONTHS = 18  # over which a body counts the people behind its reports (INS-020)


def found(sources: QuerySet, chosen: dict) -> QuerySet:
    """The items that words and filters leave, newest first. A place holds the places in it."""
    links = {"topic": Q(topics=chosen.get("topic")), "group": Q(groups=chosen.get("group"))}
    links["place"] = Q(areas=chosen.get("place")) | Q(areas__parent=chosen.get("place"))
    for name, condition in links.items():
        if chosen.get(name):
            sources = sources.filter(pk__in=Source.objects.filter(condition).values("pk"))
    for name in ("kind", "layer", "scope"):
        if chosen.get(name):
            sources = sources.filter(**{name: chosen[name]})
    if period := chosen.get("year"):
        day = Q(collected_to__gte=period.starts_on) & (
            Q(collected_from__lte=period.ends_on) | Q(collected_from=None, collected_to__lte=period.ends_on)
        )
        sources = sources.filter(day)
    for word in chosen.get("q", "").split():
        said = Q(title__icontains=word) | Q(summary__icontains=word) | Q(key_finding__icontains=word)
        sources = sources.filter(said)
    return _of_age(sources, chosen.get("age", "")).order_by(*NEWEST_FIRST)


def _of_age(sources: QuerySet, age: str) -> QuerySet:
    if age == "before":
        return sources.filter(collected_to__lt=BEFORE_THE_PANDEMIC)
    if age == "unknown":
        return sources.filter(collected_to=None)
    return sources.filter(collected_to__gt=add_months(timezone.localdate(), -int(age))) if age else sources


def shown(user, show: str) -> QuerySet:
    """The items of a list of staff: those in use, or those that need somebody."""
    mine, kept = Source.objects.for_user(user), Source.objects.kept_by(user)
    held = SourceFile.objects.held().values("source")
    return {
        "review": mine.to_review(),
        "unused": mine.never_used(),
        "held": mine.filter(pk__in=held),
        "consent": kept.lapsed(),
        "keep": kept.past_keeping(),
        "retired": mine.filter(state=Source.State.RETIRED),
    }.get(show, mine.in_use())


# What came of an item ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LedTo:
    """What is public of what an item led to."""

    findings: list[Finding]
    answers: list[Response]


def led_to(source: Source) -> LedTo:
    """The published findings that rest on an item, and the published answers to them or to its activities."""
    findings = list(Finding.objects.public().filter(pk__in=source.finding_evidence.values("finding")))
    to = Q(findings__in=findings) | Q(activity__in=source.activities.values("pk"))
    answers = Response.objects.public().filter(pk__in=Response.objects.filter(to).values("pk"))
    return LedTo(findings, list(answers.select_related("topic")))


# Figures of the library --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """What one organisation sent in, and what became of it."""

    organisation: Organisation
    sent: int
    taken_in: int
    returned: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How the library does (INS-020, INS-021, INS-026). People are never added: the same may stand behind two items."""

    in_use: int
    public: int
    never_used: int
    to_review: int
    uses: int
    by_kind: list[tuple[str, int]]
    sent: list[Sent]
    stories_heard: int
    stories_wanted: int


def figures(user) -> Figures:
    """The figures of what somebody may see, in a fixed number of queries."""
    mine = Source.objects.for_user(user)
    in_use = mine.in_use()
    kinds = in_use.values("kind__name").annotate(number=Count("pk", distinct=True)).order_by("-number", "kind__name")
    visible = Source.objects.public().filter(pk__in=mine.values("pk"))
    return Figures(
        in_use=in_use.count(),
        public=visible.count(),
        never_used=mine.never_used().count(),
        to_review=mine.to_review().count(),
        uses=in_use.aggregate(number=Count("uses", distinct=True))["number"],
        by_kind=[(row["kind__name"], row["number"]) for row in kinds],
        sent=_sent(mine),
        stories_heard=stories_heard(Source.objects.in_areas_of(user), *days_of_financial_year(timezone.localdate())),
        stories_wanted=Policy.objects.current().stories_a_year,
    )


def _sent(mine: QuerySet) -> list[Sent]:
    """Contributions by organisation: what somebody of it sent in, not what staff wrote down about it."""
    rows = mine.filter(contributed_by__roles__name="partner", organisation__isnull=False)
    counts = rows.values("organisation").annotate(
        sent=Count("pk", distinct=True),
        taken_in=Count("pk", distinct=True, filter=Q(state__in=[Source.State.IN_USE, Source.State.RETIRED])),
        returned=Count("pk", distinct=True, filter=Q(state=Source.State.RETURNED)),
    )
    names = Organisation.objects.in_bulk([row["organisation"] for row in counts])
    found = [Sent(names[row["organisation"]], row["sent"], row["taken_in"], row["returned"]) for row in counts]
    return sorted(found, key=lambda row: (-row.sent, row.organisation.name))


def people_behind(user) -> QuerySet:
    """Reports of the last months with a number of people, newest first: separate figures, not one."""
    since = add_months(timezone.localdate(), -RECENT_MONTHS)
    reports = Source.objects.for_user(user).in_use().filter(layer=Source.Layer.REPORT, collected_to__gt=since)
    return reports.exclude(people=None).order_by(*NEWEST_FIRST)


def stories_heard(sources: QuerySet, starts_on: datetime.date, ends_on: datetime.date) -> int:
    """How many different stories were heard between two days, however many heard each (QPE-001)."""
    heard = StoryHearing.objects.filter(heard_on__range=(starts_on, ends_on), story__source__in=sources.values("pk"))
    return heard.values("story").distinct().count()
