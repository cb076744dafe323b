"""The section of a body's profile that says by which yardsticks it judges itself, and is judged."""

from django.db import transaction

from core.profiles import refuse_unknown, typed, upsert, wrong
from reporting.documents.assessments import was_used
from reporting.models import Descriptor, Dimension, Level, Yardstick


@transaction.atomic
def load_yardsticks(rows: list[dict]) -> None:
    """[[yardstick]] with its levels, the lowest first, and its dimensions (PLN-010, PLN-011, REP-021).

    A body's file may name a yardstick of another file by its code alone, to set a target or to describe the levels.
    What was used in a final assessment keeps its levels and dimensions. A descriptor that is there stays.
    """
    for row in rows:
        refuse_unknown(row, "code", "kind", "name", "meaning", "source", "most_links", "levels", "dimensions", "target")
        _load(row)


def _load(row: dict) -> None:
    values = typed(Yardstick, row, "kind", "name", "meaning", "source", "most_links")
    yardstick = upsert(Yardstick, {"code": row["code"]}, values)
    _check_levels(row, yardstick)
    dimensions = row.get("dimensions", [])
    _check_kept(row, yardstick, "levels", row.get("levels"))
    _check_kept(row, yardstick, "dimensions", [each["name"] for each in dimensions] if dimensions else None)
    for order, name in enumerate(row.get("levels", []), start=1):
        upsert(Level, {"order": order, "yardstick": yardstick}, {"name": name})
    levels = {level.name: level for level in yardstick.levels.all()}
    for number, each in enumerate(dimensions, start=1):
        refuse_unknown(each, "name", "meaning", "descriptors")
        found = typed(Dimension, each, "name", "meaning")
        dimension = upsert(Dimension, {"number": number, "yardstick": yardstick}, found)
        _describe(each, dimension, levels)
    if "target" in row:
        _aim(row, yardstick, levels)


def _check_levels(row: dict, yardstick: Yardstick) -> None:
    has_levels = bool(row.get("levels")) or yardstick.levels.exists()
    if yardstick.kind == Yardstick.Kind.EVALUATION and has_levels:
        raise wrong(row, "an evaluation is judged in words. Leave its levels out")
    if yardstick.kind != Yardstick.Kind.EVALUATION and not has_levels:
        raise wrong(row, "name its levels, the lowest first")


def _check_kept(row: dict, yardstick: Yardstick, part: str, names: list[str] | None) -> None:
    held = [each.name for each in getattr(yardstick, part).all()]
    if names is not None and names != held and was_used(yardstick):
        raise wrong(row, f"a final assessment used its {part}. Give the changed yardstick a code of its own")


def _describe(row: dict, dimension: Dimension, levels: dict[str, Level]) -> None:
    for name, words in row.get("descriptors", {}).items():
        level = _level(row, name, levels)
        if not dimension.descriptors.filter(level=level).exists():
            upsert(Descriptor, {"dimension": dimension, "level": level}, {"text": words})


def _aim(row: dict, yardstick: Yardstick, levels: dict[str, Level]) -> None:
    target = row["target"]
    refuse_unknown(target, "level", "number")
    level = _level(row, target["level"], levels)
    number = typed(Yardstick, {"target_number": target.get("number")}, "target_number")["target_number"]
    if number is not None and not 1 <= number <= yardstick.dimensions.count():
        raise wrong(row, f"the target must be a number of its dimensions, 1 to {yardstick.dimensions.count()}")
    upsert(Yardstick, {"code": yardstick.code}, {"target_level": level, "target_number": number})


def _level(row: dict, name: str, levels: dict[str, Level]) -> Level:
    if name not in levels:
        raise wrong(row, f"there is no level {name!r}. Write one of: {', '.join(levels)}")
    return levels[name]
