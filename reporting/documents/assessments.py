"""What assessments say: the latest, the trend over years, the target, what rose or fell, what lacks evidence."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from engagement.models import Activity, Period
from people.models import User
from reporting.documents.levels import Mark, Trend, TrendLine
from reporting.models import Assessment, Dimension, Judgement, Level, Proof, Yardstick

SELF = Assessment.Assessor.SELF


@dataclass(frozen=True, slots=True)
class Line:
    """One dimension of an assessment, from one side where several are asked, as it stands on a day."""

    dimension: Dimension
    perspective: str
    perspective_words: str
    judgement: Judgement | None
    activities: list[Activity]
    hidden: int  # activities that count as evidence, but that the reader may not open
    proofs: list[Proof]
    move: str
    move_words: str
    is_overdue: bool

    @property
    def lacks_evidence(self) -> bool:
        return self.judgement is not None and not (self.activities or self.hidden or self.proofs)

    @property
    def words(self) -> str:
        return f"{self.dimension} ({self.perspective_words})" if self.perspective else str(self.dimension)


@dataclass(frozen=True, slots=True)
class Standing:
    """All of one assessment as it stands on a day, with what it lacks in words."""

    lines: list[Line]
    counted: str  # how many dimensions are at each level
    target: str
    unjudged: list[str]
    without_evidence: list[str]
    overdue: list[Line]


def was_used(yardstick: Yardstick) -> bool:
    """Whether a final assessment rests on it: its levels and dimensions then stay as they are."""
    return yardstick.assessments.filter(final_at__isnull=False).exists()


def sides(yardstick: Yardstick) -> list[str]:
    """From whose side each dimension is judged: three for an evaluation, else from none in particular."""
    return Judgement.Perspective.values if yardstick.kind == Yardstick.Kind.EVALUATION else [""]


def final(assessor: str = SELF) -> QuerySet[Assessment]:
    """Final assessments by one assessor, the newest period first, with what the functions below look at."""
    rows = Assessment.objects.filter(final_at__isnull=False, assessor=assessor)
    return _with_judgements(rows).order_by("-period__starts_on", "yardstick")


def latest(kind: str, period: Period, assessor: str = SELF) -> Assessment | None:
    """The last final assessment by a yardstick of a kind whose own period had ended when this period ended."""
    return final(assessor).filter(yardstick__kind=kind, period__ends_on__lte=period.ends_on).first()


def unjudged(assessment: Assessment) -> list[str]:
    """What is still to be judged, in words."""
    judged = {(row.dimension_id, row.perspective) for row in assessment.judgements.all()}
    names = dict(Judgement.Perspective.choices)
    return [
        f"{dimension} ({names[side]})" if side else str(dimension)
        for dimension in assessment.yardstick.dimensions.all()
        for side in sides(assessment.yardstick)
        if (dimension.pk, side) not in judged
    ]


# The target --------------------------------------------------------------------------------------


def reached_target(assessment: Assessment) -> bool | None:
    """Whether the yardstick's target is reached. None without a target, and while judgements that count are missing.

    A target level without a number is meant for every dimension.
    """
    yardstick = assessment.yardstick
    if yardstick.target_level_id is None:
        return None
    reached, needed = _reached(assessment), _needed(yardstick)
    if reached >= needed:
        return True
    return None if reached + len(unjudged(assessment)) >= needed else False


def target_in_words(assessment: Assessment) -> str:
    """Whether the target is reached, as a sentence; "" where there is no target."""
    yardstick = assessment.yardstick
    if yardstick.target_level_id is None:
        return ""
    words = {True: _("Target reached."), False: _("Target not reached."), None: _("The target is not decided yet.")}
    said = {"level": yardstick.target_level, "reached": _reached(assessment), "needed": _needed(yardstick)}
    counted = _("At least “%(level)s”: %(reached)s, and %(needed)s were aimed for.") % said
    return f"{words[reached_target(assessment)]} {counted}"


def aim_in_words(yardstick: Yardstick) -> str:
    """What the body aims for by a yardstick, as a sentence."""
    if yardstick.target_level_id is None:
        return _("No target is set.")
    said = {"level": yardstick.target_level, "needed": _needed(yardstick), "all": len(yardstick.dimensions.all())}
    return _("At least “%(level)s” in %(needed)s of %(all)s.") % said


def levels_in_words(assessment: Assessment) -> str:
    """In how many dimensions each level is reached, the highest first; "" for what is judged in words."""
    found = [row.level_id for row in assessment.judgements.all()]
    rows = [(str(level), found.count(level.pk)) for level in reversed(assessment.yardstick.levels.all())]
    return ", ".join(_("%(level)s in %(count)s") % {"level": name, "count": count} for name, count in rows if count)


def _needed(yardstick: Yardstick) -> int:
    return yardstick.target_number or len(yardstick.dimensions.all())


def _reached(assessment: Assessment) -> int:
    steps = _steps(assessment.yardstick.levels.all())
    at_least = steps[assessment.yardstick.target_level_id]
    return sum(steps.get(row.level_id, 0) >= at_least for row in assessment.judgements.all())


# Over the years ----------------------------------------------------------------------------------


def trend(yardstick: Yardstick, assessor: str = SELF, until: Period | None = None) -> Trend:
    """What every dimension was judged in each year that has a final assessment (REP-021, REP-038).

    With `until`, in the years that had ended when that period ended: what was judged later says nothing of it.
    """
    rows = final(assessor).filter(yardstick=yardstick)
    if until is not None:
        rows = rows.filter(period__ends_on__lte=until.ends_on)
    return trend_of(yardstick, list(rows)[::-1])


def trend_of(yardstick: Yardstick, rows: list[Assessment]) -> Trend:
    """The trend that these assessments make, the oldest first."""
    levels = list(yardstick.levels.all())
    by_year = [_marks(row, levels) for row in rows]
    lines = []
    for dimension in yardstick.dimensions.all() if levels else []:
        marks = [found.get(dimension.pk, Mark(None, _("not recorded"))) for found in by_year]
        move = _move(*marks[-2:]) if len(marks) > 1 else "unknown"
        words = _move_in_words(move, *marks[-2:], rows[-2].period) if len(marks) > 1 else _nothing_before()
        lines.append(TrendLine(dimension.name, marks, move, words))
    return Trend(str(yardstick), [level.name for level in levels], [str(row.period) for row in rows], lines)


def _marks(assessment: Assessment, levels: Iterable[Level]) -> dict[int, Mark]:
    steps = _steps(levels)
    names = {level.pk: level.name for level in levels}
    return {
        row.dimension_id: Mark(steps[row.level_id], names[row.level_id])
        for row in assessment.judgements.all()
        if row.level_id in steps
    }


def _steps(levels: Iterable[Level]) -> dict[int, int]:
    return {level.pk: step for step, level in enumerate(levels, start=1)}


def _move(before: Mark, now: Mark) -> str:
    if before.step is None or now.step is None:
        return "unknown"
    return "rose" if now.step > before.step else "fell" if now.step < before.step else "same"


def _move_in_words(move: str, before: Mark, now: Mark, since: Period) -> str:
    said = {"before": before.name, "now": now.name, "since": since}
    match move:
        case "rose":
            return _("rose from “%(before)s” to “%(now)s” since %(since)s") % said
        case "fell":
            return _("fell from “%(before)s” to “%(now)s” since %(since)s") % said
        case "same":
            return _("as in %(since)s") % said
    return _nothing_before()


def _nothing_before() -> str:
    return _("nothing to compare it with")


# One assessment ----------------------------------------------------------------------------------


def with_everything(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Assessments with all that their pages show, in a constant number of queries."""
    return _with_judgements(rows).select_related("forum").prefetch_related("yardstick__dimensions__descriptors")


