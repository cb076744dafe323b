"""Builds on a worker: what a person reads when one fails, and what a second message finds."""

import logging

import pytest

from engagement.tests import factories as engagement
from reporting import tasks
from reporting.models import Build, Snapshot
from reporting.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> Build:
    engagement.activity("A-1")
    return factories.build()


def broken(build: Build) -> None:
    """A snapshot that an older program froze: it cannot be thawed."""
    snapshot = Snapshot.objects.create(report=build.report, data='{"schema": 0}', sha256="0" * 64)
    Build.objects.filter(pk=build.pk).update(snapshot=snapshot)


def test_the_task_makes_the_report(waiting):
    tasks.build_report(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.status) == ("done", 1, "draft")


def test_a_second_message_changes_nothing(waiting):
    tasks.build_report(waiting.pk)
    before = Build.objects.values().get()
    tasks.build_report(waiting.pk)

    assert Build.objects.values().get() == before


def test_a_message_for_a_build_that_another_worker_has_changes_nothing():
    build = factories.running_build()
    before = Build.objects.values().get()
    tasks.build_report(build.pk)

    assert Build.objects.values().get() == before


def test_a_message_for_a_build_that_is_gone_is_no_error():
    assert tasks.build_report(404) is None


def test_a_build_that_breaks_ends_as_failed_with_words_that_a_person_can_act_on(waiting, caplog):
    broken(waiting)
    tasks.build_report(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.pdf.name, waiting.pdf_sha256) == ("failed", "", "")
    assert waiting.error == (
        "Something went wrong while the report was made. It has been written to the log. Ask for the report again."
    )
    assert waiting.finished_at is not None
    assert [record.getMessage() for record in caplog.records] == [f"Build {waiting.pk} failed"]
    assert "this snapshot has schema 0, not 1" in caplog.text


def test_a_failed_build_does_not_keep_the_next_from_being_made(waiting):
    broken(waiting)
    tasks.build_report(waiting.pk)
    following = factories.build(waiting.report)
    tasks.build_report(following.pk)

    following.refresh_from_db()
    assert (following.version, following.state) == (2, "done")


def test_a_machine_without_the_libraries_says_what_to_type(waiting, monkeypatch):
    def missing(*args, **kwargs):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("weasyprint.text.fonts.FontConfiguration.__init__", missing)
    tasks.build_report(waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == "failed"


def test_a_build_that_is_taken_over_is_left_to_the_other_worker(waiting, caplog):
    caplog.set_level(logging.INFO, "reporting.tasks")
    take_over_at(waiting, "Laying out the PDF")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.pdf.name) == ("running", "")
    assert [record.getMessage() for record in caplog.records] == [
        f"Build {waiting.pk} was taken over by another worker"
    ]


def take_over_at(build: Build, step: str) -> None:
    pass
