"""Valid yardsticks and assessments for tests: plain functions, nothing random."""

import datetime

from engagement.models import Period
from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting.models import Assessment, Judgement, Yardstick

RATINGS = ("inadequate", "requires improvement", "good", "outstanding")
DOMAINS = ("Governance", "Annual reporting")
MADE_ON = datetime.date(2024, 5, 14)
FINAL_AT = datetime.datetime(2024, 6, 1, 9, 0, tzinfo=datetime.UTC)


def yardstick(levels=RATINGS, dimensions=DOMAINS, **fields) -> Yardstick:
    """Domains with four ratings and at most three pieces of evidence, or what the fields say."""
    number = people.following(Yardstick)
    defaults = {"code": f"yardstick-{number}", "kind": "domains", "name": f"Yardstick {number}", "most_links": 3}
    row = Yardstick.objects.create(**defaults | fields)
    for order, name in enumerate(levels, start=1):
        row.levels.create(order=order, name=name)
    for order, name in enumerate(dimensions, start=1):
        row.dimensions.create(number=order, name=name)
    return row


def evaluation(**fields) -> Yardstick:
    """One that is judged in words, from three sides."""
    return yardstick((), ("Impact of the work",), **{"kind": "evaluation", "most_links": None} | fields)


def aiming(of: Yardstick, level: str = "good", number: int | None = 2) -> Yardstick:
    of.target_level, of.target_number = of.levels.get(name=level), number
    of.save()
    return of


def assessment(of: Yardstick | None = None, period: Period | None = None, **fields) -> Assessment:
    """A draft of 2023–24 with nothing judged."""
    defaults = {"yardstick": of or yardstick(), "period": period or engagement.period(), "made_on": MADE_ON}
    return Assessment.objects.create(**defaults | fields)


def judgement(of: Assessment, number: int = 1, level: str = "good", **fields) -> Judgement:
    """What is said of a dimension; without a level where the level is ""."""
    dimension = of.yardstick.dimensions.get(number=number)
    found = of.yardstick.levels.get(name=level) if level else None
    return of.judgements.create(dimension=dimension, level=found, **{"text": f"Because of {number}."} | fields)


def judged(of: Yardstick, *levels: str, code: str = "2023-24", **fields) -> Assessment:
    """An assessment of a year, final unless the fields say else, with a level for each dimension in turn."""
    row = assessment(of, engagement.period(code), **{"final_at": FINAL_AT} | fields)
    for number, level in enumerate(levels, start=1):
        judgement(row, number, level)
    return row
