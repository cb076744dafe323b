"""What a person may ask of imports: to have a file checked, and to have what was checked taken in."""

from django.db import transaction
from django.utils import timezone

from core import imports, jobs, spreadsheets
from core.models import ImportRun, JobState
from core.tasks import run_import

MOST_ROWS_IN_A_REQUEST = 1000


def start_import(kind: str, file_name: str, content: bytes, *, by, late_reason: str = "") -> ImportRun:
    """A file to be checked. Nothing is written to the records before confirm_import()."""
    run = ImportRun.objects.create(
        kind=kind, file_name=file_name[-200:], content=content, late_reason=late_reason, requested_by=by
    )
    _begin(run)
    return run


def confirm_import(run: ImportRun, *, by) -> bool:
    """Have a checked file taken in, in the name of `by`. Asked twice it happens once; False if nothing was waiting."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not imports.is_ready(run):
            return False
        run.phase, run.state, run.attempts = ImportRun.Phase.APPLY, JobState.QUEUED, 0
        run.requested_by, run.requested_at, run.finished_at = by, timezone.now(), None
        run.save(update_fields=["phase", "state", "attempts", "requested_by", "requested_at", "finished_at"])
    _begin(run)
    return True


def _begin(run: ImportRun) -> None:
    """Do a small import at once, and leave a large one to a worker."""
    if spreadsheets.rows_at_most(bytes(run.content), run.file_name) > MOST_ROWS_IN_A_REQUEST:
        jobs.ring(run)
    else:
        run_import(run.pk)
