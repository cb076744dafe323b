"""What the summaries have in common: four pages at most, texts cut by whole sentences, and the way to the whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.pdf import PDF, render_pdf
from core.qr import picture
from reporting.documents.formats.examples import whole_sentences

STYLESHEETS = ("pdf.css", "summary.css")
MOST_PAGES = 4


class TooLong(Exception):
    """Even at its shortest the summary has more than four pages."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read more: the address in words, and as a picture for telephones."""

    words: str
    address: str
    picture: SafeString


@dataclass(frozen=True, slots=True)
class Few:
    """The first of many rows, and how many more the report has."""

    rows: list
    more: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The first sentences of a text. `is_all`: nothing was left out."""

    text: str
    is_all: bool


def fitted(pages: Iterable[str]) -> PDF:
    """The first of these pages, the fullest first, that four sheets hold. Raises TooLong."""
    for page in pages:
        made = render_pdf(page, stylesheets=STYLESHEETS)
        if made.pages <= MOST_PAGES:
            return made
    raise TooLong(made.pages)


def drawn(template: str, facts: Any, *, fingerprint: str, is_draft: bool, **more: Any) -> str:
    """A summary or a cover sheet as a page of HTML. `more` is what its own template asks for."""
    context = {
        "facts": facts,
        "fingerprint": fingerprint,
        "is_draft": is_draft,
        "on_paper": True,
        "styles": "",
    }
    return render_to_string(template, context | more)


def place(words: str, page: str) -> Place:
    """A page of this product, by the name of its URL."""
    address = settings.SITE_URL + reverse(page)
    return Place(words, address, picture(address, _("Picture for telephones. It opens: %(page)s") % {"page": words}))


def public_reports() -> Place:
    """Where everybody finds the reports that are published."""
    return place(_("Our reports, in every format"), "reporting:public_reports")


def every_version() -> Place:
    """Where the committee, its secretary and staff find every version, published or not."""
    return place(_("Every version, for the committee and staff who sign in"), "reporting:report_list")


def few(rows: list, most: int) -> Few:
    return Few(rows[:most], max(0, len(rows) - most))


def cut(text: str, most_words: int) -> Cut:
    return Cut(*whole_sentences(text, most_words))


def written(text: str, most_words: int) -> Cut | None:
    """What somebody wrote for a section; None where nobody did."""
    return cut(text, most_words) if text else None
