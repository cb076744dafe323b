"""manage.py import_table KIND FILE"""

import json

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent, ImportRun
from core.tests.workbooks import workbook
from engagement.models import Activity
from engagement.tests import factories

pytestmark = pytest.mark.django_db
GOOD = "reference,title,principle,start,colour\nHWE-1,A title,1,2022-06-01,red\n"
ASKED_FOR = {"kind", "rows", "created", "changed", "unchanged", "errors"}


@pytest.fixture(autouse=True)
def framework():
    factories.period("2022-23")


@pytest.fixture
def run(tmp_path, capsys):
    def call(content: str | bytes, *options: str, name: str = "activities.csv") -> tuple[int, dict]:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        code = 0
        try:
            call_command("import_table", "activities", str(file), *options)
        except SystemExit as stop:
            code = stop.code
        return code, json.loads(capsys.readouterr().out)

    return call


def test_what_is_right_is_taken_in_and_leaves_a_trace(run):
    code, found = run(GOOD)

    assert code == 0
    assert {name: found[name] for name in ASKED_FOR} == {
        "kind": "activities", "rows": 1, "created": 1, "changed": 0, "unchanged": 0, "errors": [],
    }  # fmt: skip
    assert found["ignored_columns"] == ["colour"]
    assert Activity.objects.get().reference == "HWE-1"
    assert bytes(ImportRun.objects.get().content) == b""
    assert AuditEvent.objects.get().actor == "the system"


def test_what_is_wrong_is_told_and_ends_with_one(run):
    code, found = run("reference,title,principle,start\nHWE-1,A title,99,2022-06-01\n")

    assert code == 1
    assert found["created"] == 0
    assert found["errors"] == [
        {
            "sheet": "activities.csv",
            "row": 2,
            "column": "principle",
            "value": "99",
            "problem": "There is no principle 99 in 2022–23",
            "fix": "Write one of these numbers: 1, 2, 3",
        }
    ]
    assert not Activity.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_file_that_cannot_be_read_is_told_and_ends_with_one(run):
    code, found = run("nonsense", name="a.xlsx")

    assert code == 1
    assert found["errors"][0]["problem"] == "The file is named .xlsx but is not an Excel workbook"
    assert found["errors"][0]["row"] is None


def test_a_dry_run_prints_the_fate_of_each_row_and_writes_nothing(run):
    code, found = run(GOOD, "--dry-run")

    assert (code, found["created"]) == (0, 1)
    assert found["fates"] == [{"row": 2, "key": "HWE-1", "fate": "new", "changes": [], "notes": [], "problems": []}]
    assert not Activity.objects.exists()
    assert not ImportRun.objects.exists()
    assert not AuditEvent.objects.exists()


def test_late_entries_need_their_reason(run):
    factories.period("2022-23").__class__.objects.update(state="locked")

    assert run(GOOD)[0] == 1
    assert run(GOOD, "--late-reason", "The notes came late")[0] == 0
    assert Activity.objects.get().late_reason == "The notes came late"


def test_a_sheet_is_chosen_by_name(run):
    rows = [["reference", "title", "principle", "start"], ["HWE-1", "T", 1, "2022-06-01"]]

    code, found = run(workbook(mine=rows, other=[["x"]]), "--sheet", "mine", name="a.xlsx")

    assert (code, found["sheet"], found["created"]) == (0, "mine", 1)


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_table", "activities", str(tmp_path / "none.csv"))


def test_a_kind_that_is_not_there_is_an_error():
    with pytest.raises(CommandError, match="invalid choice: 'nothing'"):
        call_command("import_table", "nothing", "a.csv")
