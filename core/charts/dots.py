"""Pairs of percentages as dots."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from core.charts.marks import BAR, INK, picture, text

SIDE, MARGIN, FOOT, RADIUS = 400, 56, 52, 5  # of the square in which the dots stand, and of what is around it
MOST_STEPS = 5
MOST_DOTS_IN_WORDS = 30


@dataclass(frozen=True, slots=True)
class Dot:
    """One pair of percentages, and what it belongs to."""

    label: str
    x: float
    y: float


def scatter(title: str, dots: Sequence[Dot], *, across: str, up: str) -> SafeString:
    """Pairs of percentages as dots. `across` and `up` name the two; which dot is which stands in the table beside it.

    The axes run from whole tens around the values, not from 0: the picture says so by the numbers on them.
    """
    left, right = _tens([dot.x for dot in dots])
    low, high = _tens([dot.y for dot in dots])
    width, height = MARGIN + SIDE + 24, 32 + SIDE + FOOT

    def place(x: float, y: float) -> tuple[float, float]:
        return MARGIN + SIDE * (x - left) / (right - left), 32 + SIDE * (high - y) / (high - low)

    parts = [text(2, 18, escape(f"\u2191 {up} (%)"))]
    for number in _steps(left, right):
        x, _y = place(number, low)
        parts.append(_grid(x, 32, x, 32 + SIDE))
        parts.append(text(x, 32 + SIDE + 20, f"{number}", 'text-anchor="middle"'))
    for number in _steps(low, high):
        _x, y = place(left, number)
        parts.append(_grid(MARGIN, y, MARGIN + SIDE, y))
        parts.append(text(MARGIN - 8, y + 5, f"{number}", 'text-anchor="end"'))
    parts.append(text(MARGIN + SIDE, 32 + SIDE + 44, escape(f"{across} (%) \u2192"), 'text-anchor="end"'))
    for dot in dots:
        x, y = place(dot.x, dot.y)
        look = f'fill="{BAR}" fill-opacity="0.55" stroke="{BAR}"'
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" {look}/>')
    return picture(width, height, dots_in_words(title, dots, across, up), parts)


def dots_in_words(title: str, dots: Sequence[Dot], across: str, up: str) -> str:
    """The picture in words: each pair, or where they are many between which values they lie."""
    if not dots:
        return f"{title}."
    if len(dots) <= MOST_DOTS_IN_WORDS:
        said = "; ".join(f"{dot.label}: {dot.x:.1f}% and {dot.y:.1f}%" for dot in dots)
        return f"{title}. {across}, {up}. {said}."
    xs, ys = sorted(dot.x for dot in dots), sorted(dot.y for dot in dots)
    return f"{title}. {across}: {xs[0]:.1f}% to {xs[-1]:.1f}%; {up}: {ys[0]:.1f}% to {ys[-1]:.1f}%; {len(dots)} pairs."


def _tens(values: Sequence[float]) -> tuple[int, int]:
    """From and to which ten an axis runs, so that every value stands in it and it has a length."""
    low = 10 * math.floor(min(values, default=0) / 10)
    high = 10 * math.ceil(max(values, default=100) / 10)
    return (low, high) if low < high else (max(low - 10, 0), min(high + 10, 100))


def _steps(low: int, high: int) -> range:
    """The numbers on an axis: every ten, or every twenty where there would be too many."""
    return range(low, high + 1, 10 if (high - low) / 10 <= MOST_STEPS else 20)


def _grid(x: float, y: float, other_x: float, other_y: float) -> str:
    look = f'stroke="{INK}" stroke-opacity="0.25"'
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{other_x:.1f}" y2="{other_y:.1f}" {look}/>'
