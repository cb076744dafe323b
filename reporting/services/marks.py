"""Two people with the same form open: the second is told, and nothing is overwritten."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.models import TimeStamped


def mark_of(row: TimeStamped | None) -> str:
    """What tells one state of a row from another; "" where there is none yet."""
    return row.updated_at.isoformat() if row else ""


def refuse_stale(row: TimeStamped | None, seen: str | None) -> None:
    """Raise ValidationError (code `stale`) where a row is not as the form showed it. None asks for no check."""
    if seen is not None and seen != mark_of(row):
        words = _("Somebody else changed this text since you opened it. Compare, then keep what is right.")
        raise ValidationError(words, code="stale")
