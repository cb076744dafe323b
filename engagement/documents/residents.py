"""How many residents of some places fall into each category of a characteristic, and by which source (ENG-023).

The rule. A place with figures of its own for a characteristic is taken by these. A place without is the sum of its
districts where every one of them has figures for it; where one is missing, the number is not known. A source leaves out
categories in which an area has nobody, so a category that one district lacks counts there as nobody. A place inside
another that is named as well is counted once.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from people.models import Area, Level, PopulationBenchmark


@dataclass(slots=True)
class Residents:
    """Residents by category. `missing` names the places without figures: then nothing can be compared."""

    numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sources: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        return not self.missing and any(self.numbers.values())

    def add(self, figures: list[PopulationBenchmark]) -> None:
        for row in figures:
            self.numbers[row.category] += row.residents
            if row.source not in self.sources:
                self.sources.append(row.source)


@dataclass(frozen=True, slots=True)
class Population:
    """The residents of some places: the names of the places, and the residents by characteristic."""

    where: tuple[str, ...]
    by_characteristic: dict[str, Residents]

    def of(self, characteristic: str) -> Residents:
        return self.by_characteristic.get(characteristic) or Residents()


def population(areas: Iterable[int], characteristics: Iterable[str]) -> Population:
    """The residents of the areas with these numbers, together; of the whole body where none is given.

    Three queries at most, whatever the number of areas.
    """
    tree = {area.pk: area for area in Area.objects.only("pk", "name", "level", "parent_id")}
    wanted = _without_those_inside(list(areas), tree) or [
        area for area in tree.values() if area.level == Level.SYSTEM and area.parent_id is None
    ]
    districts = {area.pk: _districts_of(area, tree) for area in wanted}
    needed = {area.pk for area in wanted} | {each.pk for inside in districts.values() for each in inside}
    figures = defaultdict(list)
    wished = {each for each in characteristics if each}
    for row in PopulationBenchmark.objects.filter(area__in=needed, characteristic__in=wished):
        figures[row.area_id, row.characteristic].append(row)
    found = {each: _together(wanted, districts, figures, each) for each in wished}
    return Population(tuple(area.name for area in wanted), found)


def _without_those_inside(numbers: list[int], tree: dict[int, Area]) -> list[Area]:
    chosen = set(numbers)
    return [tree[pk] for pk in dict.fromkeys(numbers) if not chosen & _above(tree[pk], tree)]


def _above(area: Area, tree: dict[int, Area]) -> set[int]:
    """The areas that an area is part of. It ends, too, where somebody made areas part of each other."""
    found: set[int] = set()
    while area.parent_id and area.parent_id not in found:
        found.add(area.parent_id)
        area = tree[area.parent_id]
    return found


def _districts_of(area: Area, tree: dict[int, Area]) -> list[Area]:
    return [each for each in tree.values() if each.level == Level.DISTRICT and area.pk in _above(each, tree)]


def _together(wanted: list[Area], districts: dict, figures: dict, characteristic: str) -> Residents:
    residents = Residents()
    for area in wanted:
        parts = [area] if (area.pk, characteristic) in figures else districts[area.pk]
        missing = [each.name for each in parts if (each.pk, characteristic) not in figures]
        residents.missing += missing if parts else [area.name]
        for each in parts:
            residents.add(figures.get((each.pk, characteristic), []))
    if not wanted:
        residents.missing.append(characteristic)
    return residents
