"""Measure how well themes are learnt: train on one file of coded comments, test on another, print one JSON object.

    python benchmarks/themes.py --train FILE --test FILE --json
    python benchmarks/themes.py --train FILE --split --peer

Columns as in the patient experience project's file: question, score, comment, sentiment, service, and themes separated
by “|”. `--split` tests on a fixed share of the one file, dealt by the digest of the normalised text, so that no text
stands in both parts. Micro-F1 is over the themes learnt and every comment tested, whatever its themes. No Django.
"""

import argparse
import csv
import json
import os
import sys
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a file, Python looks in this folder alone
    sys.path.insert(0, str(ROOT))

from insights.documents.learning import Example, normalised, train  # noqa: E402
from insights.documents.learning.agreements import f1  # noqa: E402
from insights.documents.learning.examples import digest  # noqa: E402

COLUMNS = ("service", "question", "score", "comment", "sentiment", "themes")
SHARE_TESTED = 0.3
# With this salt the two texts sent most often, "Did not answer" (1,189) and "Nothing" (442),
# stand among those learnt from, which is the harder test: either would be a third of what is tested.
SALT = "comments"
LEAST_EXAMPLES = 50


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True, type=Path, help="coded comments to learn from")
    parser.add_argument("--test", type=Path, help="coded comments to test on")
    parser.add_argument("--split", action="store_true", help="test on a fixed share of the file to learn from")
    parser.add_argument("--salt", default=SALT, help="another salt makes another split")
    parser.add_argument("--without-sentiment", action="store_true", help="hide the sentiment of what is tested")
    parser.add_argument("--peer", action="store_true", help="run the peer's support vector machine as well")
    parser.add_argument("--json", action="store_true", help="print JSON, which is all there is to print")
    asked = parser.parse_args(words)
    if asked.split == bool(asked.test):
        parser.error("give --test FILE or --split, and not both")
    learnt_from = read(asked.train)
    learnt_from, tested = split(learnt_from, asked.salt) if asked.split else (learnt_from, read(asked.test))
    print(json.dumps(measure(learnt_from, tested, asked.without_sentiment, asked.peer), indent=2))


