"""A table of steps, such as principles by place: the darker a cell, the more there is; its letter says the same."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from core.charts.marks import INK, picture, rect, text

WIDTH, LARGE_WIDTH = 640, 420
LEFT, GAP, HIGH, NARROWEST = 304, 3, 26, 24
# So many letters of a name fit beside the cells on a screen, in print, and above them; a longer name takes more lines.
LONGEST_LABEL_BESIDE, LONGEST_LABEL_IN_PRINT, LONGEST_LABEL_ABOVE = 34, 41, 48
LETTER, LINE = 8.2, 18  # about the width of a letter, and the height of a line
LONGEST_LINE = 22  # letters of a heading that stands upright; what is longer takes another line
# From nothing to most. Each is darker than the one before it, so that a copy in grey says the same.
SHADES = ("#ffffff", "#d2e4f5", "#7fb2e0", "#1f6fbf", "#002f66")
FIRST_DARK = 3  # the first shade on which letters are white


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps that a cell may have: its name in words, and the letter that stands in the cell."""

    name: str
    letter: str


def heat(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[int]],
    *,
    levels: Sequence[Step],
    is_large: bool = False,
    is_printed: bool = False,
) -> SafeString:
    """A cell for each row and column. `cells` holds, row by row, the place of the step in `levels`, the least first.

    `is_large` draws for large print, names above the cells; `is_printed` for a PDF with our own font. Raises
    ValueError for more steps than there are shades.
    """
    if len(levels) > len(SHADES):
        raise ValueError(f"{len(levels)} steps, and {len(SHADES)} shades")
    left, width = (0, LARGE_WIDTH) if is_large else (LEFT, WIDTH)
    longest = LONGEST_LABEL_ABOVE if is_large else LONGEST_LABEL_IN_PRINT if is_printed else LONGEST_LABEL_BESIDE
    wide = max(NARROWEST, (width - left) / (len(columns) or 1))
    width = max(width, left + wide * len(columns))
    parts, y = _headings(columns, left, wide)
    for row, steps in zip(rows, cells, strict=True):
        lines = textwrap.wrap(row, longest) or [""]
        parts += _label(lines, left, y, is_above=is_large)
        y += LINE * len(lines) + GAP if is_large else 0
        high = HIGH if is_large else max(HIGH, LINE * len(lines))
        for place, step in enumerate(steps):
            parts.append(_cell(left + place * wide, y, wide - GAP, high, step, levels[step].letter))
        y += high + GAP
    key, height = _key(levels, y + GAP, width)
    return picture(round(width), round(height), in_words(title, rows, columns, cells, levels), parts + key)


def in_words(
    title: str, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[int]], levels: Sequence[Step]
) -> str:
    """The picture in words: row by row, each column with its step."""
    said = (
        f"{row}: " + ", ".join(f"{name} {levels[step].name}" for name, step in zip(columns, steps, strict=True))
        for row, steps in zip(rows, cells, strict=True)
    )
    return f"{title}. {'; '.join(said)}." if rows and columns else f"{title}."


def _headings(columns: Sequence[str], left: float, wide: float) -> tuple[list[str], float]:
    """The names of the columns, and where the cells begin: level where every name has room, else upright."""
    if all(len(name) * LETTER <= wide - GAP for name in columns):
        middle = 'text-anchor="middle"'
        parts = [text(left + (place + 0.5) * wide, 15, escape(name), middle) for place, name in enumerate(columns)]
        return parts, float(LINE + GAP)
    wrapped = [textwrap.wrap(name, LONGEST_LINE) or [""] for name in columns]
    high = max(len(each) for lines in wrapped for each in lines) * LETTER + GAP
    parts = []
    for place, lines in enumerate(wrapped):
        first = left + (place + 0.5) * wide + 5 - LINE * (len(lines) - 1) / 2
        for number, words in enumerate(lines):
            x = first + LINE * number
            parts.append(text(x, high, escape(words), f'transform="rotate(-90 {x:.1f} {high:.1f})"'))
    return parts, high + 2 * GAP


def _label(lines: list[str], left: float, y: float, *, is_above: bool) -> list[str]:
    """The name of a row: above its cells, or beside them in their middle."""
    if is_above:
        return [text(left, y + LINE * (number + 0.8), escape(words)) for number, words in enumerate(lines)]
    first = y + max(0, HIGH - LINE * len(lines)) / 2 + LINE * 0.75
    end = 'text-anchor="end"'
    return [text(left - 10, first + LINE * number, escape(words), end) for number, words in enumerate(lines)]


def _cell(x: float, y: float, wide: float, high: float, step: int, letter: str) -> str:
    ink = INK if step < FIRST_DARK else "#ffffff"
    box = rect(x + 1, y + 1, wide - 2, high - 2, f'fill="{SHADES[step]}" stroke="{INK}"')
    middle = f'text-anchor="middle" font-weight="700" fill="{ink}"'
    return box + text(x + wide / 2, y + high / 2 + 5, escape(letter), middle)


def _key(levels: Sequence[Step], top: float, width: float) -> tuple[list[str], float]:
    """What each shade and letter means, in as many lines as it takes, and where the picture ends."""
    parts, x, y = [], 0.0, top
    for step, level in enumerate(levels):
        needed = HIGH + 10 + len(level.name) * LETTER + 14
        if x and x + needed > width:
            x, y = 0.0, y + HIGH + GAP
        parts.append(_cell(x, y, HIGH, HIGH, step, level.letter))
        parts.append(text(x + HIGH + 8, y + HIGH * 0.7, escape(level.name)))
        x += needed
    return parts, y + HIGH + GAP
