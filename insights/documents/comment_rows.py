"""What each row of a file of comments says: its words, its day, its themes, and what is personal in it."""

import datetime
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core import alike
from core.columns import Names, Wrong, parse_date
from core.spreadsheets import Cell, Problem, fold, shorten
from insights.documents.comment_files import Record
from insights.documents.held import screen
from insights.models import Comment, CommentUpload
from people.models import Area, PopulationGroup

MOST_PROBLEMS = 50
MOST_THEMES = 500  # different ones in a file: more are no code frame
# What systems write where nobody wrote anything. “Nothing” and “N/A” are answers that people typed.
FILLERS = frozenset(
    ("did not answer", "not answered", "no answer", "no answer given", "no response", "question not answered", "null")
)
SENTIMENTS = {
    "very positive": 1,
    "positive": 2,
    "neutral": 3,
    "mixed": 3,
    "negative": 4,
    "very negative": 5,
} | {str(number): number for number in range(1, 6)}
ANSWERS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


@dataclass(slots=True)
class Ready:
    """A comment that may be taken in. `days` holds two where its date can be read both ways, day first before."""

    reference: str
    text: str
    text_key: str
    days: tuple[datetime.date, ...] = ()
    service: str = ""
    question: str = ""
    score: int | None = None
    sentiment: int | None = None
    area: int | None = None
    groups: tuple[int, ...] = ()
    themes: tuple[str, ...] = ()
    may_be_quoted: bool | None = None
    found: Mapping[str, int] = field(default_factory=dict)
    is_held: bool = False


class Judge:
    """Reads rows one after the other, and keeps count of what it found in `counts`, `problems` and `themes`."""

    def __init__(self, names: Mapping[str, str]):
        self.names = names
        self.problems: list[Problem] = []
        self.counts: Counter[str] = Counter()
        self.themes: Counter[str] = Counter()
        self.theme_names: dict[str, str] = {}
        self.found: Counter[str] = Counter()
        self.organisations: Counter[str] = Counter()
        self.seen: set[int] = set()
        self.known: dict[type[Model], Names] = {model: Names(model) for model in (Area, PopulationGroup)}
        self.dates: dict[Cell, tuple[datetime.date, ...]] = {}
        self.today = timezone.localdate()

    def judge(self, record: Record) -> Ready | None:
        """The comment of a row; None where it says nothing, or where something is wrong with it."""
        self.counts["rows"] += 1
        problems = list(record.problems)
        text = str(record.cells["text"])
        if not problems and alike.normalised(text) in FILLERS | {""}:
            self.counts["left_out"] += 1
            return None
        ready = self._read(record, text, problems)
        if problems:
            self.counts["wrong"] += 1
            self.counts["errors"] += len(problems)
            self.problems += problems[: MOST_PROBLEMS - len(self.problems)]
            return None
        self._count(ready, str(record.cells.get("organisation", "")))
        return ready

    def _read(self, record: Record, text: str, problems: list[Problem]) -> Ready:
        values = {"text": text, "reference": self._reference(record, problems)}
        if len(text) > Comment.LONGEST:
            words = {"count": f"{len(text):,}", "most": f"{Comment.LONGEST:,}"}
            problem = _("The comment has %(count)s characters") % words
            problems.append(self._problem(record, "text", problem, _("It may have %(most)s. Shorten it") % words))
            text = ""
        for column, (name, read) in self.readers.items():
            cell = record.cells.get(column, "")
            if cell == "":
                continue
            try:
                values[name] = read(self, cell)
            except Wrong as wrong:
                for problem, fix, value in wrong.entries:
                    problems.append(self._problem(record, column, problem, fix, shorten(value or "")))
        return Ready(**values, **screen(text))

    def _reference(self, record: Record, problems: list[Problem]) -> str:
        reference = " ".join(str(record.cells["reference"]).split())
        number = hash(reference)
        if not reference or len(reference) > 120:
            problem = _("The comment has no number of its own") if not reference else _("The number is too long")
            fix = _("Write its number in at most 120 characters, so that the same file again changes nothing")
            problems.append(self._problem(record, "reference", problem, fix))
        elif number in self.seen:
            problem = _("The number stands in an earlier row already")
            problems.append(self._problem(record, "reference", problem, _("Give each comment its own number")))
        self.seen.add(number)
        return reference

    def _problem(self, record: Record, column: str, problem: str, fix: str, value: str = "") -> Problem:
        return Problem(problem, fix, row=record.number, column=self.names[column], value=value)

    def _count(self, ready: Ready, organisation: str) -> None:
        self.counts["comments"] += 1
        if ready.is_held:
            self.counts["held"] += 1
            self.found.update(ready.found.keys())
        if organisation:
            self.organisations[shorten(organisation)] += 1
        for theme in ready.themes:
            folded = fold(theme)
            if folded in self.themes or len(self.themes) < MOST_THEMES:
                self.theme_names.setdefault(folded, theme)
                self.themes[folded] += 1
            else:
                raise TooManyThemes
        if len(ready.days) == 2:
            self.counts["unclear_days"] += 1
        elif not ready.days:
            self.counts["no_day"] += 1

    # Cells

    def _day(self, cell: Cell) -> tuple[datetime.date, ...]:
        if cell not in self.dates:
            self.dates[cell] = readings(cell, self.today)
        days, order = self.dates[cell]
        if order:
            self.counts[order] += 1
        return days

    def _line(most: int):
        def read(self, cell: Cell) -> str:
            text = " ".join(str(cell).split())
            if len(text) > most:
                raise Wrong(_("The cell is too long"), _("Write at most %(most)s characters") % {"most": most}, text)
            return text

        return read

    def _score(self, cell: Cell) -> int:
        if not re.fullmatch(r"\d{1,3}(\.0+)?", str(cell)):
            raise Wrong(_("The score is not a whole number"), _("Write a number from 0 to 999"), str(cell))
        return int(float(str(cell)))

    def _sentiment(self, cell: Cell) -> int:
        found = SENTIMENTS.get(fold(str(cell)).removesuffix(".0"))
        if found is None:
            fix = _("Write 1 (very good) to 5 (very bad), or leave it empty")
            raise Wrong(_("The sentiment is not known"), fix, str(cell))
        return found

    def _may_be_quoted(self, cell: Cell) -> bool:
        found = ANSWERS.get(fold(str(cell)))
        if found is None:
            raise Wrong(_("It is neither yes nor no"), _("Write “yes” or “no”, or leave it empty"), str(cell))
        return found

    def _themes(self, cell: Cell) -> tuple[str, ...]:
        named = {fold(name): name for name in _parts(cell)}
        if any(len(name) > 120 for name in named.values()):
            raise Wrong(_("The name of a theme is too long"), _("Separate themes with “|”"), str(cell))
        return tuple(named.values())

    def _place(self, cell: Cell) -> int:
        return self._one(Area, str(cell))

    def _groups(self, cell: Cell) -> tuple[int, ...]:
        return tuple(self._one(PopulationGroup, name) for name in _parts(cell))

    def _one(self, model: type[Model], name: str) -> int:
        found = self.known[model].find(name)
        if found is None:
            raise self.known[model].missing(name)
        return found.pk

    readers = {
        "day": ("days", _day),
        "service": ("service", _line(120)),
        "question": ("question", _line(300)),
        "score": ("score", _score),
        "sentiment": ("sentiment", _sentiment),
        "themes": ("themes", _themes),
        "place": ("area", _place),
        "groups": ("groups", _groups),
        "may_be_quoted": ("may_be_quoted", _may_be_quoted),
    }


