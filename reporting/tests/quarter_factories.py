"""The first quarter of 2023–24 and the one before, and the report of it, for tests of the quarterly report."""

import datetime

from engagement.models import Period
from engagement.tests import factories as engagement
from reporting.documents.quarter import QuarterFacts, gather
from reporting.documents.quarter.facts import Concern, Section, Table
from reporting.models import Report
from reporting.tests import factories

DAY = datetime.date(2023, 6, 19)
NOON = datetime.datetime(2023, 6, 19, 12, tzinfo=datetime.UTC)
LATER = datetime.date(2023, 7, 3)


def quarter(code: str = "2023-24-q1", first=(2023, 4, 1), last=(2023, 6, 30)) -> Period:
    days = {"starts_on": datetime.date(*first), "ends_on": datetime.date(*last)}
    return engagement.period(code, kind="quarter", **days)


def quarter_before() -> Period:
    return quarter("2022-23-q4", (2023, 1, 1), (2023, 3, 31))


def report(period: Period | None = None, **fields) -> Report:
    return factories.report(period or quarter(), kind=Report.Kind.QUARTERLY, **fields)


def facts(period: Period | None = None) -> QuarterFacts:
    return gather(report(period))


def section(facts: QuarterFacts, key: str) -> Section:
    return next(each for each in facts.sections if each.key == key)


def table(facts: QuarterFacts, key: str) -> Table:
    return next(each for section in facts.sections for each in section.tables if each.key == key)


def cells(facts: QuarterFacts, key: str) -> list[list[str]]:
    return [row.cells for row in table(facts, key).rows]


def concern(facts: QuarterFacts, key: str) -> Concern:
    return next(each for each in facts.concerns if each.key == key)
