"""A final version stays as it is: services and the database refuse, erasure changes nothing, files are checked."""

import hashlib
import logging
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.db.models.signals import post_migrate, pre_migrate
from django.urls import reverse

from core.files import private_files
from engagement.models import Activity
from engagement.tests import factories as engagement
from insights.models import Response
from people.tests import factories as people
from reporting.documents import builder
from reporting.models import Build, BuildFile, Download, Snapshot, immutable
from reporting.services import approvals, reports, sections
from reporting.tests import factories

pytestmark = pytest.mark.django_db
FILES = ("pdf", "large_print", "html")


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def final() -> Build:
    build = factories.final_build()
    content = b"PK tables"
    name = f"reports/2023-24/{hashlib.sha256(content).hexdigest()}.xlsx"
    with private_files().open(name, "wb") as file:
        file.write(content)
    build.files.create(kind="xlsx", file=name, sha256=hashlib.sha256(content).hexdigest())
    return build


# Services ----------------------------------------------------------------------------------------


def test_every_service_that_could_change_a_final_version_refuses(final, lead):
    before = Build.objects.values().get()
    for refused in (
        lambda: reports.request_final(final, by=lead),
        lambda: approvals.send_for_approval(final, by=lead),
        lambda: sections.add_comment(final, by=lead, text="Change it"),
    ):
        with pytest.raises((reports.NotReady, ValidationError), match="final"):
            refused()
    approvals.withdraw_from_approval(final, by=lead)

    assert Build.objects.values().get() == before


# The database ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["final", "superseded"])
@pytest.mark.parametrize(
    "changed",
    [
        {"pdf": "reports/other.pdf"},
        {"large_print": "reports/other.pdf"},
        {"html": "reports/other.html"},
        {"pdf_sha256": "0" * 64},
        {"version": 9},
        {"pages": 3},
        {"status": "draft"},
        {"status": "approval"},
        {"state": "queued", "status": "draft"},
        {"becomes_final": False, "status": "draft"},
        {"finished_at": None},
    ],
)
def test_the_database_refuses_to_change_a_final_version(status, changed):
    build = factories.final_build(status=status)

    with pytest.raises(IntegrityError), transaction.atomic():
        Build.objects.filter(pk=build.pk).update(**changed)


def test_without_the_triggers_the_constraints_alone_would_let_a_file_be_exchanged():
    """What the triggers are for: this is the control that they are at work in the test above."""
    build = factories.final_build()
    immutable.lift()
    assert Build.objects.filter(pk=build.pk).update(pdf="reports/other.pdf") == 1


def test_a_migration_lifts_the_triggers_and_puts_them_back(final):
    ours = apps.get_app_config("reporting")
    told = {"app_config": ours, "verbosity": 0, "interactive": False, "using": "default"}
    pre_migrate.send(sender=ours, **told)
    assert Build.objects.filter(pk=final.pk).update(pages=8) == 1
    post_migrate.send(sender=ours, **told)

    with pytest.raises(IntegrityError), transaction.atomic():
        Build.objects.filter(pk=final.pk).update(pages=9)


def test_the_database_refuses_another_snapshot_and_to_change_its_facts(final):
    other = Snapshot.objects.create(report=final.report, data="{}", sha256="1" * 64)

    for change in (
        lambda: Build.objects.filter(pk=final.pk).update(snapshot=other),
        lambda: Snapshot.objects.filter(pk=final.snapshot_id).update(data="{}"),
        lambda: Snapshot.objects.filter(pk=final.snapshot_id).update(sha256="2" * 64),
        lambda: BuildFile.objects.update(sha256="3" * 64),
        lambda: BuildFile.objects.update(file="reports/other.xlsx"),
    ):
        with pytest.raises(IntegrityError, match="a final version cannot be changed"), transaction.atomic():
            change()
    assert Snapshot.objects.filter(pk=other.pk).update(data='{"a": 1}') == 1


