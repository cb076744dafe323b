"""Valid activities and the framework around them, for tests: plain functions, nothing random."""

import datetime

from engagement.models import (
    Activity,
    ActivityCount,
    Cycle,
    Duty,
    Evidence,
    Impact,
    Ladder,
    Method,
    Period,
    Principle,
    PrincipleSet,
    Rung,
    Session,
    Stage,
    Topic,
)
from people.tests.factories import following

YEAR = (datetime.date(2023, 4, 1), datetime.date(2024, 3, 31))


def principle_set(code: str = "2022", *, principles: int = 3, **fields) -> PrincipleSet:
    """The set with the code; made, with some principles, when it is not there yet."""
    defaults = {"name": f"Principles of {code}", "effective_from": datetime.date(2022, 7, 1)} | fields
    row, is_new = PrincipleSet.objects.get_or_create(code=code, defaults=defaults)
    if is_new:
        for number in range(1, principles + 1):
            row.principles.create(number=number, wording=f"Wording of principle {number}.", short=f"Principle {number}")
    return row


def principle(number: int = 1, *, of: PrincipleSet | None = None) -> Principle:
    """The principle with the number, of the set of 2022 or of the one named."""
    return (of or principle_set()).principles.get(number=number)


def period(code: str = "2023-24", **fields) -> Period:
    """The financial year 2023–24 with the set of 2022, or what the fields say. Made when it is not there yet."""
    start, end = YEAR
    if code[:4].isdecimal() and len(code) == 7:
        start, end = datetime.date(int(code[:4]), 4, 1), datetime.date(int(code[:4]) + 1, 3, 31)
    fields["principle_set"] = fields.get("principle_set") or principle_set()
    return Period.objects.get_or_create(code=code, defaults={"starts_on": start, "ends_on": end} | fields)[0]


def locked_period(code: str = "2023-24", **fields) -> Period:
    return period(code, state=Period.State.LOCKED, **fields)


def topic(name: str = "Pharmacy", **fields) -> Topic:
    """The topic with the name; made when it is not there yet."""
    return Topic.objects.get_or_create(name=name, defaults={"slug": name.lower().replace(" ", "-")} | fields)[0]


def method(name: str = "focus group", **fields) -> Method:
    return Method.objects.get_or_create(name=name, defaults=fields)[0]


def ladder(name: str = "Ladder of participation") -> Ladder:
    return Ladder.objects.get_or_create(name=name)[0]


def rung(code: str = "consulting", **fields) -> Rung:
    fields["ladder"] = fields.get("ladder") or ladder()
    defaults = {"name": code.capitalize(), "order": following(Rung)} | fields
    return Rung.objects.get_or_create(code=code, defaults=defaults)[0]


def cycle(name: str = "Engagement cycle") -> Cycle:
    return Cycle.objects.get_or_create(name=name)[0]


def stage(code: str = "design", **fields) -> Stage:
    fields["cycle"] = fields.get("cycle") or cycle()
    defaults = {"name": code.capitalize(), "order": following(Stage)} | fields
    return Stage.objects.get_or_create(code=code, defaults=defaults)[0]


def duty(code: str = "s14z45", **fields) -> Duty:
    defaults = {"name": "Public involvement", "reference": "NHS Act 2006, section 14Z45"} | fields
    return Duty.objects.get_or_create(code=code, defaults=defaults)[0]


def activity(reference: str = "", *, areas=(), forums=(), topics=(), groups=(), methods=(), **fields) -> Activity:
    """An activity of the year 2023–24. Places, forums, topics, groups and methods are given as lists of rows."""
    number = following(Activity)
    defaults = {
        "reference": reference or f"A-{number:03}",
        "title": f"Activity {number}",
        "nature": Activity.Nature.ENGAGEMENT,
        "starts_on": datetime.date(2023, 6, 1),
        "ends_on": datetime.date(2023, 6, 30),
    }
    fields["principle"] = fields.get("principle") or principle()
    row = Activity.objects.create(**defaults | fields)
    for name, rows in {
        "areas": areas,
        "forums": forums,
        "topics": topics,
        "groups": groups,
        "methods": methods,
    }.items():
        getattr(row, name).set(rows)
    return row


def activity_count(activity: Activity, figure: str = "over 30", *, about: str = "took_part", **fields) -> ActivityCount:
    """A number of an activity, as people type it."""
    row = ActivityCount(activity=activity, about=about, figure=figure, **fields)
    row.clean_fields(exclude=["activity"])
    row.save()
    return row


def session(activity: Activity, **fields) -> Session:
    return Session.objects.create(activity=activity, **{"held_on": datetime.date(2023, 6, 15)} | fields)


def impact(activity: Activity, statement: str = "The leaflet now uses plain words.", **fields) -> Impact:
    return Impact.objects.create(activity=activity, statement=statement, **{"kind": Impact.Kind.INFORMATION} | fields)


def evidence(principle: Principle, **fields) -> Evidence:
    """Evidence of the forum or the activity that the fields name."""
    return Evidence.objects.create(principle=principle, **fields)
