"""What a collection of comments holds: who read how much of it, what dominates it, and its comments page by page."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet

from core import alike
from insights.models import Campaign, Collection, Comment

PAGE_SIZE = 20
MOST_COUNTED = 10_000  # beyond these, a list says “more than”


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both counted. `percent` is None where there is nothing to count."""

    number: int
    of: int

    @property
    def percent(self) -> float | None:
        return 100 * self.number / self.of if self.of else None


def share_read(collection: Collection) -> Share:
    """How many comments a named person has read, of those with words. Held ones count as not read."""
    found = collection.comments.exclude(text="").aggregate(of=Count("pk"), read=Count("read_at"))
    return Share(found["read"], found["of"])


def dominance(collection: Collection) -> alike.Dominance:
    """How much of a collection its largest groups of like comments are: to be said beside every figure from it.

    Only letters count, not short words that many say by themselves; comments whose words are gone are left out.
    """
    total = collection.comments.exclude(text="").count()
    rows = collection.comments.exclude(text="").filter(campaign__kind=Campaign.Kind.CAMPAIGN)
    sizes = rows.order_by().values("campaign").annotate(size=Count("pk")).values_list("size", flat=True)
    return alike.dominance([size for size in sizes if size > 1], total)


@dataclass(frozen=True, slots=True)
class Summary:
    """A collection in figures. Days are None where no comment has one."""

    comments: int
    read: Share
    held: int
    gone: int
    without_day: int
    first: object
    last: object
    dominance: alike.Dominance


def summary(collection: Collection) -> Summary:
    found = collection.comments.aggregate(
        comments=Count("pk"),
        held=Count("pk", filter=Q(is_held=True)),
        gone=Count("pk", filter=Q(text="")),
        without_day=Count("pk", filter=Q(said_on=None)),
        first=Min("said_on"),
        last=Max("said_on"),
    )
    return Summary(read=share_read(collection), dominance=dominance(collection), **found)


# Page by page ------------------------------------------------------------------------------------


def distinct(collection: Collection, name: str) -> list[str]:
    """The different values of an indexed text field, found by jumping from one to the next: not every row is read."""
    if name not in {"service", "question"}:
        raise ValueError("only services and questions have an index")
    table = Comment._meta.db_table
    query = f"""
        WITH RECURSIVE found(value) AS (
            SELECT MIN({name}) FROM {table} WHERE collection_id = %s AND {name} > ''
            UNION ALL
            SELECT (SELECT MIN({name}) FROM {table} WHERE collection_id = %s AND {name} > found.value)
            FROM found WHERE found.value IS NOT NULL
        ) SELECT value FROM found WHERE value IS NOT NULL LIMIT 200
    """  # noqa: S608  both names are ours
    with connection.cursor() as cursor:
        cursor.execute(query, [collection.pk, collection.pk])
        return [value for (value,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class CommentPage:
    """One page of comments in the order in which they came. `after` leads to the next one, None at the end."""

    rows: list[Comment]
    after: int | None


def page_of(comments: QuerySet, after: int = 0) -> CommentPage:
    """The comments that stand after the numbered one. It costs the same on the last page as on the first."""
    rows = list(comments.filter(pk__gt=after).order_by("pk").select_related("area", "campaign")[: PAGE_SIZE + 1])
    return CommentPage(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None)


def count_up_to(comments: QuerySet, most: int = MOST_COUNTED) -> int:
    """How many there are; one more than `most` says that there are more."""
    return comments.order_by()[: most + 1].count()


@dataclass(frozen=True, slots=True)
class LikeComments:
    """A group of like comments with its share of the collection and one of its texts that may be read."""

    campaign: Campaign
    share: Share
    example: str


def like_comments(campaigns: list[Campaign], total: int) -> list[LikeComments]:
    """Groups as a page shows them. Each names its first comment that is neither held nor gone."""
    first = Comment.objects.usable().filter(campaign__in=campaigns).order_by().values("campaign").annotate(pk=Min("pk"))
    texts = dict(Comment.objects.filter(pk__in=[row["pk"] for row in first]).order_by().values_list("campaign", "text"))
    return [LikeComments(row, Share(row.size, total), texts.get(row.pk, "")) for row in campaigns]
