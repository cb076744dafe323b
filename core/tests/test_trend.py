"""A number over time: gaps stay gaps, and everything is said in words."""

import re
from xml.etree import ElementTree

import pytest

from core.charts import Point, trend, trend_in_words

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [
    Point("April to June", 40.0, "40%", ("Q1", "2025–26")),
    Point("July to September", None, "not recorded", ("Q2", "2025–26")),
    Point("October to December", 60.0, "60%", ("Q3", "2025–26")),
    Point("January to March", 80.0, "80%", ("Q4", "2025–26")),
]


def parse(chart: str) -> ElementTree.Element:
    return ElementTree.fromstring(chart)  # noqa: S314  our own picture


def texts(chart: str) -> list[str]:
    return [element.text for element in parse(chart).iter(f"{SVG}text")]


def drawn(chart: str) -> list[tuple[float, float]]:
    return [(float(each.get("cx")), float(each.get("cy"))) for each in parse(chart).iter(f"{SVG}circle")]


def joins(chart: str) -> list[tuple[float, float]]:
    """From where to where the line goes, as places from left to right. The lines of the axis have another width."""
    lines = [each for each in parse(chart).iter(f"{SVG}line") if each.get("stroke-width") == "2.5"]
    return [(float(each.get("x1")), float(each.get("x2"))) for each in lines]


def test_the_picture_says_itself_in_words_first_of_all():
    picture = parse(trend("Answered", POINTS, target=90, target_words="Aim: at least 90%"))

    assert picture.get("role") == "img"
    assert picture[0].text == (
        "Answered. April to June: 40%; July to September: not recorded; October to December: 60%; "
        "January to March: 80%. Aim: at least 90%."
    )


def test_nothing_is_drawn_where_the_number_is_not_known():
    chart = trend("Answered", POINTS, most=100)

    assert len(drawn(chart)) == 3
    assert joins(chart) == [(421.3, 600.0)]
    assert texts(chart).count("?") == 1


def test_dots_stand_as_high_as_their_numbers_and_evenly_apart():
    found = drawn(trend("Answered", POINTS, most=100))

    assert found == [(64.0, 154.0), (421.3, 114.0), (600.0, 74.0)]


def test_the_axis_begins_at_nought_and_ends_at_a_round_number():
    assert texts(trend("Days", [Point("A", 37, "37 days")]))[:3] == ["0", "25", "50"]
    assert texts(trend("Share", POINTS, most=100, unit="%"))[:3] == ["0%", "50%", "100%"]


def test_the_aim_is_a_dashed_line_that_fits_into_the_picture():
    chart = trend("Days", [Point("A", 10, "10 days")], target=40, target_words="Aim: at most 40 days")

    assert texts(chart)[:3] == ["0", "25", "50"]
    (dashed,) = [each for each in parse(chart).iter(f"{SVG}line") if each.get("stroke-dasharray")]
    assert (dashed.get("y1"), dashed.get("y2")) == ("74.0", "74.0")


@pytest.mark.parametrize("value", [0, 0.0])
def test_nought_is_a_number_and_no_gap(value):
    chart = trend("Overrides", [Point("A", value, "0"), Point("B", 0, "0")])

    assert [y for _x, y in drawn(chart)] == [234.0, 234.0]
    assert joins(chart) == [(64.0, 600.0)]


def test_without_any_moment_there_is_a_picture_that_says_its_title():
    assert parse(trend("Nothing yet", []))[0].text == "Nothing yet."
    assert trend_in_words("Nothing yet", []) == "Nothing yet."


def test_words_are_escaped():
    chart = trend("<b>", [Point("<script>", 1, "&", ("<i>",))])

    assert not re.search(r"<(b|i|script)>", chart)
    assert "<i>" in texts(chart)


def test_large_print_has_its_own_width():
    assert parse(trend("Answered", POINTS, is_large=True)).get("width") == "420"
