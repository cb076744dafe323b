"""Bar charts: each says everything in words, and holds nothing but shapes and escaped text."""

import re
from xml.etree import ElementTree

import pytest

from core.charts import Bar, Dot, alternative, bars, dots_in_words, scatter

PLACES = [Bar("West Essex", 4), Bar("Harlow", 0), Bar("Hertford", 2)]
TWO = [Bar("1. Voices", 4, 2), Bar("2. Start early", 0, 6)]
SVG = "{http://www.w3.org/2000/svg}"


def parse(chart: str) -> ElementTree.Element:
    return ElementTree.fromstring(chart)  # noqa: S314  our own picture


def texts(chart: str) -> list[str]:
    return [element.text for element in parse(chart).iter(f"{SVG}text")]


def widths(chart: str) -> list[float]:
    """How long the bars are: the rectangles that are as high as a bar, in the order they are drawn."""
    return [
        float(element.get("width")) for element in parse(chart).iter(f"{SVG}rect") if element.get("height") in "19 20"
    ]


def test_the_chart_says_itself_in_words_first_of_all():
    picture = parse(bars("Activities by place", PLACES, ident="places"))

    assert picture[0].tag == f"{SVG}title"
    assert picture[0].text == "Activities by place. West Essex: 4; Harlow: 0; Hertford: 2."
    assert picture.get("role") == "img"


def test_two_series_are_both_said_in_words():
    assert alternative("By principle", TWO, "printed here", "also support it") == (
        "By principle. 1. Voices: 4 printed here and 2 also support it; "
        "2. Start early: 0 printed here and 6 also support it."
    )


def test_a_bar_is_as_long_as_its_number_and_nought_has_no_bar():
    found = widths(bars("Places", PLACES, ident="places"))

    assert found == [266.0, 133.0]
    assert texts(bars("Places", PLACES, ident="places")) == ["West Essex", "4", "Harlow", "0", "Hertford", "2"]


def test_a_second_series_is_hatched_so_that_grey_paper_tells_them_apart():
    chart = bars("By principle", TWO, ident="principles", first="printed here", second="also support it")

    assert texts(chart)[:2] == ["printed here", "also support it"]
    assert texts(chart)[2:] == ["1. Voices", "4 + 2", "2. Start early", "0 + 6"]
    assert re.findall(r'id="([^"]+)"', chart) == ["principles-hatch"]
    assert set(re.findall(r"url\(#([^)]+)\)", chart)) == {"principles-hatch"}


def test_one_series_has_no_key_and_no_hatching():
    chart = bars("Places", PLACES, ident="places", first="first", second="second")

    assert "hatch" not in chart
    assert "first" not in texts(chart)


@pytest.mark.parametrize("rows", [[], [Bar("Harlow", 0)]])
def test_a_chart_of_nothing_is_still_a_picture(rows):
    chart = bars("Places", rows, ident="places")

    assert widths(chart) == []
    assert parse(chart)[0].text == f"Places. {'Harlow: 0' if rows else ''}."


def test_text_cannot_become_markup():
    chart = bars("<b>Title</b>", [Bar('</text><script src="x">', 1, 1)], ident="x", first="<i>", second="&")

    assert texts(chart) == ["<i>", "&", '</text><script src="x">', "1 + 1"]
    assert {element.tag.removeprefix(SVG) for element in parse(chart).iter()} == {
        "svg",
        "title",
        "defs",
        "pattern",
        "rect",
        "text",
        "line",
    }


def test_in_large_print_and_for_long_labels_the_label_stands_above_its_bar():
    long = [Bar("A label that is so long that it would not fit beside", 3)]
    large = bars("Places", PLACES, ident="a", is_large=True)
    asked_for = bars("Places", PLACES, ident="a", is_above=True)
    for chart, width in ((large, "420"), (bars("Places", long, ident="a"), "640"), (asked_for, "640")):
        picture = parse(chart)
        assert picture.get("width") == width
        labels = [element for element in picture.iter(f"{SVG}text") if element.get("font-weight") is None]
        assert {element.get("text-anchor") for element in labels} == {None}
        assert {float(element.get("x")) for element in labels} == {2.0}


