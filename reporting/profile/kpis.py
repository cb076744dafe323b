"""The section of a body's profile that says which figures of performance it has, and what it aims at (PLN-009)."""

from core.profiles import refuse_unknown, typed, upsert, wrong
from reporting.documents.kpis import MEASURES
from reporting.models import Kpi

WORDS = ("name", "definition", "numerator", "denominator", "source", "unit", "direction")
SET_BY_THE_BODY = ("target", "target_by", "owner", "frequency", "order")


def load_kpis(rows: list[dict]) -> None:
    """[[kpi]]: a figure with `measure`, or in the body's own words for one that somebody enters.

    The aim, its day, the post, the frequency and the order are taken once: what staff set later stays.
    """
    for row in rows:
        refuse_unknown(row, "code", "measure", *WORDS, *SET_BY_THE_BODY)
        measure = row.get("measure", "")
        if measure and measure not in MEASURES:
            raise wrong(row, f"nobody computes {measure!r}. Write one of: {', '.join(sorted(MEASURES))}")
        if measure and (said := [name for name in WORDS if row.get(name)]):
            raise wrong(row, f"a computed figure brings its own words. Leave out: {', '.join(said)}")
        values = {"measure": measure} | typed(Kpi, row, *WORDS)
        if not Kpi.objects.filter(code=row["code"]).exists():
            values |= typed(Kpi, row, *SET_BY_THE_BODY)
        upsert(Kpi, {"code": row["code"]}, values)
