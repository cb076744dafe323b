"""The pictures of the annual report."""

from dataclasses import replace

from django.utils.translation import gettext as _

from core.charts import Bar, bars
from reporting.documents.assessment_charts import trend_picture
from reporting.documents.facts import AnnualFacts
from reporting.documents.levels import SelfAssessed

# How high the levels may stand on one page below a heading, in lines of the picture.
LINES, LINES_LARGE = 26, 16


def charts(facts: AnnualFacts, *, is_large: bool) -> dict[str, str | list[str] | list[list[str]]]:
    """The pictures of an annual report, by the name under which its pages show them."""
    return {
        "shown": [
            bars(
                _("Activities that show each principle: %(name)s") % {"name": one.name},
                [Bar(row.label, row.proved, row.activities[0]) for row in one.principles],
                ident=f"shown-{index}",
                first=_("with proof"),
                second=_("only claimed"),
                is_large=is_large,
                is_printed=True,
            )
            for index, one in enumerate(facts.coverage.sets)
        ],
        "maturity": [_levels(one, is_large=is_large) for one in facts.maturity.yardsticks],
        "by_principle": bars(
            _("Activities by principle"),
            [Bar(line.label, line.value, line.second) for line in facts.by_principle],
            ident="by-principle",
            first=_("printed here"),
            second=_("also support it"),
            is_large=is_large,
            is_printed=True,
        ),
        "by_place": bars(
            _("Activities by place"),
            [Bar(line.label, line.value) for line in facts.by_place],
            ident="by-place",
            is_large=is_large,
            is_printed=True,
        ),
        "by_month": bars(
            _("Activities by month"),
            [Bar(line.label, line.value) for line in facts.by_month],
            ident="by-month",
            is_large=is_large,
            is_printed=True,
        ),
        "by_rung": bars(
            _("Activities by rung of the ladder of participation"),
            [Bar(line.label, line.value) for line in facts.by_rung],
            ident="by-rung",
            is_large=is_large,
            is_printed=True,
        ),
    }


def _levels(one: SelfAssessed, *, is_large: bool) -> list[str]:
    """The levels of a yardstick over the years, as many dimensions in a picture as a page holds."""
    lines = one.levels.lines
    most = max(1, (LINES_LARGE if is_large else LINES) // (len(one.levels.recent.years) + 2))
    parts = [replace(one.levels, lines=lines[first : first + most]) for first in range(0, len(lines), most)]
    return [trend_picture(part, one.name) for part in parts]
