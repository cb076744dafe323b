"""The register of fields that can hold personal data. docs/data.md is made from it; a test fails on a field without it.

A model names each such field in `personal`, and every other field that could hold text about somebody in
`not_personal`. `about` is the path from the model to the person whom a row is about ("claim__person"); export and
erasure walk it. `on_erasure = "delete"` takes the whole row away. Classes: P1 working notes, P2 seen by members, P3
identity and contact, P4 special category or about children (never on a model that the admin lists).
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

OURS = ("core", "people", "forums", "engagement", "insights", "reporting")
# Numbers, dates, choices and flags about a record are not personal by themselves; text, files and links can be.
COULD_BE_PERSONAL = (models.CharField, models.TextField, models.FileField, models.JSONField, models.BinaryField)


@dataclass(frozen=True, slots=True)
class Personal:
    """What a personal field is for and what becomes of it. A records manager has to confirm how long `keep` says."""

    cls: str
    purpose: str
    basis: str = "public task: NHS Act 2006 section 14Z45"
    keep: str = "as long as the record it is part of"
    export: str = "included"
    erase: str = "replaced by “name removed”"


def our_models() -> list[type[models.Model]]:
    """Every model that we wrote, the history tables left out: they follow their model."""
    return [
        model for app in OURS for model in apps.get_app_config(app).get_models() if not hasattr(model, "instance_type")
    ]


def models_about_people() -> list[type[models.Model]]:
    """The models whose rows are about one person each: what that person may download and ask to have erased."""
    return [model for model in our_models() if is_about_people(model)]


def is_about_people(model: type[models.Model]) -> bool:
    """Whether `about` is a path to a person; a field may be called so too."""
    return isinstance(getattr(model, "about", None), str)


def undeclared(model: type[models.Model]) -> list[str]:
    """Names of fields that could hold personal data and are in neither list."""
    declared = {*getattr(model, "personal", {}), *getattr(model, "not_personal", ())}
    return [
        field.name
        for field in model._meta.concrete_fields
        if (
            (field.is_relation and field.related_model._meta.label in {"people.User", "people.Person"})
            or _is_text(field)
        )
        and field.name not in declared
    ]


def _is_text(field: models.Field) -> bool:
    return isinstance(field, COULD_BE_PERSONAL) and not field.choices and not isinstance(field, models.SlugField)
