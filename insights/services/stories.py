"""Patients' stories: the consent they rest on, its end, and who heard them (INS-027, QPE-001)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from forums.models import Forum
from insights.models import Source, Story, StoryHearing
from insights.services.library import check_scope, locked, withdraw_source
from people.models import User


@transaction.atomic
def keep_story(source: Source, *, by: User, **values) -> Story:
    """Write down what a person agreed to, or change it. Raises ValidationError.

    `values` are the fields of Story but the day on which consent was taken back: `withdraw_consent` does that.
    """
    source = locked(source)
    if not source.kind.is_story:
        raise ValidationError(_("This item is no story. Change its kind first"), code="no_story")
    story = Story.objects.filter(source=source).first() or Story(source=source)
    changed = [name for name, value in values.items() if story.pk is None or getattr(story, name) != value]
    if not changed:
        return story
    for name in changed:
        setattr(story, name, values[name])
    if story.consent_on and story.consent_on > timezone.localdate():
        raise ValidationError({"consent_on": _("The day of consent must not be in the future")})
    if story.withdrawn_on and story.consent_on > story.withdrawn_on:
        story.withdrawn_on = None  # the person was asked again, and agreed
    story.full_clean()
    story.save()
    if source.is_published and story.has_consent:
        source.story = story
        check_scope(source)  # another way of naming may leave names in it that were agreed to before
    audit.record(by, "kept the consent of a story", source, fields=changed)
    return story


@transaction.atomic
def withdraw_consent(source: Source, *, by: User, withdrawn_on: datetime.date) -> Story:
    """The person took consent back: nobody reads the story from now on. A second time changes nothing."""
    source = locked(source)
    story = Story.objects.select_for_update().filter(source=source).first()
    if story is None:
        raise ValidationError(_("There is no consent that could be taken back"), code="no_story")
    if story.withdrawn_on:
        return story
    if withdrawn_on > timezone.localdate():
        raise ValidationError({"withdrawn_on": _("The day must not be in the future")})
    story.withdrawn_on = withdrawn_on
    story.save(update_fields=["withdrawn_on"])
    withdraw_source(source, by=by)
    audit.record(by, "noted that consent was taken back", source)
    return story


@transaction.atomic
def add_hearing(
    source: Source, *, by: User, forum: Forum, heard_on: datetime.date, learnt: str = "", action: str = ""
) -> StoryHearing:
    """Note who heard a story, when, what was learnt and what is done. The same again changes what was learnt."""
    source = locked(source)
    story = Story.objects.select_for_update().filter(source=source).first()
    if story is None:
        raise ValidationError(_("Write down first what the person agreed to"), code="no_story")
    _check_heard(story, heard_on)
    hearing = StoryHearing.objects.filter(story=story, forum=forum, heard_on=heard_on).first()
    said = {"learnt": learnt.strip(), "action": action.strip()}
    if hearing and all(getattr(hearing, name) == words for name, words in said.items()):
        return hearing
    hearing = hearing or StoryHearing(story=story, forum=forum, heard_on=heard_on)
    hearing.learnt, hearing.action = said["learnt"], said["action"]
    hearing.full_clean()
    hearing.save()
    audit.record(by, "noted who heard a story", source, forum=forum.pk)
    return hearing


def _check_heard(story: Story, heard_on: datetime.date) -> None:
    if heard_on > timezone.localdate():
        raise ValidationError({"heard_on": _("The day must not be in the future")})
    ended_on = min(day for day in (story.consent_until, story.withdrawn_on) if day)
    if not story.consent_on <= heard_on <= ended_on:
        problem = _("The person had not agreed to that on this day. Look at the days of consent")
        raise ValidationError({"heard_on": problem}, code="no_consent")
