"""Builds on a worker: what a person reads when one fails, and what a second message finds."""

import logging
import socket
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core import jobs
from core.pdf import assets
from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting import tasks
from reporting.models import Build, Snapshot
from reporting.tests import factories
from reporting.tests.workers import after_each_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> Build:
    engagement.principle_set(principles=1)
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
    assert waiting.error == "Something went wrong. It has been written to the log. Ask for the report again."
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


def test_a_machine_without_the_libraries_says_what_to_type(waiting, without_pango):
    tasks.build_report(waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == "failed"
    assert waiting.error.startswith(
        "PDFs cannot be made on this machine yet. Whoever runs it types: apt-get install -y --no-install-recommends "
    )


def test_a_build_that_would_not_be_accessible_is_not_finished(waiting, monkeypatch):
    monkeypatch.delitem(assets(), "cover.svg")
    tasks.build_report(waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == "failed"
    assert waiting.error == ("The PDF would not be accessible: asset:cover.svg is not an asset of this product")


@pytest.mark.parametrize("is_broken", [False, True])
def test_a_build_that_is_taken_over_is_left_to_the_other_worker(waiting, caplog, is_broken):
    caplog.set_level(logging.INFO, "reporting.tasks")
    if is_broken:
        broken(waiting)
    other = uuid.uuid4()
    with after_each_step(lambda now: Build.objects.filter(pk=now.pk, step=0).update(token=other)):
        tasks.build_report(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.token, waiting.error, waiting.pdf.name) == ("running", other, "", "")
    assert caplog.records[-1].getMessage() == f"Build {waiting.pk} was taken over by another worker"
    assert mail.outbox == []


# Mail about a failure ----------------------------------------------------------------------------


def test_who_asked_for_a_report_that_failed_gets_mail_with_its_address(waiting, settings):
    people.user("lead")
    officer = people.user("officer")
    Build.objects.update(requested_by=officer)
    broken(waiting)
    tasks.build_report(waiting.pk)

    (message,) = mail.outbox
    assert message.to == [officer.email]
    assert message.subject == "Annual engagement report 2023–24, version 1 could not be made"
    assert f"{settings.SITE_URL}/reports/builds/{waiting.pk}/" in message.body
    assert "Something went wrong. It has been written to the log. Ask for the report again." in message.body


def test_who_asked_for_a_report_gets_mail_when_its_worker_was_lost_too_often():
    lead = people.user("lead")
    build = factories.running_build(requested_by=lead, lease_until=timezone.now() - timedelta(seconds=1), attempts=5)
    jobs.sweep()

    (message,) = mail.outbox
    assert message.to == [lead.email]
    assert "stopped 5 times" in message.body
    assert str(build) in message.subject


def test_a_report_that_the_calendar_asked_for_and_that_failed_is_told_to_every_active_lead_once(waiting):
    lead = people.user("lead")
    people.user("lead", is_active=False)
    people.user("officer")
    broken(waiting)
    tasks.build_report(waiting.pk)

    assert [message.to for message in mail.outbox] == [[lead.email]]


def test_mail_that_cannot_be_sent_leaves_the_build_failed_with_its_reason(waiting, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    people.user("lead")
    broken(waiting)
    tasks.build_report(waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == "failed"
    assert caplog.records[-1].getMessage() == f"The mail about build {waiting.pk} could not be sent"


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
