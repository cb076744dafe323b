"""The file queue of the embedded set-up."""

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue
from kombu.transport import filesystem

import config.broker  # noqa: F401  registers "filesystem-atomic"

SIZE = 20_000


@pytest.fixture
def queue_folder(tmp_path) -> Path:
    return tmp_path


def connect(folder: Path) -> Connection:
    names = {"data_folder_in": "messages", "data_folder_out": "messages", "control_folder": "control"}
    names["processed_folder"] = "processed"
    options = {option: str(folder / name) for option, name in names.items()}
    return Connection("filesystem-atomic://localhost//", transport_options=options | {"polling_interval": 0.001})


def open_queue(connection: Connection, folder: Path) -> SimpleQueue:
    # Kombu remembers for the whole process which queues are bound, so each test has a queue of its own.
    return connection.SimpleQueue(folder.name)


def write(folder: Path, numbers: range) -> None:
    with connect(folder) as connection:
        queue = open_queue(connection, folder)
        for number in numbers:
            queue.put({"number": number, "text": "x" * SIZE})


def test_a_fast_reader_gets_every_message_whole_and_once(queue_folder):
    received, broken = [], []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as writers, connect(queue_folder) as connection:
        queue = open_queue(connection, queue_folder)
        writing = [writers.submit(write, queue_folder, numbers) for numbers in (range(1000), range(1000, 2000))]
        while len(received) + len(broken) < 2000:
            try:
                payload = queue.get(timeout=30).payload
            except json.JSONDecodeError as error:
                broken.append(error)
            else:
                received.append((payload["number"], len(payload["text"])))
        for writer in writing:
            writer.result()

    assert broken == []
    assert sorted(received) == [(number, SIZE) for number in range(2000)]


def test_a_message_is_invisible_until_it_is_complete(queue_folder, monkeypatch):
    visible = []
    replace = Path.replace

    def look_first(part, target):
        visible.append(list((queue_folder / "messages").glob("*.msg")))
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", look_first)
    with connect(queue_folder) as connection:
        queue = open_queue(connection, queue_folder)
        queue.put({"number": 1})

        assert visible == [[]]
        assert queue.get_nowait().payload == {"number": 1}


def test_messages_keep_their_order_across_a_restart_of_the_machine(queue_folder, monkeypatch):
    with connect(queue_folder) as connection:
        queue = open_queue(connection, queue_folder)
        queue.put("before the restart")
        # The monotonic clock, by which Kombu's own transport names its files, starts again at 0.
        monkeypatch.setattr(filesystem, "monotonic", lambda: 0.0)
        queue.put("after the restart")

        assert [queue.get_nowait().payload, queue.get_nowait().payload] == ["before the restart", "after the restart"]
