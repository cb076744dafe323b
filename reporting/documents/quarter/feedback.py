"""(7) What people told us in the quarter: themes up and down, what goes well, and what was learnt (REP-017, INS-022).

Only comments said in the quarter are counted, beside those of the quarter before. Every share goes through the one
rule by which figures of people are published.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core.disclosure import SMALLEST_BASE, WOULD_TELL
from insights.documents import differences
from insights.documents.differences import Change, Moment, Shown, shown
from insights.documents.theme_figures import Numbers, Scope, numbers
from insights.documents.theme_splits import MOST_COMPARED, Split, by_group
from insights.models import Coding, Collection, Comment, Frame, Lesson, Theme
from reporting.documents.quarter.facts import Section, Table
from reporting.documents.quarter.span import Span, address, evidence, row, table
from reporting.documents.quarter.together import tells_a_group

GOOD = (1, 2)  # very good and good, as the source has it
BEFORE, NOW = "before", "now"


@dataclass(frozen=True, slots=True)
class Said(Scope):
    """Comments that were said between two days, both included. One without a day is in no quarter."""

    first: datetime.date
    last: datetime.date

    def comments(self):
        return Scope.comments(self).filter(said_on__range=(self.first, self.last))

    def codings(self):
        return Scope.codings(self).filter(comment__said_on__range=(self.first, self.last))


def section(span: Span, before: Span | None, lessons: list[Lesson]) -> Section:
    frame = _frame(span)
    if frame is None:
        return evidence("feedback", [_nothing(span), *_well([], lessons)], [_lesson_table(lessons)])
    collections = tuple(Collection.objects.order_by("pk").values_list("pk", flat=True))
    now = Said(collections, frame, *span.days)
    found = numbers(now)
    themes = _themes(now, before)
    moments = _moments(now, before, themes, found.coded)
    good = _good(now, themes)
    groups = by_group(now, themes[:MOST_COMPARED], found.coded) if found.coded >= SMALLEST_BASE else None
    would_tell = groups is not None and tells_a_group(groups, found.coded)
    if would_tell:
        groups = None
    tables = [
        _theme_table(frame, moments, before),
        _good_table(good),
        _group_table(groups, WOULD_TELL if would_tell else ""),
        _lesson_table(lessons),
    ]
    sentences = [*_counted(found), *_moved(moments), *(groups.sentences if groups else ()), *_well(good, lessons)]
    return evidence("feedback", sentences, tables)


def _frame(span: Span) -> Frame | None:
    """The frame by which comments of the quarter were coded, the default first; None where nobody coded any."""
    codes = Coding.objects.counted().filter(theme__frame=OuterRef("pk"), comment__said_on__range=span.days)
    return Frame.objects.filter(Exists(codes)).first()


def _nothing(span: Span) -> str:
    number = Comment.objects.filter(said_on__range=span.days).count()
    if not number:
        return _("No comment of this quarter is in the record. That is a finding.")
    words = _("Comments of this quarter in the record: %(number)s. Nobody has given them a theme. That is a finding.")
    return words % {"number": number}


def _counted(found: Numbers) -> list[str]:
    words = {"number": found.comments, "coded": found.coded, "read": found.read.number, "of": found.read.of}
    return [
        _("Comments of this quarter in the record: %(number)s. With a theme: %(coded)s.") % words,
        _("Read by a named person: %(read)s of the %(of)s that have words.") % words,
    ]


# Up and down -------------------------------------------------------------------------------------


def _themes(now: Said, before: Span | None) -> list[Theme]:
    """The themes spoken of most in the quarter and the one before: few, because each comparison makes others harder."""
    first = before.first if before else now.first
    rows = Said(now.collections, now.frame, first, now.last).codings().values("theme")
    most = rows.annotate(number=Count("pk")).order_by("-number", "theme__name").values_list("theme", flat=True)
    themes = Theme.objects.counted().in_bulk(list(most))
    return [themes[pk] for pk in most if pk in themes][:MOST_COMPARED]


def _moments(now: Said, before: Span | None, themes: list[Theme], coded: int) -> list[Moment]:
    """Each theme in this quarter, beside the quarter before where the record has one."""
    counts, bases = {NOW: _counts(now, themes)}, {NOW: coded}
    if before:
        then = Said(now.collections, now.frame, *before.days)
        counts = {BEFORE: _counts(then, themes)} | counts
        bases[BEFORE] = then.coded().count()
    return differences.over_time(counts, bases)


def _counts(said: Said, themes: list[Theme]) -> dict[str, int]:
    rows = said.codings().filter(theme__in=themes).values_list("theme__name").annotate(number=Count("pk"))
    return dict.fromkeys([theme.name for theme in themes], 0) | dict(rows)


def _moved(moments: list[Moment]) -> list[str]:
    """Only changes that hold are put into a sentence."""
    up, down = (
        [each.theme for each in moments if each.period == NOW and each.change == change]
        for change in (Change.ROSE, Change.FELL)
    )
    said = [_("Up: %(themes)s.") % {"themes": ", ".join(up)}] if up else []
    said += [_("Down: %(themes)s.") % {"themes": ", ".join(down)}] if down else []
    return said or [_("No theme can be said to have gone up or down.")]


def _theme_table(frame: Frame, moments: list[Moment], before: Span | None) -> Table:
    words = {Change.ROSE: _("up"), Change.FELL: _("down"), Change.FIRST: _("no quarter before in the record")}
    then = {each.theme: _share(each.share) for each in moments if each.period == BEFORE}
    rows = [
        row(
            each.theme,
            _share(each.share),
            then.get(each.theme, "") if before else _("not recorded"),
            words.get(each.change, _("no change can be told")),
            url=address("insight_work:frame_detail", frame.pk),
        )
        for each in moments
        if each.period == NOW
    ]
    columns = (
        _("Theme"),
        (_("This quarter"), _("Share of the comments of the quarter that have a theme.")),
        _("Quarter before"),
        (_("Change"), _("Up or down only where the difference holds: 5%, corrected for all that was compared.")),
    )
    note = _("Comments are sorted by the frame “%(frame)s”. One comment may speak of several themes.")
    nothing = _("No comment of this quarter has a theme.")
    return table("themes", _("Themes up and down"), columns, rows, nothing, note % {"frame": frame})


def _share(share: Shown) -> str:
    if share.withheld:
        return share.withheld
    if not share.is_whole:
        return _("not shown, to protect people")
    return _("%(share)s of about %(base)s") % {"share": share.percent, "base": share.base}


# What goes well ----------------------------------------------------------------------------------


def _good(now: Said, themes: list[Theme]) -> list[tuple[Theme, Shown]]:
    """How often what was said of a theme was good or very good, where the source says so at all."""
    known = now.codings().filter(theme__in=themes, comment__sentiment__isnull=False).values("theme")
    counted = known.annotate(number=Count("pk"), good=Count("pk", filter=Q(comment__sentiment__in=GOOD)))
    by_theme = {each["theme"]: shown(each["good"], each["number"]) for each in counted}
    found = [(theme, by_theme[theme.pk]) for theme in themes if theme.pk in by_theme]
    return sorted(found, key=lambda pair: -pair[1].points if pair[1].is_whole else 1)


def _good_table(good: list[tuple[Theme, Shown]]) -> Table:
    columns = (_("Theme"), (_("Good or very good"), _("Of the comments whose source says how good it was.")))
    rows = [row(theme, _share(share), url=address("insight_work:theme_page", theme.pk)) for theme, share in good]
    nothing = _("No comment of this quarter says how good things were.")
    return table("going-well", _("What goes well, by theme"), columns, rows, nothing)


def _well(good: list[tuple[Theme, Shown]], lessons: list[Lesson]) -> list[str]:
    best = [theme.name for theme, share in good if share.is_whole and share.points > 50]
    said = [_("More good than not: %(themes)s.") % {"themes": ", ".join(best)}] if best else []
    if lessons:
        return [*said, _("What was learnt stands below.")]
    return [*said, _("No lesson is recorded for this quarter.")]


def _lesson_table(lessons: list[Lesson]) -> Table:
    columns = (_("Lesson"), _("How it went"), _("Action"))
    rows = [
        row(each.what_happened, each.get_kind_display(), each.action, url=address("insight_work:lesson_edit", each.pk))
        for each in lessons
    ]
    nothing = _("No lesson is recorded for this quarter.")
    return table("lessons-learnt", _("Lessons learnt"), columns, rows, nothing)


# Groups ------------------------------------------------------------------------------------------


def _group_table(split: Split | None, withheld: str) -> Table:
    """Groups that speak of a theme more or less often than everybody else; only what holds, and no hidden number.

    `withheld` says why nothing is shown though there are enough people.
    """
    columns = (
        _("Group"),
        (_("People, about"), _("Rounded to the nearest 5. Groups of fewer than 30 are left out.")),
        _("Speaks more often of"),
        _("Speaks less often of"),
    )
    rows = [
        row(name, base, _of_way(split, cells, "more"), _of_way(split, cells, "less"), url="")
        for name, base, cells in (split.rows if split else ())
    ]
    nothing = withheld or _("Too few comments say of which group the person is, so groups are not compared.")
    note = ""
    if split and split.too_few:
        note = _("Left out, with fewer than 30 people each: %(groups)s.") % {"groups": ", ".join(split.too_few)}
    return table("groups", _("Who speaks more often of what"), columns, rows, nothing, note)


def _of_way(split: Split, cells, way: str) -> str:
    names = [theme for theme, cell in zip(split.themes, cells, strict=True) if cell.way == way]
    return ", ".join(names) or _("nothing that can be told")
