"""Making the files of a build: frozen facts, the same bytes every time, nothing written once the job is lost."""

import hashlib
import json
import uuid

import pytest

from core.models import LostJob
from engagement.models import Activity
from engagement.tests import factories as engagement
from insights.models import Response
from reporting.documents import builder
from reporting.models import Build, Snapshot
from reporting.tests import factories
from reporting.tests.pdf_checks import problems_of
from reporting.tests.workers import Killed, after_each_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity() -> Activity:
    """The whole record: one activity, so that laying out is quick."""
    engagement.principle_set(principles=1)
    return engagement.activity("A-1", title="Braille on boxes", what_we_asked="What is in the way?")


def built(**fields) -> Build:
    build = factories.claimed_build(**fields)
    builder.build_files(build)
    return Build.objects.get(pk=build.pk)


def files(folder) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_build_ends_with_its_files_fingerprints_and_times(activity, media_root):
    build = built()

    pdf, html = factories.read(build.pdf), factories.read(build.html)
    assert (build.state, build.status, build.error) == ("done", "draft", "")
    assert build.pdf_sha256 == hashlib.sha256(pdf).hexdigest()
    assert build.pdf.name == f"reports/2023-24/{build.pdf_sha256}.pdf"
    assert build.html.name == f"reports/2023-24/{hashlib.sha256(html).hexdigest()}.html"
    assert build.large_print.name.startswith("reports/2023-24/")
    further = set(build.files.values_list("file", flat=True))
    assert len(further) == 7
    assert files(media_root) == {build.pdf.name, build.html.name, build.large_print.name, *further}
    assert build.pages > 5
    assert build.seconds > build.seconds_rendering > 0
    assert build.snapshot.sha256 == hashlib.sha256(build.snapshot.data.encode()).hexdigest()
    assert str(build.snapshot) == build.snapshot.sha256[:12]
    assert (build.finished_at >= build.started_at, build.lease_until) == (True, None)
    assert problems_of(pdf, bookmarks=8) == problems_of(factories.read(build.large_print), bookmarks=8) == []
    assert build.snapshot.sha256 in html.decode()


def test_two_builds_of_the_same_record_have_the_same_bytes_and_one_snapshot(activity, media_root):
    first, second = built(), built()

    assert (first.version, second.version) == (1, 2)
    assert first.snapshot == second.snapshot
    names = (first.pdf.name, first.html.name, first.large_print.name)
    assert names == (second.pdf.name, second.html.name, second.large_print.name)
    further = [set(build.files.values_list("file", "sha256")) for build in (first, second)]
    assert further[0] == further[1]
    assert files(media_root) == {*names, *(name for name, _fingerprint in further[0])}


def test_what_is_changed_and_erased_later_does_not_change_a_finished_build(activity, media_root):
    build = built()
    before = (factories.read(build.pdf), factories.read(build.html), build.snapshot.data, build.pdf_sha256)
    Activity.objects.update(title="Something else", what_we_asked="")
    Response.objects.all().delete()
    activity.delete()
    build = Build.objects.get()

    assert (factories.read(build.pdf), factories.read(build.html), build.snapshot.data, build.pdf_sha256) == before
    assert json.loads(build.snapshot.data)["sections"][0]["items"][0]["title"] == "Braille on boxes"


def test_a_changed_record_gives_the_next_build_a_snapshot_and_files_of_its_own(activity, media_root):
    first = built()
    Activity.objects.update(title="Something else")
    second = built()

    assert first.snapshot != second.snapshot
    assert len(files(media_root)) == 2 * (3 + first.files.count())


def test_a_final_version_is_built_from_the_snapshot_of_the_draft_and_loses_the_draft_mark(activity):
    draft = built()
    Activity.objects.update(title="Changed after it was checked")
    final = built_final(draft)

    assert (final.status, final.becomes_final, final.snapshot) == ("final", True, draft.snapshot)
    assert "Draft for checking, not for publication" in factories.read(draft.html).decode()
    html = factories.read(final.html).decode()
    assert "Draft for checking" not in html
    assert "Braille on boxes" in html
    assert "Changed after it was checked" not in html


def built_final(draft: Build) -> Build:
    waiting = factories.build(draft.report, becomes_final=True, snapshot=draft.snapshot)
    builder.build_files(Build.objects.claim(waiting.pk))
    return Build.objects.get(pk=waiting.pk)


def test_a_newer_final_version_supersedes_the_older_and_drafts_stay_drafts(activity):
    report = factories.report()
    older, draft = factories.final_build(report), factories.finished_build(report)
    newer = built_final(draft)

    statuses = {build.pk: build.status for build in Build.objects.all()}
    assert statuses == {older.pk: "superseded", draft.pk: "draft", newer.pk: "final"}


def test_progress_is_said_step_by_step_in_percent(activity):
    seen = []
    build = factories.claimed_build()
    with after_each_step(lambda now: seen.append((now.percent, now.step, now.steps, now.step_label))):
        builder.build_files(build)

    assert seen == [(round(100 * number / 7), number, 7, label) for number, label in enumerate(builder.STEPS)]
    assert seen[0] == (0, 0, 7, "Gathering the facts")
    assert Build.objects.get().percent == 100


def test_a_build_that_another_worker_took_over_writes_nothing(activity, media_root):
    build = factories.claimed_build()
    other = uuid.uuid4()
    Build.objects.update(token=other)

    with pytest.raises(LostJob):
        builder.build_files(build)
    now = Build.objects.get()
    assert (now.state, now.token, now.step, now.snapshot, now.pdf.name) == ("running", other, 0, None, "")
    assert not Snapshot.objects.exists()
    assert files(media_root) == set()


def test_a_build_that_is_lost_while_it_is_laid_out_stores_no_file_and_supersedes_nothing(activity, media_root):
    report = factories.report()
    final = factories.final_build(report)
    before = files(media_root)

    def take_over(now):
        if now.step == 4:
            Build.objects.filter(pk=now.pk).update(token=uuid.uuid4())

    waiting = factories.build(report, becomes_final=True)
    build = Build.objects.claim(waiting.pk)
    with after_each_step(take_over), pytest.raises(LostJob):
        builder.build_files(build)
    assert Build.objects.get(pk=final.pk).status == "final"
    assert Build.objects.get(pk=waiting.pk).state == "running"
    assert files(media_root) == before


def test_the_second_try_of_a_build_uses_the_facts_that_the_first_one_froze(activity, media_root):
    first = factories.claimed_build()

    def kill(now):
        if now.step == 3:
            raise Killed

    with after_each_step(kill), pytest.raises(Killed):
        builder.build_files(first)
    Activity.objects.update(title="Changed in between")
    Build.objects.update(lease_until=factories.FINISHED)
    second = Build.objects.claim(first.pk)
    builder.build_files(second)

    build = Build.objects.get()
    assert (build.attempts, build.state) == (2, "done")
    assert Snapshot.objects.get() == build.snapshot
    assert "Braille on boxes" in factories.read(build.html).decode()


def test_a_build_that_is_lost_while_it_freezes_the_facts_keeps_no_snapshot(activity):
    def take_over(now):
        if now.step == 1:
            Build.objects.filter(pk=now.pk).update(token=uuid.uuid4())

    build = factories.claimed_build()
    with after_each_step(take_over), pytest.raises(LostJob):
        builder.build_files(build)
    assert not Snapshot.objects.exists()
    assert Build.objects.get().snapshot is None
