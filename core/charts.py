"""Charts as small SVG pictures: the same in a page and in a PDF, readable in grey, with a text alternative.

The full alternative is in `<title>`, because that is what a tagged PDF reads. Every chart is shown with its table.
"""

from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

INK, DARK, PALE, LINE = "#212b32", "#005eb8", "#aebfd4", "#768692"
FONT = "Source Sans 3, Arial, sans-serif"
ROW, GAP, WIDTH = 20, 6, 640


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length and, behind it, a second length drawn in hatching."""

    label: str
    value: int
    second: int = 0


def bars(
    title: str,
    rows: list[Bar],
    *,
    ident: str,
    first: str = "",
    second: str = "",
    label_width: int = 290,
    width: int = WIDTH,
) -> SafeString:
    """A horizontal bar chart. `first` and `second` name the two series, and are shown as a key when there are two.

    `ident` must be unique on the page: it names the hatching.
    """
    two = any(row.second for row in rows)
    key = ROW + GAP if two else 0
    most = max((row.value + row.second for row in rows), default=0) or 1
    scale = (width - label_width - 70) / most
    parts = [_key(first, second, ident, label_width)] if two else []
    for index, row in enumerate(rows):
        parts.append(_row(row, key + index * (ROW + GAP), scale, label_width, ident))
    height = key + len(rows) * (ROW + GAP)
    axis = f'<line x1="{label_width}" y1="{key}" x2="{label_width}" y2="{height - GAP + 2}" stroke="{INK}" stroke-width="1.5"/>'
    hatch = (
        f'<defs><pattern id="{ident}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="5" height="5" fill="#ffffff"/><rect width="2.2" height="5" fill="{DARK}"/></pattern></defs>'
    )
    return mark_safe(  # noqa: S308  every text in it went through escape()
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="{FONT}" font-size="16" fill="{INK}"><title>{escape(alternative(title, rows, first, second))}</title>'
        f"{hatch if two else ''}{''.join(parts)}{axis}</svg>"
    )


def alternative(title: str, rows: list[Bar], first: str = "", second: str = "") -> str:
    """The chart in words."""
    two = any(row.second for row in rows)
    said = "; ".join(
        f"{row.label}: {row.value}" + (f" {first} and {row.second} {second}" if two else "") for row in rows
    )
    return f"{title}. {said}."


def _row(row: Bar, y: float, scale: float, left: int, ident: str) -> str:
    first, second = row.value * scale, row.second * scale
    middle = y + ROW * 0.76
    number = f"{row.value}" + (f" + {row.second}" if row.second else "")
    parts = [f'<text x="{left - 10}" y="{middle:.1f}" text-anchor="end">{escape(row.label)}</text>']
    if row.value:
        parts.append(f'<rect x="{left}" y="{y}" width="{first:.1f}" height="{ROW}" fill="{DARK}"/>')
    if row.second:
        parts.append(
            f'<rect x="{left + first:.1f}" y="{y + 0.5}" width="{second:.1f}" height="{ROW - 1}" fill="url(#{ident}-hatch)" stroke="{DARK}"/>'
        )
    parts.append(f'<text x="{left + first + second + 8:.1f}" y="{middle:.1f}" font-weight="700">{number}</text>')
    return "".join(parts)


def _key(first: str, second: str, ident: str, left: int) -> str:
    other = left + 24 + 8 * len(first) + 24
    return (
        f'<rect x="{left}" y="2" width="14" height="14" fill="{DARK}"/><text x="{left + 20}" y="14">{escape(first)}</text>'
        f'<rect x="{other}" y="2.5" width="14" height="13" fill="url(#{ident}-hatch)" stroke="{DARK}"/>'
        f'<text x="{other + 20}" y="14">{escape(second)}</text>'
    )
