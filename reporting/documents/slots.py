"""Formats that people see to: translations, braille, Easy Read. Who does it by when, and how often they are asked for.

A request for a format tells something about whoever made it, so its number goes through the disclosure rule. Requests
are kept for the page that they came from, not for a report: what is counted are those from the pages of reports.
"""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from core.disclosure import published
from people.models import Format, FormatRequest
from reporting.models import AlternativeFormat

Kind = AlternativeFormat.Kind
ASKED_AS = {
    Kind.EASY_READ: Format.EASY_READ,
    Kind.TRANSLATION: Format.LANGUAGE,
    Kind.BRAILLE: Format.BRAILLE,
    Kind.AUDIO: Format.AUDIO,
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One format of one report: how far it is in words, with a colour, and how often it was asked for.

    `requests` is "" for a format that nobody can ask for by name.
    """

    alternative: AlternativeFormat
    state: str
    colour: str
    is_late: bool
    requests: str


def slots(on: datetime.date) -> list[Slot]:
    """Every slot as it stands on a day: those without a file first, the ones due soonest at the top."""
    rows = AlternativeFormat.objects.select_related("report__period")
    asked = _asked()
    found = [_slot(row, on, asked) for row in rows]
    return sorted(found, key=lambda slot: (bool(slot.alternative.file), slot.alternative.due_on or on, _name(slot)))


def _name(slot: Slot) -> tuple:
    alternative = slot.alternative
    return -alternative.report.period.starts_on.toordinal(), alternative.kind, alternative.language


def _slot(row: AlternativeFormat, on: datetime.date, asked: Counter) -> Slot:
    is_late = not row.file and row.due_on is not None and row.due_on < on
    if is_late:
        days = (on - row.due_on).days
        state, colour = _("late by %(days)s days") % {"days": days} if days > 1 else _("late by a day"), "red"
    elif not row.file:
        state, colour = _("waited for"), "yellow"
    elif row.kind == Kind.EASY_READ and row.checked_on is None:
        state, colour = _("here, not checked: not public"), "orange"
    else:
        state, colour = _("ready"), "green"
    return Slot(row, state, colour, is_late, _requests(row, asked))


def _requests(row: AlternativeFormat, asked: Counter) -> str:
    wanted = ASKED_AS.get(Kind(row.kind))
    if wanted is None:
        return ""
    return published(asked[wanted, row.language.casefold() if wanted == Format.LANGUAGE else ""])


def _asked() -> Counter:
    """How often each format, and each language, was asked for on the pages of reports."""
    stem = reverse("reporting:public_reports")
    rows = FormatRequest.objects.filter(path__startswith=stem).values_list("format", "language")
    return Counter((wanted, language.strip().casefold()) for wanted, language in rows)
