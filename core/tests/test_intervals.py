"""Intervals, tests and corrections for many tests, against values that others have published and against SciPy."""

import pytest

from core.intervals import (
    benjamini_hochberg,
    chi_square_tail,
    goodness_of_fit,
    holm,
    is_enough_for_chi_square,
    newcombe,
    two_proportions,
    wilson,
)


@pytest.mark.parametrize(
    ("count", "base", "interval"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_the_interval_is_that_of_newcombe_1998_table_1(count, base, interval):
    assert tuple(round(end, 4) for end in wilson(count, base)) == interval


def test_the_interval_of_everybody_ends_at_one():
    low, high = wilson(20, 20)
    assert (round(low, 4), high) == (0.8389, 1.0)


def test_less_confidence_makes_a_narrower_interval():
    wide, narrow = wilson(10, 50), wilson(10, 50, z=1)
    assert wide[0] < narrow[0] < 0.2 < narrow[1] < wide[1]


@pytest.mark.parametrize(("count", "base"), [(1, 0), (-1, 10), (11, 10)])
def test_a_count_outside_its_base_is_an_error(count, base):
    with pytest.raises(ValueError, match="between 0 and the base"):
        wilson(count, base)


@pytest.mark.parametrize(
    ("statistic", "degrees", "tail"),
    [
        (3.841, 1, 0.05),
        (6.635, 1, 0.01),
        (5.991, 2, 0.05),
        (11.070, 5, 0.05),
        (13.816, 2, 0.001),
        (18.307, 10, 0.05),
        (37.566, 20, 0.01),
        (124.342, 100, 0.05),
        (0.103, 2, 0.95),
    ],
)
def test_the_tail_is_that_of_the_printed_tables_of_chi_square(statistic, degrees, tail):
    """Critical values of the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4."""
    assert chi_square_tail(statistic, degrees) == pytest.approx(tail, rel=0.005)


def test_no_deviation_is_certain_and_a_wrong_question_an_error():
    assert chi_square_tail(0, 3) == 1.0
    for statistic, degrees in ((1, 0), (-1, 2)):
        with pytest.raises(ValueError, match="degree of freedom"):
            chi_square_tail(statistic, degrees)


def test_mendels_peas_fit_his_law():
    """315, 101, 108 and 32 of 556 peas against 9 : 3 : 3 : 1, the textbook example: 0.470 with 3 degrees, p 0.925."""
    fit = goodness_of_fit([315, 101, 108, 32], [9 / 16, 3 / 16, 3 / 16, 1 / 16])
    assert (round(fit.statistic, 3), fit.degrees, round(fit.p, 3)) == (0.470, 3, 0.925)


@pytest.mark.parametrize(
    ("counts", "shares", "words"),
    [
        ([10], [1], "two counts"),
        ([1, 2], [0.5, 0.4, 0.1], "two counts"),
        ([0, 0], [0.5, 0.5], "two counts"),
        ([1, 2], [1, 0], "two counts"),
        ([1, 2], [0.5, 0.6], "add up to 1"),
    ],
)
def test_what_makes_no_comparison_is_an_error(counts, shares, words):
    with pytest.raises(ValueError, match=words):
        goodness_of_fit(counts, shares)


@pytest.mark.parametrize(
    ("shares", "base", "enough"),
    [
        ([0.5, 0.5], 10, True),
        ([0.5, 0.5], 9, False),
        ([0.24, 0.24, 0.24, 0.24, 0.04], 30, True),
        ([0.24, 0.24, 0.24, 0.24, 0.04], 24, False),
    ],
)
def test_a_test_needs_five_expected_in_four_fifths_of_the_cells(shares, base, enough):
    assert is_enough_for_chi_square(shares, base) is enough


@pytest.mark.parametrize(
    ("counts", "interval"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_the_interval_of_a_difference_is_that_of_newcombe_1998_table_2(counts, interval):
    """Method 10 for his examples (a), (b), (d), (f) and (h)."""
    assert tuple(round(end, 4) for end in newcombe(*counts)) == pytest.approx(interval, abs=0.0001)


def test_the_lady_who_tasted_tea_may_have_guessed():
    """R. A. Fisher, The Design of Experiments (1935): three of four cups right; p 34/70, two-sided."""
    assert round(two_proportions(3, 4, 1, 4).p, 4) == 0.4857


def test_the_twins_of_convicts_differ():
    """R. A. Fisher's twins (1934): 10 of 13 monozygotic and 2 of 17 dizygotic twins of convicts; p 0.0005367."""
    found = two_proportions(10, 13, 2, 17)

    assert (round(found.p, 7), round(found.difference, 4)) == (0.0005367, 0.6516)
    assert found.low < found.difference < found.high


def test_nobody_against_nobody_is_no_difference():
    found = two_proportions(0, 40, 0, 50)
    assert (found.difference, found.p) == (0, 1.0)


def test_a_difference_with_nobody_is_an_error():
    with pytest.raises(ValueError, match="the base must not be 0"):
        two_proportions(0, 0, 1, 4)


MYOCARDIAL_INFARCTION = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
)  # fmt: skip


def test_benjamini_and_hochberg_find_what_their_paper_found():
    """Their example of 15 tests: at 5% four are found; Bonferroni and Holm find three."""
    assert sum(p <= 0.05 for p in benjamini_hochberg(MYOCARDIAL_INFARCTION)) == 4
    assert sum(p <= 0.05 for p in holm(MYOCARDIAL_INFARCTION)) == 3


def test_benjamini_and_hochberg_are_those_of_scipy_in_any_order():
    from scipy.stats import false_discovery_control

    shuffled = MYOCARDIAL_INFARCTION[7:] + MYOCARDIAL_INFARCTION[:7]
    assert benjamini_hochberg(shuffled) == pytest.approx(false_discovery_control(shuffled).tolist())


def test_holm_multiplies_by_the_tests_that_are_left_and_never_falls():
    """0.01, 0.04, 0.03 and 0.005: the worked example of Wikipedia's “Holm–Bonferroni method”."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_one_test_needs_no_correction_and_none_gives_none():
    assert (holm([0.03]), benjamini_hochberg([0.03])) == ([0.03], [0.03])
    assert (holm([]), benjamini_hochberg([])) == ([], [])


def test_no_corrected_p_is_above_one():
    assert (holm([0.9, 0.8]), benjamini_hochberg([0.9, 0.9])) == ([1.0, 1.0], [0.9, 0.9])


@pytest.mark.parametrize("correct", [holm, benjamini_hochberg])
@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_p_is_an_error(correct, p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        correct([0.5, p])
