"""What a typing error may have meant: a word that stands in what the user may see, and in nothing else.

The vocabulary holds the words of all documents. Whether a typed word is taken for an error, and what is offered
instead, depends only on the documents that the user may see: a word of a secret document is neither offered, nor does
it change what is said of a typed one.
"""

import re
from collections.abc import Callable, Iterator

from django.db.models import Q
from django.db.models.functions import Length
from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.models import SearchWord
from core.search.words import MOST_LETTERS, Query, Run, Term, clean, fold, words

FEW = 3  # found at most so often, a word may be an error that others made too
ENOUGH = 200  # documents counted to compare two words
TIMES_MORE = 20  # so many times more often the other word has to stand there
MOST_CANDIDATES = 20_000
TRIED = 8  # candidates for one word whose documents are looked at
SHORTEST = 4  # letters: below, every word is near to every other


def correct(text: str, query: Query, number_of: Callable[[Term], int]) -> tuple[str, bool]:
    """What was typed with likely errors mended, empty where none is found; and whether nothing has the typed words.

    `number_of` says in how many documents that the user may see a term stands, up to `ENOUGH`.
    """
    better, are_unknown = {}, True
    for word in dict.fromkeys(term.single for term in query.wanted if term.single):
        if len(word) < SHORTEST or not word.isalpha():
            continue
        here = number_of(_term(word))
        for other in candidates(word):
            if here < (there := number_of(_term(other))) and there >= here * TIMES_MORE:
                better[word] = other
                are_unknown = are_unknown and not here
                break
    if not better:
        return "", False
    text = clean(text)[:MOST_LETTERS]
    return re.sub(r"[^\W_]+", lambda found: better.get("".join(words(found[0])), found[0]), text), are_unknown


def candidates(word: str) -> Iterator[str]:
    """Words of the vocabulary within one error (four and five letters) or two, the nearest and most used first."""
    word = fold(word)
    near = Q(word__startswith=word[0]) | Q(word__contains=word[1:4]) | Q(word__endswith=word[-3:])
    rows = SearchWord.objects.annotate(letters=Length("word")).exclude(word=word)
    rows = rows.filter(near, documents__gt=0, letters__range=(len(word) - 2, len(word) + 2))
    known = dict(rows.order_by("-documents").values_list("word", "documents")[:MOST_CANDIDATES])
    most = 1 if len(word) <= 5 else 2
    found = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=most, limit=200)
    found.sort(key=lambda match: (match[1], match[0][0] != word[0], -known[match[0]], match[0]))
    return iter([other for other, _distance, _position in found[:TRIED]])


def _term(word: str) -> Term:
    return Term((Run((word,)),))
