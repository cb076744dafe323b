"""Facts of a report as canonical JSON with a fingerprint, and back: the same for every kind of report."""

import hashlib
import json
from dataclasses import MISSING, Field, asdict, fields, is_dataclass
from typing import TypeVar, get_args, get_origin, get_type_hints

Facts = TypeVar("Facts")


def freeze(facts) -> tuple[str, str]:
    """The facts as canonical JSON, and its SHA-256. The same facts always give the same text."""
    text = json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, hashlib.sha256(text.encode()).hexdigest()


def thaw(kind: type[Facts], text: str) -> Facts:
    """The facts from their JSON. `kind` is their dataclass, with the number of its SCHEMA.

    Raises ValueError for a snapshot of another schema.
    """
    data = json.loads(text)
    if data.get("schema") != kind.SCHEMA:
        raise ValueError(f"this snapshot has schema {data.get('schema')}, not {kind.SCHEMA}")
    return _build(kind, data)


def _build(kind, value):
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        # A snapshot from before a field was added lacks it: such fields have a default.
        known = [item for item in fields(kind) if item.name in value or not _has_default(item)]
        return kind(**{item.name: _build(hints[item.name], value[item.name]) for item in known})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is list:
        return [_build(arguments[0], item) for item in value]
    if origin is tuple:
        return tuple(_build(argument, item) for argument, item in zip(arguments, value, strict=True))
    return value


def _has_default(item: Field) -> bool:
    return item.default is not MISSING or item.default_factory is not MISSING
