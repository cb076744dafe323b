"""What we do: the framework it is judged by (principles, periods, ladders) and the record of activities."""

from engagement.models.activity import (
    Activity,
    ActivityCount,
    ActivityPartner,
    Evidence,
    Impact,
    IssueRaised,
    OtherPrinciple,
    Output,
    Session,
)
from engagement.models.framework import (
    Cycle,
    Duty,
    Ladder,
    Method,
    Period,
    Principle,
    PrincipleMapping,
    PrincipleSet,
    Rung,
    Stage,
    Topic,
)

__all__ = [
    "Activity",
    "ActivityCount",
    "ActivityPartner",
    "Cycle",
    "Duty",
    "Evidence",
    "Impact",
    "IssueRaised",
    "Ladder",
    "Method",
    "OtherPrinciple",
    "Output",
    "Period",
    "Principle",
    "PrincipleMapping",
    "PrincipleSet",
    "Rung",
    "Session",
    "Stage",
    "Topic",
]
