"""Percentages and the whole numbers behind them."""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """A whole number out of a base, as a percentage."""

    number: int
    percent: float


def nearest(percent: Decimal, base: int, decimals: int) -> list[Share] | None:
    """The whole numbers below and above a percentage that no number out of the base gives when it is rounded.

    None when some number gives it, rounded up or down at the half. Empty for a base of 0, of which nothing is a share.
    """
    if base == 0:
        return []
    exact = Fraction(percent) * base / 100
    around = {math.floor(exact), math.ceil(exact)} & set(range(base + 1))
    half = Fraction(1, 2 * 10**decimals)
    if any(abs(Fraction(number * 100, base) - Fraction(percent)) <= half for number in around):
        return None
    return [Share(number, number * 100 / base) for number in sorted(around)]
