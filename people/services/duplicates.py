"""Entries of the register that look like the same person (MEM-002): found, scored with reasons, decided by staff.

Persons are compared only where they share a key: the folded name, the e-mail address, the telephone number or the
postcode. So 10,000 entries take one query and no comparison of all with all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import audit
from people.models import Person, TwoPeople, User
from people.models.register import digits, folded

SIMILAR = 0.85  # difflib's ratio, from 0 to 1
FEWEST_DIGITS = 6  # a shorter number is an extension, not a telephone
# An address or a name that so many share says nothing about one of them: then only neighbours by name are compared.
LARGEST_BLOCK, NEIGHBOURS = 40, 5
SAME_NAME, SAME_EMAIL, SAME_PHONE, SIMILAR_NAME, SAME_YEAR, SAME_POSTCODE = 50, 40, 30, 30, 20, 20
OTHER_NAME, OTHER_YEAR, OTHER_POSTCODE = -25, -30, -10
VERY_LIKELY, LIKELY = 90, 50


class Entry(NamedTuple):
    """What of a person is compared, folded."""

    pk: int
    name: str
    email: str
    phone: str
    postcode: str
    birth_year: int | None

    @classmethod
    def of(cls, pk: int, name: str, email: str, phone: str, postcode: str, birth_year: int | None) -> "Entry":
        number = digits(phone)
        postcode = postcode.replace(" ", "").upper()
        number = number if len(number) >= FEWEST_DIGITS else ""
        return cls(pk, folded(name), email.strip().lower(), number, postcode, birth_year)

    def keys(self) -> Iterator[tuple[str, str]]:
        return ((key, value) for key in ("name", "email", "phone", "postcode") if (value := getattr(self, key)))


@dataclass(order=True, slots=True)
class Likeness:
    """How much two entries look alike. `score` is a sum of points that sorts pairs, not a probability."""

    score: int
    first: int
    second: int
    reasons: list = field(compare=False, default_factory=list)

    @property
    def words(self) -> str:
        if self.score >= VERY_LIKELY:
            return _("very likely")
        return _("likely") if self.score >= LIKELY else _("perhaps")


def compare(one: Entry, other: Entry) -> Likeness | None:
    """How two entries are alike, with reasons in words; None when they are not.

    Families share an e-mail address or a telephone: clearly different first names count against.
    """
    first, second = sorted((one.pk, other.pk))
    found = Likeness(0, first, second)

    def add(points: int, reason: str) -> None:
        found.score += points
        found.reasons.append(reason)

    same_year = one.birth_year is not None and one.birth_year == other.birth_year
    other_year = one.birth_year is not None and other.birth_year is not None and not same_year
    same_postcode = bool(one.postcode) and one.postcode == other.postcode
    other_postcode = bool(one.postcode and other.postcode) and not same_postcode
    same_name = bool(one.name) and one.name == other.name
    if same_name and not (other_year and other_postcode):
        add(SAME_NAME, _("same name"))
    if one.email and one.email == other.email:
        add(SAME_EMAIL, _("same e-mail address"))
    if one.phone and one.phone == other.phone:
        add(SAME_PHONE, _("same telephone number"))
    if same_postcode and not same_name and _similar(one.name, other.name):
        add(SIMILAR_NAME, _("similar name in the same postcode"))
    if not found.reasons:
        return None
    if same_year:
        add(SAME_YEAR, _("same year of birth"))
    if same_postcode:
        add(SAME_POSTCODE, _("same postcode"))
    if other_year:
        add(OTHER_YEAR, _("but another year of birth"))
    if other_postcode:
        add(OTHER_POSTCODE, _("but another postcode"))
    if _other_first_name(one.name, other.name):
        add(OTHER_NAME, _("but another first name"))
    return found


def _similar(one: str, other: str) -> bool:
    """Whether the whole name reads alike, or the surname does and the first name begins the same."""
    if not one or not other:
        return False
    if _reads_alike(one, other):
        return True
    first, last = one.split(), other.split()
    same_start = first[0].startswith(last[0]) or last[0].startswith(first[0])
    return same_start and _reads_alike(first[-1], last[-1])


def _reads_alike(one: str, other: str) -> bool:
    """Whether difflib finds two texts similar; its cheap upper bounds are asked first."""
    matcher = SequenceMatcher(None, one, other)
    return min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= SIMILAR and matcher.ratio() >= SIMILAR


def _other_first_name(one: str, other: str) -> bool:
    first, second = one.split()[:1], other.split()[:1]
    if not first or not second or first[0].startswith(second[0]) or second[0].startswith(first[0]):
        return False
    return not _reads_alike(first[0], second[0])


def entries(people: QuerySet[Person]) -> list[Entry]:
    """The persons, as they are compared: one query."""
    rows = people.order_by("pk").values_list("pk", "name", "email", "phone", "postcode", "birth_year")
    return [Entry.of(*row) for row in rows]


def pairs(people: QuerySet[Person]) -> list[Likeness]:
    """Pairs that look alike and that nobody has called two people, the likeliest first. Two queries."""
    decided = set(TwoPeople.objects.values_list("first", "second"))
    found = {}
    for block in _blocks(entries(people)):
        for one, other in _within(block):
            pair = (min(one.pk, other.pk), max(one.pk, other.pk))
            if pair not in found and pair not in decided:
                found[pair] = compare(one, other)
    alike = [likeness for likeness in found.values() if likeness]
    return sorted(alike, key=lambda likeness: (-likeness.score, likeness.first, likeness.second))


def _blocks(rows: Iterable[Entry]) -> Iterator[list[Entry]]:
    blocks = defaultdict(list)
    for row in rows:
        for key in row.keys():  # noqa: SIM118  not a dictionary
            blocks[key].append(row)
    return (block for block in blocks.values() if len(block) > 1)


def _within(block: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    if len(block) <= LARGEST_BLOCK:
        return combinations(block, 2)
    block = sorted(block, key=lambda row: (row.name, row.postcode, row.birth_year or 0))
    return ((one, other) for i, one in enumerate(block) for other in block[i + 1 : i + 1 + NEIGHBOURS])


def like(person: Person, among: QuerySet[Person]) -> list[Person]:
    """Up to five persons who look like one that is about to be added, the likeliest first, with their `likeness`."""
    new = Entry.of(0, person.name, person.email, person.phone, person.postcode, person.birth_year)
    found = [likeness for row in entries(among) if (likeness := compare(new, row))]
    best = sorted(found, key=lambda likeness: (-likeness.score, likeness.second))[:5]
    people = Person.objects.select_related("area").in_bulk([likeness.second for likeness in best])
    for likeness in best:
        people[likeness.second].likeness = likeness
    return [people[likeness.second] for likeness in best]


@transaction.atomic
def are_two_people(one: Person, other: Person, *, by: User) -> TwoPeople:
    """Remember that two entries that look alike are two people: they are not proposed again. Twice is harmless."""
    first, second = sorted((one.pk, other.pk))
    decision, is_new = TwoPeople.objects.get_or_create(first_id=first, second_id=second, defaults={"decided_by": by})
    if is_new:
        audit.record(by, "called two people", one, other=other.pk)
    return decision
