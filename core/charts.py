"""Charts as small SVG pictures: the same in a page and in a PDF, readable in grey, with a text alternative.

The full alternative is in `<title>`, because that is what a tagged PDF reads. Every chart is shown with its table.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

INK, BAR = "#212b32", "#005eb8"
FONT = "Source Sans 3, Arial, sans-serif"
THICK, GAP, LABEL = 20, 6, 20
# Beside the bars fit about this many letters; longer labels stand above them. The font of our PDFs is narrower than
# those that a browser takes instead.
LONGEST_LABEL_BESIDE, LONGEST_LABEL_IN_PRINT = 34, 41


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length and, behind it, a second length drawn in hatching."""

    label: str
    value: int
    second: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand, in units of the picture: its width, where bars begin, how far apart rows are."""

    width: int
    left: int
    pitch: int
    above: bool


BESIDE = Layout(width=640, left=304, pitch=THICK + GAP, above=False)
ABOVE = Layout(width=640, left=2, pitch=LABEL + THICK + GAP, above=True)
LARGE = Layout(width=420, left=2, pitch=LABEL + THICK + GAP, above=True)


def bars(
    title: str,
    rows: list[Bar],
    *,
    ident: str,
    first: str = "",
    second: str = "",
    is_large: bool = False,
    is_printed: bool = False,
    is_above: bool = False,
) -> SafeString:
    """A horizontal bar chart. `first` and `second` name the two series, and are shown as a key when there are two.

    `ident` must be unique on the page: it names the hatching. `is_large` draws for large print, labels above the bars.
    `is_printed` draws for a PDF with our own font. `is_above` stands short labels above the bars too: on a telephone
    the bars are then in sight.
    """
    two = any(row.second for row in rows)
    longest = LONGEST_LABEL_IN_PRINT if is_printed else LONGEST_LABEL_BESIDE
    is_long = any(len(row.label) > longest for row in rows)
    layout = LARGE if is_large else ABOVE if is_long or is_above else BESIDE
    top = THICK + GAP if two else 0
    most = max((row.value + row.second for row in rows), default=0) or 1
    scale = (layout.width - layout.left - 70) / most
    parts = [_hatching(ident), _key(first, second, ident, layout)] if two else []
    parts += [_row(row, top + index * layout.pitch, scale, layout, ident) for index, row in enumerate(rows)]
    height = top + len(rows) * layout.pitch
    if layout.above and not is_printed:
        tops = [top + LABEL + index * layout.pitch for index in range(len(rows))]
        parts += [_line(layout.left, y, y + THICK) for y in tops]  # through the bars alone, not the labels
    else:
        parts.append(_line(layout.left, top, height - GAP + 2))
    return mark_safe(  # noqa: S308  every text in it went through escape()
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {layout.width} {height}" '
        f'width="{layout.width}" height="{height}" font-family="{FONT}" font-size="16" fill="{INK}">'
        f"<title>{escape(alternative(title, rows, first, second))}</title>{''.join(parts)}</svg>"
    )


def alternative(title: str, rows: list[Bar], first: str = "", second: str = "") -> str:
    """The chart in words."""
    two = any(row.second for row in rows)
    said = "; ".join(
        f"{row.label}: {row.value}" + (f" {first} and {row.second} {second}" if two else "") for row in rows
    )
    return f"{title}. {said}."


def _row(row: Bar, y: float, scale: float, layout: Layout, ident: str) -> str:
    first, second, left = row.value * scale, row.second * scale, layout.left
    number = f"{row.value}" + (f" + {row.second}" if row.second else "")
    if layout.above:
        parts = [_text(left, y + LABEL * 0.78, escape(row.label))]
        y += LABEL
    else:
        parts = [_text(left - 10, y + THICK * 0.76, escape(row.label), 'text-anchor="end"')]
    if row.value:
        parts.append(_rect(left, y, first, THICK, f'fill="{BAR}"'))
    if row.second:
        parts.append(_rect(left + first, y + 0.5, second, THICK - 1, _hatched(ident)))
    parts.append(_text(left + first + second + 8, y + THICK * 0.76, number, 'font-weight="700"'))
    return "".join(parts)


def _key(first: str, second: str, ident: str, layout: Layout) -> str:
    other = layout.left + 48 + 8 * len(first)
    return (
        _rect(layout.left, 2, 14, 14, f'fill="{BAR}"')
        + _text(layout.left + 20, 15, escape(first))
        + _rect(other, 2.5, 14, 13, _hatched(ident))
        + _text(other + 20, 15, escape(second))
    )


def _hatching(ident: str) -> str:
    return (
        f'<defs><pattern id="{ident}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="5" height="5" fill="#ffffff"/>'
        f'<rect width="2.2" height="5" fill="{BAR}"/></pattern></defs>'
    )


def _hatched(ident: str) -> str:
    return f'fill="url(#{ident}-hatch)" stroke="{BAR}"'


def _rect(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" {look}/>'


def _text(x: float, y: float, text: str, look: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{text}</text>'


def _line(x: float, top: float, bottom: float) -> str:
    return f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="{INK}" stroke-width="1.5"/>'


# Pairs of shares ---------------------------------------------------------------------------------

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

    parts = [_text(2, 18, escape(f"\u2191 {up} (%)"))]
    for number in _steps(left, right):
        x, _y = place(number, low)
        parts.append(_grid(x, 32, x, 32 + SIDE))
        parts.append(_text(x, 32 + SIDE + 20, f"{number}", 'text-anchor="middle"'))
    for number in _steps(low, high):
        _x, y = place(left, number)
        parts.append(_grid(MARGIN, y, MARGIN + SIDE, y))
        parts.append(_text(MARGIN - 8, y + 5, f"{number}", 'text-anchor="end"'))
    parts.append(_text(MARGIN + SIDE, 32 + SIDE + 44, escape(f"{across} (%) \u2192"), 'text-anchor="end"'))
    for dot in dots:
        x, y = place(dot.x, dot.y)
        look = f'fill="{BAR}" fill-opacity="0.55" stroke="{BAR}"'
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" {look}/>')
    return mark_safe(  # noqa: S308  every text in it went through escape()
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FONT}" font-size="16" fill="{INK}">'
        f"<title>{escape(dots_in_words(title, dots, across, up))}</title>{''.join(parts)}</svg>"
    )


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
