"""The sections of a body's profile that say who and where."""

from django.utils.text import slugify

from core.profiles import only, upsert
from people.models import Area, AreaAlias, LevelBand, Organisation, OrganisationAlias, PopulationGroup


def load_body(rows: list[dict]) -> None:
    """[body]: the ICB that this deployment serves. There is exactly one."""
    for row in rows:
        fields = only(
            row, "short_name", "ods_code", "starts_on", "ends_on", "email", "phone", "website", "formats_contact"
        )
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
        upsert(PopulationGroup, {"name": row["name"]}, only(row, "kind"))
