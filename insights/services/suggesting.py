"""Rounds of learning asked for, and what a person makes of each suggestion of the machine."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs
from insights.models import Coding, CodingChange, Collection, Frame, LearningRun, SampleCheck
from insights.services.coding import note_edition
from insights.services.frames import held_frame
from people.models import User

BATCH = 1000


@transaction.atomic
def start_learning(collection: Collection, frame: Frame, *, by: User) -> LearningRun:
    """Have the machine learn a frame and suggest themes for the comments of a collection, in a worker.

    While a round of the two is unfinished, it is the one that is returned. Raises ValidationError.
    """
    frame = held_frame(frame)
    if not frame.themes.in_use().exists():
        raise ValidationError({"frame": _("The frame has no themes. Add them, and code some comments by hand first")})
    unfinished = LearningRun.objects.unfinished().filter(collection=collection, frame=frame)
    if found := unfinished.filter(frame_edition=frame.edition).first():
        return found
    run = LearningRun.objects.create(collection=collection, frame=frame, frame_edition=frame.edition, requested_by=by)
    audit.record(by, "asked for learning", run, collection=collection.pk, edition=frame.edition)
    jobs.ring(run)
    return run


@transaction.atomic
def decide_suggestions(
    collection: Collection, frame: Frame, numbers: Iterable[int], *, by: User, is_accepted: bool
) -> int:
    """Accept suggestions or refuse them, by their numbers, in the name of `by`. Returns how many.

    What somebody has decided already stays, and so do suggestions for comments that are held or gone.
    """
    frame = held_frame(frame)
    rows = Coding.objects.suggested().filter(pk__in=list(numbers), theme__in=frame.themes.in_use())
    rows = rows.filter(comment__in=collection.comments.usable())
    comments = settle(rows, by=by, is_accepted=is_accepted)
    if comments:
        verb = "accepted suggestions" if is_accepted else "refused suggestions"
        audit.record(by, verb, collection, frame=frame.pk, codes=len(comments))
    return len(comments)


def settle(rows: QuerySet, *, by: User, is_accepted: bool, check_of: SampleCheck | None = None) -> list[int]:
    """Decide on suggestions, each with its place in the history. Returns the comment of each. The frame is held."""
    state = Coding.State.ACCEPTED if is_accepted else Coding.State.REFUSED
    what = CodingChange.What.ACCEPTED if is_accepted else CodingChange.What.REFUSED
    now, comments = timezone.now(), []
    values = {"state": state, "by": by, "by_name": str(by)[:200], "at": now, "check_of": check_of}
    locked = rows.select_for_update(of=("self",)).order_by("pk")
    while batch := list(locked[:BATCH]):
        Coding.objects.filter(pk__in=[row.pk for row in batch]).update(**values)
        CodingChange.objects.bulk_create(_change(row, what, now, by) for row in batch)
        comments += [row.comment_id for row in batch]
        # The rest of a checked sample is accepted unread.
        note_edition({row.comment_id for row in batch}, read_by=None if check_of else by)
    return comments


def _change(row: Coding, what: str, now, by: User) -> CodingChange:
    origin = Coding.Origin.PERSON
    return CodingChange(
        comment_id=row.comment_id,
        theme_id=row.theme_id,
        what=what,
        origin=origin,
        confidence=row.confidence,
        at=now,
        by=by,
    )
