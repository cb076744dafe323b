"""Files that people send are read as they mean them, or refused in words, fast and in little memory."""

import datetime
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from subprocess import PIPE

import openpyxl
import pytest
from django.conf import settings

from core import spreadsheets
from core.spreadsheets import SpreadsheetError, read
from core.tests.workbooks import HEADER, hostile, saved, sheet_part, text_cell, workbook

ROWS = "name,kind\nReader Panel,reader_panel\n"


def refused(content: bytes, name: str = "forums.xlsx", **options) -> str:
    with pytest.raises(SpreadsheetError) as error:
        read(content, name, kind="forums", **options)
    assert error.value.problem.fix
    return error.value.problem.problem


def cells(content: bytes | str, name: str = "forums.csv", **options) -> list[tuple]:
    content = content.encode() if isinstance(content, str) else content
    sheet = read(content, name, kind="forums", **options)
    assert sheet.problems == []
    return [sheet.header, *(row.cells for row in sheet.rows)]


def problems(content: bytes | str, name: str = "forums.csv") -> list[tuple]:
    content = content.encode() if isinstance(content, str) else content
    found = read(content, name, kind="forums").problems
    assert all(problem.fix for problem in found)
    return [(problem.row, problem.column, problem.problem) for problem in found]


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_of_a_spreadsheet_program_is_read(encoding):
    text = "name,kind\nCitizens’ Panel – “Café”,citizens_panel\n"

    assert cells(text.encode(encoding)) == [("name", "kind"), ("Citizens’ Panel – “Café”", "citizens_panel")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator):
    text = ROWS.replace(",", separator) + f'"Panel{separator} large"{separator}b\n'

    assert cells(text)[1:] == [("Reader Panel", "reader_panel"), (f"Panel{separator} large", "b")]


def test_a_separator_inside_quotation_marks_does_not_count():
    assert cells('"name; of, the; forum",kind\nA,b\n') == [("name; of, the; forum", "kind"), ("A", "b")]


def test_the_line_that_excel_puts_first_names_the_separator():
    assert cells("sep=;\nname;kind\nA;b,c\n") == [("name", "kind"), ("A", "b,c")]


