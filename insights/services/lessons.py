"""What was learnt from what went well or badly, the action that matters most, and with whom it was shared (INS-017)."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Topic
from insights.models import Lesson, Source
from people.models import User

WORDS = ("what_happened", "action", "owner", "shared_with")
CHANGEABLE = ("kind", *WORDS, "learnt_on", "source", "shared_on", "done_on")


@transaction.atomic
def add_lesson(
    *, by: User, kind: str, what_happened: str, topics: Iterable[Topic] = (), source: Source | None = None, **values
) -> Lesson:
    """Note what was learnt. The same words about the same item are one lesson. Raises ValidationError."""
    if source is not None:
        source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    what_happened = what_happened.strip()
    if found := Lesson.objects.filter(kind=kind, what_happened=what_happened, source=source).first():
        return found
    lesson = Lesson(kind=kind, what_happened=what_happened, source=source, **values)
    _save(lesson)
    lesson.topics.set(topics)
    audit.record(by, "noted a lesson", lesson)
    return lesson


@transaction.atomic
def change_lesson(lesson: Lesson, *, by: User, topics: Iterable[Topic] | None = None, **values) -> Lesson:
    """Change a lesson: with whom it was shared and that it was done, too. The same again changes nothing.

    Raises ValidationError.
    """
    lesson = Lesson.objects.select_for_update(of=("self",)).get(pk=lesson.pk)
    changed = [name for name in CHANGEABLE if name in values and getattr(lesson, name) != values[name]]
    for name in changed:
        setattr(lesson, name, values[name])
    if changed:
        _save(lesson)
    if topics is not None and {row.pk for row in lesson.topics.all()} != {row.pk for row in topics}:
        lesson.topics.set(topics)
        changed.append("topics")
    if changed:
        audit.record(by, "changed a lesson", lesson, fields=changed)
    return lesson


def _save(lesson: Lesson) -> None:
    for name in WORDS:
        setattr(lesson, name, getattr(lesson, name).strip())
    if wrong := dict(_wrong(lesson)):
        raise ValidationError(wrong)
    lesson.full_clean()
    lesson.save()


def _wrong(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """What is wrong, beside the field that it is about. Two of the rules are constraints of the database too."""
    today = timezone.localdate()
    for name in ("learnt_on", "shared_on", "done_on"):
        day = getattr(lesson, name)
        if day and day > today:
            yield name, _("The day must not be in the future")
        elif day and name != "learnt_on" and lesson.learnt_on and day < lesson.learnt_on:
            yield name, _("It cannot be before the day on which it was learnt")
    if lesson.shared_on and not lesson.shared_with:
        yield "shared_with", _("Say with whom it was shared")
    if lesson.shared_with and not lesson.shared_on:
        yield "shared_on", _("Enter the day on which it was shared")
