"""What assessments say, as plain data that pages show and reports freeze: levels over the years, and judgements."""

from dataclasses import dataclass, field, replace

MOST_YEARS = 5  # in a picture and in a table on paper; the data files have them all


@dataclass(frozen=True, slots=True)
class Mark:
    """What a dimension was judged in one year. `step` counts from the lowest level, 1; None where it is not known."""

    step: int | None
    name: str


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One dimension over the years. `move` is rose, fell, same or unknown: the last year against the one before."""

    dimension: str
    marks: list[Mark]
    move: str
    move_words: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A yardstick's final assessments by one assessor, the oldest year first. An evaluation in words has no lines."""

    yardstick: str = ""
    levels: list[str] = field(default_factory=list)
    years: list[str] = field(default_factory=list)
    lines: list[TrendLine] = field(default_factory=list)

    @property
    def recent(self) -> "Trend":
        """The last years of it, as many as a picture holds."""
        lines = [replace(line, marks=line.marks[-MOST_YEARS:]) for line in self.lines]
        return replace(self, years=self.years[-MOST_YEARS:], lines=lines)

    @property
    def earlier(self) -> int:
        """How many years are left out of `recent`."""
        return max(0, len(self.years) - MOST_YEARS)


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """What an assessment says of one dimension; texts are "" where nothing is said. `references` show it.

    `level` is "" for what is judged in words; `looks_like` is what the body says of that level of the dimension.
    """

    dimension: str
    side: str
    level: str
    text: str
    gap: str
    next_step: str
    references: list[str]
    looks_like: str = ""


@dataclass(frozen=True, slots=True)
class SelfAssessed:
    """What the body said of itself by one yardstick: its last final assessment of a year, and its levels until then."""

    name: str
    period: str
    made_on: str
    forum: str
    target: str
    rows: list[JudgedRow]
    levels: Trend

    @property
    def lacks_descriptions(self) -> bool:
        """Whether there are levels, and nobody has said what any of those reached looks like."""
        return bool(self.levels.lines) and not any(row.looks_like for row in self.rows)


@dataclass(frozen=True, slots=True)
class Maturity:
    """What self-assessments said up to the end of a year (REP-038). `until` is "" in a snapshot from before it was
    kept."""

    until: str = ""
    yardsticks: list[SelfAssessed] = field(default_factory=list)
