"""Steps reached over the years: as many filled boxes as steps, the name beside them, and everything in words."""

from xml.etree import ElementTree

from core.charts.steps import Reached, StepRow, steps

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [
    StepRow("Governance", [Reached("2022–23", 2, "requires improvement"), Reached("2023–24", 4, "outstanding")]),
    StepRow("Feedback & more", [Reached("2022–23", None, "not recorded"), Reached("2023–24", 1, "inadequate")]),
]


def parse(rows, most: int = 4) -> ElementTree.Element:
    return ElementTree.fromstring(steps("Domains", rows, most=most))  # noqa: S314  our own picture


def texts(picture: ElementTree.Element) -> list[str]:
    return [element.text for element in picture.iter(f"{SVG}text")]


def filled(picture: ElementTree.Element) -> list[bool]:
    return [element.get("fill") != "#ffffff" for element in picture.iter(f"{SVG}rect")]


def test_the_picture_says_itself_in_words():
    assert parse(ROWS)[0].text == (
        "Domains. Governance: 2022–23 requires improvement, 2023–24 outstanding; "
        "Feedback & more: 2022–23 not recorded, 2023–24 inadequate."
    )
    assert parse([])[0].text == "Domains."


def test_boxes_are_filled_up_to_the_step_and_the_name_stands_beside_them():
    picture = parse(ROWS)
    yes, no = True, False
    assert filled(picture) == [yes, yes, no, no, *[yes] * 4, *[no] * 4, yes, no, no, no]
    assert texts(picture) == [
        *("Governance", "2022–23", "requires improvement", "2023–24", "outstanding"),
        *("Feedback & more", "2022–23", "not recorded", "2023–24", "inadequate"),
    ]


def test_it_is_as_narrow_as_a_telephone_unless_there_are_many_steps():
    assert parse(ROWS).get("width") == "420"
    assert int(parse(ROWS, most=12).get("width")) > 420


def test_a_long_label_takes_several_lines_and_makes_the_picture_higher():
    long = StepRow("Origin and scope of content that flows through the network of everybody", ROWS[0].reached)
    picture = parse([long])
    assert texts(picture)[:2] == ["Origin and scope of content that flows through", "the network of everybody"]
    assert int(picture.get("height")) == int(parse(ROWS[:1]).get("height")) + 20
