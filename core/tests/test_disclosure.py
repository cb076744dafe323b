"""No published breakdown tells how many people fewer than eight are."""

import pytest

from core.disclosure import HIDDEN, breakdown, published


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (1, "*"), (4, "*"), (7, "*"), (8, "10"), (12, "10"), (13, "15"), (29, "30"), (30, "30"), (1002, "1000")],
)
def test_a_count_is_kept_hidden_or_rounded(count, text):
    assert published(count) == text


def test_a_negative_count_is_an_error():
    with pytest.raises(ValueError, match="cannot be negative"):
        published(-1)


def test_a_base_under_thirty_is_not_shown_at_all():
    table = breakdown({"women": 20, "men": 9})

    assert (table.rows, table.base) == ((), "")
    assert table.withheld == "Not shown: fewer than 30 people."


def test_a_base_of_thirty_is_shown():
    assert breakdown({"women": 20, "men": 10}).rows == (("women", "20", "67%"), ("men", "10", "33%"))


def test_a_table_of_nobody_is_not_shown():
    assert breakdown({}).rows == ()
    assert breakdown({"women": 0}).rows == ()


def test_a_table_in_which_everybody_is_in_one_category_is_not_shown():
    table = breakdown({"women": 40, "men": 0})

    assert table.rows == ()
    assert table.base == "40"
    assert table.withheld == "Not shown: everybody is in one category."


def test_a_hidden_count_hides_its_percentage():
    rows = {category: (count, share) for category, count, share in breakdown({"a": 100, "b": 7, "c": 1, "d": 0}).rows}

    assert rows == {"a": ("100", "91%"), "b": (HIDDEN, HIDDEN), "c": (HIDDEN, HIDDEN), "d": ("0", "0%")}


@pytest.mark.parametrize("small", range(1, 8))
def test_every_small_count_looks_the_same(small):
    tables = {breakdown({"a": 100, "b": small}).rows[1][1:] for small in range(1, 8)}

    assert tables == {(HIDDEN, HIDDEN)}


def test_percentages_come_from_rounded_figures():
    assert breakdown({"a": 33, "b": 34}).rows == (("a", "35", "54%"), ("b", "35", "54%"))


def test_the_base_is_rounded_by_itself():
    assert breakdown({"a": 13, "b": 13, "c": 13}).base == "40"
