"""Who gets which file of a version: everything made from one snapshot, handed out like the PDF, logged like the PDF."""

import base64
import hashlib
import json
import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.files import private_files
from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting.documents import builder, formats
from reporting.documents.formats import files as named
from reporting.models import Build, BuildFile, Download, immutable
from reporting.models.reports import BuildFileQuerySet
from reporting.tests import factories
from reporting.tests.open_register import published_build
from reporting.tests.pdf_checks import problems_of

pytestmark = pytest.mark.django_db

KINDS = [str(kind) for kind in BuildFile.Kind]
ENDINGS = {str(kind): ending for kind, ending, _kinds, _maker in formats.FORMATS}
EASY = b'<!DOCTYPE html><html lang="en-GB"><style>p{}</style><p>Easy'


def address(page: str, *args) -> str:
    return reverse(f"reporting:{page}", args=args)


def with_files(build: Build) -> Build:
    """The version with one small file of each further format."""
    for kind in KINDS:
        content = EASY if kind == "easy_read" else f"{kind} canary".encode()
        fingerprint = hashlib.sha256(content).hexdigest()
        name = f"reports/2023-24/{fingerprint}.{ENDINGS[kind]}"
        if not private_files().exists(name):
            private_files().save(name, ContentFile(content))
        build.files.create(kind=kind, file=name, sha256=fingerprint, pages=3 if kind == "summary" else None)
    return build


def statuses(client, page: str, build: Build) -> dict[str, int]:
    found = {}
    for kind in KINDS:
        answer = client.get(address(page, build.pk, kind))
        found[kind] = answer.status_code
        if answer.streaming:
            answer.getvalue()  # closing it unread would close the database too
    return found


def sign_in(client, role: str):
    user = people.user(role)
    client.force_login(user)
    return user


def every(status: int, **others: int) -> dict[str, int]:
    return dict.fromkeys(KINDS, status) | others


# Made by the builder -----------------------------------------------------------------------------


def test_a_build_ends_with_every_format_from_its_one_snapshot():
    engagement.principle_set(principles=1)
    engagement.activity("A-1", title="Braille on boxes", what_we_asked="What is in the way?")
    build = factories.claimed_build()
    builder.build_files(build)
    rows = {row.kind: row for row in build.files.all()}
    assert {kind: row.file.name.rpartition(".")[2] for kind, row in rows.items()} == ENDINGS
    contents = {kind: factories.read(row.file) for kind, row in rows.items()}
    assert {kind: hashlib.sha256(content).hexdigest() for kind, content in contents.items()} == {
        kind: row.sha256 for kind, row in rows.items()
    }
    assert 2 <= rows["summary"].pages <= 4
    assert problems_of(contents["summary"], bookmarks=4) == []
    for kind in ("easy_read", "text"):
        assert build.snapshot.sha256 in contents[kind].decode()


@pytest.mark.parametrize("kind", ["quarterly", "assessment"])
def test_another_kind_of_report_has_its_tables_its_plain_text_and_its_cover_sheet(kind):
    made = [each for each, _ending, kinds, _maker in formats.FORMATS if kind in kinds]
    assert {BuildFile.Kind.XLSX, BuildFile.Kind.CSV, BuildFile.Kind.TEXT, BuildFile.Kind.COVER} <= set(made)
    assert BuildFile.Kind.DOCX not in made


# Who gets them -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "of_draft", "of_final"),
    [
        ("", every(403), every(403)),
        ("member", every(403), every(403)),
        ("secretary", every(404), every(200, easy_read=404)),
        ("project_lead", every(404), every(200, easy_read=404)),
        ("officer", every(200), every(200)),
        ("lead", every(200), every(200)),
    ],
)
def test_the_files_are_for_those_who_may_read_the_pdf_and_drafts_for_those_who_make_them(
    client, role, of_draft, of_final
):
    final, draft = with_files(factories.final_build()), with_files(factories.finished_build())
    sign_in(client, role)
    assert statuses(client, "build_file", draft) == of_draft
    assert statuses(client, "build_file", final) == of_final
    facts = [client.get(address("build_json", build.pk)).status_code for build in (draft, final)]
    assert facts == [of_draft["csv"], of_final["csv"]]
    taken = [*of_draft.values(), *of_final.values(), *facts].count(200)
    assert Download.objects.count() == taken


def test_a_stranger_is_sent_to_sign_in(client):
    build = with_files(factories.final_build())
    pages = [address("build_file", build.pk, "csv"), address("build_json", build.pk), address("format_slots")]
    for url in pages:
        assert client.get(url).url == f"/accounts/login/?next={url}"
        assert client.post(url).status_code in {302, 405}


def test_a_download_says_who_took_which_format(client):
    build, user = with_files(factories.final_build()), sign_in(client, "secretary")
    answer = client.get(address("build_file", build.pk, "xlsx"))
    assert answer.getvalue() == b"xlsx canary"
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "2023-24 v1 tables.xlsx" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")
    row = Download.objects.get()
    assert (row.build, row.file_format, row.by) == (build, "xlsx", user)


def test_the_summary_is_shown_unless_it_is_to_be_kept(client):
    build = with_files(factories.final_build())
    sign_in(client, "officer")
    url = address("build_file", build.pk, "summary")
    shown, kept = client.get(url), client.get(url, {"download": 1})
    assert [answer["Content-Disposition"].split(";")[0] for answer in (shown, kept)] == ["inline", "attachment"]
    assert shown.getvalue() == kept.getvalue()


