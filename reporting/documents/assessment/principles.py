"""Each principle: what shows it, the difference that made, and how alike places are (REP-009)."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.documents.coverage import NONE, STRENGTHS, Coverage, strength_words
from engagement.models import Activity, Impact, Principle
from insights.models import Status
from people.models import Level, LevelBand
from reporting.documents.assessment.facts import (
    Cell,
    Change,
    Claim,
    Lines,
    LocalSet,
    PlaceRow,
    Places,
    PrincipleFacts,
)
from reporting.documents.assessment.index import Index
from reporting.documents.assessment.record import Shown, Year, adopted
from reporting.documents.words import day_in_words

ORDER = (NONE, *STRENGTHS)


def principles(year: Year, index: Index) -> list[PrincipleFacts]:
    """The principles of the period’s wording, the one that is shown least first."""
    rows = [_principle(row, year, index) for row in year.principles]
    return sorted(rows, key=lambda row: (ORDER.index(row.strength), row.number))


def _principle(row: Principle, year: Year, index: Index) -> PrincipleFacts:
    claims = year.claims.get(row.pk, [])
    strength = max((claim.strength for claim in claims), key=ORDER.index, default=NONE)
    name = _("Principle %(number)s") % {"number": row.number}
    activities = [claim.thing for claim in claims if isinstance(claim.thing, Activity)]
    return PrincipleFacts(
        number=row.number,
        wording=row.wording,
        short=row.short,
        strength=strength,
        strength_words=strength_words(strength),
        claims=[_claim(claim, name, index) for claim in claims],
        changes=[change for activity in activities for change in _changes(activity, year, name, index)],
    )


def _claim(claim: Shown, name: str, index: Index) -> Claim:
    words = strength_words(claim.strength)
    said = f"{name}: {words}"
    return Claim(
        reference=index.cite(claim.thing, said),
        title=claim.thing.title if isinstance(claim.thing, Activity) else claim.thing.name,
        is_forum=not isinstance(claim.thing, Activity),
        strength=claim.strength,
        strength_words=words,
        how=claim.evidence.how.strip() if claim.evidence else "",
        proofs=[proof.title for proof in claim.evidence.proofs.all()] if claim.evidence else [],
        evidence=index.cite(claim.evidence, said) if claim.evidence else "",
    )


def _changes(activity: Activity, year: Year, name: str, index: Index) -> Iterator[Change]:
    """What came of an activity: changes that are recorded, decisions that took up insight, answers that are done."""
    claim = _("%(name)s: difference made") % {"name": name}
    here = index.cite(activity)
    for impact in activity.impacts.all():
        if impact.kind != Impact.Kind.NONE_YET:
            words = f"{impact.statement} {impact.evidence}".strip()
            when = day_in_words(impact.on)
            yield Change(str(impact.get_kind_display()), words, when, [index.cite(activity, claim)])
    for decision in activity.decisions.all():
        if adopted(decision):
            words = f"{decision.title}: {decision.decided}"
            found = [index.cite(decision, claim), here]
            yield Change(_("decision that took up insight"), words, day_in_words(decision.decided_on), found)
    for answer in year.answers[activity.pk]:
        if answer.is_done:
            words = f"{answer.you_said} → {answer.we_did}"
            when = day_in_words(answer.done_on)
            yield Change(str(Status.DONE.label).lower(), words, when, [index.cite(answer, claim), here])


def local_sets(found: Coverage) -> list[LocalSet]:
    """The body’s own principles, as coverage has them."""
    return [
        LocalSet(one.name, [(row.label, strength_words(row.strength)) for row in one.principles])
        for one in found.sets
        if one.is_local
    ]


# Places ------------------------------------------------------------------------------------------


def places(year: Year, found: Coverage, index: Index) -> Places:
    """Consistency across places and neighbourhoods: gaps first."""
    by_cell: dict[tuple[int, str], list[Shown]] = defaultdict(list)
    for claims in year.claims.values():
        for claim in claims:
            for name in year.where(claim.thing):
                by_cell[claim.principle, name].append(claim)
    met = {name for _principle, name in by_cell}
    base = {row.name for row in found.by_place if row.is_place}
    columns = [name for name in found.places if name in base or name in met]
    rows = [
        PlaceRow(f"{row.number}. {row.short}", [_cell(by_cell[row.pk, name], index) for name in columns])
        for row in year.principles
    ]
    is_place = [name in base for name in columns]
    return Places(
        columns=columns,
        is_place=is_place,
        rows=sorted(rows, key=lambda row: -_holes(row, is_place)),
        holes=[
            (name, [row.label for row in rows if row.cells[place].strength == NONE])
            for place, name in enumerate(columns)
            if is_place[place] and any(row.cells[place].strength == NONE for row in rows)
        ],
        by_place=_by_place(year, columns, index),
        by_level=_by_level(year, index),
        neighbourhoods=_neighbourhoods(year, index),
        unheard=_unheard(year),
    )


def _holes(row: PlaceRow, is_place: list[bool]) -> int:
    return sum(cell.strength == NONE for cell, counts in zip(row.cells, is_place, strict=True) if counts)


def _cell(claims: list[Shown], index: Index) -> Cell:
    strength = max((claim.strength for claim in claims), key=ORDER.index, default=NONE)
    activities = sum(isinstance(claim.thing, Activity) for claim in claims)
    forums = len(claims) - activities
    counted = [
        ngettext("%(number)s activity", "%(number)s activities", activities) % {"number": activities},
        ngettext("%(number)s forum", "%(number)s forums", forums) % {"number": forums},
    ]
    said = ", ".join(words for words, number in zip(counted, (activities, forums), strict=True) if number)
    words = f"{strength_words(strength)}: {said}" if said else strength_words(strength)
    return Cell(strength, words, [index.cite(claim.thing) for claim in claims])


def _by_place(year: Year, columns: list[str], index: Index) -> list[Lines]:
    found = defaultdict(list)
    for activity in year.activities:
        for name in year.where(activity):
            found[name].append(activity)
    return [index.lines(name, found[name]) for name in columns]


def _by_level(year: Year, index: Index) -> list[Lines]:
    """Activities by the level of the areas that they name, or their own level where they name none."""
    names, found = LevelBand.objects.names(), defaultdict(list)
    for activity in year.activities:
        for level in {area.level for area in activity.areas.all()} or {activity.level}:
            found[level].append(activity)
    rows = [index.lines(names[level], found[level]) for level in Level if found[level]]
    return [*rows, index.lines(_("not recorded"), found[""])] if found[""] else rows


def _neighbourhoods(year: Year, index: Index) -> list[Lines]:
    found = defaultdict(list)
    for activity in year.activities:
        for area in activity.areas.all():
            if area.level == Level.NEIGHBOURHOOD:
                found[area.name].append(activity)
    return [index.lines(name, found[name]) for name in sorted(found)]


def _unheard(year: Year) -> list[str]:
    heard = {area.pk for activity in year.activities for area in activity.areas.all()}
    return sorted(
        area.name for area in year.areas.values() if area.level == Level.NEIGHBOURHOOD and area.pk not in heard
    )
