"""Themes learnt from coded comments, on a small frame that has nothing to do with any real one."""

import dataclasses

import numpy
import pytest

from insights.documents.learning import Example, TooFewExamples, agreement, normalised, train
from insights.documents.learning import models as learning_models
from insights.documents.learning.agreements import kappa
from insights.documents.learning.decisions import choose_thresholds, decide_by, half_inverse, logistic, regress
from insights.documents.learning.examples import MOST_CHARACTERS, cut, together
from insights.documents.learning.similarity import Likeness
from insights.documents.learning.words import concepts

NOUNS = ("boat", "harbour", "jetty", "sail", "anchor")
ADJECTIVES = ("grey", "tall", "old", "small", "wooden", "broken")
FRUITS = ("apple", "pear", "plum", "cherry", "quince")


def coded() -> list[Example]:
    """60 comments: 30 about the sea, 30 about fruit, of which two about worms as well."""
    sea = [Example(f"The {a} {n} lay there", frozenset({"Sea"}), "Where?", 1) for a in ADJECTIVES for n in NOUNS]
    fruit = [Example(f"A {a} {f} to eat", frozenset({"Fruit"}), "What?", 4) for a in ADJECTIVES for f in FRUITS]
    fruit[0] = dataclasses.replace(fruit[0], themes=frozenset({"Fruit", "Worms"}))
    fruit[1] = dataclasses.replace(fruit[1], themes=frozenset({"Fruit", "Worms"}))
    return sea + fruit


@pytest.fixture(scope="module")
def model():
    return train(coded(), least_examples=20)


def suggested(model, *examples: Example) -> list[set[str]]:
    return [{each.theme for each in found if each.is_suggested} for found in model.suggest(examples)]


def test_a_model_suggests_the_themes_it_was_shown(model):
    new = [Example("An anchor and a sail, broken", sentiment=1), Example("Plum or quince, to eat", sentiment=4)]
    assert suggested(model, *new) == [{"Sea"}, {"Fruit"}]


def test_suggestions_come_with_the_likeliest_first_and_a_confidence_from_0_to_1(model):
    [found] = model.suggest([Example("A harbour with an apple tree, tall and old")])
    assert [each.confidence for each in found] == sorted((each.confidence for each in found), reverse=True)
    assert all(0 <= each.confidence <= 1 for each in found)


def test_sentiment_and_question_may_be_missing_from_what_is_asked(model):
    assert suggested(model, Example("The jetty lay there"), Example("A cherry to eat")) == [{"Sea"}, {"Fruit"}]


def test_sentiment_and_question_may_be_missing_from_all_that_was_coded():
    bare = [dataclasses.replace(each, sentiment=None, question="") for each in coded()]
    learnt = train(bare, least_examples=20)
    assert learnt.with_sentiment is learnt.without_sentiment
    assert suggested(learnt, Example("The old jetty lay there", sentiment=1, question="Where?")) == [{"Sea"}]


def test_a_theme_with_too_few_examples_is_not_learnt_and_the_model_says_so(model):
    assert [(each.theme, each.examples) for each in model.themes] == [("Fruit", 30), ("Sea", 30)]
    assert [(each.theme, each.examples, each.needed) for each in model.not_learnt] == [("Worms", 2, 20)]
    [found] = model.suggest([coded()[30]])
    assert "Worms" not in {each.theme for each in found}


def test_no_theme_is_learnt_from_fewer_than_eight_examples_whatever_is_asked():
    learnt = train(coded(), least_examples=1)
    assert [(each.theme, each.needed) for each in learnt.not_learnt] == [("Worms", 8)]


def test_a_rare_theme_is_scored_beside_the_others_but_never_suggested():
    rows = [dataclasses.replace(e, themes=e.themes | {"Rare"}) if n < 10 else e for n, e in enumerate(coded())]
    learnt = train(rows, least_examples=20)
    assert learnt.with_sentiment.weights.shape[1] == 3
    assert suggested(learnt, rows[0]) == [{"Sea"}]


def test_too_few_different_comments_teach_nothing():
    with pytest.raises(TooFewExamples, match=r"Code at least 40 different comments. So far there are 30."):
        train(coded()[:30] * 4, least_examples=20)


def test_a_frame_without_one_frequent_theme_teaches_nothing():
    with pytest.raises(TooFewExamples, match=r"Give at least one theme to 50 comments. No theme has that many yet."):
        train(coded())
    assert issubclass(TooFewExamples, ValueError)


def test_comments_without_any_theme_are_learnt_from_as_such():
    none = [Example(f"{a} weather over the hill", frozenset(), sentiment=3) for a in ADJECTIVES * 2]
    assert suggested(train(coded() + none, least_examples=20), Example("Old weather over the hill", sentiment=3)) == [
        set()
    ]


