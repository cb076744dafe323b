"""Codes that somebody holds on paper, without an account: made again from a seed, kept only as a keyed hash.

Each kind of code has its own salt, so that the hash of one says nothing of another. A new code is free in every kind:
one page takes them all, and must never show somebody what another holds.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator

from django.utils.crypto import salted_hmac

from core.limits import sent_too_often

# Consonants that look and sound unlike each other, so that a code is no word and can be read out by telephone.
ALPHABET = "BCDFGHJKMNPQRTVWXZ"
LENGTH = 8
ATTEMPTS = 10
MOST_AN_HOUR = 60

Held = Callable[[list[str]], set[str]]  # of some hashes, those that somebody has already
_kinds: list["Codes"] = []


class Codes:
    """One kind of code. `salt` never changes: codes that were given out depend on it."""

    def __init__(self, salt: str, held: Held):
        self.salt, self._held = salt, held
        _kinds.append(self)

    def hashed(self, code: str) -> str:
        """What is stored of a code. Spaces, dashes and the size of letters do not matter."""
        letters = "".join(letter for letter in code.upper() if letter in ALPHABET)
        return salted_hmac(f"{self.salt}.hash", letters, algorithm="sha256").hexdigest()

    def new_hashes(self, seeds: Iterable[str]) -> list[str]:
        """The hash of a code for each seed, in their order. Nobody has any of these codes yet, of whatever kind."""
        candidates = {seed: list(self._of(seed)) for seed in seeds}
        taken = _taken([code for codes in candidates.values() for code in codes[:1]])
        found = []
        for codes in candidates.values():
            code = codes[0] if codes[0] not in taken else next(each for each in codes[1:] if not _taken([each]))
            taken.add(code)
            found.append(self.hashed(code))
        return found

    def of(self, seed: str, code_hash: str) -> str:
        """The code in groups of four, made again from its seed; nothing where the hash is not of this seed."""
        code = next((each for each in self._of(seed) if self.hashed(each) == code_hash), "")
        return f"{code[:4]} {code[4:]}".strip()

    def held(self, codes: list[str]) -> set[str]:
        """Those of some codes that somebody has already."""
        hashes = {self.hashed(code): code for code in codes}
        return {hashes[each] for each in self._held(list(hashes))}

    def _of(self, seed: str) -> Iterator[str]:
        for attempt in range(ATTEMPTS):
            digest = salted_hmac(f"{self.salt}.code", f"{seed} {attempt}", algorithm="sha256").digest()
            number, letters = int.from_bytes(digest, "big"), []
            for _place in range(LENGTH):
                number, letter = divmod(number, len(ALPHABET))
                letters.append(ALPHABET[letter])
            yield "".join(letters)


def _taken(codes: list[str]) -> set[str]:
    """Those of some codes that somebody has already, whatever their kind."""
    return set().union(*(kind.held(codes) for kind in _kinds))


def no_code() -> str:
    """Stands for the hash where nobody is given a code: no code leads to it."""
    return secrets.token_hex(32)


def tried_too_often(request) -> bool:
    """Whether somebody has typed so many codes in an hour that it looks like guessing; if not, this one is counted."""
    return sent_too_often(request, "survey-codes", most=MOST_AN_HOUR)
