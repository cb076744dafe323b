"""Representatives and scrutiny."""

from collections.abc import Iterator

from engagement.models import Project
from engagement.services.gates import Obstacle
from engagement.services.parts import Part


def gate(project: Project, to: str) -> Iterator[Obstacle]:
    """Written next."""
    yield from ()


def part(project: Project, user) -> Part | None:
    """Written next."""
    return None
