"""Code frames: themes added, reworded and retired. Each change makes a new edition, so that nobody codes by an old one.

Whoever changes codes holds the frame's row first (`held_frame`): a theme cannot be retired while somebody codes by it.
"""

import itertools
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import audit
from insights.models import Coding, CodingChange, Frame, Theme
from people.models import User

BATCH = 1000


def held_frame(frame: Frame) -> Frame:
    """The frame as it is now, held until the transaction ends."""
    return Frame.objects.select_for_update().get(pk=frame.pk)


@transaction.atomic
def add_frame(*, by: User, name: str, source: str = "", is_default: bool = False) -> Frame:
    """A new frame without themes. Raises ValidationError."""
    name = " ".join(name.split())
    frame = Frame(name=name, source=source.strip())
    frame.code = _free(slugify(name)[:36] or "frame", set(Frame.objects.values_list("code", flat=True)))
    return _save_frame(frame, by, "added", is_default)


@transaction.atomic
def edit_frame(frame: Frame, *, by: User, name: str, source: str = "", is_default: bool = False) -> Frame:
    """Give a frame another name or source, or make it the default. Its themes stay, and so does its edition."""
    frame = held_frame(frame)
    name, source = " ".join(name.split()), source.strip()
    if frame.is_default and not is_default:
        raise ValidationError({"is_default": _("Make another frame the default: then this one no longer is")})
    if (frame.name, frame.source, frame.is_default) == (name, source, is_default):
        return frame
    frame.name, frame.source = name, source
    return _save_frame(frame, by, "changed", is_default)


def _save_frame(frame: Frame, by: User, verb: str, is_default: bool) -> Frame:
    if is_default and not frame.is_default:
        Frame.objects.filter(is_default=True).update(is_default=False)
    frame.is_default = is_default
    frame.full_clean()
    frame.save()
    audit.record(by, verb, frame)
    return frame


# Themes ------------------------------------------------------------------------------------------


@transaction.atomic
def add_theme(frame: Frame, *, by: User, name: str, **values) -> Theme:
    """A new theme at the end of a frame: `category`, `definition` and `is_remainder`. Raises ValidationError."""
    frame = held_frame(frame)
    name = " ".join(name.split())
    theme = Theme(frame=frame, name=name, **values)
    theme.code = _free(slugify(name)[:70] or "theme", set(frame.themes.values_list("code", flat=True)))
    theme.order = (frame.themes.aggregate(last=Max("order"))["last"] or 0) + 1
    return _save_theme(frame, theme, by, "added")


@transaction.atomic
def edit_theme(theme: Theme, *, by: User, **values) -> Theme:
    """Reword a theme or put it elsewhere: `name`, `category`, `definition`, `is_remainder`. The same again is none."""
    frame = held_frame(theme.frame)
    theme = Theme.objects.get(pk=theme.pk)
    if theme.retired_on:
        raise ValidationError(_("This theme is not used any more. Change one that is in use"))
    values["name"] = " ".join(values.get("name", theme.name).split())
    if all(getattr(theme, name) == value for name, value in values.items()):
        return theme
    for name, value in values.items():
        setattr(theme, name, value)
    return _save_theme(frame, theme, by, "changed")


def _save_theme(frame: Frame, theme: Theme, by: User, verb: str) -> Theme:
    theme.full_clean()
    theme.save()
    audit.record(by, verb, theme, frame=frame.pk, edition=_next_edition(frame))
    return theme


def _next_edition(frame: Frame) -> int:
    frame.edition += 1
    frame.save(update_fields=["edition", "updated_at"])
    return frame.edition


def _free(code: str, taken: set[str]) -> str:
    numbered = (f"{code}-{number}" for number in itertools.count(2))
    return next(each for each in itertools.chain([code], numbered) if each not in taken)


@transaction.atomic
def retire_theme(theme: Theme, *, by: User, replaced_by: Theme | None = None) -> Theme:
    """Use a theme no more. What people coded moves to `replaced_by`, or stays where it is where there is none.

    Suggestions that nobody decided on are dropped. A theme that is retired already stays as it is.
    """
    frame = held_frame(theme.frame)
    theme = Theme.objects.get(pk=theme.pk)
    if theme.retired_on:
        return theme
    if replaced_by:
        replaced_by = _successor(theme, replaced_by)
    dropped = _drop_suggestions(theme, by)
    moved = _move(theme, replaced_by, by) if replaced_by else 0
    theme.retired_on, theme.replaced_by = timezone.localdate(), replaced_by
    theme.full_clean()
    theme.save(update_fields=["retired_on", "replaced_by"])
    if replaced_by:
        theme.replaces.update(replaced_by=replaced_by)
    audit.record(by, "retired", theme, edition=_next_edition(frame), moved=moved, dropped=dropped)
    return theme


def _successor(theme: Theme, replaced_by: Theme) -> Theme:
    found = Theme.objects.in_use().filter(frame=theme.frame_id).exclude(pk=theme.pk).filter(pk=replaced_by.pk).first()
    if found is None:
        raise ValidationError({"replaced_by": _("Choose another theme of this frame that is in use")})
    return found


def _drop_suggestions(theme: Theme, by: User) -> int:
    count = 0
    for rows in _batches(theme.codings.suggested().select_for_update().order_by("pk")):
        count += len(rows)
        _note(rows, theme, CodingChange.What.REMOVED, by)
        Coding.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return count


def _move(theme: Theme, to: Theme, by: User) -> int:
    """Move the codes of a theme. Where a comment has the other one already, what a person accepted wins."""
    count = 0
    for rows in _batches(theme.codings.select_for_update().order_by("pk")):
        count += len(rows)
        there = {row.comment_id: row for row in to.codings.filter(comment__in=[row.comment_id for row in rows])}
        weaker, stronger = [], []
        for row in rows:
            if other := there.get(row.comment_id):
                row_wins = row.state == Coding.State.ACCEPTED != other.state
                weaker.append(other if row_wins else row)
                stronger += [row] if row_wins else []
            else:
                stronger.append(row)
        Coding.objects.filter(pk__in=[row.pk for row in weaker]).delete()
        Coding.objects.filter(pk__in=[row.pk for row in stronger]).update(theme=to)
        _note(rows, to, CodingChange.What.MOVED, by)
    return count


def _batches(rows) -> Iterator[list[Coding]]:
    """Rows in batches, each fetched when the one before has been moved or deleted."""
    while batch := list(rows[:BATCH]):
        yield batch


def _note(rows: Iterable[Coding], theme: Theme, what: str, by: User) -> None:
    origin = Coding.Origin.PERSON
    CodingChange.objects.bulk_create(
        (
            CodingChange(
                comment_id=row.comment_id, theme=theme, what=what, origin=origin, confidence=row.confidence, by=by
            )
            for row in rows
        ),
        batch_size=BATCH,
    )
