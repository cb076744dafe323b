"""What is personal in a comment, and what its words are compared by."""

from collections import Counter
from collections.abc import Iterable

from core import alike
from core.personal_data import Kind, findings


def screen(text: str, names: Iterable[str] = ()) -> dict:
    """Fields of a comment that follow from its words: how it is compared, what was found, whether it is held."""
    found = dict(Counter(str(finding.kind) for finding in findings(text, names)))
    return {"text_key": alike.key(text) if text else "", "found": found, "is_held": bool(found)}


def found_words(found: dict[str, int]) -> list[tuple[str, int]]:
    """What was found, in words, with how many of each."""
    return [(Kind(kind).label, number) for kind, number in found.items() if kind in Kind.values]
