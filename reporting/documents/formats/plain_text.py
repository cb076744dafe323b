"""The report as plain text of 40 columns, from its snapshot: what a transcriber of braille takes (REP-024).

It is the report's page without its looks, so it says what the page says, for every kind of report.
"""

import textwrap
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from lxml import html

from reporting.documents.pages import Medium, page
from reporting.documents.shapes import SHAPES

COLUMNS = 40
UNDERLINES = {"h1": "=", "h2": "=", "h3": "-", "h4": "-"}
BLOCKS = frozenset(["p", "li", "caption", "figcaption", "dt", "dd"])
WITHOUT_WORDS = frozenset(["style", "script", "figure", "nav", "head"])  # each picture has its table


def plain_text(facts: Any, *, fingerprint: str, is_draft: bool) -> tuple[bytes, None]:
    """The report in UTF-8, with lines of at most 40 characters. Only a word that is longer may be longer."""
    shape = next(shape for shape in SHAPES.values() if shape.facts is type(facts))
    drawn = page(shape, facts, medium=Medium.SCREEN, fingerprint=fingerprint, is_draft=is_draft)
    body = html.document_fromstring(drawn.replace("<br>", " ")).body
    return ("\n\n".join(text for text in _blocks(body) if text) + "\n").encode(), None


def _blocks(element: html.HtmlElement) -> Iterator[str]:
    """The words of a page, block by block. A table is read row by row, each cell with the name of its column."""
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if not tag or tag in WITHOUT_WORDS or child.get("class") == "skip":
            continue
        if tag in UNDERLINES:
            yield _heading(_words(child), UNDERLINES[tag])
        elif tag == "table":
            yield from _table(child)
        elif tag in BLOCKS or _has_words_of_its_own(child):
            yield _wrapped(_words(child), "- " if tag == "li" else "")
        else:
            yield from _blocks(child)


def _has_words_of_its_own(element: html.HtmlElement) -> bool:
    return any((text or "").strip() for text in (element.text, *(child.tail for child in element)))


def _heading(words: str, underline: str) -> str:
    return f"{_wrapped(words)}\n{underline * min(COLUMNS, len(words))}" if words else ""


def _table(element: html.HtmlElement) -> Iterator[str]:
    caption = element.find("caption")
    if caption is not None:
        yield _wrapped(_("Table: %(title)s") % {"title": _words(caption)})
    names = [_words(cell) for cell in element.iterfind("thead/tr/*")]
    for row in element.iterfind("tbody/tr"):
        cells = [_words(cell) for cell in row]
        # Without names above the columns, names and values stand side by side.
        pairs = zip(names, cells, strict=False) if names else zip(cells[::2], cells[1::2], strict=False)
        yield "\n".join(_wrapped(f"{name}: {cell}") for name, cell in pairs)


def _words(element: html.HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _wrapped(words: str, mark: str = "") -> str:
    lines = textwrap.wrap(
        mark + words, COLUMNS, subsequent_indent=" " * len(mark), break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)