def read(path: Path) -> list[Example]:
    """Every comment of a file. Raises ValueError for one without the columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or [])]:
            raise ValueError(f"{path.name} lacks the columns {', '.join(missing)}")
        return [
            Example(
                text=row["comment"] or "",
                themes=frozenset(theme.strip() for theme in (row["themes"] or "").split("|") if theme.strip()),
                question=row["question"] or "",
                sentiment=whole(row["sentiment"]),
                service=row["service"] or "",
                score=whole(row["score"]),
            )
            for row in rows
        ]


def whole(words: str | None) -> int | None:
    return int(words) if words and words.strip().isdecimal() else None


def split(examples: Sequence[Example], salt: str = SALT) -> tuple[list[Example], list[Example]]:
    """To learn from, and to test on: by the text alone, so that equal texts stand on one side."""
    sides: tuple[list[Example], list[Example]] = ([], [])
    for example in examples:
        sides[digest(normalised(example.text), salt) < SHARE_TESTED * 2**64].append(example)
    return sides


def measure(
    learnt_from: list[Example], tested: list[Example], without_sentiment: bool = False, peer: bool = False
) -> dict:
    started = time.perf_counter()
    import sklearn.feature_extraction.text  # noqa: F401 - loaded before the clock of training starts

    load_seconds = time.perf_counter() - started
    started = time.perf_counter(), time.process_time()
    model = train(learnt_from, least_examples=LEAST_EXAMPLES)
    seconds, processor = time.perf_counter() - started[0], time.process_time() - started[1]
    asked = [
        replace(each, themes=frozenset(), sentiment=None if without_sentiment else each.sentiment) for each in tested
    ]
    started = time.perf_counter()
    answers = model.suggest(asked)
    predict_seconds = time.perf_counter() - started
    names = [learnt.theme for learnt in model.themes]
    suggested = [{each.theme for each in found if each.is_suggested} for found in answers]
    learnt = {each.theme: each for each in model.themes}
    scores = score(names, suggested, tested)
    for name, figures in scores["themes"].items():
        figures |= {"examples": learnt[name].examples, "threshold": round(learnt[name].threshold, 3)}
    both = {normalised(each.text) for each in learnt_from} & {normalised(each.text) for each in tested}
    result = {
        **scores,
        "train_seconds": round(seconds, 2),
        "load_libraries_seconds": round(load_seconds, 2),
        "train_processor_seconds": round(processor, 2),
        "predict_seconds": round(predict_seconds, 2),
        "examples": {"trained": len(learnt_from), "tested": len(tested), "texts_in_both": len(both)},
        "calibration_error": calibration_error(answers, tested),
        "tested_with_sentiment": not without_sentiment,
        "not_learnt": {each.theme: each.examples for each in model.not_learnt},
        "load_average": round(os.getloadavg()[0], 1),
        "processors": os.cpu_count(),
    }
    if peer:
        result["peer"] = peer_figures(names, learnt_from, tested)
    return result


def score(names: Sequence[str], suggested: Sequence[set[str]], tested: Sequence[Example]) -> dict:
    """Precision, recall and F1 of each theme (None where there is nothing to divide by), and both means of F1.

    The macro mean takes a theme that nobody gave and nobody suggested as left out, not as 0.
    """
    themes, total = {}, Counter()
    for name in names:
        right = sum(name in found and name in row.themes for found, row in zip(suggested, tested, strict=True))
        said = sum(name in found for found in suggested)
        support = sum(name in row.themes for row in tested)
        total.update(right=right, said=said, support=support)
        themes[name] = {
            "precision": rounded(right / said if said else None),
            "recall": rounded(right / support if support else None),
            "f1": rounded(f1(right, said - right, support - right)),
            "support": support,
            "suggested": said,
        }
    each = [figures["f1"] for figures in themes.values() if figures["f1"] is not None]
    right, said, support = total["right"], total["said"], total["support"]
    return {
        "micro_f1": rounded(f1(right, said - right, support - right)),
        "macro_f1": rounded(sum(each) / len(each) if each else None),
        "micro_precision": rounded(right / said if said else None),
        "micro_recall": rounded(right / support if support else None),
        "themes": themes,
    }


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def calibration_error(answers: list, tested: Sequence[Example]) -> float | None:
    """How far confidence lies from the share that is right, in tenths of confidence, of what the model lists."""
    tenths: dict[int, list[tuple[float, bool]]] = {}
    for found, row in zip(answers, tested, strict=True):
        for each in found:
            tenths.setdefault(min(int(each.confidence * 10), 9), []).append((each.confidence, each.theme in row.themes))
    listed = sum(map(len, tenths.values()))
    apart = (abs(sum(confidence - right for confidence, right in rows)) for rows in tenths.values())
    return rounded(sum(apart) / listed) if listed else None


def peer_figures(names: list[str], learnt_from: list[Example], tested: list[Example]) -> dict:
    """The NHS model's support vector machine, on the text alone as published: one for each theme.

    Its best threshold is chosen on what is tested: an advantage that our own thresholds do not have.
    """
    import numpy
    import sklearn
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import SVC

    started = time.perf_counter()
    vectoriser = TfidfVectorizer()
    texts = vectoriser.fit_transform([each.text for each in learnt_from])
    machines = []
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for name in names:
            has = [name in each.themes for each in learnt_from]
            machine = SVC(C=15, class_weight="balanced", max_iter=1000, probability=True, random_state=0)
            machines.append(machine.fit(texts, has))
    seconds = time.perf_counter() - started
    asked = vectoriser.transform([each.text for each in tested])
    chances = numpy.stack([machine.predict_proba(asked)[:, 1] for machine in machines], axis=1)

    def at(threshold: float) -> dict:
        suggested = [{name for name, is_it in zip(names, row, strict=True) if is_it} for row in chances >= threshold]
        return {"threshold": threshold} | score(names, suggested, tested)

    best = max((at(step / 50) for step in range(1, 50)), key=lambda each: each["micro_f1"] or 0)
    return {
        "pipeline": 'TfidfVectorizer() and SVC(C=15, class_weight="balanced", max_iter=1000, probability=True)',
        "scikit_learn": sklearn.__version__,
        "warnings": dict(Counter(str(each.message).split(".")[0] for each in warned)),
        "train_seconds": round(seconds, 2),
        "at_one_half": {key: value for key, value in at(0.5).items() if key.endswith("f1")},
        "at_best_threshold_on_the_test": {key: best[key] for key in ("threshold", "micro_f1", "macro_f1")},
        "advantage_of_the_peer": "its best threshold was chosen on the comments it is tested on",
    }


if __name__ == "__main__":
    main()