def test_rows_have_the_numbers_that_the_spreadsheet_program_shows():
    text = '\n\nname,kind\n"two\nlines",a\n\n,\nB,b\n'
    sheet = read(text.encode(), "forums.csv", kind="forums")

    assert [(row.number, row.cells) for row in sheet.rows] == [(4, ("two\nlines", "a")), (7, ("B", "b"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_read(end):
    assert cells(ROWS.replace("\n", end)) == [("name", "kind"), ("Reader Panel", "reader_panel")]


def test_a_short_row_has_empty_cells_and_a_long_one_is_named():
    assert cells("name,kind\nA\n")[1] == ("A", "")
    assert cells("name,kind\nA,b,,\n")[1] == ("A", "b")
    assert problems("name,kind\nA,b\nC,d,e,f\n") == [
        (3, "C", "The row has 4 cells, but the first row names only 2 columns")
    ]


def test_a_formula_is_named_with_its_cell():
    assert problems("name,kind\nA,=1+1\n =B2,b\n") == [
        (2, "kind", "A formula stands in B2"),
        (3, "name", "A formula stands in A3"),
    ]


@pytest.mark.parametrize("text", ["- a dash", "+44 20", "@handle", "-5"])
def test_text_that_only_looks_like_a_formula_is_text(text):
    assert cells(f"name,kind\n{text},b\n")[1] == (text, "b")


def test_the_mark_of_our_own_export_is_taken_off_again():
    assert cells("name,kind\n'=1+1,'- a dash\n'tis,'\n")[1:] == [("=1+1", "- a dash"), ("'tis", "'")]


def test_characters_that_cannot_be_printed_become_spaces():
    assert cells("name,kind\nA\x0bB\x7f,c\n")[1] == ("A B", "c")


def test_a_text_of_ten_thousand_characters_is_read_and_a_longer_one_named():
    assert cells(f"name,kind\n{'a' * 10_000},b\n")[1][0] == "a" * 10_000
    assert problems(f"name,kind\n{'a' * 10_001},b\n") == [(2, "name", "A2 holds 10,001 characters")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "The file is empty"),
        (b" \n\n", "The file is empty"),
        (b",\n,,\n", "The file has no rows"),
        (b"name,kind\n", "The file has a first row but no rows below it"),
        (b"name,Kind,name \nA,b,c\n", "Two columns are called “name”"),
        (b"people_reached,People Reached\n1,2\n", "Two columns are called “people_reached”"),
        (b'name,kind\n"A,b\n', "The quotation marks do not match"),
        (b'name,kind\n"A"x,b\n', "The quotation marks do not match"),
        (b"name,kind\n" + b"\0" * 300, "The file is not text"),
        (b"\x89PNG\r\n\x1a\n", "The file is an image, not a spreadsheet"),
        (b"\xff\xd8\xff\xe0", "The file is an image, not a spreadsheet"),
        (b"%PDF-1.7", "The file is a PDF, not a spreadsheet"),
        (b"\x01\x02\x03\x04" * 50, "The file is not text"),
        (b"name,kind\n" + b"a,b\n" * 20_001, "The sheet has more than 20,000 rows"),
        (b"a," * 61 + b"b\n1\n", "A sheet has more than 60 columns"),
        (b"name\n" + b"a," * 61 + b"b\n", "A sheet has more than 60 columns"),
        (b"a" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content, problem):
    assert refused(content, "forums.csv") == problem


def test_twenty_thousand_rows_are_read():
    assert len(cells(b"name,kind\n" + b"a,b\n" * 20_000)) == 20_001


@pytest.mark.parametrize("name", ["forums.txt", "forums.ods", "forums", "forums.xls"])
def test_other_file_names_are_refused(name):
    assert refused(ROWS.encode(), name) == f"“{name}” is neither a .csv nor an .xlsx file"


# XLSX


def test_cells_of_every_type_are_read():
    book = openpyxl.Workbook()
    book.active.append(["name", "number", "part", "day", "moment", "flag", "empty", "text"])
    book.active.append(
        [
            "A ",
            138.0,
            12.5,
            datetime.date(2024, 3, 31),
            datetime.datetime(2024, 3, 31, 9, 30),
            True,
            None,
            "a_x000D_\nb",
        ]
    )

    values = ("A", "138", "12.5", datetime.date(2024, 3, 31), "2024-03-31 09:30", "yes", "", "a\nb")
    assert cells(saved(book), "a.xlsx")[1] == values


def test_a_formula_and_an_error_are_named_with_their_cells():
    book = openpyxl.Workbook()
    for row in (["name", "kind"], ["A", "=1+1"], ["#REF!", "b"]):
        book.active.append(row)
    book.active["A3"].data_type = "e"

    assert problems(saved(book), "a.xlsx") == [
        (2, "kind", "A formula stands in B2"),
        (3, "name", "A3 holds the error #REF!"),
    ]


def test_text_that_begins_with_an_equals_sign_is_text_when_the_workbook_says_so():
    book = openpyxl.Workbook()
    book.active.append(["name", "kind"])
    book.active.append(["=1+1", "b"])
    book.active["A2"].data_type = "s"

    assert cells(saved(book), "a.xlsx")[1] == ("=1+1", "b")


def test_merged_cells_and_blank_rows_keep_the_row_numbers():
    book = openpyxl.Workbook()
    for row in (["name", "kind"], ["A", "b"], [], ["C", "d"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    sheet = read(saved(book), "a.xlsx", kind="forums")

    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("A", "b")), (4, ("C", "d"))]


ONE = [["name"], ["A"]]


@pytest.mark.parametrize("title", ["You said we did", "you_said_we_did", "YOU SAID WE DID"])
def test_the_sheet_named_like_the_kind_is_chosen(title):
    content = workbook(**{"other": ONE, title: [["name"], ["B"]]})

    assert read(content, "a.xlsx", kind="you_said_we_did").name == title


def test_the_only_visible_sheet_is_chosen():
    book = openpyxl.load_workbook(io.BytesIO(workbook(list=ONE, lookups=[["x"]])))
    book["lookups"].sheet_state = "hidden"

    assert read(saved(book), "a.xlsx", kind="forums").name == "list"


def test_the_sheet_that_is_asked_for_is_chosen():
    assert read(workbook(forums=ONE, mine=ONE), "a.xlsx", kind="forums", sheet="Mine").name == "mine"


def test_a_workbook_without_the_sheet_says_which_it_has():
    with pytest.raises(SpreadsheetError) as error:
        read(workbook(first=ONE, second=ONE), "a.xlsx", kind="forums")

    assert error.value.problem.problem == "The workbook has no sheet called “forums”"
    assert error.value.problem.fix == "Name one of its sheets “forums”. They are now called: “first”, “second”"
    assert refused(workbook(first=ONE), sheet="forum") == "The workbook has no sheet called “forum”"


def zipped(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), part)
    return content.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (ROWS.encode(), "a.xlsx", "The file is named .xlsx but is not an Excel workbook"),
        (workbook(forums=ONE), "a.csv", "The file is an Excel workbook, but its name ends in .csv"),
        (OLE + b"\0" * 512, "a.xls", "The file is in an old format (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "The workbook is protected by a password"),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
            "a.xlsx",
            "The file is not an Excel workbook",
        ),
        (zipped(word__document_dot_xml=b"<a/>"), "a.xlsx", "The file is not an Excel workbook"),
        (b"PK\x03\x04 and then nothing", "a.xlsx", "The workbook is damaged"),
        (workbook(forums=ONE)[:-200], "a.xlsx", "The workbook is damaged"),
        (hostile(xl__workbook_dot_xml="<nonsense/>"), "a.xlsx", "The workbook is damaged"),
        (hostile("<row><c r='A1' t='s'><v>99</v></c></row>"), "a.xlsx", "The workbook is damaged"),
        (hostile(xl__vbaProject_dot_bin=b"x"), "a.xlsm.xlsx", "The workbook holds macros"),
        (hostile(""), "a.xlsx", "The file has no rows"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_words(content, name, problem):
    assert refused(content, name) == problem


def test_a_formula_in_every_row_is_told_once_a_row_in_the_end():
    content = "name,kind\n" + "=1,=2\n" * 2000

    assert 2000 <= len(problems(content)) <= 3000


# Bombs: each is refused in a second and a hundred megabytes, measured in a process of its own

LIES = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FILE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
COLUMNS = "".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(2, 5000))


def counting(most: int, tag: str) -> str:
    return "".join(tag.format(number) for number in range(2, most))


LONG_TAG = counting(200_000, "a{0}='' ")
LONG_TEXT = counting(1_500_000, "{0} ")[:10_000_000]
BOMBS = {
    "nothing forty million times": lambda: hostile(xl__media__a_dot_bin=b"\0" * 40_000_000),
    "nothing sixty million times": lambda: hostile(xl__media__a_dot_bin=b"\0" * 60_000_000),
    "a million rows": lambda: hostile(HEADER + counting(1_000_000, '<row r="{0}"><c><v>{0}</v></c></row>')),
    "a hundred thousand rows": lambda: hostile(HEADER + counting(100_000, '<row r="{0}"><c><v>{0}</v></c></row>')),
    "a million empty rows": lambda: hostile(HEADER + counting(1_000_000, '<row r="{0}"/>')),
    "sixteen thousand columns": lambda: hostile(HEADER + COLUMNS),
    "a column that is not there": lambda: hostile(HEADER + '<row r="2"><c r="ZZZZZZZ2"><v>1</v></c></row>'),
    "a row beyond the end": lambda: hostile(HEADER + '<row r="99999999999"><c><v>1</v></c></row>'),
    "elements in elements": lambda: hostile(counting(300_000, "<a{0}>")),
    "elements beside elements": lambda: hostile(xl__styles_dot_xml=counting(300_000, "<a n='{0}'/>")),
    "texts that no cell holds": lambda: hostile(xl__sharedStrings_dot_xml=counting(249_000, "<si><t>{0}</t></si>")),
    "a cell of ten megabytes": lambda: hostile(f"{HEADER}<row>{text_cell(LONG_TEXT)}</row>"),
    "a tag of two megabytes": lambda: hostile(f"{HEADER}<row><c {LONG_TAG}/></row>"),
    "thousands of parts": lambda: hostile(**{f"part{number}": b"" for number in range(5000)}),
    "entities in entities": lambda: hostile(before=LIES.partition("?>")[2], rows=f"<row>{text_cell('&b;')}</row>"),
    "an entity from a file": lambda: hostile(before=FILE.partition("?>")[2], rows=f"<row>{text_cell('&a;')}</row>"),
    "an entity in two bytes a letter": lambda: hostile(
        xl__worksheets__sheet1_dot_xml=sheet_part(HEADER, FILE.partition("?>")[2]).encode("utf-16")
    ),
}
TABLES = {
    "a cell of five megabytes": lambda: b"name,kind\n" + b"a" * 5_000_000,
    "five million separators": lambda: b"name,kind\n" + b"," * 5_000_000,
    "a header of two million columns": lambda: b"a," * 2_000_000 + b"\n",
    "a million rows in text": lambda: b"name,kind\n" + b"a,b\n" * 1_000_000,
    "five million blank lines": lambda: b"name,kind\n" + b"\n" * 5_000_000 + b"a,b",
    "quotation marks without end": lambda: b"name,kind\n" + b'"' * 4_999_999,
    "an open quotation mark": lambda: b'name,kind\n"' + b"a\n" * 2_000_000,
}
# Reads each file that is named in a process of its own, which ends when it keeps the processor busy without end.
MEASURE = """
import os, resource, sys
import django
django.setup()
from core.spreadsheets import SpreadsheetError, read, rows_at_most
for line in sys.stdin:
    if os.fork():
        if os.wait()[1]:
            print("0|it does not end", flush=True)
        continue
    resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    name = line.strip()
    content = open(name, "rb").read()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows_at_most(content, name)
    try:
        read(content, name, kind="forums")
    except SpreadsheetError as error:
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
        print(used / 1024, error, sep="|", flush=True)
    os._exit(0)
"""


@pytest.fixture(scope="module")
def measure():
    """What is said of a file, and how many megabytes that took."""
    command = [sys.executable, "-c", MEASURE]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=PIPE, stdout=PIPE, text=True, bufsize=1) as process:

        def of(file: Path) -> tuple[float, str]:
            process.stdin.write(f"{file}\n")
            megabytes, said = process.stdout.readline().split("|")
            return float(megabytes), said

        yield of
        process.stdin.close()


@pytest.mark.parametrize("name", [*BOMBS, *TABLES])
def test_a_bomb_is_refused_soon_and_within_a_hundred_megabytes(name, tmp_path, measure):
    file = tmp_path / ("bomb.xlsx" if name in BOMBS else "bomb.csv")
    file.write_bytes((BOMBS | TABLES)[name]())

    megabytes, said = measure(file)

    assert said.startswith(refused(file.read_bytes(), file.name))
    assert megabytes <= 100


def test_rows_are_counted_without_reading_them():
    assert spreadsheets.rows_at_most(b"name\na\nb\n", "a.csv") == 3
    assert spreadsheets.rows_at_most(workbook(forums=[["name"], ["A"], ["B"]]), "a.xlsx") == 3
    assert spreadsheets.rows_at_most(b"PK\x03\x04", "a.xlsx") == 0
    assert spreadsheets.rows_at_most(hostile("<row/>" * 9_000_000), "a.xlsx") == 0