def test_the_same_examples_in_any_order_make_the_same_model(model):
    assert together(reversed(coded())) == together(coded())
    again = train(reversed(coded()), least_examples=20)
    assert again.themes == model.themes
    new = [Example("A pear in the harbour"), Example("tall sail", sentiment=1)]
    assert again.suggest(new) == model.suggest(new)


def test_each_theme_has_its_threshold_and_figures_from_texts_left_out(model):
    for learnt in model.themes:
        assert 0.16 <= learnt.threshold <= 0.7
        assert (learnt.precision, learnt.recall, learnt.f1) == (1.0, 1.0, 1.0)


def test_an_empty_comment_gets_nothing(model):
    assert model.suggest([Example(""), Example(" \n.!?"), Example("")]) == [[], [], []]
    assert model.suggest([]) == []


def test_what_survey_software_writes_for_no_answer_gets_nothing_unless_it_was_coded(model):
    unanswered = Example("Did not answer.", frozenset({"No answer"}))
    assert model.suggest([unanswered]) == [[]]
    learnt = train(coded() + [unanswered] * 30, least_examples=20)
    assert suggested(learnt, Example("did not answer")) == [{"No answer"}]


def test_a_theme_of_one_text_is_known_by_heart_and_seen_in_no_other():
    learnt = train(coded() + [Example("Ahoy", frozenset({"Greeting"}))] * 30, least_examples=20)
    assert suggested(learnt, Example("AHOY!"), Example("Old boat lay there")) == [{"Greeting"}, {"Sea"}]
    [greeting] = [each for each in learnt.themes if each.theme == "Greeting"]
    assert (greeting.examples, greeting.texts, greeting.recall) == (30, 1, 0.0)


def test_the_very_same_text_is_judged_as_people_coded_it_with_that_sentiment():
    twice = [Example("Nothing", frozenset({"Sea"}), sentiment=1), Example("Nothing", frozenset({"Fruit"}), sentiment=5)]
    learnt = train(coded() + twice * 20, least_examples=20)
    assert suggested(learnt, Example("nothing", sentiment=1), Example("nothing", sentiment=5)) == [{"Sea"}, {"Fruit"}]
    assert learnt.votes["nothing", None] == (40, {"Sea": 20.0, "Fruit": 20.0})


def test_equal_comments_get_equal_suggestions_in_their_places(model):
    sea, fruit = Example("The old jetty", sentiment=1), Example("A ripe plum", sentiment=4)
    first, second, third = model.suggest([sea, fruit, sea])
    assert first == third != second
    assert model.suggest([fruit]) == [second]


def test_more_comments_than_one_batch_are_answered_in_order(model, monkeypatch):
    rows = coded()
    whole = model.suggest(rows)
    monkeypatch.setattr(learning_models, "BATCH", 7)
    in_sevens = model.suggest(rows)
    assert in_sevens == whole
    assert suggested(model, *rows) == [{"Sea"}] * 30 + [{"Fruit"}] * 30


def test_a_comment_of_a_megabyte_is_cut_before_it_is_read(model):
    long = "The old jetty lay there. " + "z" * MOST_CHARACTERS + " plum " * 200_000
    assert len(cut(long)) == MOST_CHARACTERS
    [found], [same] = model.suggest([Example(long)]), model.suggest([Example(cut(long))])
    assert found == same
    assert train([*coded(), Example(long, frozenset({"Sea"}))], least_examples=20).texts == 61


def test_more_entries_than_the_bound_are_left_out_and_counted(monkeypatch):
    monkeypatch.setattr(learning_models, "MOST_ENTRIES", 50)
    learnt = train(coded(), least_examples=20)
    assert (learnt.entries_left_out, learnt.texts, learnt.examples) == (10, 60, 60)


def test_texts_that_differ_only_in_case_and_punctuation_are_one_entry():
    rows = [Example("Very good!", frozenset({"A"})), Example("very  GOOD", frozenset({"A", "B"})), Example("...")]
    [entry] = together(rows)
    assert (entry.key, entry.count, entry.shares) == ("very good", 2, {"A": 1.0, "B": 0.5})
    assert normalised("  Très—bien, l’été ") == "très bien l été"


def test_words_that_mean_alike_share_a_concept():
    assert concepts("Paramedics") == ["ambulancecrew"]
    assert "ambulancecrew" in concepts("The driver’s seat")
    assert concepts("xyzzy") == []
    assert concepts("x" * 100_000) == []


def test_the_best_theme_stands_in_where_none_reaches_its_threshold():
    confidence = numpy.array([[0.6, 0.5], [0.2, 0.3], [0.1, 0.05]])
    chosen = decide_by(confidence, numpy.array([0.4, 0.55]), 0.25)
    assert chosen.tolist() == [[True, False], [False, True], [False, False]]


