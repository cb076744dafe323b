"""Which task carries which kind of job, and the doorbell. Losing a message loses nothing: the sweeper rings again."""

import logging
import threading
from collections.abc import Callable
from contextlib import contextmanager

from celery import Task
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from core.models import Job, JobState

logger = logging.getLogger(__name__)
_tasks: dict[type[Job], Task] = {}
_on_giving_up: dict[type[Job], Callable[[Job], None]] = {}
_daily: list[Callable[[], object]] = []


def register(model: type[Job], task: Task, *, on_giving_up: Callable[[Job], None] | None = None) -> None:
    """Say which task does a kind of job. The task takes the job's number and claims the row itself.

    `on_giving_up` is told of a job that failed because its worker was lost too often.
    """
    _tasks[model] = task
    if on_giving_up:
        _on_giving_up[model] = on_giving_up


def every_day(work: Callable[[], object]) -> None:
    """Have a function called by beat several times a day. Calling it again must be harmless."""
    _daily.append(work)


def daily() -> None:
    """Do the work of every day. One that fails does not keep the others from being done."""
    for work in _daily:
        try:
            work()
        except Exception:
            logger.exception("Daily work %s failed", work.__qualname__)


def ring(job: Job) -> None:
    """Tell the workers, once the row is committed, that there is a job. A broker that is down is no error."""
    transaction.on_commit(lambda: _send(_tasks[type(job)], job.pk))


def sweep() -> int:
    """Ring again for jobs whose message or worker was lost; give up on one that failed too often. Returns how many."""
    found = 0
    for model, task in _tasks.items():
        for job in model.objects.lost():
            found += 1
            if job.attempts >= model.MOST_ATTEMPTS:
                _give_up(job)
            else:
                _send(task, job.pk)
    return found


def _send(task: Task, pk: int) -> None:
    try:
        task.delay(pk)
    except (OperationalError, OSError) as error:
        logger.warning("The queue cannot be reached (%s); job %s waits for the sweeper", type(error).__name__, pk)


def _give_up(job: Job) -> None:
    error = _("This stopped %(count)s times before it was done. Tell the person who runs the system.") % {
        "count": job.attempts
    }
    values = {"state": JobState.FAILED, "error": error, "finished_at": timezone.now(), "lease_until": None}
    if type(job).objects.lost().filter(pk=job.pk).update(**values) and type(job) in _on_giving_up:
        job.refresh_from_db()
        _on_giving_up[type(job)](job)


@contextmanager
def kept_alive(job: Job):
    """Renew the lease while slow work runs, from a thread of its own, so that nobody else takes the job over."""
    stop = threading.Event()

    def renew():
        try:
            while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
                try:
                    if not type(job).objects.renew(job):
                        return
                except DatabaseError as error:
                    logger.warning("The lease of job %s could not be renewed (%s)", job.pk, type(error).__name__)
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
