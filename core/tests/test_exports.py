"""What is exported for a spreadsheet program holds text, numbers and dates, and never a formula."""

import csv
import datetime
import io
import re

import openpyxl
import pytest
import tablib

from core.exports import SafeCSV, SafeXLSX
from core.spreadsheets import read

PAYLOADS = [
    "=1+1",
    "==1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    '=IMPORTXML("http://x","//a")',
    '=WEBSERVICE("http://x")',
    '=DDE("cmd","/C calc","x")',
    "=A1",
    "=1",
    "=",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "+44 20 7946",
    "+",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "-",
    "- a dash",
    "@SUM(1+1)",
    "@handle",
    "\t=1+1",
    "\ttab",
    "\r=1+1",
    "\rreturn",
    "\n=1+1",
    "\nline",
    "\0=1+1",
    " =1+1",
    "   +1",
    "\u00a0=1+1",
    '"=1+1',
    "'=1+1",
    '" =1+1',
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\ufeff=1+1",
    "\u200b=1+1",
    "%0A=1+1\n=2",
    ";=1+1",
    ",=1+1",
    "=1+1;=2+2",
    "\v=1+1",
    "\x1f=1+1",
]
LIVE = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def data(values) -> tablib.Dataset:
    dataset = tablib.Dataset(headers=["first", "second"], title="forums")
    for value in values:
        dataset.append([value, "text"])
    return dataset


def test_there_are_forty_payloads():
    assert len(set(PAYLOADS)) >= 40


def printable(text: str) -> str:
    return re.sub(r"[\x00\x0b\x1f]", " ", text)


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_no_cell_of_a_csv_is_live(payload):
    text = SafeCSV().export_data(data([payload])).removeprefix("\ufeff")
    cell = list(csv.reader(io.StringIO(text, newline="")))[1][0]

    assert not cell.strip(' \u00a0"\ufeff\u200b').startswith(LIVE)
    assert cell in {printable(payload), f"'{printable(payload)}"}


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_no_cell_of_a_workbook_is_a_formula(payload):
    content = SafeXLSX().export_data(data([payload]))
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]

    assert cell.data_type == "s"
    assert cell.value.replace("\r", "\n") == printable(payload).replace("\r", "\n")


def test_a_text_that_looks_like_a_formula_stays_text_when_somebody_edits_it():
    book = openpyxl.load_workbook(io.BytesIO(SafeXLSX().export_data(data(["=1+1", "text"]))))

    assert [book.active[cell].quotePrefix for cell in ("A2", "A3")] == [True, False]


def test_headers_are_neutralised_too():
    dataset = tablib.Dataset(headers=["=1+1"])
    dataset.append(["a"])

    assert SafeCSV().export_data(dataset).startswith('\ufeff"\'=1+1"')
    assert openpyxl.load_workbook(io.BytesIO(SafeXLSX().export_data(dataset))).active["A1"].data_type == "s"


def test_numbers_and_dates_keep_their_type():
    day, moment = datetime.date(2024, 3, 31), datetime.datetime(2024, 6, 1, 12, 0, tzinfo=datetime.UTC)
    content = SafeXLSX().export_data(data([-5, 12.5, day, moment, None, True]))
    values = [
        row[0] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True)
    ]

    assert values == [-5, 12.5, datetime.datetime(2024, 3, 31), datetime.datetime(2024, 6, 1, 13, 0), None, True]
    assert '"-5"' in SafeCSV().export_data(data([-5]))


@pytest.mark.parametrize(
    "text", ["- a dash", "=1+1", "+44 20 7946", "@handle", "Citizens’ Panel; “Café”", "two\nlines", "'tis"]
)
def test_what_is_exported_is_read_back_as_it_was(text):
    dataset = data([text])
    table = read(SafeCSV().export_data(dataset).encode(), "a.csv", kind="forums")
    workbook = read(SafeXLSX().export_data(dataset), "a.xlsx", kind="forums")

    assert [row.cells[0] for row in (*table.rows, *workbook.rows)] == [text, text]
    assert table.problems == workbook.problems == []


def test_the_formats_say_what_they_are():
    assert (SafeCSV().get_title(), SafeCSV().get_content_type()) == ("csv", "text/csv")
    assert SafeXLSX().get_title() == "xlsx"
    assert SafeXLSX().get_content_type().endswith("spreadsheetml.sheet")
