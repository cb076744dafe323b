"""Bars, one or two to a row."""

from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from core.charts.marks import BAR, line, picture, rect, text

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
    if layout.above:
        tops = [top + LABEL + index * layout.pitch for index in range(len(rows))]
        parts += [line(layout.left, y, y + THICK) for y in tops]  # through the bars alone, not the labels
    else:
        parts.append(line(layout.left, top, height - GAP + 2))
    return picture(layout.width, height, alternative(title, rows, first, second), parts)


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
        parts = [text(left, y + LABEL * 0.78, escape(row.label))]
        y += LABEL
    else:
        parts = [text(left - 10, y + THICK * 0.76, escape(row.label), 'text-anchor="end"')]
    if row.value:
        parts.append(rect(left, y, first, THICK, f'fill="{BAR}"'))
    if row.second:
        parts.append(rect(left + first, y + 0.5, second, THICK - 1, _hatched(ident)))
    parts.append(text(left + first + second + 8, y + THICK * 0.76, number, 'font-weight="700"'))
    return "".join(parts)


def _key(first: str, second: str, ident: str, layout: Layout) -> str:
    other = layout.left + 48 + 8 * len(first)
    return (
        rect(layout.left, 2, 14, 14, f'fill="{BAR}"')
        + text(layout.left + 20, 15, escape(first))
        + rect(other, 2.5, 14, 13, _hatched(ident))
        + text(other + 20, 15, escape(second))
    )


def _hatching(ident: str) -> str:
    return (
        f'<defs><pattern id="{ident}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="5" height="5" fill="#ffffff"/>'
        f'<rect width="2.2" height="5" fill="{BAR}"/></pattern></defs>'
    )


def _hatched(ident: str) -> str:
    return f'fill="url(#{ident}-hatch)" stroke="{BAR}"'