def test_what_may_still_happen_to_a_final_version_does(final, lead):
    reports.publish_report(final, by=lead)
    reports.withdraw_report(final, by=lead)
    Build.objects.filter(pk=final.pk).update(status="superseded", requested_by=None)

    final.refresh_from_db()
    assert (final.status, final.published_at) == ("superseded", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Build.objects.filter(pk=final.pk).update(status="final")


def test_a_draft_may_be_changed():
    draft = factories.finished_build()

    assert Build.objects.filter(pk=draft.pk).update(status="approval", pages=9) == 1


def test_a_report_and_a_snapshot_with_a_version_are_not_deleted(final):
    for row in (final.report, final.snapshot, final.report.period):
        with pytest.raises(ProtectedError):
            row.delete()


# The record --------------------------------------------------------------------------------------


def test_a_record_that_is_deleted_after_the_final_leaves_its_files_and_its_facts_the_same():
    engagement.principle_set(principles=1)
    activity = engagement.activity("A-1", title="Braille on boxes")
    draft = factories.claimed_build()
    builder.build_files(draft)
    waiting = factories.build(draft.report, becomes_final=True, snapshot=Build.objects.get().snapshot)
    builder.build_files(Build.objects.claim(waiting.pk))
    build = Build.objects.select_related("snapshot").get(status="final")
    before = build.snapshot.data, build.snapshot.sha256, *(factories.read(getattr(build, name)) for name in FILES)
    Response.objects.all().delete()
    activity.delete()
    build = Build.objects.select_related("snapshot").get(pk=build.pk)

    after = build.snapshot.data, build.snapshot.sha256, *(factories.read(getattr(build, name)) for name in FILES)
    assert (after, Activity.objects.count()) == (before, 0)
    assert "Braille on boxes" in before[0]


# Files -------------------------------------------------------------------------------------------


def damaged(build: Build, name: str, content: bytes = b"%PDF-1.7 something else") -> None:
    with private_files().open(getattr(build, name).name, "wb") as file:
        file.write(content)


def checked() -> str:
    said = StringIO()
    call_command("check_reports", stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_file_that_is_not_as_it_was_made_is_not_handed_out(client, final, lead, name, how, caplog):
    reports.publish_report(final, by=lead)
    if how == "changed":
        damaged(final, name)
    else:
        private_files().delete(getattr(final, name).name)
    client.force_login(people.user("secretary"))
    page = {"pdf": "pdf", "large_print": "large_print", "html": "html"}[name]

    with caplog.at_level(logging.ERROR):
        for url in (f"build_{page}", f"public_{page}"):
            answer = client.get(reverse(f"reporting:{url}", args=[final.pk]))
            assert (answer.status_code, answer.streaming) == (409, False)
            assert "This file is not as it was made" in answer.content.decode()
    assert f"A file of build {final.pk} is not as it was made" in caplog.text
    assert not Download.objects.exists()


def test_a_pdf_that_differs_from_its_row_alone_is_not_handed_out(client):
    build = factories.finished_build(pdf_sha256="0" * 64)
    client.force_login(people.user("officer"))

    assert client.get(reverse("reporting:build_pdf", args=[build.pk])).status_code == 409


def test_the_command_says_that_all_is_as_it_was_made(final):
    factories.running_build(factories.report(engagement.period("2024-25")))

    assert checked() == "1 versions are as they were made\n"


def test_the_command_names_each_version_and_file_that_is_not(final):
    damaged(final, "html")
    with private_files().open(final.files.get().file.name, "wb") as file:
        file.write(b"PK other")
    said = StringIO()

    with pytest.raises(CommandError, match="1 of 1 versions are not as they were made"):
        call_command("check_reports", stdout=said)
    words = f"{final} (final): not as it was made: web page, every table (Excel)\n"
    assert said.getvalue() == words


def test_the_command_finds_facts_that_were_changed():
    build = factories.finished_build()
    Snapshot.objects.filter(pk=build.snapshot_id).update(data='{"schema": 1}')
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("check_reports", stdout=said)
    assert said.getvalue() == f"{build} (draft): not as it was made: facts\n"
