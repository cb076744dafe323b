"""Coverage as rows and as JSON: the same numbers that the dashboard shows, for spreadsheets and other programs."""

import datetime
from collections.abc import Iterator
from dataclasses import asdict

from django.utils.translation import gettext as _

from engagement.documents.coverage.shape import (
    CLAIMED,
    DUE,
    EVIDENCED,
    HEARD,
    NEVER,
    NONE,
    OUTCOME,
    STRENGTHS,
    VERIFIED,
    Coverage,
)

Tidy = tuple[str, str, str, int | str]
HEADERS = ("section", "row", "column", "value")


def strength_words(strength: str) -> str:
    words = {
        NONE: _("none"),
        CLAIMED: _("claimed"),
        EVIDENCED: _("evidenced"),
        VERIFIED: _("verified"),
        OUTCOME: _("outcome shown"),
    }
    return words[strength]


def heard_words(status: str) -> str:
    return {HEARD: _("heard"), DUE: _("due"), NEVER: _("never")}[status]


def tidy(found: Coverage) -> Iterator[Tidy]:
    """One tidy table, a number or a word in each row. Sections are named as in the JSON."""
    yield "period", found.period, "first day", found.first_day.isoformat()
    yield "period", found.period, "last day", found.last_day.isoformat()
    yield "period", found.period, "as at", found.as_at.isoformat()
    for name in ("activities", "planned", "forums", "unplaced_activities", "unplaced_forums", "avoided"):
        yield "totals", name, "number", getattr(found, name)
    for number, words in enumerate(found.gaps, start=1):
        yield "gaps", str(number), "words", words
    yield from _principles(found)
    for place in found.by_place:
        for quarter, number in zip(found.quarters, place.quarters, strict=True):
            yield "by_place", place.name, quarter.label, number
        yield "by_place", place.name, "day not known", place.unknown
        yield "by_place", place.name, "total", place.total
    for section in ("rungs", "stages", "natures", "modes"):
        for row in getattr(found, section):
            yield section, row.label, "number", row.value
    yield from _groups(found)
    yield from _projects(found)


def _principles(found: Coverage) -> Iterator[Tidy]:
    for one in found.sets:
        for row in one.principles:
            name = f"{one.name}: {row.label}"
            yield "principles", name, "strength", row.strength
            for kind in ("activities", "forums"):
                for strength in STRENGTHS:
                    yield "principles", name, f"{kind} {strength}", getattr(getattr(row, kind), strength)
            for place, cell in zip(found.places, row.places, strict=True):
                yield "principles_by_place", name, f"{place}: activities", cell.activities
                yield "principles_by_place", name, f"{place}: forums", cell.forums


def _groups(found: Coverage) -> Iterator[Tidy]:
    for row in found.groups:
        yield "groups", row.name, "status", row.last.status
        yield "groups", row.name, "last heard from", _day(row.last.on)
        yield "groups", row.name, "where", "; ".join(row.where)
        yield "groups", row.name, "activities", row.activities
        for place, heard in zip(found.places, row.places, strict=True):
            yield "groups_by_place", row.name, place, heard.status
            if heard.on:
                yield "groups_by_place", row.name, f"{place}: last heard from", _day(heard.on)


def _projects(found: Coverage) -> Iterator[Tidy]:
    for row in found.decisions:
        yield "decisions", row.reference, "due on", _day(row.due_on)
        yield "decisions", row.reference, "has involvement", "yes" if row.has_involvement else "no"
        yield "decisions", row.reference, "missing", "; ".join(row.missing)
    for number, row in enumerate(found.overrides, start=1):
        name = f"{number}. {row.project}"
        yield "overrides", name, "step", row.step
        yield "overrides", name, "on", _day(row.on)
        yield "overrides", name, "obstacles", " ".join(row.obstacles)
        yield "overrides", name, "senior", row.senior
        yield "overrides", name, "reason", row.reason
    for row in found.involvement:
        yield "involvement", row.project, "decided on", _day(row.decided_on)
        yield "involvement", row.project, "days of involvement", _("not recorded") if row.days is None else row.days


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def as_data(found: Coverage) -> dict:
    """Coverage as plain data for JSON: days as 2024-03-31, and each principle with its strength."""
    data = _plain(asdict(found))
    for one, rows in zip(data["sets"], found.sets, strict=True):
        for principle, row in zip(one["principles"], rows.principles, strict=True):
            principle["strength"] = row.strength
    return data


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime.date) else value