def test_the_easy_read_page_runs_nothing_and_loads_nothing(client):
    build = with_files(factories.finished_build())
    sign_in(client, "officer")
    answer = client.get(address("build_file", build.pk, "easy_read"))
    style = base64.b64encode(hashlib.sha256(b"p{}").digest()).decode()
    assert answer["Content-Security-Policy"] == (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-{style}'"
    )


def test_the_facts_are_those_of_the_snapshot_and_altered_ones_are_not_handed_out(client):
    build = factories.final_build()
    sign_in(client, "secretary")
    answer = client.get(address("build_json", build.pk))
    assert answer.getvalue().decode() == build.snapshot.data
    assert json.loads(build.snapshot.data)["schema"] == 1
    immutable.lift()
    type(build.snapshot).objects.update(data='{"schema":1}')
    assert client.get(address("build_json", build.pk)).status_code == 409
    assert Download.objects.count() == 1


def test_an_altered_file_is_not_handed_out(client):
    build = with_files(factories.final_build())
    immutable.lift()
    build.files.filter(kind="csv").update(sha256="0" * 64)
    sign_in(client, "lead")
    assert client.get(address("build_file", build.pk, "csv")).status_code == 409
    assert not Download.objects.exists()


def test_a_version_that_is_not_done_has_no_facts(client):
    sign_in(client, "lead")
    assert client.get(address("build_json", factories.build().pk)).status_code == 404


# Everybody ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [None, "", "lead"])
def test_everybody_gets_the_files_of_a_published_version_but_no_easy_read_draft_and_no_cover_sheet(client, role):
    build = with_files(published_build())
    if role is not None:
        sign_in(client, role)
    assert statuses(client, "public_file", build) == every(200, easy_read=404, cover=404)
    assert client.get(address("public_json", build.pk)).getvalue().decode() == build.snapshot.data
    page = client.get(address("public_reports")).content.decode()
    shown = {kind for kind in KINDS if f'href="{address("public_file", build.pk, kind)}"' in page}
    assert shown == {*KINDS} - {"easy_read", "cover"}
    assert not Download.objects.exists()


@pytest.mark.parametrize("make", [factories.finished_build, factories.final_build])
def test_nobody_gets_the_files_of_a_version_that_is_not_published(client, make):
    build = with_files(make())
    sign_in(client, "administrator")
    assert statuses(client, "public_file", build) == every(404)
    assert client.get(address("public_json", build.pk)).status_code == 404


def test_the_guard_is_alive(client, monkeypatch):
    build = with_files(factories.finished_build())
    monkeypatch.setattr(BuildFileQuerySet, "public", lambda self: self.all())
    assert statuses(client, "public_file", build) == every(200)


def test_more_reports_take_no_more_queries(client):
    counts = []
    for more in (1, 9, 90):
        for _number in range(more):
            with_files(published_build())
        with CaptureQueriesContext(connection) as context:
            client.get(address("public_reports"))
        counts.append(len(context))
    assert counts[0] == counts[1] == counts[2] <= 7


# The list on the page of a version ---------------------------------------------------------------


def listed(build: Build, role: str) -> str:
    request = RequestFactory().get("/")
    request.user = people.user(role)
    shown = {"build": build, "files": BuildFile.objects.for_user(request.user).filter(build=build)}
    return render_to_string("reporting/formats/list.html", shown, request=request)


def test_the_list_offers_what_its_reader_may_open():
    build = with_files(factories.final_build())
    build.report.alternatives.create(kind="translation", language="Polish", owner="Editor", due_on="2024-05-01")
    for role, offered, sees_slots in (("officer", {*KINDS}, True), ("secretary", {*KINDS} - {"easy_read"}, False)):
        html = listed(build, role)
        assert set(re.findall(rf'href="/reports/builds/{build.pk}/files/(\w+)/"', html)) == offered
        assert address("build_json", build.pk) in html
        assert ("Editor sees to it by" in " ".join(html.split())) is sees_slots
        assert "/alternatives/" not in html


# By name -----------------------------------------------------------------------------------------


def test_every_format_has_a_name_for_the_command_line():
    build = with_files(factories.final_build(pdf=b"%PDF"))
    found = {name: named.file_of(build, name) for name in named.NAMES}
    assert {name: ending for name, (ending, _content) in found.items()} == {
        "pdf": ".pdf",
        "html": ".html",
        "large-print": "-large-print.pdf",
        "json": ".json",
        "summary": "-summary.pdf",
        "easy-read": "-easy-read.html",
        "xlsx": ".xlsx",
        "csv": "-csv.zip",
        "docx": ".docx",
        "text": "-text.txt",
        "cover-sheet": "-cover-sheet.pdf",
    }
    assert found["pdf"][1] == b"%PDF"
    assert found["json"][1].decode() == build.snapshot.data
    assert found["docx"][1] == b"docx canary"
    assert set(named.FURTHER.values()) == set(BuildFile.Kind)


def test_a_format_that_a_version_does_not_have_is_refused():
    with pytest.raises(named.NoSuchFormat, match="summary"):
        named.file_of(factories.final_build(), "summary")
