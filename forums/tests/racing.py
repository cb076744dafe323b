"""Several requests at the same moment, each with a connection of its own."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection, connections

SECONDS = 60


def race(folder: Path, *calls: Callable[[], object]) -> list:
    """Make the calls at once, in a test with `transaction=True`. What each returned, or the code of its refusal."""
    barrier, results = threading.Barrier(len(calls)), []

    def run(call):
        try:
            barrier.wait(SECONDS)
            results.append(call())
        except ValidationError as error:
            results.append(error.code)
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
    if connection.vendor != "sqlite":
        yield
        return
    with closing(sqlite3.connect(folder / "race.sqlite3")) as copy:
        connection.connection.backup(copy)
    for_new_threads = connections.settings["default"]
    name, for_new_threads["NAME"] = for_new_threads["NAME"], str(folder / "race.sqlite3")
    try:
        yield
    finally:
        for_new_threads["NAME"] = name
