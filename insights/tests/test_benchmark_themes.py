"""The benchmark of themes, on a file of a few lines."""

import csv
import json

import pytest

from benchmarks import themes
from insights.documents.learning import Example, normalised

HEAD = ["comment_id", "organisation", "date", "service", "question", "score", "comment", "sentiment", "themes"]
KEYS = {
    "micro_f1",
    "macro_f1",
    "micro_precision",
    "micro_recall",
    "themes",
    "train_seconds",
    "load_libraries_seconds",
    "train_processor_seconds",
    "predict_seconds",
    "examples",
    "calibration_error",
    "tested_with_sentiment",
    "not_learnt",
    "load_average",
    "processors",
}


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(rows)
    return path


def rows(first: int, last: int) -> list[list]:
    """From each number a comment about a boat and one about a plum, with dates in two ways of writing."""
    made = []
    for number in range(first, last):
        made.append([f"b{number}", "X", "30/09/2021", "S", "Where?", 1, f"Boat {number} lay there", 1, "Sea"])
        made.append([f"p{number}", "X", "2021-09-30", "S", "What?", "", f"Plum {number} to eat", "", "Fruit|Food"])
    return made


@pytest.fixture
def files(tmp_path):
    return write(tmp_path / "train.csv", rows(0, 60)), write(tmp_path / "test.csv", rows(60, 70))


def printed(capsys, *words) -> dict:
    themes.main([str(word) for word in words])
    return json.loads(capsys.readouterr().out)


def test_two_files_give_the_figures_of_the_second(files, capsys):
    found = printed(capsys, "--train", files[0], "--test", files[1], "--json")
    assert set(found) == KEYS
    assert (found["micro_f1"], found["macro_f1"]) == (1.0, 1.0)
    assert found["examples"] == {"trained": 120, "tested": 20, "texts_in_both": 0}
    assert {name: (each["support"], each["examples"], each["f1"]) for name, each in found["themes"].items()} == {
        "Food": (10, 60, 1.0),
        "Fruit": (10, 60, 1.0),
        "Sea": (10, 60, 1.0),
    }


def test_what_is_tested_may_hide_its_sentiment(files, capsys):
    found = printed(capsys, "--train", files[0], "--test", files[1], "--without-sentiment")
    assert (found["tested_with_sentiment"], found["micro_f1"]) == (False, 1.0)


def test_the_peer_is_run_on_the_same_split_and_its_advantage_named(files, capsys):
    found = printed(capsys, "--train", files[0], "--test", files[1], "--peer")
    peer = found["peer"]
    assert set(found) == KEYS | {"peer"}
    assert peer["pipeline"].startswith("TfidfVectorizer() and SVC(C=15")
    assert set(peer["at_one_half"]) == {"micro_f1", "macro_f1"}
    assert peer["at_best_threshold_on_the_test"]["micro_f1"] == 1.0
    assert "chosen on the comments it is tested on" in peer["advantage_of_the_peer"]


def test_no_text_stands_in_both_parts_of_a_split():
    examples = [Example(text) for number in range(200) for text in (f"Text {number}", f"text, {number}!")]
    learnt_from, tested = themes.split(examples)
    assert {normalised(each.text) for each in learnt_from} & {normalised(each.text) for each in tested} == set()
    assert len(learnt_from) + len(tested) == 400
    assert 0.2 < len(tested) / 400 < 0.4
    assert themes.split(list(reversed(examples)))[1] == list(reversed(tested))
    assert themes.split(examples, "another")[1] != tested


def test_one_file_is_split(tmp_path, capsys):
    found = printed(capsys, "--train", write(tmp_path / "all.csv", rows(0, 100)), "--split")
    assert found["examples"]["trained"] + found["examples"]["tested"] == 200
    assert found["examples"]["texts_in_both"] == 0


@pytest.mark.parametrize("words", [[], ["--split", "--test", "x.csv"]])
def test_either_a_test_file_or_a_split_is_needed(words, capsys):
    with pytest.raises(SystemExit):
        themes.main(["--train", "x.csv", *words])
    assert "give --test FILE or --split, and not both" in capsys.readouterr().err


def test_a_file_without_the_columns_is_refused(tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("comment,themes\na,b\n")
    with pytest.raises(ValueError, match=r"short\.csv lacks the columns service, question, score, sentiment"):
        themes.read(path)


def test_a_file_is_read_with_its_gaps_as_gaps(tmp_path):
    path = write(tmp_path / "gaps.csv", [["1", "", "", "", "", "n/a", "Hello", "", " A | B|"]])
    assert themes.read(path) == [Example("Hello", frozenset({"A", "B"}))]


def test_scores_are_those_of_a_count_by_hand():
    tested = [Example("", frozenset({"A"})), Example("", frozenset({"A", "B"})), Example("", frozenset({"Z"}))]
    found = themes.score(["A", "B", "C"], [{"A"}, {"B"}, {"A"}], tested)
    assert (found["micro_f1"], found["macro_f1"]) == (0.6667, 0.75)
    assert found["themes"]["A"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2, "suggested": 2}
    assert found["themes"]["C"] == {"precision": None, "recall": None, "f1": None, "support": 0, "suggested": 0}
