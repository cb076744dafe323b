"""What a file of comments says, and what is wrong with it: looked at before anything is written."""

import csv
import datetime
import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from insights.documents.comment_rows import Order, readings
from insights.models import Comment, CommentUpload
from insights.tests import commenting
from insights.tests import insight_factories as factories
from insights.tests.commenting import content, look
from people.tests import factories as people

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 1, 1)


@pytest.fixture(autouse=True)
def registered():
    commenting.register()


def problems(found) -> list[tuple]:
    return [(error["row"], error["column"], error["problem"]) for error in found["errors"]]


# Dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "days", "certain"),
    [
        ("30/09/2021", [(2021, 9, 30)], "day_first"),
        ("5/31/2022", [(2022, 5, 31)], "month_first"),
        ("05/10/2021", [(2021, 10, 5), (2021, 5, 10)], ""),
        ("3/4/22", [(2022, 4, 3), (2022, 3, 4)], ""),
        ("05/05/2021", [(2021, 5, 5)], ""),
        ("2021-10-05", [(2021, 10, 5)], ""),
        ("5 October 2021", [(2021, 10, 5)], ""),
        ("05/10/2021 14:30", [(2021, 10, 5), (2021, 5, 10)], ""),
        ("03/12/2026", [], "wrong"),
        ("05/02/2026", [], "wrong"),
        ("01/12/2025", [(2025, 12, 1), (2025, 1, 12)], ""),
    ],
)
def test_the_days_that_a_date_can_be(cell, days, certain):
    if certain == "wrong":
        with pytest.raises(Exception, match="has not come yet"):
            readings(cell, TODAY)
        return
    assert readings(cell, TODAY) == (tuple(datetime.date(*day) for day in days), certain)


def test_a_day_that_can_only_be_in_the_past_one_way_round_is_certain():
    assert readings("01/02/2026", datetime.date(2026, 1, 15)) == ((datetime.date(2026, 1, 2),), "month_first")


@pytest.mark.parametrize(
    ("counts", "unclear", "chosen"),
    [
        ({"day_first": 5}, "day_first", (2022, 4, 3)),
        ({"month_first": 5}, "day_first", (2022, 3, 4)),
        ({}, "leave_out", (2022, 4, 3)),
        ({"day_first": 5, "month_first": 1}, "day_first", (2022, 4, 3)),
        ({"day_first": 5, "month_first": 1}, "leave_out", None),
    ],
)
def test_what_the_file_is_sure_of_decides_for_the_rest_of_it(counts, unclear, chosen):
    days = (datetime.date(2022, 4, 3), datetime.date(2022, 3, 4))
    assert Order(counts, unclear).choose(days) == (datetime.date(*chosen) if chosen else None)


def test_the_check_says_how_the_dates_of_a_file_are_read():
    found = look({"date": "30/09/2021"}, {"date": "5/31/2022"}, {"date": "05/10/2021"}, {"date": ""})
    assert found["accepted"]
    assert found["days"] == {
        **{"day_first": 1, "month_first": 1, "unclear": 1, "none": 1},
        **{"is_mixed": True, "leaves_out": False},
    }


def test_a_day_that_does_not_exist_names_row_and_column():
    found = look({"date": "30/09/2021"}, {"date": "31/02/2021"})
    assert not found["accepted"]
    assert problems(found) == [(3, "date", "“31/02/2021” is a day that does not exist or has not come yet")]


# Columns and cells -------------------------------------------------------------------------------


def test_other_spellings_of_the_columns_are_known():
    file = content(
        {"ID": "7", "Feedback": "Kind.", "Rating": "4"}, header=("ID", "Feedback", "Rating", "Ward", "Colour")
    )
    found = look(file=file)
    assert found["accepted"]
    assert found["created"] == 1
    assert found["ignored_columns"] == ["Colour"]


@pytest.mark.parametrize("missing", ["comment_id", "comment"])
def test_a_file_without_words_or_numbers_is_refused(missing):
    found = look(file=content({}, header=tuple(name for name in commenting.HEADER if name != missing)))
    assert [error["problem"] for error in found["errors"]] == [f"There is no column “{missing}”"]


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ({"score": "many"}, "score", "The score is not a whole number"),
        ({"sentiment": "6"}, "sentiment", "The sentiment is not known"),
        ({"service": "s" * 121}, "service", "The cell is too long"),
        ({"comment_id": ""}, "comment_id", "The comment has no number of its own"),
        ({"comment_id": "x" * 121}, "comment_id", "The number is too long"),
    ],
)
def test_a_wrong_cell_is_named(row, column, problem):
    assert problems(look({}, row)) == [(3, column, problem)]


def test_a_number_that_stands_in_two_rows_is_refused():
    found = look({"comment_id": "7"}, {"comment_id": "7"})
    assert problems(found) == [(3, "comment_id", "The number stands in an earlier row already")]


