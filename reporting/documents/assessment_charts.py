"""The trend of an assessment as a picture, the same for a page and a report."""

from django.utils.safestring import SafeString

from core.charts.steps import Reached, StepRow, steps
from reporting.documents.levels import Trend


def trend_picture(trend: Trend, title: str) -> SafeString | str:
    """Each dimension with the levels of the last years; "" where nothing was judged by level. Its table has them all,
    or says that it has not."""
    if not (trend.years and trend.lines):
        return ""
    rows, recent = [], trend.recent
    for line in recent.lines:
        marks = zip(recent.years, line.marks, strict=True)
        rows.append(StepRow(line.dimension, [Reached(year, mark.step, mark.name) for year, mark in marks]))
    return steps(title, rows, most=len(trend.levels))
