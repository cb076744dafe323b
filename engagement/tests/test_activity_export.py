"""The list of activities as a sheet, of what the filters leave, in the columns that the import reads (REP-034)."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from core import imports, tables
from engagement.models import Activity
from engagement.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
ADDRESS = reverse("admin:engagement_activity_changelist")


@pytest.fixture
def west():
    return people.area("West Essex")


@pytest.fixture
def officer(client, west):
    user = people.user("officer", west)
    client.force_login(user)
    return user


def download(client, action: str, *chosen: Activity, query: str = "") -> bytes:
    sent = {"action": action, "_selected_action": [row.pk for row in chosen], "select_across": "0"}
    answer = client.post(f"{ADDRESS}{query}", sent)
    assert answer.status_code == 200, answer
    return answer.content


def rows_of(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_chosen_activities_come_as_csv_and_as_a_workbook_and_no_formula_runs(client, officer, west):
    first = factories.activity("A-1", title="=1+1", areas=[west])
    second = factories.activity("A-2", title="Asking", areas=[west])
    factories.activity("A-3", areas=[west])
    found = rows_of(download(client, "download_csv", first, second))
    assert sorted((row["reference"], row["title"]) for row in found) == [("A-1", "'=1+1"), ("A-2", "Asking")]
    sheet = openpyxl.load_workbook(io.BytesIO(download(client, "download_xlsx", second))).active
    assert [[cell.value for cell in row][:2] for row in sheet.iter_rows()] == [
        ["reference", "title"],
        ["A-2", "Asking"],
    ]


def test_an_activity_of_another_area_is_not_handed_out(client, officer, west):
    factories.activity("A-1", areas=[west])
    far = factories.activity("A-2", areas=[people.area("East Herts")])
    answer = client.post(ADDRESS, {"action": "download_csv", "_selected_action": [far.pk]})
    assert b"A-2" not in answer.content


def test_what_was_downloaded_can_be_taken_in_again_and_changes_nothing(client, officer, west):
    factories.period()
    row = factories.activity("A-1", title="Asking", areas=[west], groups=[people.population_group("carers")])
    content = download(client, "download_csv", row)
    found = imports.take_in(tables.kinds()["activities"], content, "activities.csv", by=officer, dry_run=True)
    assert (found["errors"], found["unchanged"], found["changed"], found["created"]) == ([], 1, 0, 0)
