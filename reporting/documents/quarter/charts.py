"""The pictures of the quarterly report."""

from core.charts import Dot, scatter
from reporting.documents.quarter.facts import QuarterFacts


def charts(facts: QuarterFacts, *, is_large: bool) -> dict[str, str]:
    """The pictures by the key of what they show: pairs of percentages as dots."""
    return {
        pairs.key: scatter(pairs.title, [Dot(*dot) for dot in pairs.dots], across=pairs.across, up=pairs.up)
        for section in facts.sections
        for pairs in section.pairs
    }