def lines(assessment: Assessment, *, on: datetime.date, user: User | None = None) -> list[Line]:
    """Every dimension of an assessment, judged or not. With a `user`, the activities that they may open."""
    judged = {(row.dimension_id, row.perspective): row for row in _judgements(assessment)}
    before = _before(assessment)
    levels = list(assessment.yardstick.levels.all())
    marks, old = _marks(assessment, levels), _marks(before, levels) if before else {}
    ids = {each.pk for row in judged.values() for each in row.activities.all()}
    seen = ids if user is None else set(Activity.objects.for_user(user).filter(pk__in=ids).values_list("pk", flat=True))
    counts_down = assessment.is_final and not _has_later(assessment)
    names = dict(Judgement.Perspective.choices)
    found = []
    for dimension in assessment.yardstick.dimensions.all():
        pair = old.get(dimension.pk, Mark(None, "")), marks.get(dimension.pk, Mark(None, ""))
        move = _move(*pair)
        words = _move_in_words(move, *pair, before.period) if before else _nothing_before()
        for side in sides(assessment.yardstick):
            row = judged.get((dimension.pk, side))
            all_activities = list(row.activities.all()) if row else []
            shown = [each for each in all_activities if each.pk in seen]
            found.append(
                Line(
                    dimension=dimension,
                    perspective=side,
                    perspective_words=str(names.get(side, "")),
                    judgement=row,
                    activities=shown,
                    hidden=len(all_activities) - len(shown),
                    proofs=list(row.proofs.all()) if row else [],
                    move=move,
                    move_words=words,
                    is_overdue=bool(counts_down and row and row.due_on and row.due_on < on),
                )
            )
    return found


