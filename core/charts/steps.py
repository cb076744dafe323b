"""Steps that something reached, year by year: boxes filled up to the step, with the step's name beside them."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from core.charts.marks import BAR, picture, rect, text

WIDTH, LETTER = 420, 9  # as wide as a telephone and a page in large print can show; of a letter, about
BOX, SPACE, ROW, LINE, BETWEEN = 20, 4, 26, 20, 14


@dataclass(frozen=True, slots=True)
class Reached:
    """Which step was reached when: counted from the lowest, 1, with its name. None where that is not known."""

    when: str
    step: int | None
    name: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing that climbs steps, the oldest time first."""

    label: str
    reached: Sequence[Reached]


def steps(title: str, rows: Sequence[StepRow], *, most: int) -> SafeString:
    """For each row its label and, below, a line for each time. `most` is the number of steps.

    How many boxes are filled, and the name beside them, say what the colour says.
    """
    longest = max((len(each.when) for row in rows for each in row.reached), default=0)
    left = 16 + longest * LETTER
    right = left + most * (BOX + SPACE) + 8
    names = max((len(each.name) for row in rows for each in row.reached), default=0)
    width = round(max(WIDTH, right + names * LETTER))
    parts, y = [], 0
    for row in rows:
        for words in textwrap.wrap(row.label, int(width / LETTER)):
            y += LINE
            parts.append(text(2, y - 4, escape(words), 'font-weight="700"'))
        for each in row.reached:
            parts.append(text(2, y + 17, escape(each.when)))
            parts += [_box(left + number * (BOX + SPACE), y + 3, number < (each.step or 0)) for number in range(most)]
            parts.append(text(right, y + 17, escape(each.name)))
            y += ROW
        y += BETWEEN
    return picture(width, max(y - BETWEEN, 0), steps_in_words(title, rows), parts)


def steps_in_words(title: str, rows: Sequence[StepRow]) -> str:
    """The picture in words: each row with what it reached when."""
    said = [f"{row.label}: " + ", ".join(f"{each.when} {each.name}" for each in row.reached) for row in rows]
    return f"{title}. {'; '.join(said)}." if said else f"{title}."


def _box(x: float, y: float, is_filled: bool) -> str:
    fill = BAR if is_filled else "#ffffff"
    return rect(x, y, BOX - 4, BOX - 4, f'fill="{fill}" stroke="{BAR}" stroke-width="1.5"')
