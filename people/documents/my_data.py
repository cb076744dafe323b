"""Everything that is kept about one person, as a ZIP: for machines (data.json), for people (data.html), and files.

What goes in follows the register of personal data (`core.privacy`): each declared field that is not left out, with the
dates and choices beside it. Whom else a row names is not said (GOV-003, UK GDPR articles 15 and 20).
"""

import datetime
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.privacy import is_about_people, models_about_people
from people.models import Person

SCHEMA = 1
LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Value:
    """One answer to “what is kept?”: the field, its label in words, what it holds for machines and for people."""

    name: str
    label: str
    raw: object
    shown: str
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """All records of one kind, each a list of values."""

    kind: str
    title: str
    records: list[list[Value]]


def entries(person: Person) -> list[int]:
    """The numbers of the person's entry and of those merged into it."""
    return list(Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person.pk)).values_list("pk", flat=True))


def rows_about(model: type[models.Model], person: Person) -> models.QuerySet:
    """The rows of a model that are about a person, older entries included."""
    return model._base_manager.filter(**{f"{model.about}__in": entries(person)}).order_by("pk")


def build(
    person: Person,
    *,
    without: tuple[str, ...] = (),
    hides: frozenset[str] = frozenset(),
    equality: dict[str, str] | None = None,
) -> bytes:
    """The ZIP. `without` names kinds of records that whoever asks must not read; the file says so.

    `hides` are classes of personal data (`core.privacy`) that are left out of every other kind of record.

    `equality` are the person's own answers, question → option; None when somebody else asks.
    """
    files: dict[str, models.fields.files.FieldFile] = {}
    kinds = [model for model in models_about_people() if model._meta.label not in without]
    sections = [found for model in kinds if (found := _section(model, person, files, hides)).records]
    missing = [model for model in models_about_people() if model._meta.label in without]
    return _packed(_facts(person, sections, missing, equality), sections, missing, files)


def _section(model: type[models.Model], person: Person, files: dict, hides: frozenset[str]) -> Section:
    related = [field.name for field in model._meta.fields if _names_a_record(field)]
    rows = rows_about(model, person).select_related(*related) if related else rows_about(model, person)
    records = [list(_values(row, person, files, hides)) for row in rows]
    title = capfirst(str(model._meta.verbose_name_plural))
    return Section(model._meta.label, title, [record for record in records if record])


def _values(row: models.Model, person: Person, files: dict, hides: frozenset[str]) -> Iterator[Value]:
    for field in row._meta.concrete_fields:
        declared = row.personal.get(field.name)
        if declared and (declared.export.startswith(LEFT_OUT) or declared.cls in hides):
            continue
        if not (declared or _is_plain(field) or _names_a_record(field)) or field.primary_key:
            continue
        found = getattr(row, field.name if _names_a_record(field) else field.attname)
        if found in (None, "", {}, []):
            continue
        raw, shown = _as_told(row, field, found, person, files)
        if shown:
            label = capfirst(str(field.verbose_name))
            yield Value(field.name, label, raw, shown, isinstance(field, models.FileField))


def _is_plain(field: models.Field) -> bool:
    """Dates, choices, numbers and flags: they are part of what is told."""
    kinds = (models.DateField, models.TimeField, models.BooleanField, models.IntegerField, models.DecimalField)
    return not field.is_relation and (isinstance(field, kinds) or bool(field.choices))


def _names_a_record(field: models.Field) -> bool:
    """Whether a link leads to what a row is for, as a forum, and not to a person or to something about one."""
    if not field.is_relation:
        return False
    return not is_about_people(field.related_model) and field.related_model._meta.label != "people.User"


def _as_told(row, field, found, person: Person, files: dict) -> tuple[object, str]:
    if field.is_relation and not _names_a_record(field):
        return _who(field, found, person)
    if isinstance(field, models.FileField):
        name = f"files/{row._meta.label_lower}-{row.pk}-{PurePath(found.name).name}"
        files[name] = found
        return name, name
    if field.choices:
        return found, str(getattr(row, f"get_{field.name}_display")())
    if isinstance(found, bool):
        return found, _("yes") if found else _("no")
    if isinstance(found, datetime.datetime):
        return found.isoformat(), formats.date_format(timezone.localtime(found), "j F Y, H:i")
    if isinstance(found, datetime.date):
        return found.isoformat(), formats.date_format(found, "j F Y")
    if isinstance(found, dict | list | int):
        return found, json.dumps(found, ensure_ascii=False) if not isinstance(found, int) else str(found)
    return str(found), str(found)


def _who(field: models.Field, found: int, person: Person) -> tuple[str, str]:
    """Whom a link leads to: told as “you” or “a member of staff”. Nobody else is named."""
    if field.related_model._meta.label == "people.User":
        return ("you", _("you")) if found == person.user_id else ("a member of staff", _("a member of staff"))
    if field.related_model is not Person or field.name == field.model.about:
        return "", ""
    return "somebody else", _("somebody else")


# Packing -----------------------------------------------------------------------------------------


def _facts(person, sections: list[Section], missing: list[type[models.Model]], equality) -> dict:
    return {
        "schema": SCHEMA,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "person": person.pk,
        "records": {
            section.kind: [{value.name: value.raw for value in record} for record in section.records]
            for section in sections
        },
        "equality_answers": equality,
        "left_out": [model._meta.label for model in missing],
    }


def _packed(facts: dict, sections: list[Section], missing: list[type[models.Model]], files: dict) -> bytes:
    titles = [capfirst(str(model._meta.verbose_name_plural)) for model in missing]
    context = {"sections": sections, "equality": facts["equality_answers"], "missing": titles, "today": timezone.now()}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(facts, ensure_ascii=False, indent=2))
        archive.writestr("data.html", render_to_string("people/register/my_data.html", context))
        for name, file in files.items():
            with file.open("rb") as content:
                archive.writestr(name, content.read())
    return out.getvalue()
