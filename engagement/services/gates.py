"""What stands in the way of a project before it may go on. Each part of its life adds its own gate.

A gate is asked inside the transaction that moves the project, with the project's row locked; whoever writes something
that a gate reads locks the same row first, so that nobody can open a door that somebody else is closing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engagement.models import Project

CLOSED = "closed"  # not a stage: the end of a project after its review


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way, in a sentence that says what to do, and the page where to do it.

    `can_be_overridden` is False for what is simply missing, like the day on which something opens.
    """

    words: str
    url: str = ""
    can_be_overridden: bool = True


Gate = Callable[[Project, str], Iterable[Obstacle]]
_gates: list[Gate] = []


def register(gate: Gate) -> None:
    """Have a gate asked before every step of a project. It takes the project and the stage it is to go to."""
    _gates.append(gate)


def obstacles(project: Project, to: str) -> list[Obstacle]:
    """Everything that stands between a project and a stage, or its end (`CLOSED`), in the order of registration."""
    return [obstacle for gate in _gates for obstacle in gate(project, to)]
