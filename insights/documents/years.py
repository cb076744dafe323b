"""The financial year: 1 April to 31 March."""

import datetime


def financial_year(day: datetime.date) -> int:
    """The year in which the financial year of a day begins."""
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1


def days_of_financial_year(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the financial year of a day."""
    year = financial_year(day)
    return datetime.date(year, 4, 1), datetime.date(year + 1, 3, 31)
