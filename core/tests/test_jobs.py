"""A job is a row: claimed once, leased, taken up again when its worker is lost, given up when it fails too often."""

import socket
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.backends.signals import connection_created
from django.utils import timezone

from config.celery import app
from core import jobs, tasks
from core.models import ImportRun, JobState, LostJob

pytestmark = pytest.mark.django_db

SHEET = b"name,kind,level\n"


def make_job(**fields) -> ImportRun:
    """An upload that waits to be checked: core's own kind of job."""
    return ImportRun.objects.create(**{"kind": "forums", "file_name": "forums.csv", "content": SHEET} | fields)


def running_job(*, lease: int = 60, **fields) -> ImportRun:
    running = {"state": JobState.RUNNING, "token": uuid.uuid4(), "attempts": 1}
    return make_job(**running | {"lease_until": timezone.now() + timedelta(seconds=lease)} | fields)


def ago(seconds: int):
    return timezone.now() - timedelta(seconds=seconds)


# Claiming ----------------------------------------------------------------------------------------


def test_a_waiting_job_is_claimed_once(settings):
    job = make_job()
    mine = ImportRun.objects.claim(job.pk)

    assert (mine.state, mine.attempts, mine.step, mine.error) == ("running", 1, 0, "")
    assert mine.token is not None
    left = (mine.lease_until - timezone.now()).total_seconds()
    assert settings.JOB_LEASE_SECONDS - 5 < left <= settings.JOB_LEASE_SECONDS
    assert ImportRun.objects.claim(job.pk) is None
    job.refresh_from_db()
    assert (job.token, job.attempts) == (mine.token, 1)


def test_a_job_whose_lease_ran_out_is_claimed_by_the_next_under_another_token():
    lost = running_job(lease=-1, step=3, error="half")
    mine = ImportRun.objects.claim(lost.pk)

    assert (mine.attempts, mine.step, mine.error) == (2, 0, "")
    assert mine.token != lost.token


@pytest.mark.parametrize("state", ["done", "failed"])
def test_a_finished_job_is_not_claimed(state):
    job = make_job(state=state, finished_at=timezone.now())

    assert ImportRun.objects.claim(job.pk) is None


def test_a_job_that_is_gone_is_not_claimed():
    assert ImportRun.objects.claim(404) is None


def test_who_lost_the_lease_can_write_nothing_more():
    job = make_job()
    slow = ImportRun.objects.claim(job.pk)
    ImportRun.objects.update(lease_until=ago(1))
    quick = ImportRun.objects.claim(job.pk)

    assert ImportRun.objects.renew(slow) is False
    for attempt in (lambda: slow.advance(1, 2, "Late"), lambda: slow.finish(result={}), lambda: slow.fail("Late")):
        with pytest.raises(LostJob):
            attempt()
    quick.finish(result={"by": "the quick"})
    job.refresh_from_db()
    assert (job.state, job.result, job.error, job.attempts) == ("done", {"by": "the quick"}, "", 2)
    assert job.lease_until is None


def test_the_owner_says_how_far_it_is_and_renews_the_lease_with_it():
    job = ImportRun.objects.claim(make_job().pk)
    ImportRun.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
    job.advance(1, 4, "Reading")

    now = ImportRun.objects.get()
    assert (now.step, now.steps, now.step_label, now.percent) == (1, 4, "Reading", 25)
    assert (job.step, job.percent) == (1, 25)
    assert now.lease_until - timezone.now() > timedelta(seconds=30)


def test_percent_begins_at_nought_and_ends_at_a_hundred():
    assert make_job().percent == 0
    job = make_job(state=JobState.DONE, finished_at=timezone.now(), step=1, steps=3)
    assert (job.percent, job.is_finished) == (100, True)
    assert running_job(step=1, steps=3).percent == 33


def test_a_job_ends_only_once():
    job = ImportRun.objects.claim(make_job().pk)
    job.finish(result={})

    assert (job.state, job.is_finished) == ("done", True)
    with pytest.raises(LostJob):
        job.fail("Again")


def test_unfinished_jobs_are_those_that_wait_or_run():
    expected = {make_job(), running_job(), running_job(lease=-1)}
    make_job(state=JobState.FAILED, finished_at=timezone.now())

    assert set(ImportRun.objects.unfinished()) == expected


# Sweeping ----------------------------------------------------------------------------------------


def test_lost_jobs_are_those_that_waited_too_long_or_whose_lease_ran_out(settings):
    settings.JOB_SWEEP_SECONDS = 10
    waited, lapsed = make_job(requested_at=ago(11)), running_job(lease=-1)
    make_job(requested_at=ago(9))
    running_job(requested_at=ago(1000))
    make_job(requested_at=ago(1000), state=JobState.DONE, finished_at=timezone.now())

    assert set(ImportRun.objects.lost()) == {waited, lapsed}


def test_the_sweeper_has_lost_jobs_done(eager_tasks):
    lost = [make_job(requested_at=ago(1000)), running_job(lease=-1)]

    assert tasks.sweep() == 2
    for job in lost:
        job.refresh_from_db()
    assert [job.state for job in lost] == ["done", "done"]
    assert [job.attempts for job in lost] == [1, 2]
    assert tasks.sweep() == 0


def test_the_sweeper_leaves_what_is_in_good_hands(eager_tasks):
    make_job()
    running_job()

    assert tasks.sweep() == 0
    assert sorted(ImportRun.objects.values_list("state", flat=True)) == ["queued", "running"]


