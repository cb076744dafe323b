"""Which texts are the same words, or nearly the same: repeats, and letters of a campaign with a changed name.

Exact repeats have the same key. Near repeats are found by the shares of their runs of three words: MinHash signatures
with locality-sensitive hashing (A. Broder, “On the resemblance and containment of documents”, 1997; J. Leskovec and
others, “Mining of Massive Datasets”, chapter 3). The hash functions are fixed, so the same texts give the same groups.
A language that puts no spaces between words is compared by its exact words only.
"""

import hashlib
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LEAST_WORDS = 20  # below, many people say the same without a campaign: “none”, “very good”
LEAST_LETTERS = 3  # two alike may be one person who sent it twice
NEAR = 0.6  # of all runs of three words in two texts, those that are in both
RUN = 3
BANDS, ROWS = 32, 3
HASHES = BANDS * ROWS
MOST_LEADERS = 4  # a bucket is compared with so many of its own, so that no bucket costs the square of its size
BATCH = 100_000  # runs of words that are hashed at once
MOST_KNOWN_WORDS = 200_000


# One text ----------------------------------------------------------------------------------------


class _Signs(dict):
    """What becomes of each character: letters, digits, money and emoji stay, punctuation parts words or is gone."""

    GONE = ("Cf", "Cs")
    APOSTROPHES = frozenset("'’‘ʼ`´")

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if (
            character in self.APOSTROPHES
            or category in self.GONE
            or unicodedata.name(character, "").startswith("VARIATION")
        ):
            sign = ""
        else:
            sign = " " if category[0] in "PZC" else character
        self[code] = sign
        return sign


_SIGNS = _Signs()


def normalised(text: str) -> str:
    """The text as it is compared: without case, punctuation and the number of spaces; emoji are kept.

    Characters that look alike are one (Unicode NFKC): “ﬁne” is “fine”, and full-width letters are letters.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.translate(_SIGNS).split())


def key(text: str) -> str:
    """The same for texts that are the same once normalised: 32 characters, safe to store and to index."""
    return _digest(normalised(text)).hex()


def _digest(words: str) -> bytes:
    return hashlib.blake2b(words.encode(), digest_size=16).digest()


def likeness(one: str, other: str) -> float:
    """How much of two texts is the same, from 0 to 1: runs of three words in both, of those in either (Jaccard).

    Texts too short to have a run are the same or not.
    """
    first, second = (normalised(text).split() for text in (one, other))
    if first == second:
        return 1.0 if first else 0.0
    runs, others = (set(zip(words, words[1:], words[2:], strict=False)) for words in (first, second))
    return len(runs & others) / len(runs | others) if runs and others else 0.0


# Many texts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts that are the same or nearly so. `ids` are in the order in which they came, at least two.

    `example` is the id of the first text with the wording that most of them have, `copies` how many have exactly that
    wording, `words` how long it is.
    """

    ids: tuple[int, ...]
    example: int
    copies: int
    words: int

    @property
    def size(self) -> int:
        return len(self.ids)

    @property
    def is_exact(self) -> bool:
        """Whether all of them are the same words."""
        return self.copies == self.size

    @property
    def is_campaign(self) -> bool:
        """Whether so many words came so often that people must have copied them: at least 20 words, 3 times."""
        return self.words >= LEAST_WORDS and self.size >= LEAST_LETTERS


def groups(texts: Iterable[tuple[int, str]]) -> list[Cluster]:
    """Texts with their ids, grouped where two or more are alike; the largest group first.

    Texts of at least 20 words are alike where 60% of their runs of three words are the same, as far as 96 hashes
    tell; shorter ones only where they are the same. A text without a word or emoji is not compared. Texts are read one
    by one and not kept: what stays in memory is at most about 600 bytes for each different text.
    """
    numbers: dict[bytes, int] = {}
    idents = array("q")
    wordings: list[array] = []  # places among the ids, by wording; both in the order in which they came
    lengths = array("I")
    signatures = _Signatures()
    for ident, text in texts:
        words = normalised(text)
        if not words:
            continue
        number = numbers.setdefault(_digest(words), len(wordings))
        if number == len(wordings):
            wordings.append(array("q"))
            lengths.append(words.count(" ") + 1)
            if lengths[number] >= LEAST_WORDS:
                signatures.add(number, words.split(" "))
        wordings[number].append(len(idents))
        idents.append(ident)
    del numbers
    families = _families(len(wordings), signatures.pairs())
    repeated = (members for members in families if len(members) > 1 or len(wordings[members[0]]) > 1)
    found = [_cluster(members, wordings, idents, lengths) for members in repeated]
    return sorted(found, key=lambda cluster: -cluster.size)  # families come in the order of their first texts


def _cluster(members: Sequence[int], wordings: list[array], idents: array, lengths: array) -> Cluster:
    usual = max(members, key=lambda number: len(wordings[number]))  # the first of those that are equally frequent
    places = sorted(place for number in members for place in wordings[number])
    ids = tuple(idents[place] for place in places)
    return Cluster(ids, idents[wordings[usual][0]], len(wordings[usual]), lengths[usual])


