"""Several requests at the same moment, each with a connection of its own."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

SECONDS = 60


def race(folder: Path, *calls: Callable[[], object]) -> list:
    """Make the calls at once, in a test with `transaction=True`. What each returned, or the code of its refusal.

    Without the lock that a rule needs, nobody has to be lucky to see it: on PostgreSQL the first has done everything
    but its commit when the others come, so they wait for it or overtake it. On SQLite, where a writer holds the whole
    file, all start together. An error that is no refusal is there by its name.
    """
    if connection.vendor == "sqlite":
        return _from_one_line(folder, calls)
    return _before_the_commit(*calls)


def _outcome(call: Callable[[], object]) -> object:
    try:
        return call()
    except ValidationError as error:
        return getattr(error, "code", None) or error.messages[0]
    except Exception as error:
        return type(error).__name__


# PostgreSQL --------------------------------------------------------------------------------------


def _before_the_commit(first: Callable[[], object], *others: Callable[[], object]) -> list:
    with transaction.atomic():
        results = [_outcome(first)]
        threads = [_Visitor(call, results) for call in others]
        for thread in threads:
            thread.start()
            thread.go_on_until_done_or_waiting()
    for thread in threads:
        thread.join(SECONDS)
    return results


class _Visitor(threading.Thread):
    def __init__(self, call: Callable[[], object], results: list):
        super().__init__(daemon=True)
        self.call, self.results = call, results
        self.is_connected, self.number = threading.Event(), 0

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.number = connection.connection.info.backend_pid
            self.is_connected.set()
            self.results.append(_outcome(self.call))
        finally:
            connections.close_all()

    def go_on_until_done_or_waiting(self) -> None:
        assert self.is_connected.wait(SECONDS)
        while self.is_alive() and not self.waits():
            self.join(0.01)

    def waits(self) -> bool:
        """Whether the database lets it wait for somebody's lock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self.number])
            return cursor.fetchone()[0] > 0


# SQLite ------------------------------------------------------------------------------------------


def _from_one_line(folder: Path, calls: tuple[Callable[[], object], ...]) -> list:
    barrier, results = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait(SECONDS)
            results.append(_outcome(call))
        finally:
            connections.close_all()

    with _writers_wait(folder):
        threads = [threading.Thread(target=run, args=[call]) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
    return results


@contextmanager
def _writers_wait(folder: Path):
    """SQLite in memory, as in tests, does not let writers wait for each other: threads get a copy in a file."""
    with closing(sqlite3.connect(folder / "race.sqlite3")) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")  # two who ask for it at once are both refused
    for_new_threads = connections.settings["default"]
    name, for_new_threads["NAME"] = for_new_threads["NAME"], str(folder / "race.sqlite3")
    try:
        yield
    finally:
        for_new_threads["NAME"] = name
