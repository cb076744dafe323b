"""What staff see of one person on the register beside their details: each app says what it keeps about them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of the page: a heading and lines, each a text and the address it leads to (empty: none)."""

    title: str
    lines: list[tuple[str, str]] = field(default_factory=list)


_panels: list[Callable[[object, object], Panel | None]] = []


def register(find: Callable[[object, object], Panel | None]) -> None:
    """Register a function from a person and the user who looks to a panel; None where that user may not see it.

    It makes the same number of queries however much there is. Registering a function twice is harmless.
    """
    if find not in _panels:
        _panels.append(find)


def panels(person, user) -> Iterable[Panel]:
    """Everything that the apps show of somebody to a member of staff, in the order of registration."""
    return [panel for find in _panels if (panel := find(person, user)) is not None]
