"""Stretches of time as bars: each says everything in words, and holds nothing but shapes and escaped text."""

from datetime import date
from xml.etree import ElementTree

import pytest

from core.charts import Span, spans_in_words, time_in_words, timeline

YEAR = [
    Span("1. The hub", date(2022, 4, 1), date(2022, 9, 30), "done"),
    Span("2. The panel", date(2022, 7, 1)),
    Span("3. Launch", date(2022, 7, 1), date(2022, 7, 31), "at risk"),
]
SVG = "{http://www.w3.org/2000/svg}"


def parse(chart: str) -> ElementTree.Element:
    return ElementTree.fromstring(chart)  # noqa: S314  our own picture


def texts(chart: str) -> list[str]:
    return [element.text for element in parse(chart).iter(f"{SVG}text")]


def marks(chart: str) -> list[str]:
    return [element.text for element in parse(chart).iter(f"{SVG}text") if element.get("y") == "16.0"]


def bars_of(chart: str) -> list[tuple[float, float]]:
    """Where each bar begins, and how long it is."""
    found = parse(chart).iter(f"{SVG}rect")
    return [(float(element.get("x")), float(element.get("width"))) for element in found]


def test_the_chart_says_itself_in_words_first_of_all():
    picture = parse(timeline("Roadmap", YEAR, today=date(2022, 8, 3)))

    assert picture[0].tag == f"{SVG}title"
    assert picture[0].text == (
        "Roadmap. 1. The hub: April 2022 to September 2022, done; 2. The panel: from July 2022, no end; "
        "3. Launch: July 2022, at risk. A line shows today, 3 August 2022."
    )
    assert picture.get("role") == "img"


def test_the_state_of_a_bar_stands_in_words_beside_its_label():
    assert texts(timeline("Roadmap", YEAR))[-3:] == ["1. The hub: done", "2. The panel", "3. Launch: at risk"]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2022, 7, 1), date(2022, 7, 31), "July 2022"),
        (date(2022, 7, 1), date(2023, 2, 28), "July 2022 to February 2023"),
        (date(2022, 7, 1), None, "from July 2022, no end"),
        (date(2022, 7, 2), None, "from 2 July 2022, no end"),
        (date(2022, 7, 1), date(2022, 7, 30), "1 July 2022 to 30 July 2022"),
        (date(2022, 7, 2), date(2022, 7, 2), "2 July 2022"),
    ],
)
def test_whole_months_are_said_as_months_and_all_else_as_days(first, last, said):
    assert time_in_words(Span("", first, last)) == said


def test_bars_are_as_long_as_their_months_and_begin_where_they_begin():
    (hub, hub_long), (panel, _panel_long), (launch, launch_long) = bars_of(timeline("Roadmap", YEAR))

    assert launch_long == pytest.approx(hub_long / 6, abs=0.1)
    assert panel == launch
    assert launch - hub == pytest.approx(hub_long / 2, abs=0.1)


def test_what_has_no_end_runs_to_the_edge_as_an_arrow():
    chart = timeline("Roadmap", YEAR)

    (arrow,) = parse(chart).iter(f"{SVG}polygon")
    tip = arrow.get("points").split()[1]
    assert tip.split(",")[0] == "638"
    assert not list(parse(timeline("Roadmap", [YEAR[0], YEAR[2]])).iter(f"{SVG}polygon"))


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (date(2022, 4, 30), ["Apr 2022"]),
        (date(2022, 6, 30), ["Apr 2022", "May 2022", "Jun 2022"]),
        (date(2022, 12, 31), ["Apr 2022", "Jul 2022", "Oct 2022"]),
        (date(2024, 3, 31), ["Apr 2022", "Jul 2022", "Oct 2022", "Jan 2023", "Apr 2023", "Jul 2023", "Oct 2023"]),
        (date(2025, 3, 31), ["Jan 2022", "Jul 2022", "Jan 2023", "Jul 2023", "Jan 2024", "Jul 2024", "Jan 2025"]),
        (date(2028, 3, 31), ["2022", "2023", "2024", "2025", "2026", "2027", "2028"]),
        (date(2100, 3, 31), ["2020", "2040", "2060", "2080", "2100"]),
    ],
)
def test_the_axis_has_months_quarters_or_years_as_there_is_room(last, expected):
    found = marks(timeline("Roadmap", [Span("All", date(2022, 4, 1), last)]))

    assert found[: len(expected)] == expected
    assert len(found) <= 9


