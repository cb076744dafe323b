"""Who took part beside who lives there: shares, their intervals, and a verdict in words (ENG-023, ENG-024, ENG-025).

Everything here is computed from what may be shown: `core.disclosure` comes first, shares, intervals, verdicts and
targets come from its figures. So no verdict tells a small count either. A hidden count is anything from 1 to 7, and a
verdict is given only where both ends agree on it.
"""

import enum
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import disclosure
from core.intervals import wilson
from engagement.documents.residents import Population, Residents
from people.models import EqualityOption, EqualityQuestion

HIDDEN_ENDS = (1, disclosure.SMALLEST_SHOWN - 1)
NOTHING = "–"


class Verdict(enum.Enum):
    """What the interval of a share says beside the share of residents. In the order in which they are looked at."""

    UNDER = "under"
    UNKNOWN = "unknown"
    OVER = "over"
    EXPECTED = "expected"

    @property
    def label(self) -> str:
        return VERDICT_WORDS[self][0]

    @property
    def colour(self) -> str:
        return VERDICT_WORDS[self][1]


VERDICT_WORDS = {
    Verdict.UNDER: (gettext_lazy("under-represented"), "red"),
    Verdict.UNKNOWN: (gettext_lazy("cannot say"), "grey"),
    Verdict.OVER: (gettext_lazy("over-represented"), "yellow"),
    Verdict.EXPECTED: (gettext_lazy("as expected"), "green"),
}


@dataclass(frozen=True, slots=True)
class Ends:
    """A count as far as it may be known: the same at both ends when it is shown, 1 and 7 when it is hidden."""

    low: int
    high: int

    @classmethod
    def of(cls, shown: str) -> "Ends":
        """From a text of `core.disclosure`."""
        return cls(*HIDDEN_ENDS) if shown == disclosure.HIDDEN else cls(int(shown), int(shown))

    def shares(self, base: int) -> tuple[float, float]:
        return min(self.low / base, 1), min(self.high / base, 1)

    def interval(self, base: int) -> tuple[float, float]:
        """The Wilson interval; of a hidden count, from the lower end of 1 to the upper end of 7."""
        return wilson(min(self.low, base), base)[0], wilson(min(self.high, base), base)[1]

    def verdict(self, base: int, expected: float) -> Verdict:
        """What both ends say of the share that is expected, or that they do not agree."""
        found = {_verdict(min(count, base), base, expected) for count in (self.low, self.high)}
        return found.pop() if len(found) == 1 else Verdict.UNKNOWN


def _verdict(count: int, base: int, expected: float) -> Verdict:
    low, high = wilson(count, base)
    if high < expected:
        return Verdict.UNDER
    return Verdict.OVER if low > expected else Verdict.EXPECTED


