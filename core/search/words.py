"""From what somebody typed to what is looked for. Nothing that can be typed is an error."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MOST_LETTERS = 300  # of what somebody typed
MOST_WORDS = 12
# PostgreSQL's list for English: the words that its index leaves out. SQLite leaves them out by it too.
_COMMON = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself
    it its itself they them their theirs themselves what which who whom this that these those am is are was were be
    been being have has had having do does did doing a an the and but if or because as until while of at by for with
    about against between into through during before after above below to from up down in out on off over under
    again further then once here there when where why how all any both each few more most other some such no nor not
    only own same so than too very s t can will just don should now
"""
COMMON = frozenset(_COMMON.split())
# Written alike where it is looked for and where it is found, on both databases.
ACCENTED = {
    letter: plain[0]
    for letter in map(chr, range(0xC0, 0x180))
    if (plain := unicodedata.normalize("NFD", letter))[0].isascii() and len(plain) > 1
}
_FOLDED = str.maketrans(ACCENTED)
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"') | dict.fromkeys("’‘ʼ", "'"))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PIECE = re.compile(r'(-?)"([^"]*)"?|(-?)([^\s"]+)')
_OWNED = re.compile(r"'s\b")
_JOINED = re.compile(r"[^\W_]+([-'][^\W_]+)+")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of which all have to be there; as a phrase, one behind the other."""

    words: tuple[str, ...]
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a question: any of its runs will do, or, where it is excluded, none may be there."""

    runs: tuple[Run, ...]
    is_excluded: bool = False

    @property
    def single(self) -> str:
        """The word, where the term is one word that may be a typing error; else empty."""
        run = self.runs[0]
        is_one = len(self.runs) == 1 and len(run.words) == 1 and not self.is_excluded
        return run.words[0] if is_one and not run.is_phrase else ""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `was_cut` says that more was typed than is looked for, `common` what is in every text."""

    terms: tuple[Term, ...]
    common: tuple[str, ...] = ()
    was_cut: bool = False

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_excluded)


def clean(text: str) -> str:
    """The text without what a database refuses or a mark-up could be hidden in: NUL, other controls, half letters."""
    return _CONTROL.sub(" ", str(text).encode("utf-8", "ignore").decode())


def fold(text: str) -> str:
    """Small letters, without the accents of Latin ones."""
    return text.translate(_QUOTES).translate(_FOLDED).lower()


def words(text: str) -> tuple[str, ...]:
    """The words of a text of any script, folded. “The patient's” are the and patient."""
    kept = (letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in _OWNED.sub(" ", fold(text)))
    return tuple(word for word in "".join(kept).split() if any(letter.isalnum() for letter in word))


def spelled(text: str) -> set[str]:
    """The words of a text that could be offered as a spelling: 3 to 30 letters, no digits."""
    return {word for word in _LETTERS.findall(fold(text)) if 3 <= len(word) <= 30}


def parse(text: str, names: Iterable[tuple[str, str]] = ()) -> Query:
    """All the words, "phrases" and -excluded words. A name that stands in `names` may have its other name instead."""
    text = clean(text).translate(_QUOTES)
    pieces = list(_pieces(text[:MOST_LETTERS]))
    was_cut = len(text.rstrip()) > MOST_LETTERS or len(pieces) > MOST_WORDS
    terms = _with_names(pieces[:MOST_WORDS], names)
    is_common = [all(word in COMMON for run in term.runs for word in run.words) for term in terms]
    common = [word for term, left_out in zip(terms, is_common, strict=True) if left_out for word in term.runs[0].words]
    return Query(
        tuple(term for term, left_out in zip(terms, is_common, strict=True) if not left_out),
        tuple(dict.fromkeys(common)),
        was_cut,
    )


def _pieces(text: str):
    for minus, phrase, other_minus, chunk in _PIECE.findall(text):
        found, is_excluded = words(phrase or chunk), bool(minus or other_minus)
        if not found:
            continue
        if phrase or (len(found) > 1 and _JOINED.fullmatch(chunk)):
            yield Term((Run(found, is_phrase=len(found) > 1 or bool(phrase)),), is_excluded)
        else:
            yield from (Term((Run((word,)),), is_excluded) for word in found)


def _with_names(terms: list[Term], names: Iterable[tuple[str, str]]) -> list[Term]:
    others: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for pair in names:
        one, two = (words(name) for name in pair)
        if one and two and one != two:
            others.setdefault(one, []).append(two)
            others.setdefault(two, []).append(one)
    done, position = [], 0
    while position < len(terms):
        length = _name_at(terms[position:], others)
        if not length:
            done.append(terms[position])
            position += 1
            continue
        here = tuple(word for term in terms[position : position + length] for word in term.runs[0].words)
        alternatives = (Run(other, is_phrase=len(other) > 1) for other in dict.fromkeys(others[here]))
        typed = Run(tuple(word for word in here if word not in COMMON) or here)
        done.append(Term((typed, *alternatives)))
        position += length
    return done


def _name_at(terms: list[Term], names: dict) -> int:
    """How many terms from the first on are together a name, at most: 0 for none."""
    longest, so_far = 0, ()
    for number, term in enumerate(terms, start=1):
        if term.is_excluded:
            break
        so_far += term.runs[0].words
        if so_far in names:
            longest = number
    return longest
