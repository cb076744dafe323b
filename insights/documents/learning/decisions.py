"""From likeness to a confidence for each theme, and from confidences to which themes are suggested."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from insights.documents.learning.agreements import f1
from insights.documents.learning.examples import Entry, digest

FOLDS = 5
LEAST_DISTINCT = FOLDS  # distinct texts of a theme; one with fewer is known by heart alone
STEPS, LONGEST_STEP = 20, 4.0
TRUST = 100  # a theme's own best threshold counts as much as the common one when it has this many texts


@dataclass(frozen=True)
class Decision:
    """Weights that turn likeness into scores, scores into confidences, and the thresholds. Arrays, a column a theme.

    `figures` are precision, recall and F1 of each theme, on texts that were left out.
    """

    learnt: int
    mean: Any
    weights: Any
    level: float
    centre: Any
    slope: Any
    start: Any
    thresholds: Any
    least_of_best: float
    figures: tuple[tuple[float | None, float | None, float | None], ...]

    def confidence(self, likeness):
        """From 0 to 1, a row for each comment. `likeness` is that to each comment of the training set."""
        return confidences(self.mean + (likeness + self.level) @ self.weights, self.centre, self.slope, self.start)


def learn_decision(likeness, entries: list[Entry], shares, learnt: int, ridge: float, level: float) -> Decision:
    """The first `learnt` columns of `shares` are to be suggested, the others only scored."""
    import numpy

    times = Counter(entry.key for entry in entries)
    once = numpy.array([1 / times[entry.key] for entry in entries])  # a text counts once, however often it was sent
    fold = numpy.array([digest(entry.key, "fold") % FOLDS for entry in entries])
    often = numpy.sqrt([entry.count for entry in entries])  # how often it was sent makes it surer, by the root
    mean = often @ shares / often.sum()
    weights, left_out = regress(likeness, entries, shares, mean, often, ridge, level)
    unseen = numpy.zeros((len(entries), learnt))
    for each in range(FOLDS):
        parts = fit_confidence(left_out[fold != each], shares[fold != each], once[fold != each], learnt)
        unseen[fold == each] = confidences(left_out[fold == each], *parts)
    wanted = shares[:, :learnt]
    thresholds, least_of_best = choose_thresholds(wanted, unseen, once)
    chosen = decide_by(unseen, thresholds, least_of_best)
    return Decision(
        learnt,
        mean,
        weights,
        level,
        *fit_confidence(left_out, shares, once, learnt),
        thresholds,
        least_of_best,
        tuple(figures(wanted[:, at], chosen[:, at], once) for at in range(learnt)),
    )


def regress(likeness, entries: list[Entry], shares, mean, often, ridge: float, level: float) -> tuple:
    """Weights of the ridge regression, and each entry's scores as if its text had not been there."""
    import numpy

    matrix = likeness + level
    matrix[numpy.diag_indices_from(matrix)] += ridge / often
    half = half_inverse(matrix)
    weights = half.T @ (half @ (shares - mean))
    left_out = shares - weights / numpy.einsum("ij,ij->j", half, half)[:, None]
    texts = defaultdict(list)
    for number, entry in enumerate(entries):
        texts[entry.key].append(number)
    for numbers in texts.values():
        if len(numbers) > 1:  # the same text, asked otherwise: all of it is left out together
            columns = half[:, numbers]
            left_out[numbers] = shares[numbers] - numpy.linalg.solve(columns.T @ columns, weights[numbers])
    return weights, left_out


def half_inverse(matrix):
    """For a symmetric, positive definite matrix the triangle whose transpose times itself is the inverse."""
    from scipy.linalg.lapack import dpotrf, dtrtri

    # symmetric, so its transpose is itself, and stands in memory as the routines want it
    factor, _failed = dpotrf(matrix.T, lower=True, overwrite_a=True)
    half, _failed = dtrtri(factor, lower=True, overwrite_c=True)
    return half


def signs(scores, at: int, learnt: int):
    """What a theme's confidence hangs on: its score, the best of the others, and all that is claimed by others."""
    import numpy

    own = scores[:, at]
    others = numpy.delete(scores[:, :learnt], at, axis=1)
    best = others.max(axis=1) if others.shape[1] else numpy.zeros(len(scores))
    return numpy.stack([own, best, own - best, others.sum(axis=1), scores[:, learnt:].sum(axis=1)], axis=1)