def test_centuries_have_the_longest_step_there_is():
    assert marks(timeline("Roadmap", [Span("All", date(1600, 1, 1), date(1899, 12, 31))]))[:2] == ["1600", "1620"]


def test_today_is_a_line_through_the_bars_and_a_word():
    chart = timeline("Roadmap", YEAR, today=date(2022, 8, 16))

    assert texts(chart)[-1] == "today"
    dashed = [line for line in parse(chart).iter(f"{SVG}line") if line.get("stroke-dasharray")]
    _hub, _panel, (launch, july) = bars_of(chart)
    assert [float(line.get("x1")) for line in dashed] == pytest.approx([launch + july * (1 + 15 / 31)] * 3, abs=0.1)


@pytest.mark.parametrize("today", [None, date(2022, 3, 31), date(2030, 1, 1)])
def test_a_today_outside_the_picture_is_neither_drawn_nor_said(today):
    chart = timeline("Roadmap", YEAR, today=today)

    assert "today" not in chart
    assert "dasharray" not in chart


def test_what_goes_on_past_everything_else_has_room_to_be_seen():
    (only,) = bars_of(timeline("Roadmap", [Span("On", date(2022, 7, 1))]))

    assert only[1] > 300


def test_a_long_label_goes_on_in_a_second_line_and_loses_no_word():
    label = "Strong relationships with voluntary groups, social enterprises and communities, so that all are heard"
    page, printed, large = (
        texts(timeline("Roadmap", [Span(label, date(2022, 7, 1), date(2022, 7, 31), "late")], **how))[1:]
        for how in ({}, {"is_printed": True}, {"is_large": True})
    )
    for lines in (page, printed, large):
        assert " ".join(lines) == f"{label}: late"
    assert [len(lines) for lines in (page, printed, large)] == [2, 2, 3]
    assert len(page[0]) <= 73 < len(printed[0])


@pytest.mark.parametrize("is_large", [False, True])
def test_nothing_is_drawn_outside_the_picture(is_large):
    picture = parse(timeline("Roadmap", YEAR, today=date(2022, 8, 16), is_large=is_large))
    width, height = (float(picture.get(name)) for name in ("width", "height"))

    assert (width, picture.get("viewBox")) == (420 if is_large else 640, f"0 0 {width:.0f} {height}")
    for element in picture.findall(f"{SVG}rect"):
        assert 0 <= float(element.get("x")) <= float(element.get("x")) + float(element.get("width")) <= width
        assert 0 <= float(element.get("y")) <= float(element.get("y")) + float(element.get("height")) <= height
    for element in picture.findall(f"{SVG}line"):
        assert 0 <= float(element.get("x1")) <= width
        assert 0 <= float(element.get("y1")) <= float(element.get("y2")) <= height
    for element in picture.findall(f"{SVG}text"):
        assert (0 <= float(element.get("x")) <= width, 0 <= float(element.get("y")) <= height) == (True, True)


def test_nothing_to_draw_is_still_a_picture():
    chart = timeline("Roadmap", [])

    assert parse(chart)[0].text == "Roadmap."
    assert bars_of(chart) == []


def test_text_cannot_become_markup():
    chart = timeline("<b>Title</b>", [Span('</text><script src="x">', date(2022, 7, 1), None, "<i>")])

    assert texts(chart)[-1] == '</text><script src="x">: <i>'
    tags = {element.tag.removeprefix(SVG) for element in parse(chart).iter()}
    assert tags == {"svg", "title", "rect", "text", "line", "polygon"}


def test_no_spans_are_a_title_in_words():
    assert spans_in_words("Roadmap", []) == "Roadmap."
