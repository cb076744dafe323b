"""Files that a page gives: CSV and XLSX with no cell that a spreadsheet program would run as a formula, and PDFs."""

import csv
import datetime
import io
import re
from collections.abc import Callable
from decimal import Decimal

import openpyxl
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.formats import base_formats
from openpyxl.cell import WriteOnlyCell
from tablib import Dataset

from core.pdf import PDFUnavailable

# What makes a spreadsheet program calculate, also behind spaces and quotation marks, also in full width.
_LIVE = re.compile(r"^[\s\0\"'\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n\0]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def neutral(value) -> str:
    """The value as text that no spreadsheet program runs: a ' stands before what would be a formula."""
    text = "" if value is None else _CONTROL.sub(" ", str(value))
    return (
        f"'{text}"
        if not isinstance(value, (int, float, Decimal)) and _LIVE.match("" if value is None else str(value))
        else text
    )


class SafeCSV(base_formats.CSV):
    """CSV in UTF-8 with its mark, every cell in quotation marks, formulae neutralised."""

    def get_title(self):
        return "csv"

    def export_data(self, dataset, **kwargs):
        text = io.StringIO(newline="")
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerow([neutral(name) for name in dataset.headers or []])
        writer.writerows([neutral(cell) for cell in row] for row in dataset)
        return "\ufeff" + text.getvalue()


class SafeXLSX(base_formats.XLSX):
    """A workbook in which text is text: numbers and dates keep their type, no cell is a formula or a link."""

    def get_title(self):
        return "xlsx"

    def export_data(self, dataset, **kwargs):
        return workbook(dataset)


def workbook(*tables: Dataset) -> bytes:
    """A workbook with a sheet for each table, under the table's title, with its headers in the first row."""
    book = openpyxl.Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet((table.title or "Sheet1")[:31])
        sheet.freeze_panes = "A2"
        for row in ([*table.headers] if table.headers else [], *table):
            sheet.append([_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet, value) -> WriteOnlyCell:
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value)
    if value is None or isinstance(value, (bool, int, float, Decimal, datetime.date, datetime.datetime)):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, _CONTROL.sub(" ", str(value))[:32_767])
    cell.data_type = "s"
    if _LIVE.match(str(value)):
        cell.quotePrefix = True  # stays text when somebody edits it
    return cell


def xlsx_file(table: Dataset, name: str) -> HttpResponse:
    """A table as a workbook to keep, under a name of ours."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(workbook(table), content_type=kind, headers=headers)


def csv_file(table: Dataset, name: str) -> HttpResponse:
    """A table as a CSV file to keep, under a name of ours: it goes into the header as it is."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(SafeCSV().export_data(table), content_type="text/csv; charset=utf-8", headers=headers)


def pdf_page(request, make: Callable[[], bytes], name: str, *, otherwise: str) -> HttpResponse:
    """The PDF that `make` gives, to be looked at; where this machine makes none, a word and the page `otherwise`."""
    try:
        content = make()
    except PDFUnavailable:
        messages.error(request, _("We cannot make the PDF at the moment. Print this page instead"))
        return redirect(otherwise)
    headers = {"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
