"""The sections of a body's profile that give the framework its activities are judged by."""

from django.utils.text import slugify

from core.profiles import only, upsert
from engagement.models import (
    Cycle,
    Duty,
    Ladder,
    Method,
    Period,
    Principle,
    PrincipleMapping,
    PrincipleSet,
    Rung,
    Stage,
    Topic,
)


def load_principle_sets(rows: list[dict]) -> None:
    """[[principle_set]] with its principles in their exact wording."""
    for row in rows:
        fields = only(row, "name", "source", "effective_from", "effective_to")
        principle_set = upsert(PrincipleSet, {"code": row["code"]}, fields)
        for principle in row["principles"]:
            key = {"principle_set": principle_set, "number": principle["number"]}
            upsert(Principle, key, {"wording": principle["wording"], "short": principle["short"]})


def load_principle_mappings(rows: list[dict]) -> None:
    """[[principle_mapping]]: what became of each principle from one set to another."""
    for row in rows:
        old = Principle.objects.filter(principle_set__code=row["from_set"])
        new = Principle.objects.filter(principle_set__code=row["to_set"])
        for link in row["relations"]:
            key = {"from_principle": old.get(number=link["from"]), "to_principle": new.get(number=link["to"])}
            upsert(PrincipleMapping, key, {"relation": link["relation"]})


def load_duties(rows: list[dict]) -> None:
    """[[duty]]: legal duties under their present reference."""
    for row in rows:
        values = only(row, "name", "reference", "in_force_from", "in_force_to", "summary")
        upsert(Duty, {"code": row["code"]}, values | {"cited_as": "; ".join(row.get("cited_as", []))})


def load_ladder(rows: list[dict]) -> None:
    """[ladder]: rungs from the lowest to the highest."""
    for row in rows:
        ladder = upsert(Ladder, {"name": row["name"]}, {})
        for order, rung in enumerate(row["rungs"], start=1):
            values = {"ladder": ladder, "name": rung["name"], "order": order, "meaning": rung.get("meaning", "")}
            upsert(Rung, {"code": rung["code"]}, values)


def load_cycle(rows: list[dict]) -> None:
    """[cycle]: stages in order."""
    for row in rows:
        cycle = upsert(Cycle, {"name": row.get("name", "Engagement cycle")}, {})
        for order, stage in enumerate(row["stages"], start=1):
            upsert(Stage, {"code": stage["code"]}, {"cycle": cycle, "name": stage["name"], "order": order})


def load_methods(rows: list[dict]) -> None:
    """[[method]]"""
    for row in rows:
        upsert(Method, {"name": row["name"]}, only(row, "family"))


def load_topics(rows: list[dict]) -> None:
    """[[topic]]"""
    for row in rows:
        upsert(Topic, {"name": row["name"]}, {"slug": slugify(row["name"])})


def load_periods(rows: list[dict]) -> None:
    """[[period]]: a period that is there keeps its state, so that loading again never unlocks one."""
    for row in rows:
        values = only(row, "starts_on", "ends_on", "kind")
        values["principle_set"] = PrincipleSet.objects.get(code=row["principle_set"])
        if not Period.objects.filter(code=row["code"]).exists():
            values |= only(row, "state")
        upsert(Period, {"code": row["code"]}, values)