def standing(assessment: Assessment, *, on: datetime.date, user: User | None = None) -> Standing:
    """An assessment with its gaps: what is not judged, what has no evidence, which next steps are overdue."""
    found = lines(assessment, on=on, user=user)
    return Standing(
        lines=found,
        counted=levels_in_words(assessment),
        target=target_in_words(assessment),
        unjudged=[line.words for line in found if line.judgement is None],
        without_evidence=[line.words for line in found if line.lacks_evidence],
        overdue=[line for line in found if line.is_overdue],
    )


def overdue_steps(on: datetime.date) -> list[Judgement]:
    """Next steps whose day has passed, of final assessments that no later one has followed."""
    later = Assessment.objects.filter(
        final_at__isnull=False,
        yardstick=OuterRef("assessment__yardstick"),
        assessor=OuterRef("assessment__assessor"),
        period__starts_on__gt=OuterRef("assessment__period__starts_on"),
    )
    rows = Judgement.objects.filter(assessment__final_at__isnull=False, due_on__lt=on).filter(~Exists(later))
    return list(rows.select_related("assessment__yardstick", "assessment__period", "dimension").order_by("due_on"))


def _with_judgements(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    parts = ("yardstick__levels", "yardstick__dimensions", "judgements__level")
    return rows.select_related("yardstick__target_level", "period").prefetch_related(*parts)


def _judgements(assessment: Assessment) -> QuerySet[Judgement]:
    return assessment.judgements.select_related("level", "dimension").prefetch_related("activities", "proofs")


def _before(assessment: Assessment) -> Assessment | None:
    rows = final(assessment.assessor).filter(yardstick=assessment.yardstick)
    return rows.filter(period__starts_on__lt=assessment.period.starts_on).first()


def _has_later(assessment: Assessment) -> bool:
    rows = final(assessment.assessor).filter(yardstick=assessment.yardstick)
    return rows.filter(period__starts_on__gt=assessment.period.starts_on).exists()


# All yardsticks ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overview:
    """A yardstick with the latest final assessment of each assessor, and what is not final yet."""

    yardstick: Yardstick
    results: list[Assessment]
    drafts: list[Assessment]


def overview() -> list[Overview]:
    """Every yardstick with its latest results, the newest first, in a constant number of queries."""
    assessments = _with_judgements(Assessment.objects.order_by("-period__starts_on", "assessor"))
    rows = Yardstick.objects.prefetch_related(Prefetch("assessments", queryset=assessments, to_attr="used"))
    found = []
    for yardstick in rows.order_by("kind", "name"):
        results: dict[str, Assessment] = {}
        for row in yardstick.used:
            if row.is_final:
                results.setdefault(row.assessor, row)
        drafts = [row for row in yardstick.used if not row.is_final]
        found.append(Overview(yardstick, [*results.values()], drafts))
    return found
