"""Whether the figures of groups would tell an exact number of people, taken together with all that is printed.

The number of comments with a theme is printed exactly. Two groups of about 30 of 60 comments are 30 each: each rounded
figure by itself is safe, all of them together are not.
"""

from core.disclosure import SMALLEST_BASE, Sum, possible, possible_base, solved
from insights.documents.theme_splits import Split


def tells_a_group(found: Split, coded: int) -> bool:
    """Whether somebody could work out how many people are in a group, or how many of them speak of a theme.

    `coded` is how many comments have a theme. Comments of a group that is not known are the rest of them.
    """
    groups = [name for name, _base, _cells in found.rows]
    ranges = [possible_base(base) for _name, base, _cells in found.rows]
    ranges += [(1, SMALLEST_BASE - 1) for _name in found.too_few]
    known = range(len(ranges))
    ranges.append((0, coded))
    sums = [Sum(dict.fromkeys(range(len(ranges)), 1), coded, coded)]
    of_theme: dict[str, tuple[int, int]] = {}
    for row in found.told:
        group = groups.index(row.group)
        others = {place: 1 for place in known if place != group}
        sums.append(Sum(others, *possible_base(row.others.base)))
        spoke, rest = len(ranges), len(ranges) + 1
        ranges += [possible(row.share.count), possible(row.others.count)]
        sums += [Sum({spoke: 1, group: -1}, -coded, 0), Sum({rest: 1} | dict.fromkeys(others, -1), -coded, 0)]
        if row.theme in of_theme:
            first, second = of_theme[row.theme]
            sums.append(Sum({spoke: 1, rest: 1, first: -1, second: -1}, 0, 0))
        of_theme[row.theme] = spoke, rest
    return bool(solved(ranges, sums))
