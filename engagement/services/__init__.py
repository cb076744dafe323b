"""What a person may ask of engagement. `framework` holds the rules that a period lays on its activities."""

from engagement.services.framework import (
    CONVERSATION,
    Framework,
    needs_late_reason,
    next_reference,
    principle_in_force,
    principles_in_force,
    record_conversation,
)

__all__ = [
    "CONVERSATION",
    "Framework",
    "needs_late_reason",
    "next_reference",
    "principle_in_force",
    "principles_in_force",
    "record_conversation",
]
