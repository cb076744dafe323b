"""Files of the library: through the gate, looked through, held where something personal was found (INS-023)."""

import datetime
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, files
from core.personal_data import text_of
from forums.models.meetings import Format
from insights.documents import personal
from insights.models import Source, SourceFile
from insights.services.library import locked
from people.models import User

State = SourceFile.State


@transaction.atomic
def add_file(
    source: Source,
    *,
    by: User,
    title: str,
    file: UploadedFile,
    file_format: str = Format.STANDARD,
    language: str = "English",
) -> SourceFile:
    """Keep a file. With personal data in it, or where it cannot be read, it goes into quarantine.

    Raises ValidationError. The same file under the same title is kept once.
    """
    source = locked(source)
    personal.refuse({"title": title})
    try:
        content = files.checked(file)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    if found := _same(source, title.strip(), content):
        return found
    state, counts = _looked_through(content, source)
    row = SourceFile(source=source, title=title.strip(), file_format=file_format, language=language, uploaded_by=by)
    row.state, row.found = state, counts
    row.file.save(content.name, content, save=False)
    row.full_clean()
    row.save()
    audit.record(by, "added a file", source, file=row.pk, state=state, found=counts)
    return row


def _same(source: Source, title: str, content) -> SourceFile | None:
    """The file that was sent a moment ago, when a form came twice."""
    recent = timezone.now() - datetime.timedelta(minutes=10)
    for row in source.files.filter(title=title, uploaded_at__gt=recent):
        with row.file.open() as held:
            is_same = held.read() == content.read()
        content.seek(0)
        if is_same:
            return row
    return None


def _looked_through(content, source: Source) -> tuple[str, dict[str, int]]:
    """In which state a file begins, and how many personal things of each kind were found."""
    text = text_of(content.read(), PurePath(content.name).suffix)
    content.seek(0)
    if text is None:
        return State.UNREAD, {}
    story = getattr(source, "story", None)
    names = [story.person.name] if story is not None and story.person is not None else []
    counts = personal.counted(text, names)
    return (State.QUARANTINED if counts else State.CLEAN), counts


@transaction.atomic
def release_file(file: SourceFile, *, by: User, because: str) -> SourceFile:
    """Say that a held file may be used, after looking through it. Raises ValidationError without a reason."""
    file = SourceFile.objects.select_for_update().get(pk=file.pk)
    if not file.is_held:
        return file
    if not by.has_perm("insights.publish_source"):
        raise ValidationError(_("Only somebody who publishes library items may release a file"), code="not_allowed")
    if not because.strip():
        raise ValidationError({"because": _("Say why the file may be used")})
    file.state, file.released_by, file.released_because = State.RELEASED, by, because.strip()
    file.save(update_fields=["state", "released_by", "released_because"])
    audit.record(by, "released a file", file.source, file=file.pk)
    return file


@transaction.atomic
def remove_file(file: SourceFile, *, by: User) -> None:
    """Take a file away for good. What is on disk goes when the transaction is through."""
    stored = file.file
    audit.record(by, "removed a file", file.source, file=file.pk)
    file.delete()
    transaction.on_commit(lambda: stored.storage.delete(stored.name))


@transaction.atomic
def open_file(file: SourceFile, *, by: User) -> FieldFile:
    """The content, for staff. Reading raw data, or a file in quarantine, is noted."""
    if file.source.layer == Source.Layer.RAW:
        audit.record(by, "read raw data", file.source, file=file.pk)
    elif file.is_held:
        audit.record(by, "read a held file", file.source, file=file.pk)
    return file.file