def test_the_sweeper_gives_up_a_job_that_stopped_five_times_and_says_so(eager_tasks):
    job = running_job(lease=-1, attempts=ImportRun.MOST_ATTEMPTS)

    assert tasks.sweep() == 1
    job.refresh_from_db()
    assert (job.state, job.lease_until, job.attempts) == ("failed", None, 5)
    assert job.error == "This stopped 5 times before it was done. Tell the person who runs the system."
    assert job.finished_at is not None


def test_the_sweeper_tries_a_job_that_stopped_four_times_once_more(eager_tasks):
    job = running_job(lease=-1, attempts=4)
    tasks.sweep()

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 5)


def test_a_job_that_was_taken_up_while_the_sweeper_looked_is_not_given_up():
    job = running_job(lease=-1, attempts=5)
    ImportRun.objects.claim(job.pk)
    jobs._give_up(job)

    assert ImportRun.objects.get().state == "running"


# Ringing -----------------------------------------------------------------------------------------


def test_a_job_is_rung_for_after_the_commit_and_not_before(eager_tasks, django_capture_on_commit_callbacks):
    job = make_job()
    with django_capture_on_commit_callbacks(execute=True):
        jobs.ring(job)
        assert ImportRun.objects.get().state == "queued"

    assert ImportRun.objects.get().state == "done"


@pytest.fixture
def no_broker(monkeypatch) -> None:
    """The queue's server does not answer: its port is closed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{port}/0")
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


def test_a_broker_that_is_down_is_no_error_and_the_sweeper_finds_the_job(
    no_broker, settings, caplog, django_capture_on_commit_callbacks
):
    job = make_job()
    with django_capture_on_commit_callbacks(execute=True):
        jobs.ring(job)

    assert ImportRun.objects.get().state == "queued"
    assert [record.getMessage() for record in caplog.records if record.name == "core.jobs"] == [
        f"The queue cannot be reached (OperationalError); job {job.pk} waits for the sweeper"
    ]
    settings.JOB_SWEEP_SECONDS = -1
    assert list(ImportRun.objects.lost()) == [job]
    assert tasks.sweep() == 1


# Every day ---------------------------------------------------------------------------------------


def test_work_that_fails_does_not_keep_the_other_work_of_the_day_from_being_done(monkeypatch, caplog):
    done = []

    def broken():
        raise ValueError("no")

    monkeypatch.setattr(jobs, "_daily", [])
    for work in (broken, lambda: done.append("the rest")):
        jobs.every_day(work)
    tasks.daily()

    assert done == ["the rest"]
    assert [record.getMessage().rpartition(".")[2] for record in caplog.records] == ["broken failed"]


def test_an_upload_that_nobody_came_back_for_is_emptied_by_the_work_of_the_day():
    old = make_job(requested_at=ago(100_000))
    tasks.daily()

    old.refresh_from_db()
    assert (bytes(old.content), old.state) == (b"", "failed")


# Keeping a job alive -----------------------------------------------------------------------------


class Connections:
    """Tells when another thread opens its connection to the database, and lets a test step in there."""

    def __init__(self, then=lambda connection: None):
        self.then, self.opened = then, threading.Event()

    def __enter__(self):
        connection_created.connect(self.look)
        return self

    def __exit__(self, *error):
        connection_created.disconnect(self.look)

    def look(self, connection, **kwargs):
        if threading.current_thread() is not threading.main_thread():
            self.then(connection)
            self.opened.set()


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_slow_work_runs(settings):
    job = ImportRun.objects.claim(make_job().pk)
    ImportRun.objects.update(lease_until=ago(1))
    settings.JOB_LEASE_SECONDS = 0.1
    with Connections() as connections, jobs.kept_alive(job):
        settings.JOB_LEASE_SECONDS = 60
        assert connections.opened.wait(30)

    assert ImportRun.objects.get().lease_until - timezone.now() > timedelta(seconds=30)


@pytest.mark.django_db(transaction=True)
def test_a_lease_that_was_lost_is_not_taken_back():
    job = ImportRun.objects.claim(make_job().pk)
    other = uuid.uuid4()
    lapsed = ago(1)
    ImportRun.objects.update(token=other, lease_until=lapsed)
    before = threading.active_count()
    with pytest.MonkeyPatch.context() as patch, Connections() as connections:
        patch.setattr("django.conf.settings.JOB_LEASE_SECONDS", 0.1)
        with jobs.kept_alive(job):
            assert connections.opened.wait(30)

    assert threading.active_count() == before
    assert ImportRun.objects.values_list("token", "lease_until").get() == (other, lapsed)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_for_a_moment_does_not_end_the_renewing(settings, caplog):
    failed, succeeded = threading.Event(), threading.Event()

    def fail_once(execute, sql, params, many, context):
        if not failed.is_set():
            failed.set()
            raise OperationalError("the server closed the connection unexpectedly")
        result = execute(sql, params, many, context)
        succeeded.set()
        return result

    def break_down(connection):
        if not failed.is_set():
            connection.execute_wrappers.append(fail_once)

    job = ImportRun.objects.claim(make_job().pk)
    lapsed = ago(1)
    ImportRun.objects.update(lease_until=lapsed)
    settings.JOB_LEASE_SECONDS = 0.1
    with Connections(break_down), jobs.kept_alive(job):
        assert succeeded.wait(30)

    assert caplog.messages == [f"The lease of job {job.pk} could not be renewed (OperationalError)"]
    assert ImportRun.objects.get().lease_until > lapsed


def test_the_thread_ends_with_the_work_whatever_becomes_of_it():
    job = ImportRun.objects.claim(make_job().pk)
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError), jobs.kept_alive(job):
        raise ZeroDivisionError

    assert threading.active_count() == before
