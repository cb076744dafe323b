"""A body's configuration as one TOML file: each app reads its own sections, in the order of their registration."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models, transaction

_loaders: list[tuple[str, Callable[[list[dict]], None]]] = []


class ProfileError(Exception):
    """The file cannot be loaded. The message says where it is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: rows by section name."""

    sections: dict[str, int]


def register(section: str, loader: Callable[[list[dict]], None]) -> None:
    """Say which function takes the rows of a section. Sections load in the order in which they were registered."""
    _loaders.append((section, loader))


@transaction.atomic
def load(path: Path, *, extended_by: tuple[str, ...] = ()) -> Loaded:
    """Load a profile, whole or not at all. Loading it again changes nothing. Raises ProfileError.

    `extends = "england.toml"` loads another file of the same folder first: what every body in the country shares.
    `extended_by` holds the names of the files that led to this one.
    """
    data = _read(path)
    base = Path(data.pop("extends", "")).name
    chain = (*extended_by, path.name)
    if base in chain:
        raise ProfileError(f"{base} cannot extend itself")
    counts = dict(load(path.with_name(base), extended_by=chain).sections) if base else {}
    unknown = data.keys() - {section for section, _ in _loaders}
    if unknown:
        raise ProfileError(f"{path.name} has a section nobody reads: {', '.join(sorted(unknown))}")
    for section, loader in _loaders:
        if section in data:
            rows = data[section] if isinstance(data[section], list) else [data[section]]
            _load_section(section, loader, rows)
            counts[section] = counts.get(section, 0) + len(rows)
    return Loaded(counts)


def _read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ProfileError(f"There is no file {path}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path.name} is not a TOML file: {error}") from None


def _load_section(section, loader, rows) -> None:
    try:
        loader(rows)
    except KeyError as error:
        raise ProfileError(f"[{section}]: a row lacks {error.args[0]!r}") from None
    except models.ObjectDoesNotExist as error:
        raise ProfileError(
            f"[{section}]: {error} Name something that stands in this file or in the database."
        ) from None
    except ValidationError as error:
        raise ProfileError(f"[{section}]: {' '.join(error.messages)}") from None


def upsert(model: type[models.Model], key: dict, values: dict) -> models.Model:
    """The row with this key and these values, checked as a form would check it. Raises ValidationError."""
    row = model.objects.filter(**key).first() or model(**key)
    changed = row._state.adding or any(getattr(row, name) != value for name, value in values.items())
    if changed:
        for name, value in values.items():
            setattr(row, name, value)
        try:
            row.full_clean()
        except ValidationError as error:
            raise ValidationError([f"{next(iter(key.values()))}: {message}" for message in error.messages]) from None
        row.save()
    return row


def only(row: dict, *names: str) -> dict:
    """The named values that a row has."""
    return {name: row[name] for name in names if name in row}


def typed(model: type[models.Model], row: dict, *names: str) -> dict:
    """The named values that a row has, as the model's fields hold them. Raises ValidationError with the row's name."""
    values = {}
    for name in names:
        if name in row:
            try:
                values[name] = model._meta.get_field(name).to_python(row[name])
            except ValidationError as error:
                raise wrong(row, f"{name}: {' '.join(error.messages)}") from None
    return values


def wrong(row: dict, problem: str) -> ValidationError:
    """The error to raise about a row: its name, then what is the matter."""
    called = row.get("name") or row.get("title") or row.get("code") or "a row without a name"
    return ValidationError(f"{called}: {problem}")


def refuse_unknown(row: dict, *names: str) -> None:
    """Raise ValidationError for a key that nobody reads: most likely a slip of the pen."""
    if unknown := sorted(row.keys() - set(names)):
        raise wrong(row, f"nobody reads {', '.join(unknown)}. Write one of: {', '.join(sorted(names))}")