@dataclass(frozen=True, slots=True)
class Group:
    """One line of the table. `people`, `share` and `index` are texts that may be shown; `expected` is from 0 to 1."""

    label: str
    people: str
    share: str
    expected: float | None
    index: str
    interval: str
    verdict: Verdict
    ends: Ends
    options: tuple[EqualityOption, ...]

    @property
    def residents(self) -> str:
        return _percent(self.expected) if self.expected is not None else _("not known")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question: its groups in the order of the question, what stands apart, and what it is compared with.

    `base` is 0 where too few have answered. `unasked` names categories of residents that nobody can choose: they are
    left out of the base of residents.
    """

    question: EqualityQuestion
    groups: tuple[Group, ...]
    apart: tuple[tuple[str, str], ...]
    base: int
    withheld: str
    residents: Residents
    unasked: tuple[str, ...]

    @property
    def gaps(self) -> list[Group]:
        """Who is under-represented, the lowest index first."""
        found = [group for group in self.groups if group.verdict is Verdict.UNDER]
        return sorted(found, key=lambda group: group.ends.high / (self.base * group.expected))

    @property
    def source(self) -> str:
        return "; ".join(self.residents.sources)

    def group_of(self, option: EqualityOption) -> Group | None:
        """The line in which an answer is counted, or None when there is none that may be shown."""
        return next((group for group in self.groups if option in group.options), None)


def options_by_group(question: EqualityQuestion, residents: Residents) -> tuple[dict, list[EqualityOption]]:
    """The answers of a question by the group in which they are compared, and those that stand apart.

    A group is the category of residents that an answer falls into. Where no answer of the question has one, it is the
    wider category under which rare answers are counted.
    """
    options = list(question.options.all())
    has_benchmarks = any(option.benchmark for option in options)
    groups, apart = defaultdict(list), []
    for option in options:
        name = option.benchmark if has_benchmarks else option.group or option.label
        is_compared = name in residents.numbers if residents.is_known else bool(name)
        if is_compared and option.code != EqualityOption.PREFER_NOT_TO_SAY:
            groups[name].append(option)
        else:
            apart.append(option)
    return dict(groups), apart


def compare(question: EqualityQuestion, given: dict[int, int], residents: Residents) -> Comparison:
    """How often each answer was given (by the number of the option) beside the residents."""
    groups, apart = options_by_group(question, residents)
    counts = {name: sum(given.get(option.pk, 0) for option in options) for name, options in groups.items()}
    table = disclosure.breakdown(counts)
    asked = sum(residents.numbers[name] for name in groups) if residents.is_known else 0
    base = int(table.base) if table.rows else 0
    lines = []
    for name, people, share in table.rows:
        expected = residents.numbers[name] / asked if asked else None
        lines.append(_group(name, people, share, base, expected, tuple(groups[name])))
    return Comparison(
        question,
        tuple(lines),
        tuple((option.label, disclosure.published(given.get(option.pk, 0))) for option in apart) if lines else (),
        base,
        table.withheld,
        residents,
        tuple(name for name in residents.numbers if name not in groups) if residents.is_known else (),
    )


def _group(name, people, share, base, expected, options) -> Group:
    ends = Ends.of(people)
    low, high = ends.interval(base)
    return Group(
        label=label_of(name, options),
        people=people,
        share=share,
        expected=expected,
        index=_index(ends, base, expected),
        interval=_("%(low)s to %(high)s") % {"low": _percent(low), "high": _percent(high)},
        verdict=Verdict.UNKNOWN if expected is None else ends.verdict(base, expected),
        ends=ends,
        options=options,
    )


def label_of(name: str, options: Sequence[EqualityOption]) -> str:
    """The answer in its own words where it stands alone, else the category."""
    return options[0].label if len(options) == 1 else name


def _index(ends: Ends, base: int, expected: float | None) -> str:
    """100 where the share is that of residents, 50 where it is half of it."""
    if not expected:
        return NOTHING
    return disclosure.HIDDEN if ends.low != ends.high else f"{100 * ends.low / base / expected:.0f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


# A picture of all questions ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """All questions to which somebody gave an answer, those with gaps first; and the questions without any answer."""

    where: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    unanswered: tuple[EqualityQuestion, ...]

    @property
    def gaps(self) -> list[tuple[Comparison, Group]]:
        return [(comparison, group) for comparison in self.comparisons for group in comparison.gaps]

    def group_of(self, option: EqualityOption) -> tuple[int, Group | None]:
        """The base of the question, 0 when nothing is shown, and the line in which an answer is counted."""
        for comparison in self.comparisons:
            if comparison.question.pk == option.question_id:
                return comparison.base, comparison.group_of(option)
        return 0, None


def picture(questions: Iterable[EqualityQuestion], given: dict[int, int], people: Population) -> Picture:
    """Every question compared, from how often each option was chosen."""
    asked, unanswered = [], []
    for question in questions:
        if any(given.get(option.pk) for option in question.options.all()):
            asked.append(compare(question, given, people.of(question.characteristic)))
        else:
            unanswered.append(question)
    asked.sort(key=lambda comparison: not comparison.gaps)
    return Picture(people.where, tuple(asked), tuple(unanswered))


# What became of a gap ------------------------------------------------------------------------------


class Closing(enum.Enum):
    """What became of a gap since something was done about it."""

    CLOSED = "closed"
    NARROWED = "narrowed"
    NOT = "not"
    UNKNOWN = "unknown"
    NONE = "none"

    @property
    def label(self) -> str:
        return CLOSING_WORDS[self][0]

    @property
    def colour(self) -> str:
        return CLOSING_WORDS[self][1]


CLOSING_WORDS = {
    Closing.CLOSED: (gettext_lazy("closed"), "green"),
    Closing.NARROWED: (gettext_lazy("narrowed, not closed"), "yellow"),
    Closing.NOT: (gettext_lazy("not closed"), "red"),
    Closing.UNKNOWN: (gettext_lazy("cannot say"), "grey"),
    Closing.NONE: (gettext_lazy("no gap now; nobody can say whether there was one"), "green"),
}


@dataclass(frozen=True, slots=True)
class Since:
    """A gap then and now: what was said of it when somebody began to act, what is said today, what became of it."""

    then: Verdict
    now: Verdict
    share_then: str
    share_now: str
    closing: Closing


def since(then: tuple[int, Ends | None], now: tuple[int, Ends | None], expected: float | None) -> Since:
    """Both are the base and the count as they may be known, against the same share of residents: today’s."""
    before, after = (_judged(base, ends, expected) for base, ends in (then, now))
    return Since(before, after, _share(*then), _share(*now), _closing(before, after, then, now))


def _judged(base: int, ends: Ends | None, expected: float | None) -> Verdict:
    return ends.verdict(base, expected) if base and ends and expected is not None else Verdict.UNKNOWN


def _share(base: int, ends: Ends | None) -> str:
    if not base or ends is None:
        return _("not shown")
    return disclosure.HIDDEN if ends.low != ends.high else f"{100 * ends.low / base:.0f}%"


def _closing(before: Verdict, after: Verdict, then: tuple[int, Ends | None], now: tuple[int, Ends | None]) -> Closing:
    if after is Verdict.UNKNOWN:
        return Closing.UNKNOWN
    if before is not Verdict.UNDER:
        return Closing.NONE if after is not Verdict.UNDER else Closing.NOT
    if after is not Verdict.UNDER:
        return Closing.CLOSED
    (low_then, high_then), (low_now, high_now) = (ends.shares(base) for base, ends in (then, now))
    if low_now > high_then:
        return Closing.NARROWED
    return Closing.NOT if high_now <= low_then else Closing.UNKNOWN
