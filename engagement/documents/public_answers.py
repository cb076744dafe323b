"""What the public pages show of answers. Whoever keeps answers fills these shapes (`engagement.services.publication`).

A day by which we said we would do something is a clock: it goes on in public, in words, until it is done.
"""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def in_words(day: datetime.date) -> str:
    return date_format(day, "j F Y")


def days_late(day: datetime.date | None) -> int:
    """For how many days something that was promised for a day is late; 0 while it is not, or nobody promised."""
    return max(0, (timezone.localdate() - day).days) if day else 0


def late_words(day: datetime.date | None) -> str:
    """That a promise is late, and by how much; nothing where it is not."""
    number = days_late(day)
    if not number:
        return ""
    return ngettext("We are %(number)s day late.", "We are %(number)s days late.", number) % {"number": number}


@dataclass(frozen=True, slots=True)
class Answer:
    """One published answer: what people said, what came of it, where all of it stands.

    `promised_for` is the day of a promise that is not kept yet; None when nothing is promised, or it is done. `colour`
    is that of the status, as NHS tags name it; empty for the plain one.
    """

    said: str
    came: str
    status: str
    url: str
    promised_for: datetime.date | None = None
    colour: str = ""

    @property
    def clock(self) -> str:
        """The promise as a sentence, late or not; nothing where there is none."""
        if self.promised_for is None:
            return ""
        said = _("We said that we would do this by %(day)s.") % {"day": in_words(self.promised_for)}
        return f"{said} {late_words(self.promised_for)}".strip()


@dataclass(frozen=True, slots=True)
class Answers:
    """The published answers of one activity, and the day by which we said that we would answer, where one is named."""

    published: tuple[Answer, ...] = ()
    promised_for: datetime.date | None = None
    colour: str = ""

    def clock(self, ended_on: datetime.date | None, weeks: int) -> str:
        """By when we said that we would answer, late or not; nothing once there is an answer.

        Where nobody named a day it is so many weeks after the last day, as the body promises for everything.
        """
        if self.published:
            return ""
        promised = self.promised_for
        if promised is None and ended_on is not None:
            promised = ended_on + datetime.timedelta(weeks=weeks)
        if promised is None:
            return _("The last day is not recorded, so we have not said yet when we will answer.")
        said = _("We said that we would answer by %(day)s.") % {"day": in_words(promised)}
        return f"{said} {late_words(promised)}".strip()


@dataclass(frozen=True, slots=True)
class Weighed:
    """One thing that people asked for, whether it was adopted, in words, and why or why not (PUB-017)."""

    what: str
    verdict: str
    because: str
