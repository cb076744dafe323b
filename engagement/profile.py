"""The sections of a body's profile that give the framework its activities are judged by."""

from django.utils.text import slugify

from core.profiles import only, refuse_unknown, typed, upsert
from engagement.models import (
    Channel,
    CheckList,
    CheckQuestion,
    Cycle,
    Duty,
    GlossaryTerm,
    Ladder,
    Method,
    Period,
    PlanQuestion,
    Policy,
    Principle,
    PrincipleMapping,
    PrincipleSet,
    Rung,
    SchoolHoliday,
    Stage,
    Topic,
)
from people.models import Area


def load_principle_sets(rows: list[dict]) -> None:
    """[[principle_set]] with its principles in their exact wording."""
    for row in rows:
        fields = only(row, "name", "kind", "source", "effective_from", "effective_to")
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


def load_channels(rows: list[dict]) -> None:
    """[[channel]]: ways of reaching people, by class (ENG-054)."""
    for row in rows:
        upsert(Channel, {"name": row["name"]}, {"belongs": row["class"]})


def load_policy(rows: list[dict]) -> None:
    """[policy]: the numbers and words by which this body judges its plans."""
    names = [field.name for field in Policy._meta.concrete_fields if field.editable and field.name != "id"]
    for row in rows:
        refuse_unknown(row, *names)
        upsert(Policy, {"one": True}, typed(Policy, row, *names))


def load_glossary(rows: list[dict]) -> None:
    """[[glossary]]: what words mean here, and which to avoid."""
    for row in rows:
        refuse_unknown(row, "term", "use", "meaning", "instead", "also_spelt", "source")
        upsert(GlossaryTerm, {"term": row["term"]}, only(row, "use", "meaning", "instead", "also_spelt", "source"))


def load_school_holidays(rows: list[dict]) -> None:
    """[[school_holiday]]: name, first and last day, and the area where it is not for all."""
    for row in rows:
        area = Area.objects.get(name=row["area"]) if "area" in row else None
        key = {"name": row["name"], "starts_on": row["starts_on"], "area": area}
        upsert(SchoolHoliday, key, {"ends_on": row["ends_on"]})


def load_plan_questions(rows: list[dict]) -> None:
    """[[plan_question]]: the assessment and planning form, in the order of the file (SVC-001)."""
    known = ("section", "text", "guidance", "kind", "options", "asked", "is_required", "is_active", "source")
    for order, row in enumerate(rows, start=1):
        refuse_unknown(row, "code", *known)
        upsert(PlanQuestion, {"code": row["code"]}, {"order": order} | only(row, *known))


def load_check_lists(rows: list[dict]) -> None:
    """[[check_list]] with its questions in order (SVC-010 to 012)."""
    known = ("text", "guidance", "measure", "at_points")
    for row in rows:
        refuse_unknown(row, "code", "name", "source", "is_active", "blocks", "questions")
        check_list = upsert(CheckList, {"code": row["code"]}, only(row, "name", "source", "is_active", "blocks"))
        for order, question in enumerate(row["questions"], start=1):
            refuse_unknown(question, "code", *known)
            key = {"check_list": check_list, "code": question["code"]}
            upsert(CheckQuestion, key, {"order": order} | only(question, *known))


def load_periods(rows: list[dict]) -> None:
    """[[period]]: a period that is there keeps its state, so that loading again never unlocks one."""
    for row in rows:
        values = only(row, "starts_on", "ends_on", "kind")
        values["principle_set"] = PrincipleSet.objects.get(code=row["principle_set"])
        if not Period.objects.filter(code=row["code"]).exists():
            values |= only(row, "state")
        upsert(Period, {"code": row["code"]}, values)
