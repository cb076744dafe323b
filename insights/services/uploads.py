"""Files of comments: sent in, checked by a worker, taken in by a worker once somebody has seen what was found."""

from datetime import timedelta
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from core import audit, jobs
from core.models import JobState
from core.spreadsheets import MB, SpreadsheetError
from insights.documents.comment_files import MOST_BYTES, CommentFile
from insights.jobs.intake import drop_file
from insights.models import Collection, CommentUpload, Frame
from people.models import User

KEEP = timedelta(days=1)


def check_file(file: File) -> None:
    """Refuse what is no spreadsheet of comments, before it is stored. Raises ValidationError."""
    if file.size > MOST_BYTES:
        raise ValidationError(
            _("The file is larger than %(most)s MB. Split it into several files") % {"most": MOST_BYTES // MB}
        )
    try:
        CommentFile(file.file, file.name, file.size).check()
    except SpreadsheetError as error:
        raise ValidationError(str(error)) from error
    finally:
        file.seek(0)


@transaction.atomic
def add_upload(
    collection: Collection,
    *,
    by: User,
    file: File,
    frame: Frame | None = None,
    adds_themes: bool = False,
    unclear_days: str = CommentUpload.Unclear.DAY_FIRST,
) -> CommentUpload:
    """Store a file and have it checked. Nothing is written to the collection before `confirm_upload`."""
    check_file(file)
    upload = CommentUpload(collection=collection, requested_by=by, file_name=PurePath(file.name).name[-200:])
    upload.frame, upload.adds_themes, upload.unclear_days = frame, adds_themes, unclear_days
    upload.file.save(f"{get_random_string(24).lower()}{PurePath(file.name).suffix.lower()}", file, save=False)
    upload.full_clean()
    upload.save()
    audit.record(by, "sent in", upload, collection=collection.pk)
    jobs.ring(upload)
    return upload


@transaction.atomic
def confirm_upload(upload: CommentUpload, *, by: User) -> bool:
    """Have a checked file taken in, in the name of `by`. Asked twice it happens once; False if nothing was waiting."""
    upload = CommentUpload.objects.select_for_update().get(pk=upload.pk)
    if not is_ready(upload):
        return False
    upload.phase, upload.state, upload.attempts = CommentUpload.Phase.APPLY, JobState.QUEUED, 0
    upload.requested_by, upload.requested_at, upload.finished_at = by, timezone.now(), None
    upload.step, upload.step_label = 0, ""
    upload.save()
    audit.record(by, "confirmed", upload)
    jobs.ring(upload)
    return True


def is_ready(upload: CommentUpload) -> bool:
    """Whether a file was checked, found right, and waits to be taken in."""
    is_checked = upload.state == JobState.DONE and upload.phase == CommentUpload.Phase.CHECK
    return is_checked and bool(upload.file) and upload.result.get("accepted", False)


def forget_uploads() -> int:
    """Delete files that nobody came back for within a day. Returns how many."""
    old = CommentUpload.objects.filter(requested_at__lt=timezone.now() - KEEP).exclude(file="")
    count = 0
    for upload in old.exclude(state=JobState.RUNNING):
        ended = {"state": JobState.FAILED, "finished_at": timezone.now()} if upload.state == JobState.QUEUED else {}
        if CommentUpload.objects.filter(pk=upload.pk, state=upload.state).update(file="", **ended):
            drop_file(upload, upload.file.name)
            count += 1
    return count
