"""What the body's self-assessments said over the years, for the annual report (REP-038)."""

from collections import defaultdict

from engagement.models import Period
from reporting.documents import assessments
from reporting.documents.levels import JudgedRow, Maturity, SelfAssessed
from reporting.documents.words import day_in_words
from reporting.models import Assessment, Judgement


def maturity(period: Period) -> Maturity:
    """Final self-assessments of years that had ended when the period ended, yardstick by yardstick.

    What was judged of a later year says nothing of this one. The number of queries is the same whatever there is.
    """
    rows = assessments.final().filter(period__ends_on__lte=period.ends_on).select_related("forum")
    rows = rows.prefetch_related(
        "judgements__dimension", "judgements__activities", "yardstick__dimensions__descriptors"
    )
    by_yardstick = defaultdict(list)
    for row in rows.order_by("yardstick__kind", "yardstick__name", "yardstick", "period__starts_on"):
        by_yardstick[row.yardstick_id].append(row)
    return Maturity(day_in_words(period.ends_on), [_said(found) for found in by_yardstick.values()])


def _said(rows: list[Assessment]) -> SelfAssessed:
    """What the assessments by one yardstick said, the oldest first."""
    last = rows[-1]
    looks = {
        (each.dimension_id, each.level_id): each.text.strip()
        for dimension in last.yardstick.dimensions.all()
        for each in dimension.descriptors.all()
    }
    return SelfAssessed(
        name=str(last.yardstick),
        period=str(last.period),
        made_on=day_in_words(last.made_on),
        forum=str(last.forum or ""),
        target=assessments.target_in_words(last),
        rows=[_row(each, looks) for each in last.judgements.all()],
        levels=assessments.trend_of(last.yardstick, rows),
    )


def _row(row: Judgement, looks: dict[tuple[int, int | None], str]) -> JudgedRow:
    return JudgedRow(
        dimension=str(row.dimension),
        side=str(row.get_perspective_display()),
        level=str(row.level or ""),
        text=row.text.strip(),
        gap=row.gap.strip(),
        next_step=row.next_step.strip(),
        references=sorted(activity.reference for activity in row.activities.all()),
        looks_like=looks.get((row.dimension_id, row.level_id), ""),
    )
