"""What a page says of a round of learning: how good each theme is, and about what the machine is often wrong."""

from dataclasses import dataclass

# Below the first the machine is more often wrong or silent than right; the second is what the NHS’s own models reach.
POOR, FAIR = 0.5, 0.7


@dataclass(frozen=True, slots=True)
class Learnt:
    """The themes of a round, the best first, and the names of those that it is often or sometimes wrong about."""

    themes: list[dict]
    often_wrong: list[str]
    sometimes_wrong: list[str]


def learnt(result: dict) -> Learnt:
    """A theme about which nothing can be said counts as one that the machine is often wrong about."""
    themes = sorted(result.get("themes", []), key=lambda each: (-(each["f1"] or 0), each["name"]))
    often = [each["name"] for each in themes if (each["f1"] or 0) < POOR]
    sometimes = [each["name"] for each in themes if POOR <= (each["f1"] or 0) < FAIR]
    return Learnt(themes, often, sometimes)