class TooManyThemes(Exception):
    """The column of themes holds so many different names that it cannot be one."""


def _parts(cell: Cell) -> list[str]:
    text = str(cell)
    parts = text.split("|" if "|" in text else ";")
    return [name for part in parts if (name := " ".join(part.split()))]


# Dates -------------------------------------------------------------------------------------------

NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
DAY_FIRST, MONTH_FIRST = "day_first", "month_first"


def readings(cell: Cell, today: datetime.date) -> tuple[tuple[datetime.date, ...], str]:
    """The days that a date can be, the one read day first before, and which order is certain by it, or "".

    A day that does not exist or has not come yet is none. Raises Wrong where nothing is left.
    """
    text = str(cell)
    match = NUMERIC.fullmatch(text) if isinstance(cell, str) else None
    if match is None:
        span = parse_date(cell)
        if not span.is_day or span.first > today:
            fix = _("Write a day up to today, like 31/03/2024 or 2024-03-31")
            raise Wrong(_("“%(value)s” is not a day that has been") % {"value": shorten(text)}, fix, text)
        return (span.first,), ""
    first, second, year = (int(part) for part in match.groups())
    year += 2000 if year < 100 else 0
    pairs = ((DAY_FIRST, first, second), (MONTH_FIRST, second, first))
    found = {order: day for order, number, month in pairs if (day := _real(year, month, number, today))}
    if not found:
        raise Wrong(
            _("“%(value)s” is a day that does not exist or has not come yet") % {"value": shorten(text)},
            _("Write the day like 31/03/2024"),
            text,
        )
    days = tuple(dict.fromkeys(found.values()))
    certain = "" if len(found) == 2 else next(iter(found))
    return days, certain


def _real(year: int, month: int, day: int, today: datetime.date) -> datetime.date | None:
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        return None
    return found if found.year >= 1948 and found <= today else None


class Order:
    """How a file writes its dates, once all of it was read: which way round those are read that leave it open."""

    def __init__(self, counts: Mapping[str, int], unclear: str):
        self.day_first, self.month_first = counts.get(DAY_FIRST, 0), counts.get(MONTH_FIRST, 0)
        self.is_mixed = bool(self.day_first and self.month_first)
        self.leaves_out = self.is_mixed and unclear == CommentUpload.Unclear.LEAVE_OUT

    def choose(self, days: tuple[datetime.date, ...]) -> datetime.date | None:
        """The day that is kept. Where the file knows one order alone, it decides; else what was chosen."""
        if len(days) < 2:
            return days[0] if days else None
        if self.leaves_out:
            return None
        return days[1] if self.month_first and not self.day_first else days[0]
