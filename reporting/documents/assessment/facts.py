"""The facts of the evidence for NHS England’s assessment: plain data, no database; every format is drawn from it.

`references` are always those of `AssessmentFacts.index`: each record that a claim or a number rests on stands there,
once, with its permanent address.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.text import slugify

from reporting.documents.facts import Texts
from reporting.documents.levels import JudgedRow, Trend


@dataclass(frozen=True, slots=True)
class Record:
    """A record that something in the pack rests on, its permanent address, and what it shows.

    `is_public` is False for a page that staff alone may open.
    """

    reference: str
    kind: str
    title: str
    url: str
    is_public: bool
    claims: list[str]

    @property
    def anchor(self) -> str:
        return f"record-{slugify(self.reference)}"


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the pack: in which section, what it counts, and the records that it counts."""

    section: str
    label: str
    value: int
    references: list[str]


@dataclass(frozen=True, slots=True)
class Lines:
    """Something said in words, with the records behind it. How many they are is the number that is printed."""

    label: str
    references: list[str]

    @property
    def value(self) -> int:
        return len(self.references)


@dataclass(frozen=True, slots=True)
class Question:
    """What a critical reader would ask: what the record answers, and in which section more is said."""

    question: str
    answer: str
    section: str
    references: list[str]


# Principles --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """That an activity or a forum supports a principle: how far it is shown, in what way, by which proofs.

    `how` is "" where nobody said it. `evidence` is the reference of the claim itself, "" where being recorded under the
    principle is all there is.
    """

    reference: str
    title: str
    is_forum: bool
    strength: str
    strength_words: str
    how: str
    proofs: list[str]
    evidence: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that came of an activity: a change, a decision, an answer. `when` is "" where no day is known."""

    kind: str
    words: str
    when: str
    references: list[str]


@dataclass(frozen=True, slots=True)
class PrincipleFacts:
    """A principle of the period’s wording: what shows it, and the difference that this made."""

    number: int
    wording: str
    short: str
    strength: str
    strength_words: str
    claims: list[Claim]
    changes: list[Change]

    @property
    def anchor(self) -> str:
        return f"principle-{self.number}"

    @property
    def label(self) -> str:
        return f"{self.number}. {self.short}"

    @property
    def activities(self) -> list[Claim]:
        return [claim for claim in self.claims if not claim.is_forum]

    @property
    def forums(self) -> list[Claim]:
        return [claim for claim in self.claims if claim.is_forum]


@dataclass(frozen=True, slots=True)
class LocalSet:
    """The body’s own principles beside the national ones: pairs of a principle and how far it is shown."""

    name: str
    principles: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Cell:
    """How far a principle is shown in one place, and by what."""

    strength: str
    words: str
    references: list[str]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One principle across the places; those shown in the fewest places come first."""

    label: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Places:
    """Consistency: principles by place, and which places, neighbourhoods and levels there was anything in.

    `is_place` says for each of `columns` whether it is one of the body’s places. `holes` names, place by place, the
    principles that nothing shows there. `unheard` are the neighbourhoods in which nothing took place.
    """

    columns: list[str] = field(default_factory=list)
    is_place: list[bool] = field(default_factory=list)
    rows: list[PlaceRow] = field(default_factory=list)
    holes: list[tuple[str, list[str]]] = field(default_factory=list)
    by_place: list[Lines] = field(default_factory=list)
    by_level: list[Lines] = field(default_factory=list)
    neighbourhoods: list[Lines] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)


# People ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group of people: whether it was heard, when last and where, and in which activities of the year."""

    name: str
    status: str
    status_words: str
    when: str
    where: list[str]
    references: list[str]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """People who took part beside residents, in texts that may be shown (`core.disclosure`)."""

    label: str
    people: str
    share: str
    residents: str
    interval: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One question of the equality monitoring. Without rows, `withheld` says why nothing is shown."""

    name: str
    base: str
    withheld: str
    source: str
    rows: list[ShareRow]
    apart: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class People:
    """Who was heard and who was not; who took part beside who lives there; how much say people had."""

    groups: list[GroupFacts] = field(default_factory=list)
    heard_months: int = 0
    characteristics: list[Characteristic] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    residents_of: list[str] = field(default_factory=list)
    with_numbers: Lines = field(default_factory=lambda: Lines("", []))
    rungs: list[Lines] = field(default_factory=list)

    @property
    def unheard(self) -> list[GroupFacts]:
        """Groups without any activity in the year, those never heard first."""
        return [group for group in self.groups if not group.references]

    @property
    def heard(self) -> list[GroupFacts]:
        return [group for group in self.groups if group.references]


# Duties ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """A legal duty in force in the year: what shows that it was met, and what is missing (REP-006).

    `state` is met, partly, gap, or none where the year had no case that it applies to.
    """

    code: str
    name: str
    law: str
    cited_as: str
    summary: str
    state: str
    state_words: str
    met: list[Lines]
    gaps: list[Lines]

    @property
    def anchor(self) -> str:
        return f"duty-{slugify(self.code)}"


@dataclass(frozen=True, slots=True)
class Stop:
    """A body to which this pack goes, in which order, and what it said of an earlier version; "" before it did."""

    order: int
    body: str
    task: str
    said: str


# Judgements --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment of the year, what it says of each dimension, and its levels up to that year."""

    name: str
    assessor: str
    made_on: str
    is_final: bool
    reference: str
    rows: list[JudgedRow]
    levels: Trend = field(default_factory=Trend)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was refused, sent back, stopped, or not assured; `passed` where it went on all the same."""

    kind: str
    words: str
    when: str
    references: list[str]
    passed: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """Everything that the evidence for NHS England’s assessment says."""

    SCHEMA: ClassVar[int] = 1

    schema: int
    title: str
    body: str
    short_name: str
    period: str
    first_day: str
    last_day: str
    as_at: str
    wording: str
    edited: dict[str, str]
    activities: Lines
    forums: Lines
    planned: int
    questions: list[Question]
    principles: list[PrincipleFacts]
    local_sets: list[LocalSet]
    kinds_of_change: list[Lines]
    decisions: list[Change]
    promises: list[Lines]
    plans: list[Change]
    places: Places
    people: People
    duties: list[DutyFacts]
    route: list[Stop]
    judged: list[Judged]
    refused: list[Refused]
    texts: Texts
    index: list[Record]
    numbers: list[Number]
    prepared_for: str = ""
    prepared_on: str = ""
    tasks: list[str] = field(default_factory=list)

    @property
    def unanswered(self) -> int:
        """How many activities have no answer: what was promised to people ends with them."""
        return self.promises[-1].value if self.promises else 0
