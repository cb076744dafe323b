"""The pictures of the evidence for NHS England’s assessment. Each has its table beside it."""

from django.utils.translation import gettext as _

from core.charts import Bar, Step, bars, heat
from engagement.documents.coverage import NONE, STRENGTHS, strength_words
from reporting.documents.assessment.facts import AssessmentFacts, Characteristic, PlaceRow

ORDER = (NONE, *STRENGTHS)
LETTERS = ("–", "C", "E", "V", "O")
MOST_ROWS, MOST_ROWS_LARGE = 20, 6  # of a map that fits on one page


def charts(facts: AssessmentFacts, *, is_large: bool) -> dict[str, str | list[str]]:
    """The pictures by the name under which its pages show them. What has no numbers has no picture."""
    shared = {"is_large": is_large, "is_printed": True}
    found: dict[str, str | list[str]] = {
        "shares": [_shares(each, number, shared) for number, each in enumerate(facts.people.characteristics)]
    }
    rows, most = facts.places.rows if facts.places.columns else [], MOST_ROWS_LARGE if is_large else MOST_ROWS
    found["places"] = [
        _map(facts.places.columns, rows[first : first + most], shared) for first in range(0, len(rows), most)
    ]
    if facts.people.rungs:
        found["rungs"] = bars(
            _("Activities by rung of the ladder of participation"),
            [Bar(line.label, line.value) for line in facts.people.rungs],
            ident="rungs",
            **shared,
        )
    return found


def _map(columns: list[str], rows: list[PlaceRow], shared: dict) -> str:
    return heat(
        _("How far each principle is shown in each place"),
        [row.label for row in rows],
        columns,
        [[ORDER.index(cell.strength) for cell in row.cells] for row in rows],
        levels=[Step(strength_words(each), letter) for each, letter in zip(ORDER, LETTERS, strict=True)],
        **shared,
    )


def _shares(found: Characteristic, number: int, shared: dict) -> str:
    """People who took part beside residents, in percent: only where both are known and may be shown."""
    rows = []
    for row in found.rows:
        took_part, residents = _percent(row.share), _percent(row.residents)
        if took_part is not None and residents is not None:
            rows.append(Bar(_("%(group)s: took part") % {"group": row.label}, took_part))
            rows.append(Bar(_("%(group)s: residents") % {"group": row.label}, residents))
    title = _("%(question)s: percent of those who took part, and of residents") % {"question": found.name}
    return bars(title, rows, ident=f"shares-{number}", **shared) if rows else ""


def _percent(text: str) -> int | None:
    """The number of a text such as “35%”; None for one that is hidden or not known."""
    number = text.removesuffix("%")
    return round(float(number)) if text.endswith("%") else None