@pytest.mark.parametrize("is_printed", [False, True])
def test_the_line_beside_the_bars_never_runs_through_a_label_above_them(is_printed):
    chart = parse(bars("Places", PLACES, ident="a", is_large=True, is_printed=is_printed))
    lines = [(float(one.get("y1")), float(one.get("y2"))) for one in chart.iter(f"{SVG}line")]
    labels = [float(one.get("y")) for one in chart.iter(f"{SVG}text") if one.get("font-weight") is None]
    assert len(lines) == len(labels) == len(PLACES)
    assert all(label < first for label, (first, _last) in zip(labels, lines, strict=True))
    beside = parse(bars("Places", PLACES, ident="a"))
    assert beside.get("width") == "640"
    assert {element.get("text-anchor") for element in beside.iter(f"{SVG}text")} == {"end", None}


@pytest.mark.parametrize("is_large", [False, True])
def test_nothing_is_drawn_outside_the_picture(is_large):
    picture = parse(bars("By principle", TWO, ident="a", first="printed here", second="too", is_large=is_large))
    width, height = (float(picture.get(name)) for name in ("width", "height"))

    assert picture.get("viewBox") == f"0 0 {width:.0f} {height:.0f}"
    for element in picture.findall(f"{SVG}rect"):
        assert 0 <= float(element.get("x")) <= float(element.get("x")) + float(element.get("width")) <= width
        assert 0 <= float(element.get("y")) <= float(element.get("y")) + float(element.get("height")) <= height
    for element in picture.findall(f"{SVG}text"):
        assert (0 <= float(element.get("x")) <= width, 0 <= float(element.get("y")) <= height) == (True, True)


def test_a_label_stands_above_its_bar_where_the_font_of_a_browser_is_too_wide_for_it():
    label = "5. Healthwatch and the VCSE as partners"
    page, printed = (
        parse(bars("Principles", [Bar(label, 3)], ident="a", is_printed=is_printed)) for is_printed in (False, True)
    )
    anchors = [next(picture.iter(f"{SVG}text")).get("text-anchor") for picture in (page, printed)]
    assert anchors == [None, "end"]
    assert page.find(f"{SVG}text").text == printed.find(f"{SVG}text").text == label
    axis, bar = page.find(f"{SVG}line"), page.find(f"{SVG}rect")
    assert axis.get("y1") == str(float(bar.get("y"))).removesuffix(".0")  # the axis leaves the label alone


# Pairs -------------------------------------------------------------------------------------------

DOTS = [Dot("Lea", 82, 51), Dot("Stort", 90, 59.5)]


def places(chart: str) -> list[tuple[float, float]]:
    circles = parse(chart).iter(f"{SVG}circle")
    return [(float(circle.get("cx")), float(circle.get("cy"))) for circle in circles]


def test_pairs_say_themselves_in_words_first_of_all():
    picture = parse(scatter("Side by side", DOTS, across="Patients", up="Staff"))

    assert picture[0].tag == f"{SVG}title"
    assert picture[0].text == "Side by side. Patients, Staff. Lea: 82.0% and 51.0%; Stort: 90.0% and 59.5%."
    assert picture.get("role") == "img"


def test_many_pairs_say_between_which_values_they_lie():
    dots = [Dot(f"Trust {number}", 60 + number, number) for number in range(31)]

    assert dots_in_words("All", dots, "Patients", "Staff") == (
        "All. Patients: 60.0% to 90.0%; Staff: 0.0% to 30.0%; 31 pairs."
    )


def test_a_dot_stands_where_its_numbers_are_and_the_axes_say_which_these_are():
    chart = scatter("Side by side", DOTS, across="Patients", up="Staff")

    assert places(chart) == [(136.0, 392.0), (456.0, 52.0)]
    assert texts(chart) == ["↑ Staff (%)", "80", "90", "50", "60", "Patients (%) →"]


@pytest.mark.parametrize(
    ("values", "numbers"), [([], "0 20 40 60 80 100"), ([100], "90 100"), ([0], "0 10"), ([35, 85], "30 50 70 90")]
)
def test_an_axis_has_a_length_whatever_the_values(values, numbers):
    chart = scatter("Any", [Dot("A", value, value) for value in values], across="Across", up="Up")

    assert texts(chart)[1:-1] == numbers.split() * 2


def test_names_of_pairs_cannot_become_markup():
    chart = scatter("<b>", [Dot("<script>", 50, 50)], across="<i>", up="&")

    assert {element.tag.removeprefix(SVG) for element in parse(chart).iter()} == {
        *("svg", "title", "text", "line", "circle"),
    }
