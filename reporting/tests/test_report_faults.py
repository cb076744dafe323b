"""What may go wrong while any kind of report is made: nothing is half there, and whoever asked is told in words."""

import hashlib
from pathlib import Path

import pytest
from django.core import mail
from django.template import engines

from core.models import AuditEvent
from engagement.models import Activity, Period
from engagement.tests import factories as engagement
from people.models import User
from people.tests import factories as people
from reporting import tasks
from reporting.documents import builder
from reporting.documents.fingerprints import altered
from reporting.documents.shapes import SHAPES
from reporting.models import Build, BuildFile, Report, Snapshot
from reporting.services.reports import request_report
from reporting.tests import factories
from reporting.tests.kpis import quarter
from reporting.tests.workers import Killed, after_each_step

pytestmark = pytest.mark.django_db
KINDS = list(Report.Kind)
STORAGES = "reporting.tests.faulty_storages"


@pytest.fixture
def officer() -> User:
    return people.user("officer")


@pytest.fixture(autouse=True)
def activity() -> Activity:
    """The whole record: one activity, so that laying out is quick."""
    factories.body()
    engagement.principle_set(principles=1)
    return engagement.activity("A-1", title="Braille on boxes")


def period_of(kind: str) -> Period:
    return quarter(1) if SHAPES[kind].period == Period.Kind.QUARTER else engagement.period()


def asked(kind: str, by: User | None = None) -> Build:
    return request_report(period_of(kind), by=by, kind=kind, in_background=False)


def kept(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def assert_whole(build: Build, folder: Path) -> None:
    """The version is done, each file of it is as it was made, and no other file lies there."""
    assert (build.state, build.error) == ("done", "")
    names = {build.pdf.name, build.large_print.name, build.html.name, *build.files.values_list("file", flat=True)}
    assert kept(folder) == names
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == Path(name).stem for name in names)
    assert list(altered(build)) == []


def assert_failed(build: Build, words: str, officer: User) -> None:
    """Nothing of it can be read or handed out, and who asked has the reason by mail."""
    build.refresh_from_db()
    assert (build.state, build.status, build.error) == ("failed", "draft", words)
    assert (build.pdf.name, build.large_print.name, build.html.name, build.pages) == ("", "", "", None)
    assert not BuildFile.objects.filter(build=build).exists()
    (message,) = mail.outbox
    assert message.to == [officer.email]
    assert message.subject == f"{build} could not be made"
    assert words in message.body


# Asked for twice ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_that_is_asked_for_twice_is_made_once(kind, officer):
    first, second = asked(kind, officer), asked(kind, people.user("lead"))

    assert (first, first.requested_by) == (second, officer)
    assert (Build.objects.count(), Report.objects.count(), AuditEvent.objects.count()) == (1, 1, 1)


# A worker that is killed -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_that_is_killed_after_each_step_leaves_nothing_and_the_next_one_makes_the_report(kind, media_root):
    pk = asked(kind).pk
    for step in range(len(builder.STEPS)):

        def kill(now, step=step):
            if now.step == step:
                raise Killed

        with after_each_step(kill), pytest.raises(Killed):
            tasks.build_report(pk)
        build = Build.objects.get(pk=pk)
        assert (build.state, build.step, build.attempts, build.pdf.name) == ("running", step, step + 1, "")
        assert kept(media_root) == set()
        assert Snapshot.objects.count() == (step > 1)
        if step == 2:  # the facts are held: what is recorded from now on is not in this version
            Activity.objects.update(title="Recorded in between")
        Build.objects.update(lease_until=factories.FINISHED)
    tasks.build_report(pk)
    build = Build.objects.get(pk=pk)

    assert_whole(build, media_root)
    assert (build.attempts, Snapshot.objects.get()) == (len(builder.STEPS) + 1, build.snapshot)
    assert "Recorded in between" not in build.snapshot.data
    assert "Braille on boxes" in build.snapshot.data


def storage(settings, name: str) -> None:
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{STORAGES}.{name}"}}


def test_a_file_that_a_killed_worker_left_half_written_is_written_anew(settings, media_root):
    whole, pk = settings.STORAGES, asked(Report.Kind.QUARTERLY).pk
    storage(settings, "LostWorker")
    with pytest.raises(Killed):
        tasks.build_report(pk)
    left = {name: hashlib.sha256((media_root / name).read_bytes()).hexdigest() for name in kept(media_root)}
    assert sorted(Path(name).stem == fingerprint for name, fingerprint in left.items()) == [False, True, True]

    settings.STORAGES = whole
    Build.objects.update(lease_until=factories.FINISHED)
    tasks.build_report(pk)
    assert_whole(Build.objects.get(pk=pk), media_root)


# A full disk -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_fails_the_report_in_words_and_the_next_one_is_whole(kind, settings, officer, media_root):
    whole, build = settings.STORAGES, asked(kind, officer)
    storage(settings, "FullDisk")
    tasks.build_report(build.pk)

    words = "There is no room left for the files. Tell the person who runs the system, then ask again."
    assert_failed(build, words, officer)
    assert all(
        hashlib.sha256((media_root / name).read_bytes()).hexdigest() == Path(name).stem for name in kept(media_root)
    )
    settings.STORAGES = whole
    following = asked(kind, officer)
    tasks.build_report(following.pk)
    following.refresh_from_db()
    assert_whole(following, media_root)
    assert following.version == 2


def test_a_full_disk_leaves_the_final_version_that_is_there_as_it_is(settings, officer, media_root):
    final = factories.final_build()
    before = Build.objects.values().get(pk=final.pk), kept(media_root)
    waiting = factories.build(final.report, becomes_final=True, requested_by=officer)
    storage(settings, "FullDisk")
    tasks.build_report(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.status) == ("failed", "draft")
    assert Build.objects.values().get(pk=final.pk) == before[0]
    assert before[1] < kept(media_root)


# A template that is wrong ------------------------------------------------------------------------


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """A folder in which Django looks for templates first. The engine stays: tests have set it up."""
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "dirs", [tmp_path / "templates", *engine.dirs])
    _forget_templates(engine)
    yield tmp_path / "templates"
    _forget_templates(engine)


def _forget_templates(engine) -> None:
    for loader in engine.template_loaders:
        loader.reset()


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_that_is_wrong_fails_the_report_in_words(kind, templates, officer, media_root, caplog):
    broken = templates / SHAPES[kind].template
    broken.parent.mkdir(parents=True)
    broken.write_text("{% there is no such tag %}")
    build = asked(kind, officer)
    tasks.build_report(build.pk)

    assert_failed(build, "Something went wrong. It has been written to the log. Ask for the report again.", officer)
    assert kept(media_root) == set()
    assert "Invalid block tag" in caplog.text


# A record that changes ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_is_deleted_after_the_final_version_changes_nothing_of_it(kind, activity, media_root):
    pk = request_report(period_of(kind), by=None, kind=kind, final=True, in_background=False).pk
    tasks.build_report(pk)
    build = Build.objects.get(pk=pk)
    before = build.snapshot.data, {name: (media_root / name).read_bytes() for name in kept(media_root)}
    activity.delete()

    assert build.status == "final"
    assert (Build.objects.get(pk=pk).snapshot.data, Activity.objects.count()) == (before[0], 0)
    assert {name: (media_root / name).read_bytes() for name in kept(media_root)} == before[1]
    assert_whole(build, media_root)