def _families(count: int, pairs: Iterator[tuple[int, int]]) -> list[list[int]]:
    """Numbers from 0, those that pairs join together; each family and the families in ascending order."""
    parent = list(range(count))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    families: dict[int, list[int]] = {}
    for number in range(count):
        families.setdefault(root(number), []).append(number)
    return list(families.values())


class _Signatures:
    """MinHash signatures of texts, worked out in batches."""

    def __init__(self):
        self.numbers: list[int] = []
        self.known: dict[str, int] = {}
        self.waiting: list = []
        self.waiting_runs = 0
        self.done: list = []

    def add(self, number: int, words: list[str]) -> None:
        import numpy as np

        hashes = np.fromiter(map(self._hash, words), np.uint64, len(words))
        runs = hashes[:-2] * np.uint64(_ODD[0]) + hashes[1:-1] * np.uint64(_ODD[1]) + hashes[2:] * np.uint64(_ODD[2])
        runs ^= runs >> np.uint64(31)
        self.numbers.append(number)
        self.waiting.append(runs)
        self.waiting_runs += len(runs)
        if self.waiting_runs >= BATCH:
            self._work_out()

    def _hash(self, word: str) -> int:
        found = self.known.get(word)
        if found is None:
            if len(self.known) >= MOST_KNOWN_WORDS:
                self.known.clear()
            found = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
            self.known[word] = found
        return found

    def _work_out(self) -> None:
        """The least of each hash function over the runs of each waiting text."""
        import numpy as np

        runs = np.concatenate(self.waiting)
        starts = np.cumsum([0, *map(len, self.waiting[:-1])])
        least = np.empty((len(self.waiting), HASHES), np.uint32)
        for place in range(HASHES):
            hashed = (runs * np.uint64(_ODD[3 + place]) + np.uint64(_ODD[3 + HASHES + place])) >> np.uint64(32)
            least[:, place] = np.minimum.reduceat(hashed, starts)
        self.done.append(least)
        self.waiting, self.waiting_runs = [], 0

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Texts that are near to each other; each yields at most a few pairs in a band."""
        import numpy as np

        if self.waiting:
            self._work_out()
        if not self.done:
            return
        table = np.concatenate(self.done)
        self.done.clear()
        joined = np.arange(len(table))  # the first text that each was found near to: these need no second look
        for band in range(BANDS):
            for bucket in _buckets(table[:, band * ROWS : (band + 1) * ROWS]):
                for leader, follower in _near(table, bucket, joined):
                    joined[follower] = joined[leader]
                    yield self.numbers[leader], self.numbers[follower]


def _buckets(columns) -> Iterator:
    """The rows that agree in all of these columns, two or more, each in ascending order."""
    import numpy as np

    order = np.lexsort(columns.T)
    sorted_rows = columns[order]
    starts = np.flatnonzero(np.r_[True, (sorted_rows[1:] != sorted_rows[:-1]).any(axis=1)])
    sizes = np.diff(np.r_[starts, len(order)])
    for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True):
        yield np.sort(order[start : start + size])


def _near(table, bucket, joined) -> Iterator[tuple[int, int]]:
    """Pairs in a bucket whose signatures agree: its first text with the others, then the first that is left over."""
    for _turn in range(MOST_LEADERS):
        if len(bucket) < 2:
            return
        leader, bucket = int(bucket[0]), bucket[1:]
        bucket = bucket[joined[bucket] != joined[leader]]
        is_near = (table[bucket] == table[leader]).mean(axis=1) >= NEAR
        yield from ((leader, int(follower)) for follower in bucket[is_near])
        bucket = bucket[~is_near]


def _fixed_numbers(count: int) -> list[int]:
    """Odd numbers of 64 bits, the same ones always."""
    digests = (hashlib.blake2b(str(place).encode(), digest_size=8, person=b"alike").digest() for place in range(count))
    return [int.from_bytes(digest, "little") | 1 for digest in digests]


_ODD = _fixed_numbers(RUN + 2 * HASHES)


# How much a few groups weigh ---------------------------------------------------------------------

MOST_NAMED = 3
DOMINATES = 10  # percent of all texts


@dataclass(frozen=True, slots=True)
class Dominance:
    """How much of all texts the largest groups are. Percentages are None where there is no text.

    `repeated` is the number of texts in any group, `different` how many texts there are when each group counts once.
    """

    total: int
    groups: int
    repeated: int
    largest: int
    largest_percent: float | None
    first: int
    first_percent: float | None

    @property
    def different(self) -> int:
        return self.total - self.repeated + self.groups

    @property
    def is_dominated(self) -> bool:
        """Whether the largest group is at least a tenth of all texts: to be said beside every figure from them."""
        return self.largest_percent is not None and self.largest_percent >= DOMINATES


def dominance(sizes: Sequence[int], total: int) -> Dominance:
    """The share of the largest group, and of the three largest, in all texts.

    Raises ValueError for a group below two, or where the groups hold more texts than there are.
    """
    largest = sorted(sizes, reverse=True)
    repeated = sum(largest)
    if total < repeated or (largest and largest[-1] < 2):
        raise ValueError("a group holds two texts or more, and all of them together no more than there are")
    first = sum(largest[:MOST_NAMED])
    top = largest[0] if largest else 0
    percents = (100 * top / total, 100 * first / total) if total else (None, None)
    return Dominance(total, len(largest), repeated, top, percents[0], first, percents[1])
