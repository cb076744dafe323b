"""How many comments speak of which theme: counted, of how many, who answers for the codes (INS-022).

Only codes that a named person gave or accepted count. Shares are of the usable comments that have a theme; what “cannot
be coded” stands beside them. All of it is counted by the database, in the same number of queries for 20 comments as for
200,000.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import alike
from core.charts import Bar, bars
from insights.documents.comments import Share
from insights.models import Campaign, Coding, Collection, Comment, Frame, SampleCheck, Theme

MOST_PICTURED = 20  # themes; all of them stand in the table
SENTIMENTS = (1, 2, 3, 4, 5, None)
LETTER = Q(comment__campaign__kind=Campaign.Kind.CAMPAIGN)
MACHINE = Coding.Origin.MACHINE


@dataclass(frozen=True, slots=True)
class Scope:
    """Which comments are counted: those of some collections, by the themes of one frame."""

    collections: tuple[int, ...]
    frame: Frame

    def comments(self) -> QuerySet[Comment]:
        return Comment.objects.filter(collection__in=self.collections).order_by()

    def codings(self) -> QuerySet[Coding]:
        """The codes that count, of comments that may be read."""
        rows = Coding.objects.counted().filter(theme__frame=self.frame, comment__collection__in=self.collections)
        return rows.filter(comment__is_held=False).exclude(comment__text="").order_by()

    def coded(self) -> QuerySet[Comment]:
        """Usable comments that have a theme: the base of every share."""
        return self.comments().usable().filter(self.has_code(theme__is_remainder=False))

    def has_code(self, **fields) -> Exists:
        codes = Coding.objects.counted().filter(comment=OuterRef("pk"), theme__frame=self.frame)
        return Exists(codes.filter(**fields))

    def is_suggested(self) -> Exists:
        return Exists(Coding.objects.suggested().filter(comment=OuterRef("pk"), theme__frame=self.frame))


@dataclass(frozen=True, slots=True)
class Numbers:
    """What became of the comments. `once` is the base when each campaign's letter counts once.

    `nothing` were coded with “cannot be coded” alone; `waiting` have no code but a suggestion of the machine.
    """

    comments: int
    usable: int
    held: int
    gone: int
    read: Share
    coded: int
    once: int
    nothing: int
    waiting: int

    @property
    def uncoded(self) -> int:
        return self.usable - self.coded - self.nothing


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme: the comments that speak of it, of how many, and by whose word. A remainder has no share."""

    theme: Theme
    comments: int
    of: int
    once: int
    of_once: int
    people: int
    in_file: int
    one_by_one: int
    after_sample: int
    sentiments: tuple[int, ...]

    @property
    def percent(self) -> float | None:
        return None if self.theme.is_remainder else Share(self.comments, self.of).percent

    @property
    def percent_once(self) -> float | None:
        return None if self.theme.is_remainder else Share(self.once, self.of_once).percent


@dataclass(frozen=True, slots=True)
class Check:
    """A sample after which codes of the machine were accepted: its size, how often both said the same, who accepted."""

    check: SampleCheck
    codes: int

    @property
    def same(self) -> int | None:
        """Comments of the sample on which person and machine said the same, or None where that was not kept."""
        return self.check.agreement.get("same")


