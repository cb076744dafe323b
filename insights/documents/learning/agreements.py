"""How far a machine's codes agree with those a person gave to the same comments.

Kappa: J. Cohen, “A coefficient of agreement for nominal scales”, Educational and Psychological Measurement 20 (1960).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from core.intervals import wilson


@dataclass(frozen=True, slots=True)
class ThemeAgreement:
    """One theme in a sample of comments: how many have it from both, from one, from neither.

    `share` is that of comments on which both say the same, `low` and `high` its 95% Wilson interval. `kappa` is None
    where chance alone would agree on every comment. `f1` is None where nobody gave the theme.
    """

    theme: str
    both: int
    machine_alone: int
    person_alone: int
    neither: int
    share: float
    low: float
    high: float
    kappa: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A sample of comments coded twice. `accepted` of the `suggested` machine codes are the person's too.

    `accepted_low` and `accepted_high` are the 95% Wilson interval of accepted by suggested. They, and `micro_f1`, are
    None where there is nothing to compare.
    """

    comments: int
    same: int
    same_low: float
    same_high: float
    suggested: int
    accepted: int
    accepted_low: float | None
    accepted_high: float | None
    micro_f1: float | None
    themes: tuple[ThemeAgreement, ...]


def agreement(pairs: Iterable[tuple[Collection[str], Collection[str]]]) -> Agreement:
    """Each pair is a comment: the machine's themes, the person's themes. Raises ValueError for an empty sample."""
    rows = [(frozenset(machine), frozenset(person)) for machine, person in pairs]
    if not rows:
        raise ValueError("at least one comment that a person has coded is needed")
    suggested = sum(len(machine) for machine, _person in rows)
    given = sum(len(person) for _machine, person in rows)
    accepted = sum(len(machine & person) for machine, person in rows)
    same = sum(machine == person for machine, person in rows)
    same_low, same_high = wilson(same, len(rows))
    low, high = wilson(accepted, suggested) if suggested else (None, None)
    names = sorted({theme for row in rows for themes in row for theme in themes})
    return Agreement(
        comments=len(rows),
        same=same,
        same_low=same_low,
        same_high=same_high,
        suggested=suggested,
        accepted=accepted,
        accepted_low=low,
        accepted_high=high,
        micro_f1=f1(accepted, suggested - accepted, given - accepted),
        themes=tuple(theme_agreement(name, rows) for name in names),
    )


def theme_agreement(theme: str, rows: list[tuple[frozenset[str], frozenset[str]]]) -> ThemeAgreement:
    both = sum(theme in machine and theme in person for machine, person in rows)
    machine_alone = sum(theme in machine for machine, _person in rows) - both
    person_alone = sum(theme in person for _machine, person in rows) - both
    neither = len(rows) - both - machine_alone - person_alone
    low, high = wilson(both + neither, len(rows))
    return ThemeAgreement(
        theme=theme,
        both=both,
        machine_alone=machine_alone,
        person_alone=person_alone,
        neither=neither,
        share=(both + neither) / len(rows),
        low=low,
        high=high,
        kappa=kappa(both, machine_alone, person_alone, neither),
        f1=f1(both, machine_alone, person_alone),
    )


def kappa(both: int, machine_alone: int, person_alone: int, neither: int) -> float | None:
    """Agreement beyond chance: 1 is complete, 0 is what chance gives."""
    base = both + machine_alone + person_alone + neither
    by_chance = (both + machine_alone) * (both + person_alone) + (neither + machine_alone) * (neither + person_alone)
    if by_chance == base * base:
        return None
    return ((both + neither) * base - by_chance) / (base * base - by_chance)


def f1(right: float, wrong: float, missed: float) -> float | None:
    return 2 * right / (2 * right + wrong + missed) if right + wrong + missed else None
