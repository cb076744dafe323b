"""A panel beside the residents of its area: what is out of balance, and whom to look for (INC-020, INC-021).

As everywhere, `core.disclosure` comes first: the test and the numbers to look for are computed from what may be shown.
"""

import enum
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import disclosure
from core.intervals import chi_square_tail, deviations, is_enough_for_chi_square
from engagement.documents.representation import Comparison, Ends, Group, Picture, picture
from engagement.documents.residents import population
from engagement.documents.who_took_part import questions_with_answers
from forums.models import Forum
from people.models import EqualityOption, EqualityQuestion

SIGNIFICANT = 0.05


class Balance(enum.Enum):
    """What the chi-square test says of a whole question."""

    DIFFERS = "differs"
    FITS = "fits"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return BALANCE_WORDS[self][0]

    @property
    def colour(self) -> str:
        return BALANCE_WORDS[self][1]


BALANCE_WORDS = {
    Balance.DIFFERS: (gettext_lazy("differs from the residents"), "red"),
    Balance.FITS: (gettext_lazy("no sign that it differs"), "green"),
    Balance.UNKNOWN: (gettext_lazy("cannot say"), "grey"),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """The test of one question, in words. `statistic` and `p` are texts, each a range when a count is hidden."""

    balance: Balance
    statistic: str
    degrees: int
    p: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many more of a group are wanted until the panel has the share that is asked for."""

    label: str
    have: str
    share: str
    target: str
    more: str


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the panel: its table, its test and whom to look for."""

    comparison: Comparison
    summary: Summary
    size: int
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class PanelBalance:
    picture: Picture
    lines: tuple[Line, ...]
    targets: tuple[Wanted, ...]


def panel_balance(
    forum: Forum,
    answers: Iterable[dict[str, str]],
    *,
    size: int | None = None,
    targets: Iterable[EqualityOption] = (),
    share: int | None = None,
) -> PanelBalance:
    """A panel from what its members told, in as many queries for ten members as for a thousand.

    `size` is the number of members to plan for; without it, those who told. `targets` are answers to look for: those of
    one question count as one group, with the residents’ share, or the `share` in per cent that is asked for.
    """
    questions = questions_with_answers()
    given = _given(questions, answers)
    areas = [forum.area_id] if forum.area_id else []
    found = picture(questions, given, population(areas, [question.characteristic for question in questions]))
    lines = tuple(_line(comparison, size) for comparison in found.comparisons)
    return PanelBalance(found, lines, tuple(_targets(found, questions, given, targets, size, share)))


def _given(questions: list[EqualityQuestion], answers: Iterable[dict[str, str]]) -> dict[int, int]:
    """How many chose each option, by its number. A code that no longer exists is left out."""
    chosen = Counter((question, option) for each in answers for question, option in each.items())
    return {
        option.pk: chosen[question.code, option.code] for question in questions for option in question.options.all()
    }


def _line(comparison: Comparison, size: int | None) -> Line:
    planned = size or comparison.base
    compared = [group for group in comparison.groups if group.expected is not None]
    wanted = tuple(_wanted(group.label, group.people, group.ends, group.expected, planned) for group in compared)
    return Line(comparison, summary_of(comparison), planned, wanted)


def _wanted(label: str, have: str, ends: Ends, share: float, size: int) -> Wanted:
    target = int(share * size + 0.5)
    fewest, most = max(0, target - ends.high), max(0, target - ends.low)
    more = str(most) if fewest == most else _("%(fewest)s to %(most)s") % {"fewest": fewest, "most": most}
    return Wanted(label, have, f"{100 * share:.1f}%", str(target), more)


# The test ------------------------------------------------------------------------------------------


def summary_of(comparison: Comparison) -> Summary:
    """Whether the answers to a question, taken together, could be those of residents drawn by lot."""
    groups = [group for group in comparison.groups if group.expected]
    if comparison.withheld or not comparison.residents.is_known:
        return _no_test(_("There are no figures to compare."))
    if len(groups) < 2:
        return _no_test(_("There is only one group to compare."))
    shares = [group.expected for group in groups]
    if not is_enough_for_chi_square(shares, comparison.base):
        return _no_test(_("Too few people: some groups are too small for the test."))
    return _tested(groups, shares, comparison.base)


def _no_test(why_not: str) -> Summary:
    return Summary(Balance.UNKNOWN, "", 0, "", why_not)


def _tested(groups: list[Group], shares: list[float], base: int) -> Summary:
    """The smallest and the largest statistic that the hidden counts allow. The verdict needs both to agree."""
    least = sum(deviations([_nearest(group, base) for group in groups], shares, base))
    most = sum(deviations([_farthest(group, base) for group in groups], shares, base))
    degrees = len(groups) - 1
    p_of_least, p_of_most = chi_square_tail(least, degrees), chi_square_tail(most, degrees)
    balance = Balance.UNKNOWN
    if p_of_least < SIGNIFICANT:
        balance = Balance.DIFFERS
    elif p_of_most >= SIGNIFICANT:
        balance = Balance.FITS
    return Summary(balance, _span(f"{least:.1f}", f"{most:.1f}"), degrees, _span(_p(p_of_most), _p(p_of_least)))


def _nearest(group: Group, base: int) -> float:
    return min(max(group.expected * base, group.ends.low), group.ends.high)


def _farthest(group: Group, base: int) -> int:
    return max((group.ends.low, group.ends.high), key=lambda count: abs(count - group.expected * base))


def _span(low: str, high: str) -> str:
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


# Groups to look for --------------------------------------------------------------------------------


def _targets(found: Picture, questions, given, targets, size, share):
    """One line for the chosen answers of each question, like 18 to 24, or carers of any number of hours."""
    chosen = defaultdict(list)
    for option in targets:
        chosen[option.question_id].append(option)
    comparisons = {comparison.question.pk: comparison for comparison in found.comparisons}
    for question in questions:
        if options := chosen.get(question.pk):
            yield _target(question, options, comparisons.get(question.pk), given, size, share)


def _target(question, options, comparison, given, size, share) -> Wanted:
    label = f"{question}: " + ", ".join(option.label for option in options)
    if comparison is None or not comparison.base:
        return Wanted(label, _("not shown"), "", "", _("cannot say"))
    # From what may be shown of each answer: sums of chosen answers, rounded one by one, would tell the counts.
    parts = [Ends.of(disclosure.published(given[option.pk])) for option in options]
    ends = Ends(sum(part.low for part in parts), sum(part.high for part in parts))
    people = _span(str(ends.low), str(ends.high))
    expected = share / 100 if share else _share_of_residents(comparison, options)
    if expected is None:
        return Wanted(label, people, _("not known"), "", _("cannot say: give the share that you want"))
    return _wanted(label, people, ends, expected, size or comparison.base)


def _share_of_residents(comparison: Comparison, options: list[EqualityOption]) -> float | None:
    """The residents’ share where the answers fill whole groups; None where they are a part of one."""
    chosen = set(options)
    touched = [group for group in comparison.groups if chosen & set(group.options)]
    is_whole = {option for group in touched for option in group.options} == chosen
    return sum(group.expected for group in touched) if is_whole and comparison.residents.is_known else None