def fit_confidence(scores, shares, once, learnt: int) -> tuple:
    """A logistic regression for each theme: centre, slope and start, so that a confidence is 1 / (1 + exp(-x))."""
    import numpy

    centre, slope = numpy.zeros((learnt, 5)), numpy.zeros((learnt, 5))
    start = numpy.full(learnt, -numpy.inf)
    for at in range(learnt):
        has = shares[:, at] > 0.5
        if once[has].sum() < LEAST_DISTINCT - 1 or has.all():  # one fold is away
            continue
        found = signs(scores, at, learnt)
        centre[at], spread = found.mean(axis=0), found.std(axis=0) + 1e-9
        *bend, start[at] = logistic((found - centre[at]) / spread, has, once)
        slope[at] = bend / spread
    return centre, slope, start


def logistic(found, has, once):
    """Slopes and, last, the start: Newton's method, slopes held small by half their squares.

    A dozen columns and rows by the thousand: a general solver takes longer to start than this does to end.
    """
    import numpy
    from scipy.special import expit

    columns = numpy.column_stack([found, numpy.ones(len(found))])
    held = numpy.diag([1.0] * found.shape[1] + [1e-6])
    fitted = numpy.zeros(columns.shape[1])
    for _step in range(STEPS):
        chance = expit(columns @ fitted)
        fall = columns.T @ (once * (has - chance)) - held @ fitted
        bend = (columns * (once * chance * (1 - chance))[:, None]).T @ columns + held
        step = numpy.linalg.solve(bend, fall)
        fitted = fitted + step * min(1.0, LONGEST_STEP / max(numpy.abs(step).max(), 1e-12))
    return fitted


def confidences(scores, centre, slope, start):
    import numpy
    from scipy.special import expit

    learnt = len(start)
    columns = [(signs(scores, at, learnt) - centre[at]) @ slope[at] + start[at] for at in range(learnt)]
    return expit(numpy.stack(columns, axis=1))


def decide_by(confidence, thresholds, least_of_best: float):
    """True where a theme is suggested: at its threshold, or the best of a comment that else had none."""
    import numpy

    chosen = confidence >= thresholds
    best = confidence.argmax(axis=1)
    bare = ~chosen.any(axis=1) & (confidence.max(axis=1) >= least_of_best)
    chosen[numpy.flatnonzero(bare), best[bare]] = True
    return chosen


def choose_thresholds(wanted, confidence, once) -> tuple:
    """A threshold for each theme, and the least for a comment's best: what gives the highest micro-F1.

    One common threshold first, then each theme's own, drawn back to the common one the fewer texts it has.
    """
    import numpy

    weight = once[:, None]
    total = (weight * wanted).sum()

    def micro(chosen) -> float:
        return 2 * (weight * wanted * chosen).sum() / (total + (weight * chosen).sum())

    learnt = wanted.shape[1]
    tried = [
        (micro(decide_by(confidence, numpy.full(learnt, common), least)), common, least)
        for common in numpy.arange(0.2, 0.6, 0.02)
        for least in numpy.arange(0.06, common + 0.001, 0.04)
    ]
    _score, common, least = max(tried)
    thresholds = numpy.full(learnt, common)
    chosen = confidence >= common
    for at in range(learnt):
        right = (weight * wanted * chosen).sum() - (once * wanted[:, at] * chosen[:, at]).sum()
        said = (weight * chosen).sum() - (once * chosen[:, at]).sum()
        options = []
        for own in numpy.arange(0.16, 0.7, 0.02):
            with_it = confidence[:, at] >= own
            score = 2 * (right + (once * wanted[:, at] * with_it).sum()) / (total + said + (once * with_it).sum())
            options.append((score, -abs(own - common), own))
        texts = (once * wanted[:, at]).sum()
        thresholds[at] = (texts * max(options)[2] + TRUST * common) / (texts + TRUST)
    return thresholds, float(least)


def figures(wanted, chosen, once) -> tuple[float | None, float | None, float | None]:
    right = float((once * wanted * chosen).sum())
    said, given = float((once * chosen).sum()), float((once * wanted).sum())
    return right / said if said else None, right / given if given else None, f1(right, said - right, given - right)
