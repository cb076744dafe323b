"""One theme across all collections: its figures, quotes, sources, findings, and what is not known (INS-022)."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.models import Policy
from forums.documents.cadences import add_months
from insights.documents import theme_splits
from insights.documents.comments import Share
from insights.documents.theme_figures import Numbers, Scope, collections_of, numbers
from insights.documents.theme_splits import Split
from insights.models import Coding, Collection, Finding, Quote, Response, Source, Theme
from people.models import PopulationGroup

MOST_QUOTES = 10
MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A collection with the comments in it that speak of the theme."""

    collection: Collection
    comments: int


@dataclass(frozen=True, slots=True)
class ThemePage:
    """What is known about one theme, as far as the reader may see it."""

    numbers: Numbers
    share: Share
    newest: datetime.date | None
    over_time: Split
    by_group: Split
    by_place: Split
    collections: tuple[CollectionRow, ...]
    quotes: tuple[Quote, ...]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[str, ...]


def theme_page(theme: Theme, user) -> ThemePage:
    """All of it, in a number of queries that does not depend on how much there is."""
    scope = Scope(collections_of(theme.frame, user), theme.frame)
    codings = scope.codings().filter(theme=theme)
    found = numbers(scope)
    total = codings.aggregate(comments=Count("pk"), newest=Max("comment__said_on"))
    by_group = theme_splits.by_group(scope, [theme], found.coded)
    by_place = theme_splits.by_place(scope, [theme], found.coded)
    findings = findings_on(theme, user)
    return ThemePage(
        numbers=found,
        share=Share(total["comments"], found.coded),
        newest=total["newest"],
        over_time=theme_splits.over_time(scope, [theme], found.coded),
        by_group=by_group,
        by_place=by_place,
        collections=_collections(codings),
        quotes=tuple(_quotes(scope, theme)),
        sources=tuple(_sources(scope, theme, user)),
        findings=tuple(findings[:MOST_LISTED]),
        gaps=tuple(_gaps(theme, found, total["newest"], by_group, findings)),
    )


def findings_on(theme: Theme, user) -> QuerySet[Finding]:
    """Findings that rest on a theme."""
    return Finding.objects.for_user(user).filter(evidence__theme=theme).distinct().order_by("-created_at", "-pk")


def _collections(codings: QuerySet[Coding]) -> tuple[CollectionRow, ...]:
    counted = codings.values_list("comment__collection").annotate(number=Count("pk"))
    sizes = dict(counted)
    rows = Collection.objects.filter(pk__in=sizes).select_related("activity")
    found = [CollectionRow(row, sizes[row.pk]) for row in rows]
    return tuple(sorted(found, key=lambda row: (-row.comments, row.collection.title))[:MOST_LISTED])


def _quotes(scope: Scope, theme: Theme) -> QuerySet[Quote]:
    """Words that may be printed, of comments that a person says speak of the theme."""
    rows = Quote.objects.usable().filter(comment__collection__in=scope.collections)
    spoke = Coding.objects.counted().filter(theme=theme).values("comment")
    return rows.filter(comment__in=spoke)[:MOST_QUOTES]


def _sources(scope: Scope, theme: Theme, user) -> QuerySet[Source]:
    """Items that the comments belong to, and those that findings on the theme rest on."""
    through = Q(collections__in=scope.codings().filter(theme=theme).values("comment__collection"))
    through |= Q(finding_evidence__finding__evidence__theme=theme)
    return Source.objects.for_user(user).in_use().filter(through).distinct().order_by("title")[:MOST_LISTED]


def _gaps(
    theme: Theme, found: Numbers, newest: datetime.date | None, groups: Split, findings: QuerySet[Finding]
) -> Iterator[str]:
    """What is not known, or not done, in sentences."""
    if found.waiting:
        words = ngettext(
            "%(number)s comment has only suggestions of the machine. Nobody has looked at them.",
            "%(number)s comments have only suggestions of the machine. Nobody has looked at them.",
            found.waiting,
        )
        yield words % {"number": found.waiting}
    heard = {name for name, _base, _cells in groups.rows}
    considered = PopulationGroup.objects.filter(is_always_considered=True).values_list("name", flat=True)
    if missing := [name for name in considered if name not in heard]:
        yield _("Too few comments to say what these groups think: %(names)s.") % {"names": ", ".join(missing)}
    if groups.unknown:
        words = ngettext(
            "The group of %(number)s coded comment is not recorded.",
            "The groups of %(number)s coded comments are not recorded.",
            groups.unknown,
        )
        yield words % {"number": groups.unknown}
    if newest and add_months(newest, Policy.objects.current().insight_months) < timezone.localdate():
        yield _("The newest comment about it is from %(day)s.") % {"day": date_format(newest, "j F Y")}
    if not findings.agreed().exists():
        yield _("No agreed finding rests on it.")
    if not Response.objects.public().filter(themes=theme).exists():
        yield _("No published answer says what came of it.")
