"""How each kind of report is made: of which kind of period, from which records, frozen as what, drawn by what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engagement.models import Period
from reporting.documents import annual, annual_charts, assessment, facts, quarter
from reporting.models import Report


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of report. `facts` is the dataclass of its snapshot, with SCHEMA; `sections` are the keys and names of
    what may be commented on and written by hand. `charts` takes the facts and `is_large`."""

    period: str
    facts: type
    gather: Callable[[Report], Any]
    template: str
    charts: Callable[..., dict[str, Any]]
    sections: tuple[tuple[str, str], ...] = ()


SHAPES = {
    Report.Kind.ANNUAL: Shape(
        Period.Kind.YEAR, facts.AnnualFacts, annual.gather, "reporting/annual/report.html", annual_charts.charts
    ),
    Report.Kind.QUARTERLY: Shape(
        Period.Kind.QUARTER,
        quarter.QuarterFacts,
        quarter.gather,
        "reporting/quarterly/report.html",
        quarter.charts,
        quarter.SECTIONS,
    ),
    Report.Kind.ASSESSMENT: Shape(
        Period.Kind.YEAR,
        assessment.AssessmentFacts,
        assessment.gather,
        "reporting/assessment/report.html",
        assessment.charts,
        assessment.SECTIONS,
    ),
}


def shape_of(report: Report) -> Shape:
    return SHAPES[report.kind]
