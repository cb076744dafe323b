"""The shape of a figure that boards ask for: how one is declared, what a computation finds, how it is printed.

What is not known is None and is printed in words, never as 0. A share is printed with its two numbers.
"""

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reporting.documents.kpis.record import Asked
from reporting.models import Kpi

Unit, Direction = Kpi.Unit, Kpi.Direction
MOST_RECORDS = 200

Record = tuple[str, str]  # what a record is called, and its page


class Group(TextChoices):
    """What a figure is about, in the order in which groups are shown."""

    ACTIVITIES = "activities", gettext_lazy("Activities and who was heard")
    ANSWERS = "answers", gettext_lazy("Answers and promises")
    INSIGHT = "insight", gettext_lazy("Insight and its use")
    PROJECTS = "projects", gettext_lazy("Projects and plans")
    FORUMS = "forums", gettext_lazy("Forums and people")
    ENTERED = "entered", gettext_lazy("Figures that somebody enters")


@dataclass(frozen=True, slots=True)
class Found:
    """What a computation found: counted, out of how many, and the records that were counted.

    For a share both numbers are there. For days, `counted` is the median and `out_of` how many were measured.
    None: nobody recorded it, or `missing` says in words why there is no figure.
    """

    counted: float | None = None
    out_of: float | None = None
    records: tuple[Record, ...] = ()
    missing: str = ""

    def __post_init__(self):
        object.__setattr__(self, "records", tuple(self.records)[:MOST_RECORDS])


UNKNOWN = Found()


def part_of(rows: Sequence, is_counted: Callable[[Any], bool], record: Callable[[Any], Record]) -> Found:
    """Those of some rows of which something is true, out of all of them."""
    counted = [row for row in rows if is_counted(row)]
    return Found(len(counted), len(rows), tuple(record(row) for row in counted[:MOST_RECORDS]))


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that is computed from the record, and in words what it means."""

    code: str
    group: Group
    unit: Unit
    direction: Direction
    name: str
    definition: str
    numerator: str
    denominator: str
    source: str
    compute: Callable[[Asked], Found]


MEASURES: dict[str, Measure] = {}


def measure(code: str, group: Group, unit: Unit, direction: Direction, **words) -> Callable:
    """Declare the function below it as the computation of a figure. The words are those of `Measure`."""

    def declared(compute: Callable[[Asked], Found]) -> Measure:
        MEASURES[code] = Measure(code, group, unit, direction, compute=compute, **({"denominator": ""} | words))
        return MEASURES[code]

    return declared


# A value and how it is printed -------------------------------------------------------------------


def value_of(unit: str, found: Found) -> float | None:
    """Per cent for a share, else the number itself; None where it is not known or there is nothing to divide by."""
    if found.counted is None:
        return None
    if unit != Unit.SHARE:
        return float(found.counted)
    return 100 * float(found.counted) / float(found.out_of) if found.out_of else None


def text_of(unit: str, found: Found) -> str:
    """The figure as it is printed, with the base that it rests on."""
    if found.missing:
        return found.missing
    if found.counted is None or (unit == Unit.SHARE and found.out_of is None):
        return _("not recorded")
    counted, out_of = number(found.counted), number(found.out_of)
    if unit == Unit.SHARE:
        words = {"share": percent(found.counted, found.out_of), "counted": counted, "of": out_of}
        return _("%(share)s (%(counted)s of %(of)s)") % words if found.out_of else _("nothing to count")
    if unit == Unit.DAYS:
        words = days(found.counted)
        return words if found.out_of is None else _("%(days)s (median of %(of)s)") % {"days": words, "of": out_of}
    return counted if found.out_of is None else _("%(counted)s of %(of)s") % {"counted": counted, "of": out_of}


def percent(counted: float, out_of: float) -> str:
    """Whole per cent. What is not quite nothing or not quite all is never printed as nothing or all."""
    if not out_of:
        return _("nothing to count")
    share = 100 * float(counted) / float(out_of)
    if 0 < share < 1:
        return _("under 1%")
    if 99 < share < 100:
        return _("over 99%")
    return f"{math.floor(share + 0.5)}%"


def number(value: float | Decimal | None) -> str:
    """A number with commas, and with decimals only where it has any."""
    if value is None:
        return ""
    return f"{float(value):,.0f}" if float(value).is_integer() else f"{float(value):,.2f}".rstrip("0")


def days(value: float | Decimal) -> str:
    shown = number(value)
    return ngettext("%(days)s day", "%(days)s days", 1 if shown == "1" else 2) % {"days": shown}


def in_unit(unit: str, value: float | Decimal) -> str:
    """A value by itself, such as an aim or a point of a trend."""
    if unit == Unit.SHARE:
        return f"{number(round(float(value), 1))}%"
    return days(value) if unit == Unit.DAYS else number(value)


def target_in_words(unit: str, direction: str, target: Decimal | None, by: datetime.date | None) -> str:
    """The aim in words; nothing where none is set."""
    if target is None:
        return ""
    words = {"value": in_unit(unit, target), "day": date_format(by, "j F Y") if by else ""}
    if direction == Direction.UP:
        aim = _("at least %(value)s") % words
    elif direction == Direction.DOWN:
        aim = _("at most %(value)s") % words
    else:
        aim = words["value"]
    return _("%(aim)s by %(day)s") % {"aim": aim, "day": words["day"]} if by else aim


def is_reached(direction: str, value: float | None, target: Decimal | None) -> bool | None:
    """Whether a value is as good as the aim; None where either is missing, or neither direction is better."""
    if value is None or target is None or direction == Direction.NEITHER:
        return None
    return value >= float(target) if direction == Direction.UP else value <= float(target)


def is_better(direction: str, value: float | None, before: float | None) -> bool | None:
    """Whether a value is better than the one before; None where they are the same or cannot be compared."""
    if value is None or before is None or value == before or direction == Direction.NEITHER:
        return None
    return (value > before) == (direction == Direction.UP)


# A figure of a period ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a period, with all that a reader needs to judge it (PLN-009).

    `value` is per cent, a number or days, by `unit`. `before` is the figure of the period before, as printed.
    `better` is None where they are the same, cannot be compared, or neither direction is better.
    """

    code: str
    group: str
    name: str
    definition: str
    numerator: str
    denominator: str
    unit: str
    direction: str
    source: str
    owner: str
    is_computed: bool
    text: str
    value: float | None
    counted: float | None
    out_of: float | None
    target_words: str
    reached: bool | None
    before: str
    before_value: float | None
    better: bool | None
    records: tuple[Record, ...]

    @property
    def group_name(self) -> str:
        return str(Group(self.group).label)

    @property
    def direction_words(self) -> str:
        return str(Direction(self.direction).label)

    @property
    def unit_words(self) -> str:
        return str(Unit(self.unit).label)

    @property
    def change(self) -> str:
        """Against the period before, in words."""
        if self.value is None or self.before_value is None:
            return _("cannot be compared")
        if self.better is not None:
            return _("better") if self.better else _("worse")
        if self.value == self.before_value:
            return _("the same")
        has_grown = self.value > self.before_value
        if self.unit == Unit.SHARE:
            return _("higher") if has_grown else _("lower")
        return _("more") if has_grown else _("fewer")

    @property
    def reached_words(self) -> str:
        """How it stands against its aim, in words."""
        if not self.target_words:
            return _("no aim set")
        if self.reached is None:
            return _("cannot be judged")
        return _("reached") if self.reached else _("not reached")
