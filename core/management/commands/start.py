"""The site and a worker as two processes of one command, for one machine."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from typing import NoReturn
from urllib.parse import urlsplit

from celery.signals import worker_ready
from django.conf import settings
from django.core.management import BaseCommand, CommandParser, call_command

READY_FD, READY = "START_READY_FD", b"."
SECONDS_TO_BEGIN = 60
SECONDS_TO_END = 3  # an idle Celery takes six to join its own threads; a job cut short is a row, and is taken up again
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1
ROOT_IS_FINE = "ignore:You're running the worker with superuser privileges"  # it is the rule in a container
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@worker_ready.connect
def say_ready(**kwargs) -> None:
    """Runs in the worker, which imports this module: tell `start`, on their socket, that work is being taken."""
    if READY_FD in os.environ:
        os.write(int(os.environ.pop(READY_FD)), READY)


def end_with_parent() -> None:  # pragma: no cover, because nothing counts lines between fork and exec
    """Runs in a new child: have the kernel stop it should `start` itself be killed."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """A process that leads a group of its own, so that whatever it started can be ended with it."""

    def __init__(self, arguments: str, *, pass_fd: int, environment: dict[str, str]):
        self.process = subprocess.Popen(
            [sys.executable, *arguments.split()],
            cwd=settings.BASE_DIR,
            env=environment,
            pass_fds=[pass_fd],
            start_new_session=True,
            preexec_fn=end_with_parent,
        )

    def is_running(self) -> bool:
        return self.process.poll() is None

    def end(self, *, deadline: float) -> None:
        """Wait for it until the deadline on the monotonic clock, then kill what is left of its group."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Site(Child):
    """Gunicorn on a socket that is already open."""

    def __init__(self, listener: socket.socket, environment: dict[str, str]):
        super().__init__(
            f"-m gunicorn config.wsgi --bind fd://{listener.fileno()} --preload --workers 2 --threads 4 "
            "--log-level warning --graceful-timeout 2 --no-control-socket",
            pass_fd=listener.fileno(),
            environment=environment,
        )

    def answers(self, url: str) -> bool:
        """Whether it is healthy. The request waits in the open socket until the site takes it or ends."""
        address = urlsplit(url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=SECONDS_TO_BEGIN)
        with closing(connection), suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        return False


class Worker(Child):
    """Celery with its clock. Its two processes are replaced now and then, which gives the memory of PDFs back."""

    def __init__(self, environment: dict[str, str]):
        self.ours, theirs = socket.socketpair()
        with theirs:
            super().__init__(
                "-m celery -A config --skip-checks --quiet worker --beat --pool prefork --concurrency 2 "
                f"--loglevel WARNING --without-gossip --without-mingle --include {__name__}",
                pass_fd=theirs.fileno(),
                environment=environment | {READY_FD: str(theirs.fileno()), "PYTHONWARNINGS": ROOT_IS_FINE},
            )

    def is_ready(self) -> bool:
        """Whether it has sent its byte, which is left where it is, so that the answer stays the same."""
        with suppress(BlockingIOError):
            return self.ours.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == READY
        return False

    def end(self, *, deadline: float) -> None:
        super().end(deadline=deadline)
        self.ours.close()


class Command(BaseCommand):
    help = "Serve the site and run a worker until Ctrl-C: the set-up for one machine that `make run` starts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", nargs="?", default="127.0.0.1:8000", help="host:port; port 0 takes a free one")
        parser.add_argument("--demo", action="store_true", help="first bring the database up to date and load the demo")

    def handle(self, *, address: str, demo: bool, **options) -> None:
        before = {number: signal.signal(number, signal.default_int_handler) for number in STOP_SIGNALS}
        try:
            with self.listen(address) as listener:
                self.make_folders()
                if demo:
                    self.load_demo()
                self.serve(listener)
        except KeyboardInterrupt:
            self.say("Stopped.")
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def fail(self, line: str) -> NoReturn:
        self.stderr.write(line)
        raise SystemExit(1)

    def listen(self, address: str) -> socket.socket:
        """The open socket: taken before any work is done and handed to the site, so that no other program gets it."""
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal():
            self.fail(f"{address} is not an address. Give one like 127.0.0.1:8000.")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listener = socket.create_server((host.strip("[]"), int(port)), family=family)
        except (OSError, OverflowError) as error:
            reason = os.strerror(error.errno) if getattr(error, "errno", 0) > 0 else error
            self.fail(
                f"http://{address}/ cannot be used: {reason}. To choose another port: make run PORT={int(port) + 1}"
            )
        reachable = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104
        self.url = f"http://{reachable}:{listener.getsockname()[1]}"
        return listener

    def make_folders(self) -> None:
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)

    def load_demo(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("load_demo", stdout=self.stdout)
        self.stdout.flush()

    def serve(self, listener: socket.socket) -> None:
        environment = {"SITE_URL": self.url} | os.environ
        children: list[Child] = []
        try:
            site = Site(listener, environment)
            children.append(site)
            listener.close()
            worker = Worker(environment)
            children.append(worker)
            self.wait_until_ready(site, worker)
            self.say(f"Ready: {self.url}/ (Ctrl-C stops it)")
            while site.is_running():
                if not worker.is_running():
                    self.say("The worker was killed. No work is lost: each job is a row in the database.")
                    worker.end(deadline=time.monotonic())
                    worker = children[-1] = Worker(environment)
                    self.wait_until_ready(site, worker)
                    self.say("Another worker has taken over.")
                time.sleep(0.2)
            self.fail("The site ended by itself, so the worker is stopped too.")
        finally:
            self.end(children)

    def wait_until_ready(self, site: Site, worker: Worker) -> None:
        deadline = time.monotonic() + SECONDS_TO_BEGIN
        while not (site.answers(self.url) and worker.is_ready()):
            for child, name in ((site, "site"), (worker, "worker")):
                if not child.is_running():
                    self.fail(f"The {name} did not start. The reason is in the lines above.")
            if time.monotonic() > deadline:
                self.fail(f"Not ready after {SECONDS_TO_BEGIN} seconds. Any reason is in the lines above.")
            time.sleep(0.1)

    def end(self, children: list[Child]) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for child in children:
            if child.is_running():
                child.process.terminate()
        deadline = time.monotonic() + SECONDS_TO_END
        for child in children:
            child.end(deadline=deadline)
