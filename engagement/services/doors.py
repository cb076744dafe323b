"""Which doors a project has gone through. What a gate has read cannot change once the project is behind it."""

from engagement.models import Project
from engagement.services.stages import ORDER


def has_reached(project: Project, stage: str) -> bool:
    """Whether a project stands at a stage or behind it. One that went back stands before it again."""
    return ORDER.index(project.stage) >= ORDER.index(stage)


def goes_through(project: Project, to: str, stage: str) -> bool:
    """Whether the step to `to` is the one that opens the door of `stage` to a project, going on and not back."""
    return to == stage and not has_reached(project, stage)
