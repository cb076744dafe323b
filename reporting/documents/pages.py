"""Draw a report from its snapshot: one template, once for the screen and once for paper."""

from django.template.loader import render_to_string

from core.charts import Bar, bars
from reporting.documents.facts import AnnualFacts
from reporting.documents.pdf import assets

MARK_SCREEN, MARK_PAPER = "screen", "paper"


def annual_page(facts: AnnualFacts, *, fingerprint: str, is_draft: bool, medium: str) -> str:
    """The report as one page of HTML that needs no other file. `medium` is screen or paper."""
    return render_to_string(
        "reporting/annual/report.html",
        {
            "facts": facts,
            "charts": _charts(facts),
            "on_paper": medium == MARK_PAPER,
            "is_draft": is_draft,
            "fingerprint": fingerprint,
            "styles": "" if medium == MARK_PAPER else assets()["screen.css"].decode(),
        },
    )


def _charts(facts: AnnualFacts) -> dict[str, str]:
    return {
        "by_principle": bars(
            "Activities by principle",
            [Bar(line.label, line.value, line.second) for line in facts.by_principle],
            ident="by-principle",
            first="printed here",
            second="also support it",
        ),
        "by_place": bars(
            "Activities by place", [Bar(line.label, line.value) for line in facts.by_place], ident="by-place"
        ),
        "by_rung": bars(
            "Activities by rung of the ladder of participation",
            [Bar(line.label, line.value) for line in facts.by_rung],
            ident="by-rung",
        ),
    }