@dataclass(frozen=True, slots=True)
class Figures:
    """The themes of some collections, most spoken of first, with all that a reader needs to judge them."""

    scope: Scope
    numbers: Numbers
    rows: tuple[ThemeRow, ...]
    remainders: tuple[ThemeRow, ...]
    checks: tuple[Check, ...]
    dominance: alike.Dominance
    as_at: datetime.date

    @property
    def picture(self) -> SafeString | str:
        """The themes spoken of most as bars, or nothing where nobody coded."""
        shown = [Bar(row.theme.name, row.comments) for row in self.rows[:MOST_PICTURED] if row.comments]
        title = _("Comments that speak of each theme, of %(number)s") % {"number": self.numbers.coded}
        return bars(title, shown, ident="themes") if shown else ""

    def codes(self, name: str) -> int:
        """How many codes were given in one way: `people`, `in_file`, `one_by_one` or `after_sample`."""
        return sum(getattr(row, name) for row in (*self.rows, *self.remainders))

    @property
    def accepted(self) -> list[tuple[str, int]]:
        """By whose word the codes count."""
        return [
            (_("given by a person"), self.codes("people")),
            (_("in the file that the comments came in"), self.codes("in_file")),
            (_("suggested by the machine, accepted one by one"), self.codes("one_by_one")),
            (_("suggested by the machine, accepted after a sample"), self.codes("after_sample")),
        ]


def frames_of(collections: Iterable[Collection]) -> list[Frame]:
    """Frames by which anything in these collections was coded or suggested, the default first."""
    codes = Coding.objects.filter(theme__frame=OuterRef("pk"), comment__collection__in=[row.pk for row in collections])
    return list(Frame.objects.filter(Exists(codes)))


def collections_of(frame: Frame, user) -> tuple[int, ...]:
    """The collections that somebody may see and in which anything counts by a frame."""
    codes = Coding.objects.counted().filter(comment__collection=OuterRef("pk"), theme__frame=frame)
    return tuple(Collection.objects.for_user(user).filter(Exists(codes)).order_by("pk").values_list("pk", flat=True))


def theme_figures(collections: Iterable[Collection], frame: Frame) -> Figures:
    """The figures of one frame in one collection or in several together. Constant queries."""
    scope = Scope(tuple(row.pk for row in collections), frame)
    found = numbers(scope)
    rows = _rows(scope, found)
    spoken = sorted(
        (row for row in rows if not row.theme.is_remainder), key=lambda row: (-row.comments, row.theme.name)
    )
    return Figures(
        scope=scope,
        numbers=found,
        rows=tuple(sorted(spoken, key=lambda row: (-row.comments, row.theme.name))),
        remainders=tuple(row for row in rows if row.theme.is_remainder),
        checks=_checks(scope),
        dominance=dominance(scope),
        as_at=timezone.localdate(),
    )


def numbers(scope: Scope) -> Numbers:
    """What became of the comments of a scope, in one query."""
    usable = Q(is_held=False) & ~Q(text="")
    coded, letter = usable & Q(is_coded=True), Q(campaign__kind=Campaign.Kind.CAMPAIGN)
    rows = scope.comments().annotate(
        is_coded=scope.has_code(theme__is_remainder=False), is_any=scope.has_code(), is_suggested=scope.is_suggested()
    )
    found = rows.aggregate(
        comments=Count("pk"),
        usable=Count("pk", filter=usable),
        held=Count("pk", filter=Q(is_held=True)),
        gone=Count("pk", filter=Q(text="")),
        with_words=Count("pk", filter=~Q(text="")),
        read=Count("read_at", filter=~Q(text="")),
        coded=Count("pk", filter=coded),
        in_letters=Count("pk", filter=coded & letter),
        letters=Count("campaign", filter=coded & letter, distinct=True),
        nothing=Count("pk", filter=usable & Q(is_coded=False, is_any=True)),
        waiting=Count("pk", filter=usable & Q(is_any=False, is_suggested=True)),
    )
    read = Share(found.pop("read"), found.pop("with_words"))
    once = found["coded"] - found.pop("in_letters") + found.pop("letters")
    return Numbers(read=read, once=once, **found)


