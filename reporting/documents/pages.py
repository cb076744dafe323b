"""Draw a report from its snapshot: one template a kind of report, for the screen, for paper and for large print."""

from enum import StrEnum

from django.template.loader import render_to_string

from core.pdf import assets
from reporting.documents.shapes import Shape


class Medium(StrEnum):
    SCREEN = "screen"
    PAPER = "paper"
    LARGE_PRINT = "large print"


def page(shape: Shape, facts, *, fingerprint: str, is_draft: bool, medium: Medium) -> str:
    """The report as one page of HTML. For the screen it holds its own styles and needs no other file."""
    return render_to_string(
        shape.template,
        {
            "facts": facts,
            "charts": shape.charts(facts, is_large=medium != Medium.PAPER),  # a phone is narrow too
            "on_paper": medium != Medium.SCREEN,
            "is_draft": is_draft,
            "fingerprint": fingerprint,
            "styles": assets()["screen.css"].decode() if medium == Medium.SCREEN else "",
        },
    )
