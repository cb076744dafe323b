"""What coding stands on: which comments are uncoded, what the screen offers, how far it is, what was done before."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils.translation import ngettext

from insights.documents.comments import Share
from insights.models import Coding, CodingChange, Collection, Comment, Frame, SampleCheck, Theme
from people.models import User

LANES = 10  # analysts whose numbers differ in the last figure work on different comments


def _codes(frame: Frame) -> QuerySet:
    return Coding.objects.filter(comment=OuterRef("pk"), theme__frame=frame)


def uncoded(comments: QuerySet, frame: Frame) -> QuerySet:
    """Comments that may be read and that have no theme of the frame from a person, nor one that a person accepted."""
    return comments.usable().filter(~Exists(_codes(frame).counted()))


def next_uncoded(collection: Collection, frame: Frame, *, by: User, after: int = 0) -> int | None:
    """The number of a comment to code, another for each analyst as long as there are enough; None at the end."""
    rows = uncoded(collection.comments, frame).values_list("pk", flat=True)
    own = rows.annotate(lane=F("pk") % LANES).filter(lane=by.pk % LANES).order_by("pk")
    number = own.filter(pk__gt=after).first() or own.exclude(pk=after).first()
    # The last one is the farthest from where the others are at work.
    return number or rows.order_by("-pk").exclude(pk=after).first() or rows.first()


def same_words(comment: Comment, frame: Frame) -> QuerySet:
    """Other comments with the same words in answer to the same question that nobody has coded.

    Without the same question the same words may say something else: “Nothing” is praise or its contrary.
    """
    rows = Comment.objects.filter(collection=comment.collection_id, text_key=comment.text_key)
    return uncoded(rows, frame).filter(question=comment.question).exclude(pk=comment.pk)


# What the screen offers --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A theme that can be chosen, with its place on the page."""

    theme: Theme
    number: int
    is_chosen: bool


def choices(frame: Frame, chosen: Iterable[int]) -> list[tuple[str, list[Choice]]]:
    """The themes in use by category, in the frame’s order. Of one that was replaced, the successor is chosen."""
    themes = list(frame.themes.all())
    later = {theme.pk: theme.replaced_by_id for theme in themes if theme.replaced_by_id}
    chosen = {later.get(number, number) for number in chosen}
    groups: dict[str, list[Theme]] = {}
    for theme in themes:
        if theme.retired_on is None:
            groups.setdefault(theme.category, []).append(theme)
    in_order = [(category, theme) for category, each in groups.items() for theme in each]
    found: dict[str, list[Choice]] = {}
    for number, (category, theme) in enumerate(in_order):
        found.setdefault(category, []).append(Choice(theme, number, theme.pk in chosen))
    return list(found.items())


def retired_among(frame: Frame, numbers: Iterable[int]) -> list[Theme]:
    """Themes among these that are not used any more, each with the one that took over."""
    return list(frame.themes.filter(pk__in=list(numbers), retired_on__isnull=False).select_related("replaced_by"))


@dataclass(frozen=True, slots=True)
class Beside:
    """A theme that one of two analysts chose or both. `who` said it is empty where it is not in the record."""

    theme: Theme
    who: str
    is_mine: bool


def side_by_side(comment: Comment, frame: Frame, mine: Iterable[int]) -> list[Beside]:
    """What is in the record now beside what somebody else was about to save."""
    rows = comment.codings.counted().filter(theme__frame=frame).select_related("theme")
    theirs = {row.theme_id: row.by_name or row.get_origin_display() for row in rows}
    mine = set(mine)
    themes = frame.themes.filter(pk__in=mine | theirs.keys())
    return [Beside(theme, str(theirs.get(theme.pk, "")), theme.pk in mine) for theme in themes]


def suggested(comment: Comment, frame: Frame) -> QuerySet:
    rows = comment.codings.suggested().filter(theme__frame=frame)
    return rows.select_related("theme").order_by("-confidence", "theme__name")


def history(comment: Comment) -> QuerySet:
    """Every change of a comment's codes, the first first: what, by machine or person, who and when."""
    return CodingChange.objects.filter(comment=comment).select_related("theme", "by").order_by("at", "pk")


# How far it is -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """Comments that may be read, each in one of four: by people, by the machine and accepted, suggested, not coded."""

    by_people: Share
    by_machine: Share
    waiting: Share
    uncoded: Share


def progress(collection: Collection, frame: Frame) -> Progress:
    codes = _codes(frame)
    by_machine = codes.counted().filter(origin=Coding.Origin.MACHINE)
    marked = collection.comments.usable().annotate(
        people=Exists(codes.counted().exclude(origin=Coding.Origin.MACHINE)),
        machine=Exists(by_machine),
        waits=Exists(codes.suggested()),
    )
    counts = {"people": 0, "machine": 0, "waits": 0, "": 0}
    for row in marked.order_by().values("people", "machine", "waits").annotate(count=Count("pk")):
        kind = next((name for name in ("people", "machine", "waits") if row[name]), "")
        counts[kind] += row["count"]
    total = sum(counts.values())
    return Progress(*(Share(counts[kind], total) for kind in ("people", "machine", "waits", "")))


def finished_checks(collection: Collection, frame: Frame) -> QuerySet:
    """Checks of samples that were coded to the end, the first first."""
    rows = SampleCheck.objects.filter(run__collection=collection, run__frame=frame, finished_at__isnull=False)
    return rows.select_related("run", "accepted_by").order_by("finished_at", "pk")


# For everybody -----------------------------------------------------------------------------------


def sorted_in_words() -> list[str]:
    """How many comments somebody answers for the themes of, as one sentence (PUB-013); nothing while there is none."""
    number = Comment.objects.filter(Exists(Coding.objects.counted().filter(comment=OuterRef("pk")))).count()
    words = ngettext(
        "%(number)s comment has been sorted by theme.", "%(number)s comments have been sorted by theme.", number
    )
    return [words % {"number": f"{number:,}"}] if number else []
