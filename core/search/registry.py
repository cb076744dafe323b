"""What can be found: each app registers its kinds of record, and the other names under which something is known."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models

from core.models import Scope

NAME, VALUE = re.compile(r"[a-z]+"), re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the search is told about one record.

    `names` are those of places, forums and bodies: they find the record and are not shown as its text. `tags` are
    what a filter asks for: `{"topic": [12, 14], "year": [2024]}`.
    """

    title: str
    text: str = ""
    names: Iterable[str] = ()
    day: datetime.date | None = None
    scope: str = Scope.STAFF
    tags: Mapping[str, Iterable[object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record that can be found.

    `build` tells the words of a row, or None where it must not be found. `rows` gives the rows with all that `build`
    reads. `for_user` gives the rows that a user may see, None for all of them; the user None is the public.
    `follows` names other models whose rows change the words of these: from such a row to the numbers of ours.
    """

    code: str
    name: str
    plural: str
    model: type[models.Model]
    build: Callable[[models.Model], Fields | None]
    for_user: Callable[[object], models.QuerySet | None]
    url: Callable[[models.Model], str]
    rows: Callable[[], models.QuerySet] | None = None
    follows: Mapping[type[models.Model], Callable[[models.Model], Iterable[int]]] = field(default_factory=dict)

    def __post_init__(self):
        if not VALUE.fullmatch(self.code) or len(self.code) > 20:
            raise ValueError(f"The code of a kind is made of up to 20 small letters and digits, not {self.code!r}.")

    def all_rows(self) -> models.QuerySet:
        return self.rows() if self.rows else self.model._default_manager.all()


OtherNames = Callable[[], Iterable[tuple[str, str]]]
_kinds: dict[str, Kind] = {}
_other_names: list[OtherNames] = []


def register(kind: Kind) -> None:
    """Have rows of a kind found from now on. Registering the same code again replaces it."""
    _kinds[kind.code] = kind


def register_names(find: OtherNames) -> None:
    """Register a function that gives pairs of names for the same thing, such as an old and a new one.

    Who searches for either finds both. Registering a function twice is harmless.
    """
    if find not in _other_names:
        _other_names.append(find)


def kinds() -> dict[str, Kind]:
    """Every kind by its code, in the order of registration."""
    return dict(_kinds)


def pairs_of_names() -> list[tuple[str, str]]:
    return [pair for find in _other_names for pair in find()]


def tag(name: str, value: object) -> str:
    """The word that stands for a tag in the index. No word of a text can be the same.

    PostgreSQL's parser makes no word that begins with “=”, and SQLite keeps tags in a column of their own. The last
    letter keeps a stemmer from taking two values for one.
    """
    value = str(value).lower()
    if not NAME.fullmatch(name) or not VALUE.fullmatch(value):
        raise ValueError(f"A tag is a word and a value of small letters and digits, not {name!r} and {value!r}.")
    return f"={name}{value}x"
