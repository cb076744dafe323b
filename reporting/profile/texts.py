"""The section of a body's profile that holds the standing texts of its reports."""

from core.profiles import upsert
from reporting.models import StandingText


def load_report_texts(rows: list[dict]) -> None:
    """[report.<kind>]: paragraphs by the place where they are printed. A text that staff have edited stays."""
    for row in rows:
        for kind, slots in row.items():
            for slot, paragraphs in slots.items():
                text = "\n\n".join(paragraphs)
                if not StandingText.objects.filter(kind=kind, slot=slot).exists():
                    upsert(StandingText, {"kind": kind, "slot": slot}, {"text": text})
