"""Words that every kind of report prints alike."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format


def day_in_words(day: datetime.date | datetime.datetime | None) -> str:
    """Such as 30 June 2023; "" where there is no day. An instant is told as the day on which it fell here."""
    if isinstance(day, datetime.datetime):
        day = timezone.localdate(day)
    return date_format(day, "j F Y") if day else ""
