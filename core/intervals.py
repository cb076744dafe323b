"""How sure a share can be, and whether shares fit: the Wilson score interval and the chi-square test.

Wilson: E. B. Wilson, “Probable inference, the law of succession, and statistical inference”, Journal of the American
Statistical Association 22 (1927); recommended for small counts by R. G. Newcombe, Statistics in Medicine 17 (1998).
Chi-square: K. Pearson (1900), its tail by the recurrence of the incomplete gamma function, DLMF 8.8.6. Fewer than five
expected in more than a fifth of the cells, or fewer than one in any: W. G. Cochran, Biometrics 10 (1954).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959963984540054


def wilson(count: float, base: float, z: float = Z_95) -> tuple[float, float]:
    """The interval in which a share lies, from 0 to 1; with 95% confidence unless `z` says another.

    Raises ValueError for a base of nobody, or for a count outside it.
    """
    if base <= 0 or not 0 <= count <= base:
        raise ValueError("the count must lie between 0 and the base, and the base must not be 0")
    share, weight = count / base, z * z / base
    middle = share + weight / 2
    reach = z * math.sqrt(share * (1 - share) / base + weight / (4 * base))
    low, high = (middle - reach) / (1 + weight), (middle + reach) / (1 + weight)
    return (0.0 if count == 0 else low), (1.0 if count == base else high)


@dataclass(frozen=True, slots=True)
class Fit:
    """How far counts lie from what shares would make them. `p` is how often chance alone lies as far or further."""

    statistic: float
    degrees: int
    p: float


def goodness_of_fit(counts: Sequence[float], shares: Sequence[float]) -> Fit:
    """Pearson’s chi-square of counts against shares. Raises ValueError where there is nothing to compare."""
    statistic = sum(deviations(counts, shares, sum(counts)))
    degrees = len(counts) - 1
    return Fit(statistic, degrees, chi_square_tail(statistic, degrees))


def deviations(counts: Sequence[float], shares: Sequence[float], base: float) -> list[float]:
    """What each count adds to the statistic. Raises ValueError where shares or base make no comparison."""
    if len(counts) < 2 or len(counts) != len(shares) or base <= 0 or min(shares) <= 0:
        raise ValueError("two counts or more, a share above 0 for each, and a base above 0 are needed")
    if not math.isclose(sum(shares), 1, abs_tol=1e-9):
        raise ValueError("the shares must add up to 1")
    return [(count - base * share) ** 2 / (base * share) for count, share in zip(counts, shares, strict=True)]


def is_enough_for_chi_square(shares: Sequence[float], base: float) -> bool:
    """Cochran’s rule: at least one expected in every cell, and at least five in four fifths of them."""
    expected = [base * share for share in shares]
    return min(expected) >= 1 and sum(each < 5 for each in expected) <= len(expected) / 5


def chi_square_tail(statistic: float, degrees: int) -> float:
    """How likely chance alone gives this statistic or more, from 0 to 1. Raises ValueError outside its range."""
    if degrees < 1 or statistic < 0:
        raise ValueError("at least one degree of freedom and a statistic of 0 or more are needed")
    if statistic == 0:
        return 1.0
    half = statistic / 2
    order, tail = (0.5, math.erfc(math.sqrt(half))) if degrees % 2 else (1.0, math.exp(-half))
    while order < degrees / 2:
        tail += math.exp(order * math.log(half) - half - math.lgamma(order + 1))
        order += 1
    return min(tail, 1.0)
