"""How one person's words leave the tables: rows deleted, fields emptied, names taken out of the audit trail.

It follows what each model says of itself: `about`, `on_erasure`, and for each field `Personal.erase`.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction

from core.models import AuditEvent
from core.privacy import models_about_people
from people.documents.my_data import entries, rows_about
from people.models import Person

NAME_REMOVED = "name removed"
FATES = DELETED, CLEARED, KEPT = "deleted", "cleared", "kept"


_ways: dict[type[models.Model], Callable[[models.QuerySet], None]] = {}


def register(model: type[models.Model], forget: Callable[[models.QuerySet], None]) -> None:
    """Say how rows about a person are emptied where more hangs on them than their fields: copies, other rows."""
    _ways[model] = forget


# What becomes of rows ----------------------------------------------------------------------------


def fate_of(model: type[models.Model]) -> str:
    """What becomes of a model's rows: deleted, cleared of personal words, or kept, because they hold none."""
    own_links = [field for field in _links_to_people(model) if _goes(model, field) and not field.null]
    if getattr(model, "on_erasure", "") == "delete" or own_links:
        return DELETED
    return CLEARED if list(_words(model)) else KEPT


def _links_to_people(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.fields if field.is_relation and field.related_model is Person]


def _goes(model: type[models.Model], field: models.Field) -> bool:
    return field.name in model.personal and model.personal[field.name].erase.startswith("deleted")


def _words(model: type[models.Model]) -> Iterator[tuple[models.Field, str]]:
    """The fields that lose what they hold, with what stands there instead: nothing, or “name removed”."""
    for name, declared in model.personal.items():
        field = model._meta.get_field(name)
        if not declared.erase.startswith("kept") and not field.is_relation:
            yield field, "" if declared.erase.startswith("deleted") else NAME_REMOVED


def forget_rows(person: Person) -> dict[str, dict[str, int]]:
    """Erase what is about a person in every model. Returns how many rows of each kind were deleted, cleared or kept."""
    counts = {}
    for model in sorted(models_about_people(), key=lambda model: fate_of(model) != DELETED):
        number, fate = rows_about(model, person).count(), fate_of(model)
        if number:
            counts[model._meta.label] = {fate: number}
        _drop_files(model, person, fate)
        _unlink(model, person)
        if fate == DELETED:
            rows_about(model, person).delete()
        elif model in _ways:
            _ways[model](rows_about(model, person))
        elif fate == CLEARED:
            for row in rows_about(model, person):
                _clear(row)
    return counts


def _unlink(model: type[models.Model], person: Person) -> None:
    """Rows about somebody else that name this person: the name goes, the row stays where it can."""
    for field in _links_to_people(model):
        if field.name == model.about or not _goes(model, field):
            continue
        for row in model._base_manager.filter(**{f"{field.name}__in": entries(person)}):
            if not field.null:
                row.delete()
            else:
                _write(row, {field.attname: None})  # where the row cannot be without it, it leads to no name


def _clear(row: models.Model) -> None:
    """Empty each field; where a rule of the database wants words, “name removed” stands there."""
    for field, text in _words(type(row)):
        empty = None if field.null else text
        if not _write(row, {field.attname: empty}):
            _write(row, {field.attname: NAME_REMOVED})


def _write(row: models.Model, values: dict) -> bool:
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**values)
    except IntegrityError:
        return False
    return True


def _drop_files(model: type[models.Model], person: Person, fate: str) -> None:
    """Delete the files of rows and fields that go, once the erasure is certain."""
    going = {field.name for field, _text in _words(model)}
    for field in model._meta.fields:
        if isinstance(field, models.FileField) and (fate == DELETED or field.name in going):
            for row in rows_about(model, person).exclude(**{field.name: ""}):
                file = getattr(row, field.name)
                transaction.on_commit(lambda storage=file.storage, name=file.name: storage.delete(name))


# The audit trail and the admin's log -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trail:
    """Where a person's name may stand outside their records: found before these go."""

    entries: list[int]
    names: list[str]
    accounts: set[int]
    rows: dict[str, list[str]]  # label in lower case → numbers

    @classmethod
    def of(cls, people: list[Person]) -> "Trail":
        """Of the entry and all that were merged into it, the accounts that were joined included."""
        numbers = [person.pk for person in people]
        accounts = {person.user_id for person in people if person.user_id}
        merges = AuditEvent.objects.filter(verb="merged people", subject_type="people.person", subject_id__in=numbers)
        accounts |= {number for detail in merges.values_list("detail", flat=True) if (number := detail.get("account"))}
        rows = {"people.user": [str(number) for number in accounts]}
        for model in models_about_people():
            found = model._base_manager.filter(**{f"{model.about}__in": numbers})
            rows[model._meta.label_lower] = [str(pk) for pk in found.values_list("pk", flat=True)]
        names = {name for person in people for name in (person.name, person.known_as) if " " in name}
        return cls(numbers, sorted(names, key=len, reverse=True), accounts, rows)


def forget_trail(trail: Trail) -> None:
    """Take the name out of the audit trail and the admin's log. What was done, when and to what number stays."""
    AuditEvent.objects.filter(actor_id__in=trail.accounts).update(actor=NAME_REMOVED)
    for label, numbers in trail.rows.items():
        AuditEvent.objects.filter(subject_type=label, subject_id__in=numbers).update(subject=NAME_REMOVED)
        app, model = label.split(".")
        kind = ContentType.objects.get_by_natural_key(app, model)
        LogEntry.objects.filter(content_type=kind, object_id__in=numbers).update(object_repr=NAME_REMOVED)
    for name in trail.names:
        _replace(AuditEvent.objects.exclude(subject_type="people.person"), "subject", name)
        _replace(LogEntry.objects.exclude(content_type__model="person"), "object_repr", name)
        _replace(LogEntry.objects.all(), "change_message", json.dumps(name)[1:-1])


def _replace(rows: models.QuerySet, field: str, name: str) -> None:
    """Where a record that is gone, or a part of another, was called by the name. A name is replaced as whole words."""
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for row in rows.filter(**{f"{field}__contains": name}):
        setattr(row, field, pattern.sub(NAME_REMOVED, getattr(row, field)))
        row.save(update_fields=[field])
