"""How alike two comments are, by their words, letters and concepts, by what was asked and by the sentiment.

Each likeness is a kernel (symmetric, of no negative eigenvalue), so a sum or a product of two is one too. The weights
were chosen on the patient experience project's coded comments, with every distinct text left out in turn.
"""

from collections.abc import Sequence

from insights.documents.learning.examples import Example, cut, normalised
from insights.documents.learning.words import CONCEPTS, concepts

SHARE_OF_WORDS, SHARE_OF_CONCEPTS = 0.8, 0.2
SHARPNESS = 2.0  # how fast the likeness of concepts falls off: exp(2 * (cosine - 1))
AROUND_ALONE, AROUND_TIMES_TEXT = 0.2, 0.4  # question, service, score and sentiment by themselves, and with the text
QUESTION, SERVICE, SCORE, SENTIMENT = 0.7, 0.7, 0.2, 1.0
NO_SENTIMENT = -1_000_000


class Likeness:
    """Comments of a training set, and the likeness of any others to each of them."""

    def __init__(self, examples: Sequence[Example]):
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.feature_extraction.text import TfidfVectorizer

        word = r"(?u)\b\w+\b"
        self._words = TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True, token_pattern=word)
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
        self._concepts = TfidfVectorizer(analyzer=concepts, sublinear_tf=True, vocabulary=sorted(CONCEPTS))
        self._around = DictVectorizer()
        texts = [cut(example.text) for example in examples]
        self._own = (
            self._words.fit_transform(texts),
            self._letters.fit_transform(texts),
            self._concepts.fit_transform(texts),
            self._around.fit_transform([around(example) for example in examples]),
            sentiments(examples),
        )

    def _vectors(self, examples: Sequence[Example]) -> tuple:
        texts = [cut(example.text) for example in examples]
        return (
            self._words.transform(texts),
            self._letters.transform(texts),
            self._concepts.transform(texts),
            self._around.transform([around(example) for example in examples]),
            sentiments(examples),
        )

    def to(self, examples: Sequence[Example] | None = None) -> tuple:
        """Two matrices, a row for each example and a column for each of the training set: without and with sentiment.

        Without `examples`, the training set against itself.
        """
        import numpy

        ours = self._own
        theirs = ours if examples is None else self._vectors(examples)
        words, letters, ideas, beside = (their @ our.T for their, our in zip(theirs[:-1], ours[:-1], strict=True))
        text = ideas.toarray()  # worked on in place: for a whole training set each of these is large
        text -= 1
        text *= SHARPNESS
        numpy.exp(text, out=text)
        text *= SHARE_OF_CONCEPTS
        text += (SHARE_OF_WORDS / 2 * words).toarray()
        text += (SHARE_OF_WORDS / 2 * letters).toarray()
        beside = beside.toarray()
        their_feeling, our_feeling = theirs[-1][:, None], ours[-1][None, :]
        felt = beside + SENTIMENT * ((their_feeling == our_feeling) & (their_feeling != NO_SENTIMENT))
        return tuple(text * (1 + AROUND_TIMES_TEXT * each) + AROUND_ALONE * each for each in (beside, felt))


def sentiments(examples: Sequence[Example]):
    import numpy

    return numpy.array([NO_SENTIMENT if each.sentiment is None else each.sentiment for each in examples])


def around(example: Example) -> dict[str, float]:
    """What stands around a comment: nothing is made of what was not recorded."""
    found = {}
    if question := normalised(example.question):
        found[f"question {question}"] = QUESTION
    if service := normalised(example.service):
        found[f"service {service}"] = SERVICE
    if example.score is not None:
        found[f"score {example.score}"] = SCORE
    return found
