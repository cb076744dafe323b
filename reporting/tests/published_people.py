"""What the reports of a year publish of people by a characteristic, read from their snapshots, and the attack on it.

The attack knows the rule by which figures are hidden and rounded, what adds up to what, and a solver.
"""

import json
import re
from collections.abc import Callable

from scipy.optimize import linprog

from core.disclosure import SMALLEST_BASE, possible
from reporting.documents import kpis

MOST = 10_000  # more people than any of these records holds
NEEDS = "Access needs that people confirmed as met"
SENTENCE = re.compile(
    r"^People in (?:the group “(?P<group>.+)”|more than one group) speak of “(?P<theme>.+)” more often: "
    r"(?P<share>\d+)% of about (?P<base>\d+) people, against (?P<other_share>\d+)% of about (?P<other_base>\d+) others"
)
Count = tuple[str, ...]  # which report, of what, which category


class Attack:
    """What is known of each count: what it may be by itself, and what several of them add up to."""

    def __init__(self):
        self.ranges: dict[Count, tuple[int, int]] = {}
        self.sums: list[tuple[dict[Count, int], int, int]] = []

    def count(self, *count: str, between: tuple[int, int]) -> Count:
        self.ranges[count] = between
        return count

    def knows(self, factors: dict[Count, int], least: int, most: int) -> None:
        self.sums.append((factors, least, most))

    def finds(self) -> list[Count]:
        """Every count that is left with one possible value, though by itself it would have several."""
        places = {count: place for place, count in enumerate(self.ranges)}
        rows = [[factors.get(count, 0) for count in places] for factors, _least, _most in self.sums]
        limits = [most for _factors, _least, most in self.sums] + [-least for _factors, least, _most in self.sums]
        rows += [[-factor for factor in row] for row in rows]

        def extreme(place: int, sign: int) -> int:
            aim = [0] * len(places)
            aim[place] = sign
            answer = linprog(aim, A_ub=rows or None, b_ub=limits or None, bounds=[*self.ranges.values()])
            assert answer.success, answer.message
            return round(answer.x[place])

        hidden = [(count, place) for count, place in places.items() if self.ranges[count][0] < self.ranges[count][1]]
        return [count for count, place in hidden if extreme(place, 1) == extreme(place, -1)]


def base_of(text: str) -> tuple[int, int]:
    least, most = possible(text)
    return max(SMALLEST_BASE, least), most


def of_share(percent: str, base: str) -> tuple[int, int]:
    """What may stand behind a share: every rounded count that is printed as this percentage of the rounded base."""
    fitting = [each for each in range(0, int(base) + 10, 5) if f"{100 * each / int(base):.0f}" == percent]
    return possible(str(fitting[0]))[0], possible(str(fitting[-1]))[1]


def attack_on(quarters: list[str], pack: str, year) -> Attack:
    """Everything that four quarterly reports, the pack of their year and the figures of the year say together."""
    attack = Attack()
    facts = [json.loads(each) for each in quarters]
    for each in facts:
        _groups(attack, each)
    _needs(attack, facts, year)
    _characteristics(attack, json.loads(pack))
    return attack


# Quarterly reports: themes by group ---------------------------------------------------------------


def _groups(attack: Attack, facts: dict) -> None:
    report = facts["period"]
    section = next(each for each in facts["sections"] if each["key"] == "feedback")
    tables = {each["key"]: each for each in section["tables"]}
    if not tables.get("groups", {}).get("rows"):
        assert not any(SENTENCE.match(words) for words in section["sentences"])
        return
    groups = {
        row["cells"][0]: attack.count(report, row["cells"][0], between=base_of(row["cells"][1]))
        for row in tables["groups"]["rows"]
    }
    left_out = tables["groups"]["note"].rpartition(": ")[2].removesuffix(".")
    small = [attack.count(report, name, between=(1, SMALLEST_BASE - 1)) for name in left_out.split(", ") if name]
    known = [*groups.values(), *small]
    coded = next(int(found[1]) for words in section["sentences"] if (found := re.search(r"theme: (\d+)\.", words)))
    unknown = attack.count(report, "of no known group", between=(0, MOST))
    attack.knows(dict.fromkeys([*known, unknown], 1), coded, coded)
    shares = {row["cells"][0]: re.match(r"(\d+)% of about (\d+)", row["cells"][1]) for row in tables["themes"]["rows"]}
    for found in filter(None, map(SENTENCE.match, section["sentences"])):
        group, theme = groups[found["group"] or "More than one group"], found["theme"]
        others = dict.fromkeys((each for each in known if each != group), 1)
        attack.knows(others, *base_of(found["other_base"]))
        spoke = attack.count(*group, theme, between=of_share(found["share"], found["base"]))
        rest = attack.count(*group, theme, "others", between=of_share(found["other_share"], found["other_base"]))
        of_all = attack.count(report, theme, between=of_share(*shares[theme].groups()) if shares[theme] else (0, MOST))
        silent = attack.count(report, theme, "of no known group", between=(0, MOST))
        attack.knows({spoke: 1, group: -1}, -MOST, 0)
        attack.knows({rest: 1} | dict.fromkeys(others, -1), -MOST, 0)
        attack.knows({spoke: 1, rest: 1, silent: 1, of_all: -1}, 0, 0)
        attack.knows({silent: 1, unknown: -1}, -MOST, 0)


# Quarterly reports and figures of the year: needs that were met -----------------------------------


def _needs(attack: Attack, quarters: list[dict], year) -> None:
    texts = {each["period"]: next(row["text"] for row in each["figures"] if row["name"] == NEEDS) for each in quarters}
    texts["year"] = next(each.text for each in kpis.figures(year) if each.name == NEEDS)
    pairs = {period: _yes_of(attack, period, text) for period, text in texts.items()}
    of_year = pairs.pop("year")
    for place in (0, 1):
        attack.knows({of_year[place]: 1} | {pair[place]: -1 for pair in pairs.values()}, 0, 0)


def _yes_of(attack: Attack, period: str, text: str) -> tuple[Count, Count]:
    found = re.search(r"\((\d+) of (\d+)\)", text)
    few = SMALLEST_BASE - 1 if "fewer than" in text else 0 if text == "not recorded" else MOST
    yes = attack.count(period, NEEDS, "yes", between=possible(found[1]) if found else (0, few))
    said = attack.count(period, NEEDS, "said", between=base_of(found[2]) if found else (0, few))
    attack.knows({yes: 1, said: -1}, -MOST, 0)
    return yes, said


# The pack: who took part -------------------------------------------------------------------------


def _characteristics(attack: Attack, facts: dict) -> None:
    for question in facts["people"]["characteristics"]:
        if not question["rows"]:
            continue
        rows = [
            attack.count("pack", question["name"], row["label"], between=possible(row["people"]))
            for row in question["rows"]
        ]
        attack.knows(dict.fromkeys(rows, 1), *base_of(question["base"]))
        for label, people in question["apart"]:
            attack.count("pack", question["name"], label, between=possible(people))


def same_after(change: Callable[[], object], read: Callable[[], object]) -> bool:
    """Whether something reads the same before and after the record was changed."""
    before = read()
    change()
    return read() == before
