"""Heat maps: readable in grey and without colour, each with its words."""

import re
from itertools import pairwise

import pytest

from core.charts import Step, heat
from core.charts.heat import SHADES, in_words

LEVELS = [Step("none", "–"), Step("claimed", "C"), Step("verified", "V")]
ROWS, COLUMNS, CELLS = ["1. Voices", "2. Start early"], ["East", "West"], [[0, 2], [1, 0]]


def drawn(rows=ROWS, columns=COLUMNS, cells=CELLS, **more) -> str:
    return heat("Principles by place", rows, columns, cells, **{"levels": LEVELS} | more)


def luminance(shade: str) -> float:
    red, green, blue = (int(shade[place : place + 2], 16) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_words_say_every_cell():
    said = "Principles by place. 1. Voices: East none, West verified; 2. Start early: East claimed, West none."

    assert in_words("Principles by place", ROWS, COLUMNS, CELLS, LEVELS) == said
    assert f"<title>{said}</title>" in drawn()


def test_each_cell_has_the_letter_of_its_step_and_the_key_says_what_it_means():
    letters = re.findall(r'font-weight="700" fill="[^"]+">([^<]+)<', drawn())

    assert letters == ["–", "V", "C", "–", "–", "C", "V"]
    assert all(f">{level.name}</text>" in drawn() for level in LEVELS)


def test_a_copy_in_grey_keeps_the_order_of_the_shades():
    light = [luminance(shade) for shade in SHADES]

    assert light == sorted(light, reverse=True)
    assert all(before - after > 25 for before, after in pairwise(light))


def test_letters_stand_out_from_their_shade():
    def contrast(ink: str, shade: str) -> float:
        def linear(value: int) -> float:
            part = value / 255
            return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

        def of(colour: str) -> float:
            red, green, blue = (linear(int(colour[place : place + 2], 16)) for place in (1, 3, 5))
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue

        high, low = sorted((of(ink), of(shade)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    levels = [Step(f"step {number}", str(number)) for number in range(5)]
    picture = drawn(["A"], [str(number) for number in range(5)], [list(range(5))], levels=levels)
    pairs = re.findall(r'<rect [^>]*fill="(#[^"]+)"[^>]*/><text [^>]*font-weight="700" fill="(#[^"]+)"', picture)
    assert len(pairs) == 10
    assert all(contrast(ink, shade) >= 4.5 for shade, ink in pairs)


def test_long_names_of_columns_stand_upright_and_short_ones_level():
    assert "rotate" not in drawn()
    upright = drawn(columns=["East and North Hertfordshire", "West Essex"])
    assert ">East and North</text>" in upright
    assert upright.count("rotate(-90") == 3


def test_names_stand_above_the_cells_in_large_print():
    assert 'viewBox="0 0 420 ' in drawn(is_large=True)
    assert 'text-anchor="end"' not in drawn(is_large=True)
    assert 'text-anchor="end"' in drawn()


def test_a_long_name_takes_a_second_line_where_it_has_no_room():
    rows = ["9. Tackle priorities and changes together", "2"]
    assert ">9. Tackle priorities and changes</text>" in drawn(rows)
    assert ">9. Tackle priorities and changes together</text>" in drawn(rows, is_printed=True)
    assert drawn(rows).count('height="34"') == len(COLUMNS)  # its cells are as high as its two lines


def test_names_are_escaped():
    assert "<b>" not in drawn(rows=["<b>Voices", "2"])
    assert "&lt;b&gt;Voices" in drawn(rows=["<b>Voices", "2"])


def test_many_columns_widen_the_picture_and_none_leaves_the_words():
    assert 'viewBox="0 0 1264 ' in drawn(["1"], [str(each) for each in range(40)], [[0] * 40])
    assert "<title>Principles by place.</title>" in drawn([], [], [])


def test_more_steps_than_shades_are_refused():
    with pytest.raises(ValueError, match="6 steps, and 5 shades"):
        drawn(levels=[Step(str(number), str(number)) for number in range(6)])
