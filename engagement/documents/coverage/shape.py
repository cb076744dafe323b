"""The shape of coverage: plain data, no database. The dashboard, the command, the CSV and the report are drawn from it.

Numbers of activities and of forums are never added: they stand beside each other.
"""

import datetime
from dataclasses import dataclass

NONE, CLAIMED, EVIDENCED, VERIFIED, OUTCOME = "none", "claimed", "evidenced", "verified", "outcome"
STRENGTHS = (CLAIMED, EVIDENCED, VERIFIED, OUTCOME)
HEARD, DUE, NEVER = "heard", "due", "never"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many activities, or forums, show a principle, each counted once under the strongest of its claims."""

    claimed: int = 0
    evidenced: int = 0
    verified: int = 0
    outcome: int = 0

    @property
    def total(self) -> int:
        return self.claimed + self.evidenced + self.verified + self.outcome

    @property
    def strongest(self) -> str:
        return next((name for name in reversed(STRENGTHS) if getattr(self, name)), NONE)


@dataclass(frozen=True, slots=True)
class Cell:
    """How many activities and how many forums show a principle in a place."""

    activities: int
    forums: int


@dataclass(frozen=True, slots=True)
class PrincipleRow:
    """One principle: how far it is shown, and where. `places` has a cell for each of the coverage's places."""

    number: int
    short: str
    activities: Tally
    forums: Tally
    places: list[Cell]

    @property
    def label(self) -> str:
        return f"{self.number}. {self.short}"

    @property
    def strength(self) -> str:
        """The strongest that any activity or forum shows."""
        found = {self.activities.strongest, self.forums.strongest}
        return next((name for name in reversed(STRENGTHS) if name in found), NONE)


@dataclass(frozen=True, slots=True)
class SetRows:
    """A set of principles that counts in the period: the national one first, then the body's own."""

    name: str
    is_local: bool
    principles: list[PrincipleRow]


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of the period. One that has not begun lacks nothing yet."""

    label: str
    first: datetime.date
    last: datetime.date
    has_begun: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Activities of a place by quarter. One that spans quarters counts in each, so that the row does not add up.

    `unknown` counts those whose days are not known, or to the year alone. `is_place` is False for rows that stand for
    no single place, such as the whole area.
    """

    name: str
    is_place: bool
    quarters: list[int]
    unknown: int
    total: int


@dataclass(frozen=True, slots=True)
class Row:
    """A label and how many."""

    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Heard:
    """When a group was last heard from in a place, and what that means: heard, due or never."""

    status: str
    on: datetime.date | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """When a group was last heard from, and where. `places` has one for each of the coverage's places (INC-019)."""

    name: str
    kind: str
    last: Heard
    where: list[str]
    activities: int
    places: list[Heard]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision to come, and what is missing before it."""

    reference: str
    title: str
    board: str
    due_on: datetime.date
    has_involvement: bool
    missing: list[str]


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """A gate that refused a project and was passed all the same."""

    project: str
    title: str
    step: str
    obstacles: list[str]
    senior: str
    reason: str
    on: datetime.date


@dataclass(frozen=True, slots=True)
class InvolvementRow:
    """How many days before its decision a project first involved people; None where it never did."""

    project: str
    title: str
    decided_on: datetime.date
    first_involved_on: datetime.date | None
    days: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything about a period, as at a day: its last one, or today while it goes on."""

    period: str
    code: str
    first_day: datetime.date
    last_day: datetime.date
    as_at: datetime.date
    is_limited: bool
    activities: int
    planned: int
    forums: int
    unplaced_activities: int
    unplaced_forums: int
    gaps: list[str]
    sets: list[SetRows]
    places: list[str]
    quarters: list[Quarter]
    by_place: list[PlaceRow]
    rungs: list[Row]
    stages: list[Row]
    natures: list[Row]
    modes: list[Row]
    groups: list[GroupRow]
    heard_months: int
    decisions: list[DecisionRow]
    overrides: list[OverrideRow]
    avoided: int
    involvement: list[InvolvementRow]
