"""What the tests of figures share: quarters of 2023–24, and what a measure finds in one."""

import datetime

from engagement.models import Period
from engagement.tests import factories as engagement
from reporting.documents.kpis import MEASURES, Asked, Found

FIRST = {
    1: (datetime.date(2023, 4, 1), datetime.date(2023, 6, 30)),
    2: (datetime.date(2023, 7, 1), datetime.date(2023, 9, 30)),
    3: (datetime.date(2023, 10, 1), datetime.date(2023, 12, 31)),
    4: (datetime.date(2024, 1, 1), datetime.date(2024, 3, 31)),
}


def quarter(number: int = 1) -> Period:
    """A quarter of 2023–24, which is long over."""
    first, last = FIRST[number]
    return engagement.period(f"2023-24-q{number}", kind=Period.Kind.QUARTER, starts_on=first, ends_on=last)


def day(month: int, of_month: int = 15) -> datetime.date:
    """A day of 2023–24."""
    return datetime.date(2023 if month > 3 else 2024, month, of_month)


def noon(month: int, of_month: int = 15) -> datetime.datetime:
    return datetime.datetime.combine(day(month, of_month), datetime.time(12), tzinfo=datetime.UTC)


def found(code: str, period: Period | None = None) -> Found:
    """What a measure finds in the first quarter, or in the period that is named."""
    return MEASURES[code].compute(Asked(period or quarter(1)))


def numbers(code: str, period: Period | None = None) -> tuple:
    """How many were counted, out of how many."""
    each = found(code, period)
    return each.counted, each.out_of


def listed(code: str, period: Period | None = None) -> list[str]:
    """What the records that were counted are called."""
    return [words for words, _url in found(code, period).records]
