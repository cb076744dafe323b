"""Paper slips with codes as a tagged PDF: eight to a page of A4, with lines to cut along (YSD-003).

The picture that a telephone can read leads to the page, and holds no code: a code never stands in an address, where it
would be kept by whoever sees addresses. It is typed, or read out by telephone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core.pdf import PDF, render_pdf
from core.qr import picture
from insights.models import Slips
from people.models import Organisation

STYLESHEETS = ("letter.css", "slips.css")
ON_A_PAGE = 8


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip: its number, and its code in groups of four."""

    place: int
    code: str


def slips_pdf(slips: Slips, rows: Iterable[Slip]) -> PDF:
    """The slips as they are printed. Raises core.pdf.PDFUnavailable where the machine cannot make one."""
    return render_pdf(slips_page(slips, rows), stylesheets=STYLESHEETS)


def slips_page(slips: Slips, rows: Iterable[Slip]) -> str:
    """The slips as a page of HTML."""
    rows, address = list(rows), address_of_the_page()
    context = {
        "slips": slips,
        "pages": [rows[start : start + ON_A_PAGE] for start in range(0, len(rows), ON_A_PAGE)],
        "picture": picture(address, _("Picture for telephones: opens the page for codes")),
        "address": address.partition("://")[2],
        "body": Organisation.objects.body(),
    }
    return render_to_string("insights/telling/slips_pdf.html", context)


def address_of_the_page() -> str:
    """Where a code is typed: the same for everybody."""
    return settings.SITE_URL + reverse("receipts:receipt")
