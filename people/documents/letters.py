"""Letters for people who want post: in a window envelope (DL), in the usual or in large print."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from core.pdf import PDF, render_pdf
from people.models import Message, Organisation, Person

STYLESHEETS = ("letter.css", "letter-large.css")
MOST_LINES = 5  # under the name; more would not be seen in the window


def letters_pdf(messages: Sequence[Message]) -> PDF:
    """One tagged PDF with every letter on a page of its own. Raises PDFUnavailable without the system's libraries."""
    return render_pdf(letters_page(messages), stylesheets=STYLESHEETS)


def letters_page(messages: Sequence[Message]) -> str:
    """The letters as one page of HTML, dated the day they were written."""
    title = messages[0].subject if len(messages) == 1 else _("%(count)s letters") % {"count": len(messages)}
    letters = [
        {"message": message, "lines": address_lines(message.person), "on": timezone.localdate(message.requested_at)}
        for message in messages
    ]
    context = {"title": title, "letters": letters, "body": Organisation.objects.body()}
    return render_to_string("people/letters/letters.html", context)


def address_lines(person: Person) -> list[str]:
    """What stands in the window: to whom, then the address. Several lines of a long address share one."""
    name = _("Parent or guardian of %(name)s") % {"name": person} if person.write_to_guardian else person.name
    lines = [line.strip(" ,") for line in person.address.splitlines() if line.strip(" ,")]
    if person.postcode and person.postcode.replace(" ", "") not in person.address.upper().replace(" ", ""):
        lines.append(person.postcode)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 2], ", ".join(lines[MOST_LINES - 2 : -1]), lines[-1]]
    return [name, *lines]
