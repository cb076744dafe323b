"""Links on the page of an activity to what is kept of it further up: its answers, its thread, who took part."""

from collections.abc import Callable, Iterable

from engagement.models import Activity
from people.models import User

Links = Iterable[tuple[str, str]]  # what it is called, and its address

_sources: list[Callable[[Activity, User], Links]] = []


def register(source: Callable[[Activity, User], Links]) -> None:
    """Have a source asked for links that a user may follow. It reads little: the page has many parts."""
    _sources.append(source)


def links_of(activity: Activity, user: User) -> list[tuple[str, str]]:
    return [link for source in _sources for link in source(activity, user)]
