"""Work that beat asks for and no app owns."""

from celery import shared_task

from core import imports, jobs
from core.models import ImportRun


@shared_task
def sweep() -> int:
    """Take up jobs whose message or worker was lost."""
    return jobs.sweep()


@shared_task
def daily() -> None:
    """What is due by the calendar: drafts of ended periods, files that nobody came back for."""
    jobs.daily()


@shared_task
def run_import(pk: int) -> None:
    """Check or take in an uploaded spreadsheet, unless another worker has it or it is done."""
    if run := ImportRun.objects.claim(pk):
        imports.carry_out(run)


jobs.register(ImportRun, run_import)
jobs.every_day(imports.forget_abandoned)
