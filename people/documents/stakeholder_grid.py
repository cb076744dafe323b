"""The map of stakeholders as a picture: a square of 5 by 5, a circle in each place, as large as many stand there."""

import math

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts.marks import BAR, FONT, INK

STEP, LEFT, TOP, STEPS = 72, 60, 8, 5
LARGEST = 30


def grid_picture(counts: dict[tuple[int, int], int]) -> SafeString:
    """The picture of how many stand at (interest, influence). Everything in it is also said in its title."""
    size = STEPS * STEP
    most = max(counts.values(), default=0) or 1
    lines = format_html_join(
        "",
        '<path d="M{} {}h{}M{} {}v{}" fill="none" stroke="{}" stroke-width="1"/>',
        (
            (LEFT, TOP + step * STEP, size, LEFT + step * STEP, TOP, size, INK if step in (0, STEPS) else "#aeb7bd")
            for step in range(STEPS + 1)
        ),
    )
    circles = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="{}" fill="#ffffff" stroke="{}" stroke-width="3"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-weight="700">{}</text>',
        (
            (*_middle(place), f"{max(13, LARGEST * math.sqrt(count / most)):.1f}", BAR, *_middle(place, 6), count)
            for place, count in counts.items()
            if count
        ),
    )
    numbers = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text><text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (_middle((step, 1))[0], TOP + size + 20, step, LEFT - 14, _middle((1, step), 6)[1], step)
            for step in range(1, STEPS + 1)
        ),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {} {}" width="{}" height="{}" '
        'font-family="{}" font-size="16" fill="{}"><title>{}</title>{}{}{}'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text x="16" y="{}" text-anchor="middle" transform="rotate(-90 16 {})">{}</text></svg>',
        *((LEFT + size + 8, TOP + size + 50) * 2),
        FONT,
        INK,
        alternative(counts),
        lines,
        circles,
        numbers,
        *(LEFT + size / 2, TOP + size + 44, _("Interest")),
        *(TOP + size / 2, TOP + size / 2, _("Influence")),
    )


def alternative(counts: dict[tuple[int, int], int]) -> str:
    """The picture in words."""
    words = _("%(count)s at interest %(interest)s and influence %(influence)s")
    said = [
        words % {"count": count, "interest": interest, "influence": influence}
        for (interest, influence), count in counts.items()
        if count
    ]
    return _("Stakeholders by interest and influence. %(said)s.") % {"said": "; ".join(said) or _("None in the grid")}


def _middle(place: tuple[int, int], below: int = 0) -> tuple[float, float]:
    interest, influence = place
    return LEFT + (interest - 0.5) * STEP, TOP + (STEPS - influence + 0.5) * STEP + below
