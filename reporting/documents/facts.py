"""The facts of an annual report: plain data, no database, the one thing that every format is drawn from."""

from dataclasses import dataclass, field
from typing import ClassVar

from reporting.documents.levels import Maturity


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a small table: a label and how many; `second` is a second number of the same kind."""

    label: str
    value: int
    second: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One “you said, we did”. `url` is empty until it is on the public page."""

    reference: str
    topic: str
    you_said: str
    we_did: str
    status: str
    status_label: str
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One activity as the report prints it. Lists are empty and texts are "" where the record does not say."""

    reference: str
    title: str
    heading: str
    principle: int
    also: list[int]
    when: str
    where: list[str]
    level: str
    forums: list[str]
    partners: list[str]
    groups: list[str]
    methods: list[str]
    rung: str
    stage: str
    reached: list[str]
    took_part: list[str]
    sessions: list[str]
    outputs: list[str]
    impacts: list[str]
    asked: str
    told: str
    changed: str
    paragraphs: list[str]
    answers: list[Answer]

    @property
    def anchor(self) -> str:
        return f"item-{self.reference.lower()}"


@dataclass(frozen=True, slots=True)
class Pointer:
    """A one-line cross-reference to an item that is printed under another principle (REP-002)."""

    reference: str
    title: str
    principle: int

    @property
    def anchor(self) -> str:
        return f"item-{self.reference.lower()}"


@dataclass(frozen=True, slots=True)
class ForumFacts:
    name: str
    kind: str
    purpose: str
    organisation: str
    place: str
    size: str
    meets: str
    chair: str
    established: str
    ages: str
    ties: list[str]
    former_names: list[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A principle in the wording in force, with what is printed under it."""

    number: int
    wording: str
    short: str
    items: list[Item]
    pointers: list[Pointer]
    forums: list[ForumFacts]

    @property
    def anchor(self) -> str:
        return f"principle-{self.number}"

    @property
    def groups(self) -> list[tuple[str, list[Item]]]:
        """Items in order, those with the same heading together (ENG-052). The heading is "" for an item of its own."""
        grouped: list[tuple[str, list[Item]]] = []
        for item in self.items:
            if item.heading and grouped and grouped[-1][0] == item.heading:
                grouped[-1][1].append(item)
            else:
                grouped.append((item.heading, [item]))
        return grouped


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the year with its kind: how it reads, what it counts, and from how many activities it comes."""

    label: str
    text: str
    from_activities: int
    note: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the record lacks, and where: pairs of reference and title; the reference may be empty."""

    title: str
    meaning: str
    of: int
    items: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Texts:
    introduction: list[str] = field(default_factory=list)
    duty: list[str] = field(default_factory=list)
    how_to_read: list[str] = field(default_factory=list)
    other_formats: list[str] = field(default_factory=list)
    method_notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """How far a principle is shown: its strength, and activities and forums by the strongest of their claims.

    The numbers stand in the order claimed, evidenced, verified, outcome shown.
    """

    label: str
    strength: str
    activities: list[int]
    forums: list[int]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Activities and forums side by side, for each strength."""
        return list(zip(self.activities, self.forums, strict=True))

    @property
    def proved(self) -> int:
        """Activities with more than a claim."""
        return sum(self.activities[1:])


@dataclass(frozen=True, slots=True)
class ShownSet:
    """The principles of one set: the national one, or the body's own."""

    name: str
    principles: list[Shown]


@dataclass(frozen=True, slots=True)
class LastHeard:
    """When a group was last heard from, and where. `when` is "" for a group that never was."""

    group: str
    status: str
    when: str
    where: list[str]


@dataclass(frozen=True, slots=True)
class PlaceQuarters:
    """Activities of a place by quarter; one that spans quarters counts in each."""

    place: str
    quarters: list[int]
    unknown: int
    total: int


@dataclass(frozen=True, slots=True)
class Overridden:
    """A refusal that was overridden in the year."""

    project: str
    when: str
    step: str
    obstacles: list[str]
    senior: str
    reason: str


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """What the report says of coverage. Everything is empty in a snapshot from before it was kept."""

    as_at: str = ""
    heard_months: int = 0
    planned: int = 0
    sets: list[ShownSet] = field(default_factory=list)
    quarters: list[str] = field(default_factory=list)
    places: list[PlaceQuarters] = field(default_factory=list)
    groups: list[LastHeard] = field(default_factory=list)
    overrides: list[Overridden] = field(default_factory=list)

    @property
    def never(self) -> list[LastHeard]:
        """Groups that were never heard from."""
        return [row for row in self.groups if not row.when]

    @property
    def heard(self) -> list[LastHeard]:
        return [row for row in self.groups if row.when]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a forum to the Board that anybody may read. `answer` is "" while the Board has not answered."""

    forum: str
    topic: str
    question: str
    put_on: str
    answer: str
    answered_by: str
    answered_on: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One document that a panel of readers looked at, and what became of what they said.

    Numbers are None where they are not known; reading ages are in years, "" where a version cannot be measured.
    """

    title: str
    organisation: str
    asked: int | None
    answered: int
    comments: int
    taken_up: int
    partly: int
    not_taken_up: int
    age_before: str
    age_after: str


@dataclass(frozen=True, slots=True)
class Voices:
    """What forums asked the Board and what readers reviewed in a year (REP-031, REP-037).

    `not_public` counts questions that were put to the Board and that nobody but staff and the forum can read.
    """

    questions: list[Asked] = field(default_factory=list)
    not_public: int = 0
    reviews: list[Reviewed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A priority action of a public plan, under one of the principles that it puts into practice (REP-039).

    `principle` and `short` are those of the report's wording. `time` and `milestones` are in words; `milestones`
    is "" where it has none. `references` are those of the public activities that serve it.
    """

    principle: int
    short: str
    plan: str
    label: str
    state_words: str
    time: str
    milestones: str
    references: list[str]


@dataclass(frozen=True, slots=True)
class Commitments:
    """What plans set out to do under each principle, as it stood on a day, by principle; no day where none was kept.

    `elsewhere` counts actions for principles of another wording alone, whose meaning is not that of any in this one.
    """

    on: str = ""
    rows: list[Commitment] = field(default_factory=list)
    elsewhere: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything to print."""
        return bool(self.rows or self.elsewhere)


@dataclass(frozen=True, slots=True)
class AnnualFacts:
    """Everything that the annual report of a period says."""

    SCHEMA: ClassVar[int] = 1

    schema: int
    title: str
    body: str
    short_name: str
    period: str
    first_day: str
    last_day: str
    duty: str
    wording: str
    texts: Texts
    sections: list[Section]
    unplaced: list[Pointer]
    activities: int
    forums: int
    answers: list[Line]
    took_part: list[Figure]
    reached: list[Figure]
    by_principle: list[Line]
    by_place: list[Line]
    by_rung: list[Line]
    other_forums: list[ForumFacts]
    gaps: list[Gap]
    coverage: CoverageFacts = field(default_factory=CoverageFacts)
    voices: Voices = field(default_factory=Voices)
    by_month: list[Line] = field(default_factory=list)
    maturity: Maturity = field(default_factory=Maturity)
    commitments: Commitments = field(default_factory=Commitments)
    prepared_for: str = ""
    prepared_on: str = ""
    tasks: list[str] = field(default_factory=list)

    @property
    def items(self) -> list[Item]:
        """Every item, in the order of its reference: the appendix."""
        return sorted((item for section in self.sections for item in section.items), key=lambda item: item.reference)
