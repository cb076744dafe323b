"""The parts of a project's page: each area of its life says in a line where it stands, and where to go on."""

from collections.abc import Callable
from dataclasses import dataclass

from engagement.models import Project


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the page: what it is, where it stands (a word and the colour of its tag), a sentence, its page."""

    title: str
    status: str
    colour: str
    words: str
    url: str


_parts: list[Callable[[Project, object], Part | None]] = []


def register(find: Callable[[Project, object], Part | None]) -> None:
    """Register a function from a project and a user to its part, or None where it has none for them."""
    _parts.append(find)


def parts_of(project: Project, user) -> list[Part]:
    return [part for find in _parts if (part := find(project, user)) is not None]
