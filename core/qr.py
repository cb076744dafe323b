"""An address as a picture that telephones read, for what is printed on paper."""

import segno
from django.utils.safestring import SafeString, mark_safe


def picture(address: str, title: str) -> SafeString:
    """The address as SVG. The title says what it is to who does not see it."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=3, border=2, title=title)
    return mark_safe(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S308  segno escapes the title
