"""The sections of a body's profile that say who and where."""

from django.utils.text import slugify

from core.profiles import only, refuse_unknown, typed, upsert, wrong
from people.models import (
    Area,
    AreaAlias,
    ConsentPurpose,
    ConsentWording,
    EqualityOption,
    EqualityQuestion,
    LevelBand,
    Organisation,
    OrganisationAlias,
    PopulationGroup,
)


def load_body(rows: list[dict]) -> None:
    """[body]: the ICB that this deployment serves. There is exactly one."""
    for row in rows:
        contact = ("email", "phone", "address", "website", "formats_contact", "formats_days")
        fields = only(row, "short_name", "ods_code", "starts_on", "ends_on", *contact)
        upsert(
            Organisation,
            {"name": row["name"]},
            {"kind": row.get("kind", "icb"), "is_body": True, "is_statutory": True} | fields,
        )


def load_organisations(rows: list[dict]) -> None:
    """[[organisation]]: partners, providers, councils and committees, with the other names they go by."""
    for row in rows:
        values = only(row, "short_name", "kind", "ods_code", "starts_on", "ends_on")
        organisation = upsert(
            Organisation, {"name": row["name"]}, values | {"is_statutory": row.get("statutory", False)}
        )
        for alias in row.get("aliases", []):
            upsert(OrganisationAlias, {"name": alias}, {"organisation": organisation})


def load_levels(rows: list[dict]) -> None:
    """[[level]]: what the body calls a level, and its usual number of residents."""
    for row in rows:
        upsert(LevelBand, {"level": row["level"]}, only(row, "name", "smallest", "largest"))


def load_areas(rows: list[dict]) -> None:
    """[[area]]: the tree of places, each after the area that it is part of."""
    for row in rows:
        values = only(row, "level", "code", "population", "population_source") | {"slug": slugify(row["name"])}
        if "as_at" in row:
            values["population_as_at"] = row["as_at"]
        if "parent" in row:
            values["parent"] = Area.objects.get(name=row["parent"])
        for name in ("partnership", "acute_provider"):
            if name in row:
                values[name] = Organisation.objects.get(name=row[name])
        area = upsert(Area, {"name": row["name"]}, values)
        for alias in row.get("aliases", []):
            upsert(AreaAlias, {"name": alias}, {"area": area})


def load_groups(rows: list[dict]) -> None:
    """[[group]]: population groups."""
    for row in rows:
        upsert(PopulationGroup, {"name": row["name"]}, only(row, "kind", "is_always_considered"))


def load_consent_purposes(rows: list[dict]) -> None:
    """[[consent_purpose]]: what people may agree to, with the words they are shown (GOV-001).

    The first text is version 1. A text that no version has yet makes the next one, so that what somebody agreed to
    stays; a text that an older version has changes nothing, so that a wording that staff have written since stays too.
    """
    for order, row in enumerate(rows, start=1):
        refuse_unknown(row, "code", "name", "is_service", "for_under_18", "order", "text", "in_force_from")
        values = typed(ConsentPurpose, row, "name", "is_service", "for_under_18", "order")
        purpose = upsert(ConsentPurpose, {"code": row["code"]}, {"order": order} | values)
        if "text" in row:
            _load_wording(purpose, row)


def _load_wording(purpose: ConsentPurpose, row: dict) -> None:
    if "in_force_from" not in row:
        raise wrong(row, "say in in_force_from since when people are shown these words")
    values = typed(ConsentWording, row | {"text": row["text"].strip()}, "text", "in_force_from")
    versions = list(purpose.wordings.order_by("version"))
    if any(wording.text == values["text"] for wording in versions):
        return
    latest = versions[-1] if versions else None
    if latest and values["in_force_from"] < latest.in_force_from:
        problem = f"version {latest.version} is in force from {latest.in_force_from}. Give a later in_force_from"
        raise wrong(row, problem)
    upsert(ConsentWording, {"purpose": purpose, "version": latest.version + 1 if latest else 1}, values)


def load_equality_questions(rows: list[dict]) -> None:
    """[[equality_question]]: a question with its answers, in the order of the file (INC-020, GOV-004)."""
    for order, row in enumerate(rows, start=1):
        refuse_unknown(row, "code", "text", "hint", "characteristic", "order", "options")
        values = typed(EqualityQuestion, row, "text", "hint", "characteristic", "order")
        question = upsert(EqualityQuestion, {"code": row["code"]}, {"order": order} | values)
        for place, option in enumerate(row["options"], start=1):
            refuse_unknown(option, "code", "label", "group", "benchmark")
            values = {"order": place} | typed(EqualityOption, option, "label", "group", "benchmark")
            upsert(EqualityOption, {"code": option["code"], "question": question}, values)
