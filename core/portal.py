"""What a member finds on the home page of the portal: each app says what waits for somebody, and what came of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Card:
    """One thing on the home page: a sentence that says what it is, where it leads, and by when it is wanted."""

    title: str
    text: str
    url: str
    due: date | None = None


_waiting: list[Callable[[object], Iterable[Card]]] = []
_came_of_it: list[Callable[[object], Iterable[Card]]] = []


def waits(find: Callable[[object], Iterable[Card]]) -> None:
    """Register a function from a person to what waits for them: a reply, a paper, a document, a vote."""
    _waiting.append(find)


def came_of_it(find: Callable[[object], Iterable[Card]]) -> None:
    """Register a function from a person to what came of what they said."""
    _came_of_it.append(find)


def waiting_for(person) -> list[Card]:
    """Everything that waits for somebody, the most urgent first, then what has no date."""
    cards = [card for find in _waiting for card in find(person)]
    return sorted(cards, key=lambda card: (card.due is None, card.due or date.max, card.title))


def came_of(person) -> list[Card]:
    return [card for find in _came_of_it for card in find(person)]
