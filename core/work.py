"""What is left to do, for the front page of the admin: each app adds its own lines, in the order of the loop."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """How many of what is unfinished, in words, and the page that shows it."""

    words: str
    url: str


_finders: list[Callable[[object], Iterable[Line]]] = []


def register(find: Callable[[object], Iterable[Line]]) -> None:
    """Register a function from a user to lines, which leaves out what the user may not see and what is nothing."""
    _finders.append(find)


def left_to_do(user) -> list[Line]:
    return [line for find in _finders for line in find(user)]