def test_thresholds_are_those_with_the_highest_micro_f1():
    """Right at 0.45 and 0.5, wrong at 0.42 and below: the common threshold lies between."""
    confidence = numpy.array([[0.45], [0.5], [0.42], [0.41], [0.1]])
    wanted = numpy.array([[1.0], [1.0], [0.0], [0.0], [0.0]])
    thresholds, least = choose_thresholds(wanted, confidence, numpy.ones(5))
    assert decide_by(confidence, thresholds, least).tolist() == [[True], [True], [False], [False], [False]]


def test_the_inverse_and_the_logistic_regression_are_those_of_the_libraries():
    from sklearn.linear_model import LogisticRegression

    made = numpy.sin(numpy.arange(60.0)).reshape(20, 3)
    matrix = made @ made.T + numpy.eye(20)
    half = half_inverse(matrix.copy())
    assert numpy.allclose(half.T @ half, numpy.linalg.inv(matrix))
    has = made[:, 0] + made[:, 1] ** 2 > 0.3
    weight = numpy.linspace(0.2, 1, 20)
    theirs = LogisticRegression(tol=1e-9, max_iter=1000).fit(made, has, sample_weight=weight)
    ours = logistic(made, has, weight)
    assert numpy.allclose(ours, [*theirs.coef_[0], theirs.intercept_[0]], atol=1e-4)


def test_a_text_left_out_is_judged_as_if_it_had_never_been_there():
    """The closed form against a training set that really lacks the text, which stands in it twice."""
    rows = [*coded(), Example("Grey plum at sea", frozenset({"Sea"}), sentiment=1)]
    rows.append(dataclasses.replace(rows[-1], sentiment=4))
    entries = together(rows)
    shares = numpy.array([[entry.shares.get("Sea", 0.0)] for entry in entries])
    gap = numpy.array([entry.key == "grey plum at sea" for entry in entries])
    likeness = Likeness([entry.example for entry in entries]).to()[1]
    ridge = 0.4 * numpy.eye(60)
    mean = shares.mean(axis=0)
    without = numpy.linalg.solve(likeness[numpy.ix_(~gap, ~gap)] + 0.05 + ridge, shares[~gap] - mean)
    _weights, left_out = regress(likeness, entries, shares, mean, numpy.ones(62), 0.4, 0.05)
    assert gap.sum() == 2
    assert numpy.allclose(left_out[gap], mean + (likeness[numpy.ix_(gap, ~gap)] + 0.05) @ without)


def test_agreement_is_that_of_the_worked_example():
    """Cohen's table of 50: both 20, machine alone 5, person alone 10, neither 15: 0.70 agree, 0.50 by chance."""
    pairs = [({"A"}, {"A"})] * 20 + [({"A"}, set())] * 5 + [(set(), {"A"})] * 10 + [(set(), set())] * 15
    found = agreement(pairs)
    [theme] = found.themes
    assert (theme.both, theme.machine_alone, theme.person_alone, theme.neither) == (20, 5, 10, 15)
    assert theme.share == 0.7
    assert theme.kappa == pytest.approx(0.4)
    assert theme.f1 == pytest.approx(40 / 55)
    assert (theme.low, theme.high) == pytest.approx((0.5625, 0.8090), abs=1e-4)
    assert (found.comments, found.same, found.suggested, found.accepted) == (50, 35, 25, 20)
    assert (found.accepted_low, found.accepted_high) == pytest.approx((0.6087, 0.9114), abs=1e-4)
    assert found.micro_f1 == pytest.approx(40 / 55)


def test_agreement_over_several_themes_adds_their_codes():
    found = agreement([(["A", "B"], ["A"]), (["B"], ["B", "C"]), ([], [])])
    assert [(each.theme, each.both, each.machine_alone, each.person_alone) for each in found.themes] == [
        ("A", 1, 0, 0),
        ("B", 1, 1, 0),
        ("C", 0, 0, 1),
    ]
    assert (found.suggested, found.accepted, found.same, found.micro_f1) == (3, 2, 1, pytest.approx(4 / 6))


def test_agreement_that_chance_alone_would_give_has_no_kappa():
    assert kappa(4, 0, 0, 0) is None
    assert kappa(0, 2, 2, 0) == -1
    assert agreement([(["A"], ["A"])]).themes[0].kappa is None


def test_a_sample_of_nothing_has_no_agreement():
    with pytest.raises(ValueError, match="at least one comment"):
        agreement([])
    found = agreement([([], [])])
    assert (found.micro_f1, found.accepted_low, found.accepted_high, found.themes) == (None, None, None, ())
