"""A comment as the learner takes it, and equal comments brought together."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

# The longest comment of the patient experience project has 3,967 characters. What stands after the cut is not read.
MOST_CHARACTERS = 5_000

# What survey software writes where a person wrote nothing. Without a coded example, nothing is suggested for it.
NOT_ANSWERED = frozenset({"did not answer", "not answered", "no answer", "no response", "left blank", "blank"})


@dataclass(frozen=True, slots=True)
class Example:
    """A comment, with the themes a person gave it (none where they are to be suggested).

    `sentiment` is the source's own category and `score` its rating, each None where it was not recorded.
    """

    text: str
    themes: frozenset[str] = frozenset()
    question: str = ""
    sentiment: int | None = None
    service: str = ""
    score: int | None = None


def cut(text: str) -> str:
    return text[:MOST_CHARACTERS]


def normalised(text: str) -> str:
    """Words alone, in small letters: texts that differ only in case, spacing or punctuation become one."""
    return re.sub(r"\W+", " ", text.casefold()).strip()


def digest(text: str, salt: str = "") -> int:
    """A number from a text, the same on every machine: it deals texts into folds and halves."""
    return int.from_bytes(sha256(f"{salt}{text}".encode()).digest()[:8], "big")


@dataclass(frozen=True, slots=True)
class Entry:
    """Coded comments that are alike in all that the learner reads. `shares`: theme to the share that has it."""

    key: str
    example: Example
    count: int
    shares: dict[str, float]


def together(examples: Iterable[Example]) -> list[Entry]:
    """Equal comments as one entry each, in an order that does not hang on the order they came in."""
    alike = defaultdict(list)
    for example in examples:
        if key := normalised(cut(example.text)):
            alike[key, normalised(example.question), str(example.sentiment), normalised(example.service)].append(
                example
            )
    entries = []
    for (key, *_), rows in sorted(alike.items()):
        names = sorted({theme for row in rows for theme in row.themes})
        shares = {name: sum(name in row.themes for row in rows) / len(rows) for name in names}
        first = min(rows, key=lambda row: (row.text, str(row.score)))
        entries.append(Entry(key, first, len(rows), shares))
    return entries
