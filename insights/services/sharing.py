"""Passing on what is public: to the members of a forum, or in a newsletter; recorded, with how many were written to.

Nothing goes out that a reader could not open (INS-008, YSD-008).
"""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.models import JobState
from forums.models import Forum
from insights.documents import sharing as documents
from insights.models import Response, Shared, Source
from insights.services import boards
from people.models import ConsentPurpose, User
from people.services import messages


@transaction.atomic
def tell_forum(about: Source | Response, *, by: User, forum: Forum, note: str = "") -> Shared:
    """Write to everybody who sits on a forum, each by the way they prefer, if they agreed to hear from it.

    A second time finds what was done and writes to nobody. Raises ValidationError for what is not public,
    PermissionDenied for a forum that somebody does not work for.
    """
    about = _public(about)
    if not boards.may_write(forum, by):
        raise PermissionDenied
    shared, is_new = Shared.objects.get_or_create(**_of(about), forum=forum, through="", defaults={"by": by})
    if not is_new:
        return shared
    subject, body = documents.letter(about, forum, note.strip())
    written = [
        messages.write(person, ConsentPurpose.MEMBERSHIP, subject, body, by=by, key=documents.key(shared, person))
        for person in documents.members(forum)
    ]
    shared.written_to = sum(message.state != JobState.FAILED for message in written)
    shared.save(update_fields=["written_to"])
    audit.record(
        by, "passed on", about, forum=forum.pk, written=shared.written_to, not_written=documents.failed(shared)
    )
    return shared


@transaction.atomic
def note_passed_on(about: Source | Response, *, by: User, through: str, on: datetime.date | None = None) -> Shared:
    """Note that it stood in a newsletter or on a card. The same again is one. Raises ValidationError."""
    about, through, on = _public(about), through.strip(), on or timezone.localdate()
    if not through:
        raise ValidationError({"through": _("Say through what it was passed on")})
    if on > timezone.localdate():
        raise ValidationError({"on": _("The day must not be in the future")})
    shared = Shared(**_of(about), through=through, on=on, by=by)
    if found := Shared.objects.filter(**_of(about), forum=None, through=through).first():
        return found
    shared.full_clean()
    shared.save()
    audit.record(by, "passed on", about, shared=shared.pk)
    return shared


def _of(about: Source | Response) -> dict:
    return {"source": about} if isinstance(about, Source) else {"response": about}


def _public(about: Source | Response) -> Source | Response:
    """The row, kept from others until the transaction ends. Raises ValidationError for what is not public."""
    row = type(about).objects.select_for_update(of=("self",)).get(pk=about.pk)
    if not type(about).objects.public().filter(pk=row.pk).exists():
        raise ValidationError(_("Only what everybody may read can be passed on. Publish it first"), code="not_public")
    return row
