"""The one place that turns a page into a PDF. Nothing outside the map of assets can be reached from a document."""

import logging
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings

from core.pdf_structure import complete

FONTS = Path(settings.BASE_DIR) / "static" / "fonts"
STYLES = Path(settings.BASE_DIR) / "static" / "report"


# What WeasyPrint logs when a text alternative, the language or the title is missing, or a link leads nowhere.
SERIOUS = ("required", "title", "no anchor", "failed to load")


class PDFUnavailable(Exception):
    """The system libraries for PDFs are missing. The message is the line that installs them."""


class InaccessiblePDF(Exception):
    """The document would not be PDF/UA: a picture without text, no language or title, an asset not on the list."""


@dataclass(frozen=True, slots=True)
class PDF:
    content: bytes
    pages: int


def render_pdf(html: str, *, stylesheets: tuple[str, ...] = ("pdf.css",)) -> PDF:
    """Lay out a page as tagged PDF/UA-1. The same page gives the same bytes.

    Raises PDFUnavailable where Pango is missing, InaccessiblePDF for what a screen reader could not read.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
    except OSError:
        raise PDFUnavailable(
            "apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from None

    class Assets(URLFetcher):
        """Deny by default: only `asset:` names of our own files, from memory."""

        def fetch(self, url, headers=None):
            content = assets().get(url.removeprefix("asset:")) if url.startswith("asset:") else None
            if content is None:
                raise FatalURLFetchingError(f"{url[:100]} is not an asset of this product")
            return URLFetcherResponse(url, BytesIO(content), {"Content-Type": _type(url)})

    problems = _Problems()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(problems)
    try:
        fonts, fetcher = FontConfiguration(), Assets(allowed_protocols=("asset",))
        sheets = [
            CSS(string=assets()[name].decode(), font_config=fonts, url_fetcher=fetcher, base_url="asset:")
            for name in stylesheets
        ]
        document = HTML(string=html, base_url="asset:", url_fetcher=fetcher).render(
            stylesheets=sheets, font_config=fonts
        )
        if not (document.metadata.title or "").strip():
            raise InaccessiblePDF("the document has no title")
        content = document.write_pdf(finisher=complete, pdf_variant="pdf/ua-1", pdf_tags=True)
    except FatalURLFetchingError as error:
        raise InaccessiblePDF(str(error)) from None
    finally:
        logger.removeHandler(problems)
    if problems.found:
        raise InaccessiblePDF("; ".join(problems.found[:5]))
    return PDF(content, len(document.pages))


@cache
def assets() -> dict[str, bytes]:
    """Every file that a document may load, by name."""
    return {
        path.name: path.read_bytes()
        for folder in (FONTS, STYLES)
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


def _type(url: str) -> str:
    return {"woff2": "font/woff2", "svg": "image/svg+xml", "css": "text/css"}.get(
        url.rpartition(".")[2], "application/octet-stream"
    )


class _Problems(logging.Handler):
    """WeasyPrint only logs what makes a file inaccessible, and stamps it PDF/UA all the same. Here it counts."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record):
        message = record.getMessage()
        if any(words in message.casefold() for words in SERIOUS):
            self.found.append(message)
