"""`manage.py build_report`: the files of a report in a folder, without a browser or a worker."""

import hashlib
import io
import re

import pytest
from django.core.management import CommandError, call_command

from engagement.models import Period
from engagement.tests import factories as engagement
from reporting.models import Build
from reporting.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def record() -> None:
    factories.body()
    engagement.principle_set(principles=1)
    engagement.period()
    engagement.activity("A-1")


def run(*arguments: str) -> list[str]:
    printed = io.StringIO()
    call_command("build_report", "annual", *arguments, stdout=printed)
    return printed.getvalue().splitlines()


def test_it_writes_each_format_once_and_prints_where(tmp_path):
    out = tmp_path / "new" / "folder"
    *written, last = run(
        "--period", "2023-24", "--out", str(out), "--format", "pdf", "html", "large-print", "json", "pdf"
    )

    names = ["annual-2023-24.pdf", "annual-2023-24.html", "annual-2023-24-large-print.pdf", "annual-2023-24.json"]
    assert written == [str(out / name) for name in names]
    assert sorted(path.name for path in out.iterdir()) == sorted(names)
    build = Build.objects.get()
    pdf, html, large_print, json = ((out / name).read_bytes() for name in names)
    assert hashlib.sha256(pdf).hexdigest() == build.pdf_sha256
    assert (html, large_print) == (factories.read(build.html), factories.read(build.large_print))
    assert json.decode() == build.snapshot.data
    assert re.fullmatch(rf"{build.pages} pages in \d+\.\d s, \d+\.\d s of it laying out the PDF", last)


@pytest.mark.parametrize("written", ["2023–24", "2023/24"])
def test_a_period_may_be_written_as_people_write_it(tmp_path, written, without_pango):
    with pytest.raises(CommandError, match="PDFs cannot be made on this machine yet"):
        run("--period", written, "--out", str(tmp_path))


def test_an_unknown_period_is_answered_with_those_that_are_there(tmp_path):
    with pytest.raises(CommandError, match=r"^There is no period 1999-00\. The periods are: 2023-24$"):
        run("--period", "1999-00", "--out", str(tmp_path))


def test_without_any_period_it_says_to_load_a_profile(tmp_path):
    Period.objects.all().delete()

    with pytest.raises(CommandError, match="The periods are: none; load a profile first"):
        run("--period", "2023-24", "--out", str(tmp_path))


def test_a_build_that_fails_gives_its_reason_and_writes_nothing(tmp_path, without_pango):
    with pytest.raises(CommandError, match=r"apt-get install -y --no-install-recommends libpango"):
        run("--period", "2023-24", "--out", str(tmp_path / "out"))

    assert not (tmp_path / "out").exists()
    assert Build.objects.get().state == "failed"


def test_a_build_that_a_worker_has_in_hand_is_left_to_it(tmp_path):
    factories.running_build()

    with pytest.raises(CommandError, match="A worker is making this report just now"):
        run("--period", "2023-24", "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(CommandError, match=r"The files cannot be written to .*out: File exists"):
        run("--period", "2023-24", "--out", str(tmp_path / "out"))


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("annual", "q1", r"^This kind of report is made of a year\. Select a year$"),
        ("quarterly", "2023-24", r"^The quarterly assurance report is made of a quarter\. Select a quarter$"),
    ],
)
def test_a_kind_and_a_period_that_do_not_fit_are_refused_in_words(tmp_path, kind, code, words):
    engagement.period("q1", kind="quarter", starts_on="2023-04-01", ends_on="2023-06-30")

    with pytest.raises(CommandError, match=words):
        call_command("build_report", kind, "--period", code, "--out", str(tmp_path))
    assert not Build.objects.exists()


def test_a_quarterly_report_is_made_of_its_quarter(tmp_path):
    engagement.period("q1", kind="quarter", starts_on="2023-04-01", ends_on="2023-06-30")
    call_command("build_report", "quarterly", "--period", "q1", "--out", str(tmp_path / "out"), stdout=io.StringIO())

    assert {path.name for path in (tmp_path / "out").iterdir()} == {"quarterly-q1.pdf", "quarterly-q1.html"}