def test_places_groups_and_consent_are_read_by_name():
    people.area("West Essex")
    people.population_group("Carers")
    header = (*commenting.HEADER, "place", "groups", "consent to quote")
    right = {"place": "west essex", "groups": "Carers", "consent to quote": "yes"}
    assert look(file=content(right, header=header))["accepted"]
    wrong = {"place": "Atlantis", "groups": "Giants", "consent to quote": "perhaps"}
    assert [(row, column) for row, column, _problem in problems(look(file=content(wrong, header=header)))] == [
        (2, "place"),
        (2, "groups"),
        (2, "consent to quote"),
    ]


def test_rows_that_say_nothing_are_counted_and_left_out():
    found = look({"comment": "Did not answer"}, {"comment": " "}, {"comment": "Nothing."}, {"comment": "N/A"})
    assert (found["rows"], found["left_out"], found["created"]) == (4, 2, 2)


def test_personal_data_are_counted_by_kind_without_their_words():
    found = look(
        {"comment": f"My NHS number is {commenting.NHS_NUMBER}."}, {"comment": "Write to jo.bloggs@example.org"}
    )
    assert (found["held"], found["found"]) == (2, {"nhs_number": 1, "email": 1})
    assert commenting.NHS_NUMBER not in str(found)


# Files that are wrong as a whole -----------------------------------------------------------------


def test_a_comment_that_is_too_long_is_refused_with_row_and_size():
    found = look({}, {"comment": "a" * (Comment.LONGEST + 1)})
    assert problems(found) == [(3, "comment", "The comment has 20,001 characters")]
    assert look({"comment": "a" * Comment.LONGEST})["accepted"]


def test_a_comment_of_a_megabyte_is_refused_with_row_and_size():
    found = look({}, {"comment": "a" * 1024 * 1024})
    (error,) = found["errors"]
    assert error["row"] == 3
    assert error["problem"] == "A cell is far too long: the row holds 1,048,587 characters or more"


def test_a_nul_character_is_refused_with_its_row():
    file = content({}, {}).replace(b"number 2", b"number \0")
    (error,) = look(file=file)["errors"]
    assert (error["row"], error["problem"][:21]) == (3, "There is a NUL charac")


@pytest.mark.parametrize(
    ("file", "name", "problem"),
    [
        (b"", "said.csv", "The file is empty"),
        (b"%PDF-1.7", "said.csv", "The file is a PDF, not a spreadsheet"),
        (b"comment_id,comment\r\n", "said.csv", "The file has no rows"),
        (b"comment_id,comment\r\n1,a,b\r\n", "said.csv", "The row has more cells than the first row has names"),
        (b'comment_id,comment\r\n1,"a\r\n', "said.csv", "The quotation marks do not match"),
        (b"comment_id,comment\r\n", "said.txt", "“said.txt” is neither a .csv nor an .xlsx file"),
    ],
)
def test_what_is_no_file_of_comments_is_refused(file, name, problem):
    assert [error["problem"] for error in look(file=file, name=name)["errors"]] == [problem]


def test_files_of_windows_and_with_semicolons_are_read():
    collection = factories.collection()
    file = "comment_id;comment\r\n1;Café, très bien\r\n".encode("cp1252")
    commenting.take_in(collection, file=file)
    assert commenting.texts(collection) == ["Café, très bien"]
    commenting.take_in(collection, file="comment_id\tcomment\n2\tĄę 🙂\n".encode("utf-16"))
    assert commenting.texts(collection)[1] == "Ąę 🙂"


def test_a_workbook_is_read_too():
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["comment_id", "date", "comment"])
    book.active.append(["1", datetime.date(2024, 3, 5), "Kind staff."])
    file = io.BytesIO()
    book.save(file)
    collection = factories.collection()
    assert commenting.take_in(collection, file=file.getvalue(), name="said.xlsx")["created"] == 1
    assert collection.comments.get().said_on == datetime.date(2024, 3, 5)


def test_a_file_that_is_too_large_is_refused_before_it_is_stored(monkeypatch, media_root):
    monkeypatch.setattr("insights.services.uploads.MOST_BYTES", 10)
    with pytest.raises(ValidationError, match="larger than 0 MB"):
        commenting.sent(factories.collection(), file=content({}))
    assert not Path(media_root).exists()
    assert not CommentUpload.objects.exists()


def test_more_rows_than_a_file_may_have_are_refused(monkeypatch):
    monkeypatch.setattr("insights.documents.comment_files.MOST_ROWS", 2)
    assert look({}, {})["accepted"]
    assert look({}, {}, {})["errors"][0]["problem"] == "The file has more than 2 rows"


def test_a_column_of_words_is_no_column_of_themes(monkeypatch):
    monkeypatch.setattr("insights.documents.comment_rows.MOST_THEMES", 2)
    assert look({"themes": "a|b"})["accepted"]
    assert "different names" in look({"themes": "a|b"}, {"themes": "c"})["errors"][0]["problem"]


def test_the_same_words_twice_are_two_comments():
    collection = factories.collection()
    commenting.take_in(collection, {"comment": "Nothing."}, {"comment": "nothing"})
    assert commenting.texts(collection) == ["Nothing.", "nothing"]


def test_the_check_never_holds_the_words_of_a_comment():
    found = look({"comment": "canary " * 4000})
    assert "canary" not in str(found)
    assert csv.field_size_limit() == 131072
