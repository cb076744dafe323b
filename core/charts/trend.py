"""One number over time as a line: gaps where it is not known, an aim as a dashed line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString

from core.charts.marks import BAR, INK, picture, text

WIDTH, HIGH, LEFT, RIGHT, TOP, FOOT = 640, 200, 64, 40, 34, 52
LARGE_WIDTH = 420
RADIUS = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One moment: its full name, its value or None, and the value in words. `short` stands under it, a line each."""

    label: str
    value: float | None
    words: str
    short: tuple[str, ...] = ()


def trend(
    title: str,
    points: Sequence[Point],
    *,
    unit: str = "",
    most: float | None = None,
    target: float | None = None,
    target_words: str = "",
    is_large: bool = False,
) -> SafeString:
    """A number at moments that follow one another, from 0 up. Negative numbers have no place in it.

    `unit` stands behind the numbers on the axis, `most` is the greatest that is possible. Nothing is drawn between a
    known moment and an unknown one. `target_words` names the dashed line at `target`. `is_large` is for large print.
    """
    width = LARGE_WIDTH if is_large else WIDTH
    known = [point.value for point in points if point.value is not None]
    top = most or _top(max([*known, target or 0], default=0))
    step = (width - LEFT - RIGHT) / max(len(points) - 1, 1)
    bottom = TOP + HIGH

    def place(index: int, value: float) -> tuple[float, float]:
        across = LEFT + step * index if len(points) > 1 else LEFT + (width - LEFT - RIGHT) / 2
        return across, bottom - HIGH * value / top

    parts = [_grid(width - RIGHT, bottom - HIGH * share, f"{_plain(top * share)}{unit}") for share in (0, 0.5, 1)]
    if target is not None:
        parts.append(_aim(width - RIGHT, place(0, target)[1]))
    for (index, here), (_index, there) in pairwise(enumerate(points)):
        if here.value is not None and there.value is not None:
            parts.append(_line(*place(index, here.value), *place(index + 1, there.value)))
    for index, point in enumerate(points):
        parts += _moment(point, *place(index, point.value or 0), bottom)
    return picture(width, bottom + FOOT, trend_in_words(title, points, target_words), parts)


def trend_in_words(title: str, points: Sequence[Point], target_words: str = "") -> str:
    """The picture in words: every moment with its value, and the aim."""
    said = "; ".join(f"{point.label}: {point.words}" for point in points)
    return f"{title}." + (f" {said}." if said else "") + (f" {target_words}." if target_words else "")


def _moment(point: Point, x: float, y: float, bottom: float) -> list[str]:
    """The dot with its number above it, or a question mark on the ground; and what stands under it."""
    middle = 'text-anchor="middle"'
    names = [text(x, bottom + 22 + 18 * row, escape(line), middle) for row, line in enumerate(point.short)]
    if point.value is None:
        return [text(x, bottom - 6, "?", middle), *names]
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" fill="{BAR}"/>'
    return [dot, text(x, y - 11, _plain(point.value), f'{middle} font-weight="700"'), *names]


def _top(value: float) -> float:
    """The next 1, 2, 5 or 10 of the size of the value, so that the axis has round numbers."""
    if value <= 0:
        return 1
    size = 10 ** math.floor(math.log10(value))
    return next(size * step for step in (1, 2, 5, 10) if value <= size * step)


def _plain(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _line(x: float, y: float, other_x: float, other_y: float) -> str:
    place = f'x1="{x:.1f}" y1="{y:.1f}" x2="{other_x:.1f}" y2="{other_y:.1f}"'
    return f'<line {place} stroke="{BAR}" stroke-width="2.5"/>'


def _grid(right: float, y: float, number: str) -> str:
    look = f'stroke="{INK}" stroke-opacity="0.25"'
    line = f'<line x1="{LEFT - 20}" y1="{y:.1f}" x2="{right + 20}" y2="{y:.1f}" {look}/>'
    return line + text(LEFT - 26, y + 5, escape(number), 'text-anchor="end"')


def _aim(right: float, y: float) -> str:
    look = f'stroke="{INK}" stroke-width="1.5" stroke-dasharray="7 5"'
    return f'<line x1="{LEFT - 20}" y1="{y:.1f}" x2="{right + 20}" y2="{y:.1f}" {look}/>'
