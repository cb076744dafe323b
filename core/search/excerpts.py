"""An excerpt of a text around the words that were found, where the database's own does not show the text as it is."""

import re
from collections.abc import Collection

from core.search.words import fold

START, STOP = "\x02", "\x03"
LONGEST = 280  # letters of an excerpt
BEFORE = 100  # letters before the first word that was found
_WORD = re.compile(r"[^\W_]+")
_MARKED = re.compile(f"{START}([^{STOP}]*){STOP}")


def forms_in(marked: str) -> set[str]:
    """The words between the marks, folded."""
    return {fold(word) for piece in _MARKED.findall(marked) for word in _WORD.findall(piece)}


def mark(text: str, forms: Collection[str]) -> str:
    """The text with START and STOP around each word that is one of the forms."""
    return _WORD.sub(lambda word: f"{START}{word[0]}{STOP}" if fold(word[0]) in forms else word[0], text)


def cut(text: str, forms: Collection[str]) -> str:
    """The part of the text around the first of the forms, from a whole word to a whole word."""
    first = next((word.start() for word in _WORD.finditer(text) if fold(word[0]) in forms), 0)
    start = 0 if first <= BEFORE else text.rfind(" ", 0, first - BEFORE) + 1
    end = len(text)
    if end - start > LONGEST:
        end = text.rfind(" ", start, start + LONGEST)
        end = end if end > first else start + LONGEST
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"
