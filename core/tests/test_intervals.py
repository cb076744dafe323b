"""Intervals and the chi-square test, against values that others have published."""

import pytest

from core.intervals import chi_square_tail, goodness_of_fit, is_enough_for_chi_square, wilson


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
