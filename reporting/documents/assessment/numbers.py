"""Every number of the pack, in its section, with the records that it counts: what CSV and JSON trace it by."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from engagement.documents.coverage import STRENGTHS, strength_words
from reporting.documents.assessment.facts import (
    DutyFacts,
    Lines,
    Number,
    People,
    Places,
    PrincipleFacts,
    Refused,
)


def numbers(
    *,
    year: Iterable[Lines],
    principles: list[PrincipleFacts],
    difference: Iterable[Lines],
    places: Places,
    people: People,
    duties: list[DutyFacts],
    refused: list[Refused],
) -> list[Number]:
    """Numbers in the order of the pack. One that counts nothing has no records, and is there all the same."""
    return [
        *(_number("questions", line) for line in year),
        *(number for row in principles for number in _principle(row)),
        *(_number("difference", line) for line in difference),
        *_places(places),
        *_people(people),
        *(number for row in duties for number in _duty(row)),
        *_refused(refused),
    ]


def _number(section: str, line: Lines, label: str = "") -> Number:
    return Number(section, label or line.label, line.value, line.references)


def _principle(row: PrincipleFacts) -> Iterator[Number]:
    for claims, label in (
        (row.activities, _("%(principle)s: activities, %(strength)s")),
        (row.forums, _("%(principle)s: forums, %(strength)s")),
    ):
        for strength in STRENGTHS:
            found = [claim.reference for claim in claims if claim.strength == strength]
            words = label % {"principle": row.label, "strength": strength_words(strength)}
            yield Number("principles", words, len(found), found)
    label = _("%(principle)s: changes") % {"principle": row.label}
    yield Number("principles", label, len(row.changes), [change.references[0] for change in row.changes])


def _places(places: Places) -> Iterator[Number]:
    for row in places.rows:
        for name, cell in zip(places.columns, row.cells, strict=True):
            label = _("%(principle)s in %(place)s: activities and forums") % {"principle": row.label, "place": name}
            yield Number("places", label, len(cell.references), cell.references)
    for title, lines in (
        (_("Activities in %(name)s"), places.by_place),
        (_("Activities by level: %(name)s"), places.by_level),
        (_("Activities in the neighbourhood %(name)s"), places.neighbourhoods),
    ):
        for line in lines:
            yield _number("places", line, title % {"name": line.label})


def _people(people: People) -> Iterator[Number]:
    for group in people.groups:
        label = _("Activities that heard: %(group)s") % {"group": group.name}
        yield Number("people", label, len(group.references), group.references)
    yield _number("people", people.with_numbers)
    for line in people.rungs:
        yield _number("people", line, _("Activities on the rung: %(rung)s") % {"rung": line.label})


def _duty(row: DutyFacts) -> Iterator[Number]:
    for line in (*row.met, *row.gaps):
        yield _number("duties", line, f"{row.name}: {line.label}")


def _refused(rows: list[Refused]) -> Iterator[Number]:
    for kind in dict.fromkeys(row.kind for row in rows):
        found = [row for row in rows if row.kind == kind]
        yield Number("refused", kind, len(found), [row.references[0] for row in found])
