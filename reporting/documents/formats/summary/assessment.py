"""The summary of the evidence for NHS England: what is not shown first, then principles, duties and places."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import ngettext

from engagement.documents.coverage import NONE, STRENGTHS, strength_words
from reporting.documents.assessment import SECTIONS
from reporting.documents.assessment.facts import AssessmentFacts, Claim, LocalSet, Places, PrincipleFacts
from reporting.documents.formats.summary.shared import Few, cut, drawn, every_version, few, public_reports, written


@dataclass(frozen=True, slots=True)
class Room:
    """How much is told: questions, changes of each principle, words of a text, rows of each other list."""

    questions: int
    changes: int
    words: int
    rows: int


# The first that fits is taken.
ROOMS = (
    Room(12, 2, 50, 12),
    Room(12, 1, 50, 10),
    Room(12, 1, 35, 8),
    Room(12, 1, 25, 8),
    Room(12, 0, 25, 6),
    Room(6, 0, 25, 4),
    Room(3, 0, 15, 2),
)


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle: how many activities and forums show it, the places in which nothing does, and what came of it."""

    facts: PrincipleFacts
    counts: list[str]
    not_in: list[str]
    changes: Few


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place, or what names no place: its activities, and how many principles are shown there."""

    name: str
    activities: int
    shown: int
    of: int


def pages(facts: AssessmentFacts, *, fingerprint: str, is_draft: bool) -> Iterator[str]:
    """The summary with ever fewer rows and shorter texts."""
    for room in ROOMS:
        yield page(facts, room, fingerprint=fingerprint, is_draft=is_draft)


def page(facts: AssessmentFacts, room: Room, *, fingerprint: str, is_draft: bool) -> str:
    """The summary as a page of HTML, with as much as there is room for."""
    return drawn(
        "reporting/summary/assessment.html",
        facts,
        fingerprint=fingerprint,
        is_draft=is_draft,
        written={key: written(facts.edited.get(key, ""), room.words) for key, _name in SECTIONS},
        questions=few(facts.questions, room.questions),
        principles=[_principle(row, facts.places, room) for row in facts.principles],
        local_sets=[_local(one) for one in facts.local_sets],
        duties=few(facts.duties, max(8, room.rows)),
        place_lines=few(_place_lines(facts.places), max(4, room.rows)),
        judged=few(facts.judged, room.rows),
        refused=few([(row, cut(row.words, room.words)) for row in facts.refused], room.rows // 2),
        places=[every_version(), public_reports()],
    )


# Principles --------------------------------------------------------------------------------------


def _principle(row: PrincipleFacts, places: Places, room: Room) -> Principle:
    told = [change for change in row.changes if len(change.words.split()) <= room.words][: room.changes]
    return Principle(row, _counts(row), _not_in(row, places), Few(told, len(row.changes) - len(told)))


def _counts(row: PrincipleFacts) -> list[str]:
    """The activities, and the forums, by how far they show the principle."""
    activities, forums = len(row.activities), len(row.forums)
    found = (
        (row.activities, ngettext("%(number)s activity", "%(number)s activities", activities) % {"number": activities}),
        (row.forums, ngettext("%(number)s forum", "%(number)s forums", forums) % {"number": forums}),
    )
    return [f"{words} ({_by_strength(claims)})" for claims, words in found if claims]


def _by_strength(claims: list[Claim]) -> str:
    """The strongest first."""
    strengths = [claim.strength for claim in claims]
    counted = ((strength_words(each), strengths.count(each)) for each in reversed(STRENGTHS))
    return ", ".join(f"{words}: {number}" for words, number in counted if number)


def _not_in(row: PrincipleFacts, places: Places) -> list[str]:
    """The body’s places in which nothing shows the principle."""
    return [name for name, labels in places.holes if row.label in labels]


def _local(one: LocalSet) -> tuple[str, list[str]]:
    """A set of the body’s own principles: how many are shown how far."""
    words = [words for _label, words in one.principles]
    return one.name, [f"{each}: {words.count(each)}" for each in dict.fromkeys(words)]


# Places ------------------------------------------------------------------------------------------


def _place_lines(places: Places) -> list[PlaceLine]:
    """The body’s places, those with most gaps first; then what names none of them."""
    number = len(places.rows)
    lines = [
        PlaceLine(line.label, line.value, sum(row.cells[each].strength != NONE for row in places.rows), number)
        for each, line in enumerate(places.by_place)
    ]
    own = [line for line, is_place in zip(lines, places.is_place, strict=True) if is_place]
    others = [line for line in lines if line not in own and (line.activities or line.shown)]
    return [*sorted(own, key=lambda line: line.shown), *others]
