"""How sure a share can be, whether two differ, and whether many fit: intervals, tests, and many tests at once.

Wilson: E. B. Wilson, “Probable inference, the law of succession, and statistical inference”, Journal of the American
Statistical Association 22 (1927); recommended for small counts by R. G. Newcombe, Statistics in Medicine 17 (1998).
Difference: R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890, method 10; R. A. Fisher's exact test (1934).
Many tests: S. Holm, Scandinavian Journal of Statistics 6 (1979), 65–70, keeps the chance of even one false finding at
5%; Y. Benjamini and Y. Hochberg, JRSS B 57 (1995), 289–300, keeps the share of false ones among findings at 5%.
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


def newcombe(count: float, base: float, other_count: float, other_base: float, z: float = Z_95) -> tuple[float, float]:
    """The interval in which the first share less the second lies, from −1 to 1, for two independent groups.

    Raises ValueError as `wilson` does.
    """
    low, high = wilson(count, base, z)
    other_low, other_high = wilson(other_count, other_base, z)
    share, other = count / base, other_count / other_base
    below, above = math.hypot(share - low, other_high - other), math.hypot(high - share, other - other_low)
    return share - other - below, share - other + above


@dataclass(frozen=True, slots=True)
class Difference:
    """The first share less the second, from −1 to 1, its 95% interval, and how often chance makes one as large."""

    difference: float
    low: float
    high: float
    p: float


def two_proportions(count: int, base: int, other_count: int, other_base: int) -> Difference:
    """Whether two groups of people differ in a share: Newcombe's interval and Fisher's exact test, two-sided.

    Nobody may be in both groups. Raises ValueError for a base of nobody, or for a count outside it.
    """
    from scipy.stats import fisher_exact

    low, high = newcombe(count, base, other_count, other_base)
    test = fisher_exact([[count, base - count], [other_count, other_base - other_count]])
    return Difference(count / base - other_count / other_base, low, high, min(float(test.pvalue), 1.0))


def holm(ps: Sequence[float]) -> list[float]:
    """The p of each of many tests, made larger so that at 5% even one false finding has at most that chance.

    Raises ValueError for what is no p.
    """
    order, corrected, least = _ascending(ps), [0.0] * len(ps), 0.0
    for rank, place in enumerate(order):
        least = max(least, min(1.0, (len(ps) - rank) * ps[place]))
        corrected[place] = least
    return corrected


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """The p of each of many tests, made larger so that of those below 5% at most that share is expected to be false.

    Raises ValueError for what is no p.
    """
    order, corrected, most = _ascending(ps), [0.0] * len(ps), 1.0
    for rank in range(len(ps), 0, -1):
        place = order[rank - 1]
        most = min(most, ps[place] * len(ps) / rank)
        corrected[place] = most
    return corrected


def _ascending(ps: Sequence[float]) -> list[int]:
    if not all(0 <= p <= 1 for p in ps):
        raise ValueError("a p lies between 0 and 1")
    return sorted(range(len(ps)), key=ps.__getitem__)


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
