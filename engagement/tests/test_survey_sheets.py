"""Answers from another tool: preview, then all of them or none."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from engagement import survey_sheets
from engagement.models import SurveyResponse, SurveyUpload
from engagement.services.surveys import forget_uploads
from engagement.tests import project_factories as projects
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def survey(db):
    survey = projects.survey()
    projects.survey_question(survey, "Which site?", "one", options=["Harlow", "Ware"])
    projects.survey_question(survey, "Which days?", "many", options=["Monday", "Friday"])
    projects.survey_question(survey, "How easy?", "scale")
    projects.survey_question(survey, "Say", is_required=True)
    return survey


def csv(*lines):
    return "\n".join(lines).encode()


GOOD = csv(
    "id,date,which site?,2,q3,Say,Browser",
    "a1,2026-03-04 10:22:11,harlow,Monday;Friday;,4,The bus,Firefox",
    "a2,,Ware,,,,",
)


def send(client, survey, content, name="answers.csv"):
    page = client.post(
        reverse("engagement:survey_upload", args=[survey.pk]), {"file": SimpleUploadedFile(name, content)}, follow=True
    )
    return page, SurveyUpload.objects.order_by("pk").last()


def confirm(client, upload):
    return client.post(reverse("engagement:survey_upload_confirm", args=[upload.pk]), follow=True)


def said(response):
    return [answer.value for answer in response.answers.select_related("question").order_by("question__order")]


def test_a_file_is_shown_first_and_taken_in_when_confirmed(client, officer, survey):
    page, upload = send(client, survey, GOOD)
    text = page.content.decode()
    assert "2 new, 0 in already." in text
    assert "Columns that are not read, as no question is called so: Browser" in text
    assert not SurveyResponse.objects.exists()
    assert "Taken in: 2 new" in confirm(client, upload).content.decode()
    first, second = SurveyResponse.objects.order_by("row_key")
    assert said(first) == ["Harlow", ["Monday", "Friday"], 4, "The bus"]
    assert said(second) == ["Ware"]
    assert timezone.localdate(first.sent_at) == date(2026, 3, 4)
    assert (first.route, first.entered_by, first.row_key) == ("file", officer, "a1")
    upload.refresh_from_db()
    assert bytes(upload.content) == b""
    assert AuditEvent.objects.get(verb="took in answers").detail == {"new": 2, "unchanged": 0}


def test_confirming_twice_takes_it_in_once(client, officer, survey):
    _page, upload = send(client, survey, GOOD)
    for _time in range(2):
        confirm(client, upload)
    assert SurveyResponse.objects.count() == 2


@pytest.mark.parametrize("content", [GOOD, csv("Which site?", "Harlow", "Ware")])
def test_the_same_file_again_changes_nothing(client, officer, survey, content):
    _page, upload = send(client, survey, content)
    confirm(client, upload)
    page, _upload = send(client, survey, content)
    assert "There is nothing to take in: all of this is in already." in page.content.decode()
    assert SurveyResponse.objects.count() == 2


def test_one_wrong_cell_and_nothing_is_taken_in(client, officer, survey):
    tomorrow = timezone.localdate() + timedelta(days=1)
    content = csv(
        "id,date,Which site?,Which days?,How easy?,Say",
        "a1,,Harlow,,,",
        "a2,,Epping,,,",
        "a3,,,Monday;Sunday,,",
        "a4,,,,6,",
        f"a5,{tomorrow},,,,Words",
        "a1,,Ware,,,",
        ",,Ware,,,",
        "a7,,,,,",
        "a8,March 2026,Ware,,,",
        f"{'x' * 121},,Ware,,,",
        f"a9,,,,,{'x' * 4001}",
    )
    page, upload = send(client, survey, content)
    errors = {(error["row"], error["column"]): (error["problem"], error["fix"]) for error in upload.result["errors"]}
    assert errors == {
        (3, "Which site?"): ("“Epping” cannot be taken", "Choose from: Harlow; Ware"),
        (4, "Which days?"): ("“Monday;Sunday” cannot be taken", "Choose from: Monday; Friday"),
        (5, "How easy?"): ("“6” cannot be taken", "Write a number from 1 to 5"),
        (6, "date"): (f"“{tomorrow}” is in the future", "Write the day on which it was sent"),
        (7, "id"): ("“a1” stands in row 2 already", "Keep one of the two rows"),
        (8, "id"): ("The cell is empty", "Fill it in: every row needs it"),
        (9, ""): ("The row has no answers", "Take the row out of the file"),
        (10, "date"): ("“March 2026” names a month, not a day", "Write the day too"),
        (11, "id"): ("The id is too long", "Write at most 120 characters"),
        (12, "Say"): (f"“{'x' * 99}…” cannot be taken", "Write at most 4000 characters"),
    }
    assert [fate["fate"] for fate in upload.result["fates"]] == ["new"] + ["wrong"] * 10
    assert "10 things are wrong. Nothing was changed" in page.content.decode()
    confirm(client, upload)
    assert not SurveyResponse.objects.exists()


def test_an_id_that_now_says_something_else_is_refused(client, officer, survey):
    _page, upload = send(client, survey, csv("id,Say", "a1,The bus"))
    confirm(client, upload)
    page, _upload = send(client, survey, csv("id,Say", "a1,The train"))
    assert "“a1” was taken in before with other answers" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv("Colour,Size", "red,large"), "No column is a question of this survey"),
        (csv("1,Which site?", "Harlow,Ware"), "Two columns are the question “Which site?”"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_says_why(client, officer, survey, content, words):
    page, upload = send(client, survey, content)
    assert words in page.content.decode()
    confirm(client, upload)
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("answers.csv", b"\x89PNG....", "The file is an image, not a spreadsheet"),
        ("answers.csv", b"", "The file is empty"),
        ("answers.csv", b"x" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB"),
    ],
)
def test_the_gate_stands_before_every_file(client, officer, survey, name, content, words):
    page, upload = send(client, survey, content, name)
    assert (page.status_code, upload) == (422, None)
    assert words in page.content.decode()


def test_a_workbook_is_read_with_its_numbers_and_dates(client, officer, survey):
    book = openpyxl.Workbook()
    for row in (["date", "How easy?", "Say", "Odd"], [date(2026, 3, 4), 4, date(2026, 3, 5), "=1+1"]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    _page, upload = send(client, survey, file.getvalue(), "answers.xlsx")
    confirm(client, upload)
    response = SurveyResponse.objects.get()
    assert said(response) == [4, "2026-03-05"]
    assert timezone.localdate(response.sent_at) == date(2026, 3, 4)


def test_a_formula_in_an_answer_is_refused(client, officer, survey):
    page, _upload = send(client, survey, csv("Say", "=1+1"))
    assert "A formula stands in A2" in page.content.decode()


def test_files_are_deleted_after_a_day_and_answers_stay(client, officer, survey):
    _page, upload = send(client, survey, GOOD)
    confirm(client, upload)
    assert forget_uploads() == 0
    SurveyUpload.objects.update(uploaded_at=timezone.now() - timedelta(hours=25))
    assert forget_uploads() == 1
    assert (SurveyUpload.objects.count(), SurveyResponse.objects.count()) == (0, 2)


def test_a_file_of_another_area_is_not_found(client, survey):
    officer = people.user("officer")
    upload = survey_sheets.upload(survey, "answers.csv", GOOD, by=officer)
    client.force_login(people.user("officer", area=people.area("Elsewhere")))
    assert client.get(reverse("engagement:survey_upload_detail", args=[upload.pk])).status_code == 404
    assert client.post(reverse("engagement:survey_upload_confirm", args=[upload.pk])).status_code == 404
    assert not SurveyResponse.objects.exists()
