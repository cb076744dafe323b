"""Learn themes from coded comments, and suggest them for others.

Three steps. Kernel ridge regression gives each comment a score for each theme; every distinct text's score is worked
out as if that text had not been there, in closed form (C. Rasmussen, C. Williams, “Gaussian Processes for Machine
Learning”, 2006, section 5.4.2). From those scores a logistic regression for each theme makes a confidence. From
confidences of folds it did not see, thresholds are chosen that give the best micro-F1. Nothing comes from outside the
training set, except the words of `words.py`. One thread alone: on busy processors more only wait for each other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from insights.documents.learning.decisions import Decision, decide_by, learn_decision
from insights.documents.learning.examples import NOT_ANSWERED, Entry, Example, cut, digest, normalised, together
from insights.documents.learning.similarity import Likeness

LEAST_TEXTS = 40  # fewer distinct texts than this teach nothing
LEAST_EXAMPLES = 8  # of a theme: fewer cannot be dealt into folds
MOST_ENTRIES = 5_000  # time grows with the cube, memory with the square
RIDGE, LEVEL = 0.4, 0.05
BATCH = 500
STRENGTH = 3  # coded comments with the very same text count against the model as this many
LEAST_SHOWN = 0.1  # confidences below it are left out of the list, unless suggested


class TooFewExamples(ValueError):
    """There is not enough coded to learn any theme from. The words say how much is there, and how much is needed."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`confidence` is from 0 to 1, to four decimals.

    `is_suggested` where it reaches the theme's threshold, or is the best of a comment that else had none.
    """

    theme: str
    confidence: float
    is_suggested: bool


@dataclass(frozen=True, slots=True)
class Learnt:
    """A theme that can be suggested. Precision, recall and F1 are of texts left out of training, each counted once.

    They are None where there is nothing to divide by.
    """

    theme: str
    examples: int
    texts: int
    threshold: float
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class NotLearnt:
    """A theme that occurs too seldom to be suggested."""

    theme: str
    examples: int
    needed: int


@dataclass(frozen=True)
class Model:
    """What was learnt. `entries_left_out` is above 0 where more was coded than is learnt from at once."""

    themes: tuple[Learnt, ...]
    not_learnt: tuple[NotLearnt, ...]
    examples: int
    texts: int
    entries_left_out: int
    likeness: Likeness
    without_sentiment: Decision
    with_sentiment: Decision
    votes: dict

    def suggest(self, examples: Sequence[Example]) -> list[list[Suggestion]]:
        """For each comment the themes that are likely, the likeliest first; none for one that says nothing."""
        from threadpoolctl import threadpool_limits

        asked = defaultdict(list)
        for number, example in enumerate(examples):
            key = normalised(cut(example.text))
            if key and (key not in NOT_ANSWERED or (key, None) in self.votes):
                alike = (cut(example.text), example.question, example.sentiment, example.service, example.score)
                asked[alike].append(number)
        answers: list[list[Suggestion]] = [[] for _example in examples]
        distinct = list(asked.values())
        for start in range(0, len(distinct), BATCH):
            batch = distinct[start : start + BATCH]
            with threadpool_limits(1):
                answered = self._suggest([examples[numbers[0]] for numbers in batch])
            for numbers, found in zip(batch, answered, strict=True):
                for number in numbers:
                    answers[number] = list(found)
        return answers

    def _suggest(self, examples: list[Example]) -> list[list[Suggestion]]:
        import numpy

        plain, felt = self.likeness.to(examples)
        knows = numpy.array([example.sentiment is not None for example in examples])[:, None]
        confidence = numpy.where(knows, self.with_sentiment.confidence(felt), self.without_sentiment.confidence(plain))
        for row, example in enumerate(examples):
            confidence[row] = self._recalled(example, confidence[row])
        confidence = numpy.round(confidence, 4)  # beyond it lie the order of sums and the memory they were made in
        chosen = numpy.where(
            knows,
            decide_by(confidence, self.with_sentiment.thresholds, self.with_sentiment.least_of_best),
            decide_by(confidence, self.without_sentiment.thresholds, self.without_sentiment.least_of_best),
        )
        return [self._listed(confidence[row], chosen[row]) for row in range(len(examples))]

    def _listed(self, confidence, chosen) -> list[Suggestion]:
        found = [
            Suggestion(learnt.theme, float(value), bool(is_chosen))
            for learnt, value, is_chosen in zip(self.themes, confidence, chosen, strict=True)
            if is_chosen or value >= LEAST_SHOWN
        ]
        return sorted(found, key=lambda each: (-each.confidence, each.theme))

    def _recalled(self, example: Example, confidence):
        """The confidence, moved towards how people coded the very same text, if they did with the same sentiment."""
        import numpy

        key = normalised(cut(example.text))
        votes = self.votes.get((key, example.sentiment)) or self.votes.get((key, None))
        if votes is None:
            return confidence
        count, given = votes
        for_it = numpy.array([given[learnt.theme] for learnt in self.themes])
        return (for_it + STRENGTH * confidence) / (count + STRENGTH)


def train(examples: Iterable[Example], *, least_examples: int = 50) -> Model:
    """Learn every theme that `least_examples` comments have. The same examples, in any order, make the same model.

    Raises TooFewExamples where fewer than 40 distinct texts are coded, or no theme has enough.
    """
    import numpy
    from threadpoolctl import threadpool_limits

    examples = list(examples)
    entries = together(examples)
    texts = len({entry.key for entry in entries})
    if texts < LEAST_TEXTS:
        raise TooFewExamples(f"Code at least {LEAST_TEXTS} different comments. So far there are {texts}.")
    needed = max(least_examples, LEAST_EXAMPLES)
    counts = Counter(theme for example in examples for theme in example.themes if normalised(cut(example.text)))
    names = sorted(theme for theme, count in counts.items() if count >= needed)
    if not names:
        raise TooFewExamples(f"Give at least one theme to {needed} comments. No theme has that many yet.")
    # rarer themes are scored as well: a comment that is about one of them is less likely about another
    beside = sorted(theme for theme, count in counts.items() if LEAST_EXAMPLES <= count < needed)
    kept = within_bounds(entries)
    shares = numpy.array([[entry.shares.get(name, 0.0) for name in names + beside] for entry in kept])
    knows_sentiment = any(entry.example.sentiment is not None for entry in kept)
    with threadpool_limits(1):
        likeness = Likeness([entry.example for entry in kept])
        plain, felt = likeness.to()
        without_sentiment = learn_decision(plain, kept, shares, len(names), RIDGE, LEVEL)
        with_sentiment = learn_decision(felt, kept, shares, len(names), RIDGE, LEVEL) if knows_sentiment else None
    best = with_sentiment or without_sentiment
    distinct = Counter(theme for theme, _key in {(theme, entry.key) for entry in entries for theme in entry.shares})
    return Model(
        themes=tuple(
            Learnt(name, counts[name], distinct[name], float(best.thresholds[at]), *best.figures[at])
            for at, name in enumerate(names)
        ),
        not_learnt=tuple(NotLearnt(name, counts[name], needed) for name in sorted(counts) if counts[name] < needed),
        examples=len(examples),
        texts=texts,
        entries_left_out=len(entries) - len(kept),
        likeness=likeness,
        without_sentiment=without_sentiment,
        with_sentiment=best,
        votes=votes_of(entries),
    )


def within_bounds(entries: list[Entry]) -> list[Entry]:
    """All entries, or as many as can be learnt from at once, picked by the digest of their text."""
    if len(entries) <= MOST_ENTRIES:
        return entries
    return sorted(sorted(entries, key=lambda entry: digest(entry.key))[:MOST_ENTRIES], key=lambda entry: entry.key)


def votes_of(entries: list[Entry]) -> dict:
    """Normalised text, with its sentiment and (as None) with any, to how many coded it and how many gave each theme."""
    votes: dict = {}
    for entry in entries:
        for key in {(entry.key, entry.example.sentiment), (entry.key, None)}:
            count, given = votes.get(key, (0, Counter()))
            given.update({theme: share * entry.count for theme, share in entry.shares.items()})
            votes[key] = (count + entry.count, given)
    return votes
