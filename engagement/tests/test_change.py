"""Before and after, worked out properly (ENG-026)."""

from decimal import Decimal

import pytest

from core.counts import Qualifier, qualifier_of
from engagement.documents.change import change_of
from engagement.models import Measure


def measure(before: str, after: str, **fields) -> Measure:
    return Measure(question="I know the signs", before=Decimal(before), after=Decimal(after), **fields)


def test_points_and_relative_change_are_not_mixed_up():
    change = change_of(measure("37", "80"))

    assert change.points == 43
    assert round(change.times, 2) == 2.16
    assert change.points_text == "43 points higher"
    assert change.times_text == "2.16 times as high (+116%)"


def test_doubling_is_less_than_what_happened():
    assert change_of(measure("37", "80")).times > 2
    assert change_of(measure("37", "74")).times_text == "2.00 times as high (+100%)"


@pytest.mark.parametrize(
    ("before", "after", "points", "times"),
    [
        (("37", ""), ("80", "or more"), "at least 43 points higher", "at least 2.16 times as high (+116%)"),
        (
            ("37", "about"),
            ("80", "or more"),
            "at least about 43 points higher",
            "at least about 2.16 times as high (+116%)",
        ),
        (("37", "about"), ("80", ""), "about 43 points higher", "about 2.16 times as high (+116%)"),
        (("37", "over"), ("80", ""), "at most 43 points higher", "at most 2.16 times as high (+116%)"),
        (("37", "over"), ("80", "over"), "about 43 points higher", "about 2.16 times as high (+116%)"),
        (("37", "fewer than"), ("80", "over"), "at least 43 points higher", "at least 2.16 times as high (+116%)"),
        (("80", ""), ("40", "over"), "at most 40 points lower", "at least 0.50 times as high (-50%)"),
        (("80", ""), ("40", "up to"), "at least 40 points lower", "at most 0.50 times as high (-50%)"),
        (("80", ""), ("80", ""), "no change", "1.00 times as high (+0%)"),
        (("12.5", ""), ("20", ""), "7.5 points higher", "1.60 times as high (+60%)"),
    ],
)
def test_no_difference_is_more_exact_than_the_two_shares(before, after, points, times):
    change = change_of(measure(before[0], after[0], before_qualifier=before[1], after_qualifier=after[1]))

    assert (change.points_text, change.times_text) == (points, times)


def test_a_relative_change_from_nothing_cannot_be_worked_out():
    change = change_of(measure("0", "80"))

    assert change.times is None
    assert change.times_text == "cannot be worked out, because it was 0% before"
    assert change.points_text == "80 points higher"


def test_the_interval_is_that_of_newcombe():
    """56 of 70 against 48 of 80: his example (a), method 10, gives 0.0524 to 0.3339."""
    low, high = change_of(measure("60", "80", before_base=80, after_base=70)).interval

    assert (round(low, 2), round(high, 2)) == (5.24, 33.39)


def test_the_interval_is_said_in_points():
    change = change_of(measure("60", "80", before_base=80, after_base=70))

    assert change.interval_text == "+5.2 to +33.4 points"
    assert (change.before, change.after) == ("60% of 80", "80% of 70")


@pytest.mark.parametrize("bases", [{}, {"before_base": 80}, {"after_base": 70}, {"before_base": 0, "after_base": 70}])
def test_without_both_bases_there_is_no_interval_and_that_is_said(bases):
    change = change_of(measure("60", "80", **bases))

    assert (change.interval, change.lacks_base, change.interval_text) == (None, True, "the base is missing")


def test_a_share_that_is_not_exact_has_no_interval():
    change = change_of(measure("60", "80", before_base=80, after_base=70, after_qualifier="or more"))

    assert (change.interval, change.interval_text) == (None, "the shares are not exact")
    assert change.after == "80% or more of 70"


@pytest.mark.parametrize(
    ("word", "qualifier"),
    [
        ("", Qualifier.EXACT),
        ("Over", Qualifier.OVER),
        ("or  more", Qualifier.AT_LEAST),
        ("about", Qualifier.AROUND),
        ("perhaps", Qualifier.AROUND),
    ],
)
def test_a_word_says_how_exact_a_figure_is(word, qualifier):
    assert qualifier_of(word) == qualifier