def _rows(scope: Scope, found: Numbers) -> list[ThemeRow]:
    """Every theme of the frame in use, and each that is not but still counts."""
    machine = Q(origin=MACHINE)
    counted = (
        scope.codings()
        .values("theme")
        .annotate(
            comments=Count("pk"),
            in_letters=Count("pk", filter=LETTER),
            letters=Count("comment__campaign", filter=LETTER, distinct=True),
            people=Count("pk", filter=Q(origin=Coding.Origin.PERSON)),
            in_file=Count("pk", filter=Q(origin=Coding.Origin.SOURCE)),
            one_by_one=Count("pk", filter=machine & Q(check_of=None)),
            after_sample=Count("pk", filter=machine & Q(check_of__isnull=False)),
            **{f"sentiment_{value}": Count("pk", filter=Q(comment__sentiment=value)) for value in SENTIMENTS},
        )
    )
    by_theme = {row.pop("theme"): row for row in counted}
    themes = scope.frame.themes.all()
    return [_row(each, by_theme.get(each.pk), found) for each in themes if each.pk in by_theme or not each.retired_on]


def _row(theme: Theme, counts: dict | None, found: Numbers) -> ThemeRow:
    counts = counts or {}
    number = {name: counts.get(name, 0) for name in ("comments", "people", "in_file", "one_by_one", "after_sample")}
    once = number["comments"] - counts.get("in_letters", 0) + counts.get("letters", 0)
    sentiments = tuple(counts.get(f"sentiment_{value}", 0) for value in SENTIMENTS)
    return ThemeRow(theme, of=found.coded, once=once, of_once=found.once, sentiments=sentiments, **number)


def _checks(scope: Scope) -> tuple[Check, ...]:
    """The samples after which codes were accepted that count here."""
    used = scope.codings().filter(check_of__isnull=False).values_list("check_of").annotate(codes=Count("pk"))
    codes = dict(used)
    rows = SampleCheck.objects.filter(pk__in=codes).select_related("accepted_by")
    return tuple(Check(row, codes[row.pk]) for row in rows)


def dominance(scope: Scope) -> alike.Dominance:
    """How much of the comments with words the largest letters of campaigns are."""
    rows = scope.comments().exclude(text="")
    letters = rows.filter(campaign__kind=Campaign.Kind.CAMPAIGN).values("campaign").annotate(size=Count("pk"))
    return alike.dominance([row["size"] for row in letters if row["size"] > 1], rows.count())


def frozen(theme: Theme, collection: Collection) -> dict:
    """The figures of a theme as a finding keeps them: how many, of how many, and by whose word."""
    figures = theme_figures([collection], theme.frame)
    row = next((each for each in (*figures.rows, *figures.remainders) if each.theme.pk == theme.pk), None)
    counted = ("comments", "of", "once", "of_once", "people", "in_file", "one_by_one", "after_sample")
    kept = {name: getattr(row, name) if row else 0 for name in counted}
    return kept | {"as_at": figures.as_at.isoformat()}


# As a table to keep ------------------------------------------------------------------------------

HEADERS = (
    *("frame", "theme", "comments", "of_coded_comments", "percent"),
    *("letters_once", "of_letters_once", "percent_letters_once"),
    *("codes_by_people", "codes_in_file", "codes_accepted_one_by_one", "codes_accepted_after_sample"),
    *("very_good", "good", "neither", "bad", "very_bad", "sentiment_not_recorded", "as_at"),
)


def tidy(figures: Figures) -> list[tuple]:
    """The figures as one table, a theme a row. What cannot be coded has no share: the cells are empty."""
    return [_tidy(figures, row) for row in (*figures.rows, *figures.remainders)]


def _tidy(figures: Figures, row: ThemeRow) -> tuple:
    is_share = not row.theme.is_remainder
    percents = [None if each is None else round(each, 1) for each in (row.percent, row.percent_once)]
    return (
        figures.scope.frame.name,
        row.theme.name,
        row.comments,
        row.of if is_share else None,
        percents[0],
        row.once,
        row.of_once if is_share else None,
        percents[1],
        *(row.people, row.in_file, row.one_by_one, row.after_sample),
        *row.sentiments,
        figures.as_at.isoformat(),
    )
