"""Every table of a report as CSV and XLSX: the same figures everywhere, no formula, no bytes that change."""

import csv
import io
import re
import subprocess
import zipfile
from dataclasses import fields
from datetime import date

import openpyxl
import pytest

from core import exports
from core.exports import workbook
from core.pdf import render_pdf
from core.tests.test_exports import PAYLOADS
from engagement.tests import factories as engagement
from reporting.documents.assessment import AssessmentFacts
from reporting.documents.facts import AnnualFacts
from reporting.documents.formats import packing, tables
from reporting.documents.formats.annual_tables import tables_of as annual_tables
from reporting.documents.pages import Medium, page
from reporting.documents.quarter import QuarterFacts
from reporting.documents.shapes import SHAPES
from reporting.documents.tables import LONGEST_NAME, Column, fitted, table
from reporting.tests import annual_facts as known
from reporting.tests import factories


def sheets(facts, **shared) -> dict[str, list[list[str]]]:
    """The CSV files by name, as rows of text with the header first."""
    content, pages = tables.csv_zip(facts, **known.SHARED | shared)
    assert pages is None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    assert all(text.startswith("\ufeff") for text in texts.values())
    return {name.removesuffix(".csv"): list(csv.reader(io.StringIO(text[1:]))) for name, text in texts.items()}


def book(facts, **shared) -> dict[str, list[tuple]]:
    content, _pages = tables.xlsx(facts, **known.SHARED | shared)
    read = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in read.worksheets}


def test_every_table_is_a_file_and_a_sheet_with_the_same_cells():
    facts = known.facts()
    files, found = sheets(facts), book(facts)
    assert [*files] == [*found] == [one.name for one in tables.tables_of(facts, **known.SHARED)]
    assert len(files) == 25
    for name, rows in files.items():
        assert rows == [["" if cell is None else str(cell) for cell in row] for row in found[name]]


def test_a_number_is_a_number_in_the_workbook_and_the_same_as_in_the_facts():
    facts = known.facts(30)
    found = book(facts)
    assert found["by-principle"][1] == ("1. Principle in a few words 1", 3, 0)
    assert found["year"][1:3] == [("activities", 30), ("forums, panels and networks", 2)]
    assert found["place-and-quarter"][1:] == [
        ("Harlow", "Q1", 3),
        ("Harlow", "Q2", 4),
        ("Harlow", "day not known", 1),
        ("Harlow", "in the year", 6),
    ]
    assert found["shown"][1:] == [
        ("Ten principles", "1. Listen", "verified", "activities", 1, 2, 3, 4),
        ("Ten principles", "1. Listen", "verified", "forums", 0, 1, 0, 0),
    ]
    assert found["people"][1] == (
        "took part",
        "took part",
        "over 187",
        5,
        30,
        "Somebody who took part twice is counted twice.",
    )
    assert found["missing"][1:] == [
        ("No feedback", "No answer.", 15, 30),
        ("Places with nothing of their own", "No activity names the place.", 1, 2),
    ]
    assert found["overrides"][1] == ("P-1 Move", "2 May 2023", "decide", "Red.; Late.", "Chief nurse", "Safety")


def test_the_same_figure_stands_in_the_pdf_the_csv_and_the_workbook():
    facts = known.facts(30)
    drawn = page(SHAPES["annual"], facts, medium=Medium.PAPER, **known.SHARED)
    read = ["pdftotext", "-layout", "-", "-"]
    printed = subprocess.run(read, input=render_pdf(drawn).content, capture_output=True, check=True).stdout.decode()
    files, found = sheets(facts), book(facts)
    for line, in_csv, in_book in zip(
        facts.by_principle, files["by-principle"][1:], found["by-principle"][1:], strict=True
    ):
        assert in_csv == [line.label, str(line.value), str(line.second)]
        assert in_book == (line.label, line.value, line.second)
        assert re.search(rf"{re.escape(line.label)}\s+{line.value}\s+{line.second}\n", printed)
    for row in found["people"][1:]:
        assert re.search(rf"{re.escape(row[2])}\s.*?{row[3]} of {row[4]} activities", printed)


def test_each_activity_and_each_answer_has_its_row():
    files = sheets(known.facts())
    assert [row[0] for row in files["activities"][1:]] == sorted(f"A-{number}" for number in range(1, 29))
    assert len(files["you-said-we-did"]) - 1 == 14
    assert files["also-supports"][1:] == [["2", "A-1", "Listening number 1 about the labels on the boxes", "2"]]
    assert [row[:2] for row in files["forums"][1:]] == [["1", "Readers’ panel"], ["", "Board"]]


def test_what_is_unknown_says_so_and_is_never_nought():
    facts = known.facts(items=[known.item(1, 1, took_part=[], when="", asked="")], principles=1)
    header, row = sheets(facts)["activities"]
    said = dict(zip(header, row, strict=True))
    assert (said["took_part"], said["when"], said["asked"]) == ("not recorded", "not recorded", "not recorded")
    assert (said["heading"], said["outputs"], said["answers"]) == ("", "", "0")


def test_the_dictionary_says_what_each_column_means_and_what_an_empty_cell_means():
    files = sheets(known.facts())
    lines = [dict(zip(files["dictionary"][0], row, strict=True)) for row in files["dictionary"][1:]]
    assert [(line["table"], line["column"]) for line in lines] == [
        (name, column) for name, rows in files.items() for column in rows[0]
    ]
    assert all(line["meaning"] and line["empty_cell"] for line in lines)
    assert {line["table"]: int(line["rows"]) for line in lines} == {name: len(rows) - 1 for name, rows in files.items()}
    told = next(line for line in lines if (line["table"], line["column"]) == ("activities", "took_part"))
    assert (told["unit"], told["empty_cell"]) == ("people", "The cell says “not recorded”. It never stands for 0.")


