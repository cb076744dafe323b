"""What happens to seats when two entries of the register turn out to be one person."""

from django.utils import timezone

from forums.models import Membership

MEANING = ("represents_id", "organisation_id", "community", "is_observer")


def end_later_seat(one: Membership, other: Membership) -> bool:
    """Of two open seats of one role that mean different things, the later ends today: the history keeps both.

    Two that say the same become one (False), from the earlier day.
    """
    pairs = [(getattr(one, name), getattr(other, name)) for name in MEANING]
    if all(first == second or "" in (first, second) or None in (first, second) for first, second in pairs):
        return False
    later = max(one, other, key=lambda seat: (seat.started_on, seat.pk))
    later.ended_on = max(timezone.localdate(), later.started_on)
    later.left_because = Membership.Left.OTHER
    later.save()
    return True
