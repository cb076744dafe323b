"""Draw a report from its snapshot: one template for the screen, for paper and for large print."""

from enum import StrEnum

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.charts import Bar, bars
from core.pdf import assets
from reporting.documents.facts import AnnualFacts


class Medium(StrEnum):
    SCREEN = "screen"
    PAPER = "paper"
    LARGE_PRINT = "large print"


def annual_page(facts: AnnualFacts, *, fingerprint: str, is_draft: bool, medium: Medium) -> str:
    """The report as one page of HTML. For the screen it holds its own styles and needs no other file."""
    return render_to_string(
        "reporting/annual/report.html",
        {
            "facts": facts,
            "charts": _charts(facts, is_large=medium != Medium.PAPER),  # a phone is narrow too
            "on_paper": medium != Medium.SCREEN,
            "is_draft": is_draft,
            "fingerprint": fingerprint,
            "styles": assets()["screen.css"].decode() if medium == Medium.SCREEN else "",
        },
    )


def _charts(facts: AnnualFacts, *, is_large: bool) -> dict[str, str | list[str]]:
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
        "by_rung": bars(
            _("Activities by rung of the ladder of participation"),
            [Bar(line.label, line.value) for line in facts.by_rung],
            ident="by-rung",
            is_large=is_large,
            is_printed=True,
        ),
    }
