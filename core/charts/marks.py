"""What every chart is drawn with: colours, letters, and the picture around them with its text alternative."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

INK, BAR = "#212b32", "#005eb8"
FONT = "Source Sans 3, Arial, sans-serif"


def picture(width: float, height: float, said: str, parts: list[str]) -> SafeString:
    """The SVG of a chart. `said` is the chart in words: it stands in `<title>`, because a tagged PDF reads that.

    Every text in `parts` must have gone through `escape`.
    """
    return mark_safe(  # noqa: S308  every text in it went through escape()
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FONT}" font-size="16" fill="{INK}">'
        f"<title>{escape(said)}</title>{''.join(parts)}</svg>"
    )


def rect(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" {look}/>'


def text(x: float, y: float, text: str, look: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{text}</text>'


def line(x: float, top: float, bottom: float) -> str:
    return f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="{INK}" stroke-width="1.5"/>'
