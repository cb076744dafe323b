"""Carry an import through: check a stored spreadsheet or take it in, and keep what was found on its row."""

import io
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import audit, spreadsheets, tables
from core.models import ImportRun, Job, JobState
from core.spreadsheets import SpreadsheetError

KEEP_UPLOADS = timedelta(days=1)


def take_in(
    kind: tables.Kind,
    content: bytes,
    file_name: str,
    *,
    by,
    dry_run: bool,
    sheet: str = "",
    late_reason: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> dict:
    """Check a file and, unless it is a dry run, take it in whole or not at all. The answer is plain data (see Outcome).

    `accepted` says whether every row is right, `fates` what becomes of each.
    """
    if kind.take_in:
        return kind.take_in(io.BytesIO(content), file_name, len(content), by=by, dry_run=dry_run)
    answer = {"kind": kind.code, "file": file_name, "sheet": ""}
    try:
        table = spreadsheets.read(content, file_name, kind=kind.code, sheet=sheet)
        resource = kind.resource(by=by, late_reason=late_reason, source=file_name)
        outcome = resource.load(table, dry_run=dry_run, progress=progress)
    except SpreadsheetError as error:
        refused = {
            "rows": 0,
            "created": 0,
            "changed": 0,
            "unchanged": 0,
            "wrong": 0,
            "errors": [error.problem.as_dict()],
            "error_count": 1,
        }
        return answer | refused | {"ignored_columns": [], "new_names": {}, "accepted": False, "fates": []}
    answer |= {"sheet": table.name, **outcome.as_dict(), "accepted": outcome.is_accepted, "fates": outcome.fates}
    if not dry_run and not outcome.is_accepted:
        answer |= {"created": 0, "changed": 0}
    return answer


def carry_out(run: ImportRun) -> None:
    """Do what a claimed run is for. Records, audit row and the run's own end are committed together or not at all."""
    kind = tables.kinds()[run.kind]
    is_check = run.phase == ImportRun.Phase.CHECK

    def progress(done: int, of: int) -> None:
        run.advance(min(100 * done // max(of, 1), 100), 100, "")

    progress(0, 1)
    with transaction.atomic():
        found = take_in(
            kind,
            bytes(run.content),
            run.file_name,
            by=run.requested_by,
            dry_run=is_check,
            late_reason=run.late_reason,
            progress=progress,
        )
        if is_check and found["accepted"]:
            run.finish(result=found)
            return
        if not is_check:
            del found["fates"]
        if found["accepted"]:
            audit.record(
                run.requested_by, "imported", run, **{name: found[name] for name in ("created", "changed", "unchanged")}
            )
        run.finish(result=found, content=b"")


def forget_abandoned() -> int:
    """Empty uploads that nobody came back for within a day. Returns how many."""
    old = ImportRun.objects.filter(requested_at__lt=timezone.now() - KEEP_UPLOADS).exclude(content=b"")
    return old.filter(state__in=[JobState.DONE, JobState.FAILED]).update(content=b"") + old.filter(
        state=JobState.QUEUED
    ).update(content=b"", state=JobState.FAILED, finished_at=timezone.now(), error="")


def is_ready(run: Job) -> bool:
    """Whether a run was checked, found right, and waits to be taken in."""
    return (
        run.state == JobState.DONE
        and run.phase == ImportRun.Phase.CHECK
        and run.result.get("accepted", False)
        and bool(run.content)
    )
