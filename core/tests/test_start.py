"""`manage.py start`, with the real site and the real worker."""

import contextlib
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management import call_command

from core.management.commands import start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")


@pytest.fixture(autouse=True)
def own_folder(tmp_path, settings, monkeypatch) -> Path:
    """A VAR_DIR that does not exist yet, for this process and for those that it starts."""
    folder = tmp_path / "var"
    settings.VAR_DIR, settings.QUEUE_DIR, settings.STATIC_ROOT = folder, folder / "queue", folder / "static"
    monkeypatch.setenv("VAR_DIR", str(folder))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'db.sqlite3'}")
    # Redis numbers its databases: what other tests leave in 0 is not for the worker that is started here.
    monkeypatch.setenv("REDIS_URL", re.sub(r"/0$", "/2", settings.REDIS_URL))
    return folder


class Screen(io.StringIO):
    """Where the command prints. When a line that begins so is printed, the step for it is taken, there and then."""

    def __init__(self, **steps: Callable[[str], object]):
        super().__init__()
        self.steps = steps

    def write(self, text: str) -> int:
        written = super().write(text)
        for beginning, step in self.steps.items():
            if text.startswith(beginning):
                step(text)
        return written


def stop(line: str) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def children(pid: int | str = "self") -> dict[str, int]:
    """The processes that a process started: `gunicorn` and `celery`, by name."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{os.getpid() if pid == 'self' else pid}/children").read_text().split():
        arguments = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        if "manage.py" not in arguments:
            found |= {name: int(child) for name in ("gunicorn", "celery") if name in arguments}
    return found


def members(group: int) -> list[str]:
    """The living processes of a group. What is killed but not yet buried by the machine's first process is not one."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended while we looked
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found.append(stat.parent.name)
    return found


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def wait_until_empty(groups: Iterable[int]) -> None:
    wait_until(lambda: not any(map(members, groups)))


def test_the_site_answers_and_a_term_signal_leaves_no_process_behind(own_folder, settings):
    seen = {}

    def look(line):
        seen["status"] = urlopen(line.split()[1] + "healthz", timeout=10).status  # noqa: S310
        seen["children"] = children()
        stop(line)

    screen = Screen(Ready=look)
    call_command("start", "127.0.0.1:0", stdout=screen)

    assert seen["status"] == 200
    assert sorted(seen["children"]) == ["celery", "gunicorn"]
    wait_until_empty(seen["children"].values())
    assert screen.getvalue().splitlines()[-1] == "Stopped."
    folders = sorted(path.name for path in (own_folder / "queue").glob("*"))
    assert folders == ([] if settings.REDIS_URL else ["control", "messages", "processed"])


def test_the_signals_mean_what_they_did_before_once_it_has_stopped():
    before = [signal.getsignal(number) for number in start.STOP_SIGNALS]

    call_command("start", "127.0.0.1:0", stdout=Screen(Ready=stop))

    assert [signal.getsignal(number) for number in start.STOP_SIGNALS] == before


def test_a_worker_that_is_killed_is_replaced_and_the_site_stays():
    workers = []

    def kill_worker(line):
        workers.append(children()["celery"])
        os.kill(workers[0], signal.SIGKILL)

    screen = Screen(**{"Ready": kill_worker, "Another worker": stop})
    call_command("start", "127.0.0.1:0", stdout=screen)

    wait_until_empty(workers)
    assert screen.getvalue().splitlines()[1:] == [
        "The worker was killed. No work is lost: each job is a row in the database.",
        "Another worker has taken over.",
        "Stopped.",
    ]


def test_a_site_that_is_killed_ends_the_worker_too():
    groups = {}

    def kill_site(line):
        groups.update(children())
        os.kill(groups["gunicorn"], signal.SIGKILL)

    errors = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("start", "127.0.0.1:0", stdout=Screen(Ready=kill_site), stderr=errors)

    assert end.value.code == 1
    assert errors.getvalue() == "The site ended by itself, so the worker is stopped too.\n"
    wait_until_empty(groups.values())


def test_nothing_is_left_when_the_command_itself_is_killed(own_folder, tmp_path):
    output = tmp_path / "output.txt"
    with output.open("w") as file:
        process = subprocess.Popen([sys.executable, "manage.py", "start", "127.0.0.1:0"], stdout=file, stderr=file)
    wait_until(lambda: "Ready" in output.read_text())
    groups = children(process.pid)

    process.kill()
    process.wait()

    assert sorted(groups) == ["celery", "gunicorn"]
    wait_until_empty(groups.values())


def test_a_site_that_cannot_start_says_so(monkeypatch, capfd):
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--nonsense")
    errors = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("start", "127.0.0.1:0", stderr=errors)

    assert errors.getvalue() == "The site did not start. The reason is in the lines above.\n"
    assert "--nonsense" in capfd.readouterr().err


def test_a_start_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(start, "SECONDS_TO_BEGIN", 0)
    errors = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("start", "127.0.0.1:0", stderr=errors)

    assert errors.getvalue() == "Not ready after 0 seconds. Any reason is in the lines above.\n"


def test_a_busy_port_is_named_in_one_plain_line():
    errors = io.StringIO()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit) as end:
            call_command("start", f"127.0.0.1:{port}", stderr=errors)

    assert end.value.code == 1
    assert errors.getvalue() == (
        f"http://127.0.0.1:{port}/ cannot be used: Address already in use. "
        f"To choose another port: make run PORT={port + 1}\n"
    )


@pytest.mark.parametrize("address", ["8000", "127.0.0.1:", "127.0.0.1:http"])
def test_an_address_without_a_host_or_a_port_is_refused(address):
    errors = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("start", address, stderr=errors)

    assert errors.getvalue() == f"{address} is not an address. Give one like 127.0.0.1:8000.\n"


@pytest.mark.django_db
def test_the_demo_is_loaded_before_the_site_is_served():
    screen = Screen(Ready=stop)
    call_command("start", "127.0.0.1:0", "--demo", stdout=screen)

    lines = screen.getvalue().splitlines()
    assert [line.split()[0] for line in lines[-2:]] == ["Ready:", "Stopped."]
    assert len(lines) > 2


def test_a_worker_that_takes_work_says_so_once(monkeypatch):
    reading, writing = os.pipe()
    monkeypatch.setenv(start.READY_FD, str(writing))

    start.say_ready()
    start.say_ready()
    os.close(writing)

    assert os.read(reading, 10) == start.READY
    os.close(reading)
