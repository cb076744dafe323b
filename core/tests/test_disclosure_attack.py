"""Somebody who has every figure that is published, and a solver, is never left with one possible number of people.

The attack knows the rule: what a hidden and what a rounded figure may stand for, and what adds up to what.
"""

import random

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from core.disclosure import SMALLEST_BASE, Breakdown, breakdown, possible, published

TABLES = 10_000
LEAK = {"a": 8, "b": 8, "c": 8, "d": 8}  # shown as 10, 10, 10, 10 of 30: each must be 8


def made_up(seed: int) -> dict[str, int]:
    """A table of people by category: small and large ones, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    size, mean = chance.randint(2, 8), chance.choice((5, 10, 20, 60, 200))
    return {f"category {number}": int(chance.expovariate(1 / mean)) for number in range(size)}


def recovered(tables: list[Breakdown]) -> list[tuple[int, str]]:
    """Each table and category whose count follows from what is published, though it is hidden or rounded.

    Tables have nothing to do with each other, so one run of the solver asks all of them about their next category.
    """
    shown = [(number, table) for number, table in enumerate(tables) if table.rows]
    ranges = np.array([possible(text) for _number, table in shown for _category, text, _share in table.rows])
    owner = np.repeat(np.arange(len(shown)), [len(table.rows) for _number, table in shown])
    first = np.searchsorted(owner, np.arange(len(shown)))
    adds_up = coo_array((np.ones(len(owner)), (owner, np.arange(len(owner))))).tocsr()
    bases = np.array([possible(table.base) for _number, table in shown])
    limits = vstack([adds_up, -adds_up]), np.concatenate([bases[:, 1], -np.maximum(SMALLEST_BASE, bases[:, 0])])
    found = []
    for place in range(max(len(table.rows) for _number, table in shown)):
        asked = (first + place)[[place < len(table.rows) for _number, table in shown]]
        least, most = (_extremes(asked, sign, ranges, limits) for sign in (1, -1))
        settled = asked[(least == most) & (ranges[asked, 0] < ranges[asked, 1])]
        found += [(shown[owner[each]][0], shown[owner[each]][1].rows[each - first[owner[each]]][0]) for each in settled]
    return sorted(found)


def _extremes(asked: np.ndarray, sign: int, ranges: np.ndarray, limits: tuple) -> np.ndarray:
    """The least (1) or the most (-1) that each of these counts can be. All limits are whole, so the corners are too."""
    aim = np.zeros(len(ranges))
    aim[asked] = sign
    answer = linprog(aim, A_ub=limits[0], b_ub=limits[1], bounds=ranges, method="highs")
    assert answer.success, answer.message
    return np.rint(answer.x[asked])


def unguarded(counts: dict[str, int]) -> Breakdown:
    """The same table by the rule without its last guard: everybody in one category, or under 30, stays out."""
    if sum(counts.values()) < SMALLEST_BASE or sum(counts.values()) in counts.values():
        return breakdown(counts)
    shown = tuple((category, published(count), "") for category, count in counts.items())
    return Breakdown(shown, published(sum(counts.values())))


def test_the_attack_finds_what_a_table_without_the_guard_tells():
    safe = {"a": 20, "b": 20}
    assert recovered([unguarded(safe), unguarded(LEAK)]) == [(1, "a"), (1, "b"), (1, "c"), (1, "d")]


def test_a_table_that_would_tell_is_not_shown():
    table = breakdown(LEAK)
    assert (table.rows, table.base) == ((), "")
    assert table.withheld == "Not shown: the rounded figures together would tell an exact number of people."


def test_a_table_that_leaves_room_is_shown():
    assert breakdown(LEAK | {"a": 9}).rows[0] == ("a", "10", "29%")


def test_ten_thousand_tables_tell_no_count():
    tables = [made_up(seed) for seed in range(TABLES)]
    told = {number for number, _category in recovered([unguarded(table) for table in tables])}
    published_tables = [breakdown(table) for table in tables]
    assert recovered(published_tables) == []
    assert sum(bool(table.rows) for table in published_tables) > TABLES / 2
    assert told  # the tables are of a kind that would tell something without the guard
