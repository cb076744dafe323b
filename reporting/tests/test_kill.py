"""A worker that is killed while it lays a report out loses nothing: another makes the report, once."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from config import settings as settings_module
from conftest import ROOT, _fresh_database
from core.management.commands.start import Worker
from reporting.models import Build, Snapshot

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")

LEASE, SWEEP = 3, 1
ACTIVITIES = 120
LAYING_OUT = 3
RECORD = f"""
from engagement.tests import factories as engagement
from reporting.tests import factories
for code in ("2022-23", "2023-24"):
    factories.report(engagement.period(code))
for number in range({ACTIVITIES}):
    activity = engagement.activity(
        f"A-{{number:03}}",
        starts_on="2022-04-01",
        ends_on="2024-03-31",
        principle=engagement.principle(number % 3 + 1),
        what_we_asked="What is in the way? " * 5,
        what_people_told_us="Doors. " * 30,
        what_changed="The doors. " * 20,
    )
    engagement.activity_count(activity)
"""
REQUEST = """
from engagement.models import Period
from reporting.services.reports import request_report
print("build", request_report(Period.objects.get(code="{code}"), by=None).pk)
"""


class Machine:
    """Another installation on this machine: its own folder, database, queue and, at times, a worker."""

    def __init__(self, folder: Path, database_url: str):
        self.folder = folder
        redis_url = re.sub(r"/0$", "/2", settings.REDIS_URL)  # the tests have 0, the running product 1
        self.environment = os.environ | {"VAR_DIR": str(folder), "DATABASE_URL": database_url, "REDIS_URL": redis_url}
        self.environment |= {"JOB_LEASE_SECONDS": str(LEASE), "JOB_SWEEP_SECONDS": str(SWEEP)}

    def manage(self, *arguments: str, said: str = "") -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, input=said, check=True, capture_output=True, text=True
        ).stdout

    def request(self, code: str) -> int:
        printed = self.manage("shell", "--verbosity", "0", "--command", REQUEST.format(code=code))
        return int(re.search(r"build (\d+)", printed)[1])

    def build(self, pk: int) -> Build:
        return Build.objects.using("other").get(pk=pk)

    @contextmanager
    def worker(self) -> Iterator[Worker]:
        """The worker as `manage.py start` runs it. It is killed in the end, whatever became of it."""
        worker = Worker(self.environment)
        try:
            wait_until(worker.is_ready, seconds=60)
            yield worker
        finally:
            kill_group(worker)

    def files(self) -> list[str]:
        """What lies in the folder of files, by name."""
        folder = self.folder / "files"
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def wait_until(condition: Callable[[], bool], *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


def kill_group(worker: Worker) -> None:
    with suppress(ProcessLookupError):
        os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.wait(30)
    worker.ours.close()


def processor_times(pid: int) -> list[tuple[float, int]]:
    """How many seconds each child of a process has worked, with its number, the busiest first."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        found.append(((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(child)))
    return sorted(found, reverse=True)


def process_that_lays_out(worker: Worker) -> int:
    """Of the worker's children, the one that has worked by far the most."""

    def stands_out() -> bool:
        (most, _busiest), (second, _other), *_rest = processor_times(worker.process.pid)
        return most > second + 0.5

    wait_until(stands_out)
    return processor_times(worker.process.pid)[0][1]


@pytest.fixture(scope="module")
def machine(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    with _fresh_database(folder) as database_url:
        machine = Machine(folder, database_url)
        machine.manage("migrate", "--verbosity", "0")
        machine.manage("shell", "--verbosity", "0", "--command", RECORD)
        connections.settings["other"] = connections.settings["default"] | {"NAME": name_in(database_url)}
        with django_db_blocker.unblock():
            yield machine
            connections["other"].close()
        del connections["other"], connections.settings["other"]


def name_in(database_url: str) -> str:
    return settings_module.env.dj_db_url("OTHER_DATABASE", database_url)["NAME"]


def wait_until_it_lays_out(machine: Machine, pk: int) -> Build:
    def lays_out() -> bool:
        build = machine.build(pk)
        assert build.state in {"queued", "running"}, build.error
        return build.state == "running" and build.step >= LAYING_OUT

    wait_until(lays_out)
    return machine.build(pk)


def assert_made_once(machine: Machine, build: Build, others: list[str]) -> None:
    """The build is done, by a second try, and nothing else is there: no other row, no other file."""
    assert (build.state, build.status, build.error, build.attempts) == ("done", "draft", "", 2)
    assert (build.version, build.lease_until) == (1, None)
    builds = Build.objects.using("other").filter(report=build.report_id)
    assert [row.pk for row in builds] == [build.pk]
    assert Snapshot.objects.using("other").filter(report=build.report_id).count() == 1
    stored = [build.pdf, build.large_print, build.html, *(row.file for row in build.files.all())]
    assert machine.files() == sorted([*others, *(file.name for file in stored)])
    pdf = (machine.folder / "files" / build.pdf.name).read_bytes()
    assert hashlib.sha256(pdf).hexdigest() == build.pdf_sha256
    assert pdf.rstrip().endswith(b"%%EOF")
    for field in stored:
        assert hashlib.sha256((machine.folder / "files" / field.name).read_bytes()).hexdigest() == Path(field.name).stem


def test_a_report_whose_worker_is_killed_with_all_its_processes_is_made_once_by_the_next_worker(machine):
    with machine.worker() as worker:
        pk = machine.request("2022-23")
        before = wait_until_it_lays_out(machine, pk)
        kill_group(worker)
    killed = machine.build(pk)
    assert (killed.state, killed.attempts, killed.token) == ("running", 1, before.token)
    assert machine.files() == []
    assert killed.snapshot_id is not None

    with machine.worker():
        wait_until(lambda: machine.build(pk).is_finished)

    build = machine.build(pk)
    assert_made_once(machine, build, [])
    assert build.token != killed.token
    assert build.snapshot_id == killed.snapshot_id


def test_a_report_whose_process_alone_is_killed_is_made_once_and_its_lease_is_renewed_meanwhile(machine):
    others = machine.files()
    with machine.worker() as worker:
        pk = machine.request("2023-24")
        wait_until_it_lays_out(machine, pk)
        os.kill(process_that_lays_out(worker), signal.SIGKILL)
        wait_until(lambda: machine.build(pk).attempts == 2)
        leases = set()

        def is_finished() -> bool:
            build = machine.build(pk)
            if build.state == "running" and build.step == LAYING_OUT:
                leases.add(build.lease_until)
            return build.is_finished

        wait_until(is_finished)
        assert worker.is_running()

    build = machine.build(pk)
    assert_made_once(machine, build, others)
    # While one step lasts, only the thread that keeps the job alive writes its lease.
    assert len(leases) > build.seconds_rendering / LEASE