def test_an_empty_cell_stands_only_where_the_dictionary_says_what_it_means():
    for one in tables.tables_of(known.facts(), **known.SHARED):
        for row in one.rows:
            for column, cell in zip(one.columns, row, strict=True):
                assert cell != "" or (column.if_empty and not column.says_unknown), (one.name, column.name)


def test_names_fit_a_sheet_and_are_not_twice():
    names = [one.name for one in annual_tables(known.facts())]
    assert len(set(names)) == len(names)
    assert all(len(name) <= LONGEST_NAME and name == fitted(name) for name in names)
    assert fitted("Duties by case: a table whose name is long") == "duties-by-case--a-table-whose-n"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_is_run_by_a_spreadsheet_program(payload):
    facts = known.with_title(payload)
    header, row = sheets(facts)["activities"]
    cell = dict(zip(header, row, strict=True))["title"]
    assert cell == exports.neutral(payload)
    content, _pages = tables.xlsx(facts, **known.SHARED)
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}


def test_the_guard_against_formulae_is_alive(monkeypatch):
    monkeypatch.setattr(exports, "neutral", str)
    header, row = sheets(known.with_title("=1+1"))["activities"]
    assert dict(zip(header, row, strict=True))["title"] == "=1+1"


@pytest.mark.parametrize("make", [tables.csv_zip, tables.xlsx])
def test_the_same_facts_give_the_same_bytes_at_any_time(make, monkeypatch):
    facts = known.facts()
    first, _pages = make(facts, **known.SHARED)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_seconds: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert make(facts, **known.SHARED)[0] == first
    assert make(facts, **known.DRAFT)[0] != first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {packing.LONG_AGO}


def test_without_repacking_a_workbook_says_when_it_was_made():
    made = workbook(*[tables._dataset(one) for one in tables.tables_of(known.facts(), **known.SHARED)])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"1980-01-01T00:00:00Z" not in archive.read(packing.PROPERTIES)
    with zipfile.ZipFile(io.BytesIO(packing.repacked(made))) as archive:
        assert archive.read(packing.PROPERTIES).count(b"1980-01-01T00:00:00Z") == 2


def test_a_draft_says_so_in_its_tables():
    files, final = sheets(known.facts(), is_draft=True), sheets(known.facts())
    assert ["state", "draft for checking, not for publication"] in files["report"]
    assert ["state", "final"] in final["report"]
    assert ["fingerprint of the facts (SHA-256)", "f" * 64] in files["report"]


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("coverage", {"shown", "last-heard"}),
        ("maturity", {"self-assessments", "self-assessment-levels"}),
        ("commitments", {"commitments"}),
    ],
)
def test_a_snapshot_from_before_a_part_was_kept_has_no_tables_of_it(part, names):
    facts = known.facts()
    values = {each.name: getattr(facts, each.name) for each in fields(AnnualFacts) if each.name != part}
    assert names <= {one.name for one in annual_tables(facts)}
    assert names.isdisjoint(one.name for one in annual_tables(AnnualFacts(**values)))


def test_self_assessments_have_a_row_for_each_dimension_and_year():
    files = sheets(known.facts())
    assert files["self-assessment-levels"][1:] == [
        ["Five domains", "Domain 1", "2022–23", "fair"],
        ["Five domains", "Domain 1", "2023–24", "good"],
        ["Five domains", "Domain 2", "2022–23", "fair"],
        ["Five domains", "Domain 2", "2023–24", "good"],
    ]
    assert [row[4:] for row in files["self-assessments"][1:]] == [
        ["Domain 1", "", "good", "It is done.", "The board listens.", "No Easy Read.", "Make one.", "A-1"],
        ["Domain 2", "", "good", *["not recorded"] * 4, ""],
    ]


def test_every_kind_of_report_has_its_tables():
    assert set(tables.TABLES) == {shape.facts for shape in SHAPES.values()}
    assert {AnnualFacts, QuarterFacts, AssessmentFacts} == set(tables.TABLES)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "code"), [("quarterly", "2023-24-q1"), ("assessment", "2023-24")])
def test_the_tables_of_the_other_kinds_have_names_of_their_own_and_no_unexplained_cell(kind, code):
    engagement.activity("A-1", title="Braille")
    quarter = {"kind": "quarter", "starts_on": date(2023, 4, 1), "ends_on": date(2023, 6, 30)}
    period = engagement.period(code, **quarter if kind == "quarterly" else {})
    facts = SHAPES[kind].gather(factories.report(period, kind=kind))
    made = tables.tables_of(facts, **known.SHARED)
    assert [*sheets(facts)] == [*book(facts)] == [one.name for one in made]
    assert len({one.name for one in made}) == len(made) > 20
    for one in made:
        for row in one.rows:
            for column, cell in zip(one.columns, row, strict=True):
                assert cell != "" or (column.if_empty and not column.says_unknown), (one.name, column.name)


def test_a_row_has_a_value_for_each_column():
    with pytest.raises(ValueError, match="shorter"):
        table("t", "T", [Column("a", "A"), Column("b", "B")], [("only one",)])
