"""Reading what was gathered and drawn: the page, its parts, and the facts that tests ask for by name."""

import re

from reporting.documents.pages import page as drawn
from reporting.documents.shapes import SHAPES


def page(facts, medium="screen") -> str:
    return drawn(SHAPES["annual"], facts, fingerprint="f" * 64, is_draft=True, medium=medium)


def words(html: str) -> str:
    """What a person reads of a piece of HTML."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def text_of(response) -> str:
    """An answer's content with its lines put together."""
    return " ".join(response.content.decode().split())


def article(html: str, reference: str) -> str:
    return re.search(rf'<article class="item" id="item-{reference.lower()}">.*?</article>', html, re.DOTALL)[0]


def gap(facts, title: str) -> list[tuple[str, str]]:
    return next(gap.items for gap in facts.gaps if gap.title == title)


def only_item(facts):
    (item,) = facts.items
    return item


def blocks(html: str) -> dict[str, str]:
    """The page cut into its parts: each item, and the rest of each chapter without its items."""
    found = {f"item {name}": article(html, name) for name in re.findall(r'class="item" id="item-([^"]+)"', html)}
    rest = re.sub(r'<article class="item".*?</article>\s*', "", html, flags=re.DOTALL)
    chapters = re.split(r'(?=<section )|(?=<nav class="contents")|(?=<header )', rest)
    return found | {re.search(r'id="([^"]+)"|class="([^"]+)"', chapter)[0]: chapter for chapter in chapters}
