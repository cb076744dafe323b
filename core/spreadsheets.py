"""Read a spreadsheet that somebody sends: CSV or XLSX, bytes to rows, nothing trusted.

The gate looks at the file before any parser does: how large it is, how large it becomes, what stands in it. A file that
is wrong as a whole raises SpreadsheetError; what is wrong with single cells is collected in `Sheet.problems`.
"""

import csv
import datetime
import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import lru_cache

import openpyxl
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

if not openpyxl.DEFUSEDXML:
    raise ImproperlyConfigured("defusedxml must be installed, and OPENPYXL_DEFUSEDXML must not be switched off")

MB = 1024 * 1024
MOST_BYTES = 5 * MB
MOST_ENTRIES = 100
MOST_INFLATED = 50 * MB
MOST_RATIO = 100
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 10_000
MOST_FLAWS = 1000  # beyond these, one a row
# No honest workbook within the limits above has more of these.
MOST_OTHER_TAGS = 100_000
MOST_TEXT_BYTES = 20 * MB
LONGEST_TAG = 20_000
LONGEST_TEXT = 150_000

Cell = str | datetime.date


def shorten(text: str, most: int = 100) -> str:
    """The text, cut where it is long."""
    text = " ".join(str(text).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def fold(name: str) -> str:
    """A name as it is compared: case, spaces, underscores and the shape of quotation marks and dashes do not matter."""
    text = str(name)
    return _fold_name(text) if len(text) <= LONGEST_NAME else _fold(text)


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).casefold().split())


LONGEST_NAME = 200
_fold_name = lru_cache(maxsize=20_000)(_fold)  # the same few names stand in row after row
_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "_": " "}
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where, and what would be right. `row` is the number that the spreadsheet program shows."""

    problem: str
    fix: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def as_dict(self) -> dict:
        return {name: asdict(self)[name] for name in ("sheet", "row", "column", "value", "problem", "fix")}


class SpreadsheetError(Exception):
    """The file cannot be read at all. `problem` says why, and what would be right."""

    def __init__(self, problem: str, fix: str = "", **place):
        self.problem = Problem(problem, fix, **place)
        super().__init__(f"{problem}. {fix}".strip())


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class Sheet:
    """A table as it stands in the file. Every row has a cell for each column of the header; empty is ""."""

    name: str
    header: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(content: bytes, file_name: str, *, kind: str, sheet: str = "") -> Sheet:
    """The sheet of this kind: in a workbook that named `sheet`, else that named like the kind, else the only one.

    A CSV file is a sheet that is named like the file.
    """
    gate(content, file_name)
    if is_workbook(file_name):
        return _read_workbook(content, kind, sheet)
    return _table(file_name, _csv_rows(_decode(content)))


def rows_at_most(content: bytes, file_name: str) -> int:
    """No fewer rows than the file has, found without parsing it; 0 for a file that the gate refuses."""
    if not is_workbook(file_name):
        return content.count(b"\n") + content.count(b"\r")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheets = [entry for entry in archive.infolist() if entry.filename.startswith("xl/worksheets/")]
            if len(sheets) > MOST_ENTRIES or sum(entry.file_size for entry in sheets) > MOST_INFLATED:
                return 0
            return max((_rows_of(archive, entry) for entry in sheets), default=0)
    except BROKEN:
        return 0


def _rows_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    with archive.open(entry) as part:
        return sum(piece.count(b"<row") + piece.count(b":row ") for piece in iter(lambda: part.read(MB), b""))


def is_workbook(file_name: str) -> bool:
    return file_name.lower().endswith(".xlsx")


# The gate ----------------------------------------------------------------------------------------

SIGNATURES = (
    (b"\x89PNG", _("an image")),
    (b"\xff\xd8\xff", _("an image")),
    (b"GIF8", _("an image")),
    (b"RIFF", _("an image or a sound")),
    (b"%PDF", _("a PDF")),
    (b"{\\rtf", _("a text document")),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)  # what zipfile may raise


def gate(content: bytes, file_name: str) -> None:
    """Refuse a file that is not what it says, or that would cost too much to read. Raises SpreadsheetError."""
    save_as = _("In the spreadsheet program choose Save As, and either “Excel Workbook (.xlsx)” or “CSV UTF-8”")
    if not content.strip():
        raise SpreadsheetError(_("The file is empty"), _("Choose the file that holds your rows"))
    if len(content) > MOST_BYTES:
        raise SpreadsheetError(
            _("The file is larger than 5 MB"),
            _("Split it into several files, each with the same first row, and import one after the other"),
        )
    for signature, name in SIGNATURES:
        if content.startswith(signature):
            raise SpreadsheetError(_("The file is %(name)s, not a spreadsheet") % {"name": name}, save_as)
    if content.startswith(OLE):
        raise SpreadsheetError(*_ole_words(content))
    if not file_name.lower().endswith((".csv", ".xlsx")):
        raise SpreadsheetError(
            _("“%(name)s” is neither a .csv nor an .xlsx file") % {"name": shorten(file_name)}, save_as
        )
    if content.startswith(ZIP):
        _gate_workbook(content, file_name, save_as)
    elif is_workbook(file_name):
        raise SpreadsheetError(
            _("The file is named .xlsx but is not an Excel workbook"),
            _("If it holds comma-separated text, name it .csv. If not, ") + save_as[:1].lower() + save_as[1:],
        )


def _ole_words(content: bytes) -> tuple[str, str]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _("The workbook is protected by a password"), _(
            "Open it, take the password away under File, Info, Protect Workbook, and save it"
        )
    return _("The file is in an old format (.xls)"), _("Open it and choose Save As, “Excel Workbook (.xlsx)”")


def _gate_workbook(content: bytes, file_name: str, save_as: str) -> None:
    broken = SpreadsheetError(
        _("The workbook is damaged"), _("Open it in the spreadsheet program, save it again and choose the new file")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _gate_entries(entries)
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names:
                raise SpreadsheetError(_("The file is not an Excel workbook"), save_as)
            if not is_workbook(file_name):
                raise SpreadsheetError(
                    _("The file is an Excel workbook, but its name ends in .csv"),
                    _("Name it .xlsx, or save it as “CSV UTF-8”"),
                )
            if "xl/vbaProject.bin" in names:
                raise SpreadsheetError(
                    _("The workbook holds macros"), _("Choose Save As, “Excel Workbook (.xlsx)”, which leaves them out")
                )
            _gate_parts(archive, entries)
    except BROKEN as error:
        raise broken from error


def _gate_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise SpreadsheetError(
            _("The workbook has too many parts to be a list of rows"),
            _("Copy the rows into a new workbook and save that"),
        )
    inflated = sum(entry.file_size for entry in entries)
    dense = any(
        entry.file_size > MB and entry.file_size > MOST_RATIO * max(entry.compress_size, 1) for entry in entries
    )
    if inflated > MOST_INFLATED or dense:
        raise SpreadsheetError(_("The workbook is far larger than it looks"), _too_long())


def _too_wide(**place) -> SpreadsheetError:
    return SpreadsheetError(_("A sheet has more than %(most)s columns") % {"most": MOST_COLUMNS}, _too_long(), **place)


def _too_long() -> str:
    return _(
        "Delete the empty rows and columns behind your rows, or copy the rows into a new workbook. "
        "It may hold %(rows)s rows and %(columns)s columns"
    ) % {
        "rows": f"{MOST_ROWS:,}",
        "columns": MOST_COLUMNS,
    }


_FAR_COLUMN = re.compile(rb"\br\s*=\s*[\"'][A-Za-z]{3,}[0-9]")
_LONG = re.compile(rb"<[^<>]{%d}|>[^<]{%d}" % (LONGEST_TAG, LONGEST_TEXT))
_CELL_TAGS = (b"<row", b"</row", b"<c ", b"<c>", b"</c>", b"<v", b"</v", b"<f", b"</f", b"<is", b"</is", b"<t", b"</t")


def _gate_parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    texts = cells = 0
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            counted = _gate_part(archive, entry)
            texts, cells = texts + counted[b"<si"], cells + counted[b"<c "] + counted[b"<c>"]
        if entry.filename.lower().endswith("sharedstrings.xml") and entry.file_size > MOST_TEXT_BYTES:
            raise SpreadsheetError(
                _("The workbook holds more text than can be read at once"), _("Split it into several workbooks")
            )
    if texts > cells + 1000:
        raise SpreadsheetError(_("The workbook holds far more than rows and columns"), _too_long())


def _gate_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Counter:
    """Look through one part, piece by piece, for what would make its parser slow, large or dangerous."""
    counted, tail = Counter(), b""
    with archive.open(entry) as part:
        while piece := part.read(MB):
            _gate_piece(entry.filename, tail + piece)
            counted.update({tag: piece.count(tag) for tag in (*_CELL_TAGS, b"<", b"<si", b"</si", b":row ")})
            tail = piece[-LONGEST_TEXT - LONGEST_TAG :]
            if counted[b"<row"] + counted[b":row "] > MOST_ROWS + 100:
                raise SpreadsheetError(
                    _("A sheet has more than %(most)s rows") % {"most": f"{MOST_ROWS:,}"}, _too_long()
                )
            known = sum(counted[tag] for tag in (*_CELL_TAGS, b"<si", b"</si"))
            if counted[b"<"] - known > MOST_OTHER_TAGS:
                raise SpreadsheetError(_("The workbook holds far more than rows and columns"), _too_long())
    return counted


def _gate_piece(name: str, text: bytes) -> None:
    if b"\0" in text:
        raise SpreadsheetError(
            _("The workbook is written in an unusual way"), _("Save it again as “Excel Workbook (.xlsx)”")
        )
    if b"<!" in text and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
        raise SpreadsheetError(
            _("The workbook holds definitions that no spreadsheet needs"),
            _("Copy the rows into a new workbook and save that"),
        )
    if name.startswith("xl/worksheets/") and _FAR_COLUMN.search(text):
        raise _too_wide()
    if _LONG.search(text):
        raise SpreadsheetError(
            _("A cell of the workbook is far too long"),
            _("A cell may hold %(most)s characters. Shorten it") % {"most": f"{MOST_CHARACTERS:,}"},
        )


# XLSX --------------------------------------------------------------------------------------------


def _read_workbook(content: bytes, kind: str, sheet: str) -> Sheet:
    """Everything that openpyxl may raise on a hostile file becomes one answer: that the workbook is damaged."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about what it leaves out: styles, drop-down lists
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            try:
                worksheet = _choose(book, kind, sheet)
                worksheet.reset_dimensions()
                return _table(worksheet.title, _workbook_rows(worksheet))
            finally:
                book.close()
    except SpreadsheetError:
        raise
    except Exception as error:
        raise SpreadsheetError(
            _("The workbook is damaged"), _("Open it in the spreadsheet program, save it again and choose the new file")
        ) from error


def _choose(book, kind: str, sheet: str):
    worksheets = book.worksheets
    if not worksheets:
        raise ValueError("a workbook without a sheet")
    visible = [each for each in worksheets if each.sheet_state == "visible"]
    wanted = fold(sheet or kind)
    for each in worksheets:
        if fold(each.title) == wanted:
            return each
    if not sheet and len(visible) == 1:
        return visible[0]
    raise SpreadsheetError(
        _("The workbook has no sheet called “%(name)s”") % {"name": sheet or kind},
        _("Name one of its sheets “%(name)s”. They are now called: %(titles)s")
        % {"name": sheet or kind, "titles": ", ".join(f"“{each.title}”" for each in worksheets[:10])},
    )


def _workbook_rows(worksheet):
    """Row number, values, and the places of cells that are a formula or an error."""
    for number, cells in enumerate(worksheet.iter_rows(), start=1):
        if number > MOST_ROWS * 5:  # numbered far beyond its rows
            raise SpreadsheetError(_("A sheet has more than %(most)s rows") % {"most": f"{MOST_ROWS:,}"}, _too_long())
        values, flaws = [], {}
        for place, cell in enumerate(cells):
            value = cell.value
            if cell.data_type in "fe" and value is not None:
                flaws[place] = cell.data_type
                value = value if isinstance(value, str) else "="
            values.append("" if value is None else _plain(value))
        yield number, values, flaws


def _plain(value) -> Cell:
    if isinstance(value, str):
        return unescape(value) if "_x" in value else value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    return value if isinstance(value, datetime.date) else str(value)


# CSV ---------------------------------------------------------------------------------------------


def _decode(content: bytes) -> str:
    encodings = ["utf-8-sig", "cp1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content[:200]:
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and not _looks_binary(text):
            return text
    raise SpreadsheetError(_("The file is not text"), _("In the spreadsheet program choose Save As, “CSV UTF-8”"))


def _looks_binary(text: str) -> bool:
    start = text[:2000]
    return sum(unicodedata.category(character) == "Cc" and character not in "\t\r\n\f" for character in start) > max(
        5, len(start) // 50
    )


def separator_of(first_line: str) -> str:
    """The separator that parts the header most often, quoted text left out."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", first_line)
    return max(",;\t", key=bare.count)


def _csv_rows(text: str):
    named = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if named:
        text = text[named.end() :]
    first_line = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    separator = named[1] if named and named[1] in ",;\t|" else separator_of(first_line)
    lines = _sound_lines(io.StringIO(text, newline=""), separator)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=separator, strict=True), start=1):
            if number > MOST_ROWS * 5:  # blank lines without end
                raise SpreadsheetError(
                    _("The file has more than %(most)s rows") % {"most": f"{MOST_ROWS:,}"}, _too_long()
                )
            yield number, cells, {place: "f" for place, cell in enumerate(cells) if cell.lstrip().startswith("=")}
    except csv.Error as error:
        raise _csv_error(error, number + 1) from error


def _sound_lines(lines, separator: str):
    """The lines, none of which a parser would have to cut into more pieces than any sheet has cells."""
    for line in lines:
        if line.count(separator) > MOST_COLUMNS * MOST_CHARACTERS // 20:
            raise _too_wide()
        yield line


def _csv_error(error: csv.Error, row: int) -> SpreadsheetError:
    if "limit" in str(error):
        return SpreadsheetError(
            _("A cell is far too long"),
            _("A cell may hold %(most)s characters. Check the quotation marks around it")
            % {"most": f"{MOST_CHARACTERS:,}"},
            row=row,
        )
    return SpreadsheetError(
        _("The quotation marks do not match"),
        _('Put text that holds a separator between quotation marks, and write a quotation mark inside it twice: ""'),
        row=row,
    )


# From rows to a table ----------------------------------------------------------------------------

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_NEUTRALISED = re.compile(r"^'(?=[\s\"']*[=+\-@＝＋－＠\t\r])")


def clean(value: Cell) -> Cell:
    """The value without characters that cannot be printed, and without the mark that our own export puts before it."""
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return _NEUTRALISED.sub("", _CONTROL.sub(" ", text).strip())


def _table(name: str, numbered_rows) -> Sheet:
    sheet = Sheet(name)
    for number, cells, flaws in numbered_rows:
        values = [clean(cell) if cell else "" for cell in cells]
        while values and values[-1] == "":
            values.pop()
        if not values:
            continue
        if len(values) > MOST_COLUMNS:
            raise _too_wide(sheet=name, row=number)
        if not sheet.header:
            sheet.header = _header(name, number, values)
            continue
        if len(sheet.rows) == MOST_ROWS:
            raise SpreadsheetError(
                _("The sheet has more than %(most)s rows") % {"most": f"{MOST_ROWS:,}"}, _too_long(), sheet=name
            )
        width = len(sheet.header)
        if flaws or len(values) > width or any(len(value) > MOST_CHARACTERS for value in values if type(value) is str):
            sheet.problems += _flaws(sheet, number, values, flaws)
        sheet.rows.append(Row(number, tuple(values[:width] + [""] * (width - len(values)))))
    _refuse_empty(sheet)
    return sheet


def _refuse_empty(sheet: Sheet) -> None:
    if not sheet.header:
        raise SpreadsheetError(
            _("The file has no rows"),
            _("The first row names the columns, each row below it is one entry"),
            sheet=sheet.name,
        )
    if not sheet.rows:
        raise SpreadsheetError(
            _("The file has a first row but no rows below it"),
            _("Put each entry into a row below the names of the columns"),
            sheet=sheet.name,
        )


def _header(sheet: str, number: int, values: list[Cell]) -> tuple[str, ...]:
    names = [
        shorten(str(value)) or _("column %(letter)s") % {"letter": get_column_letter(place)}
        for place, value in enumerate(values, start=1)
    ]
    times = Counter(map(fold, names))
    repeated = [name for name in names if times[fold(name)] > 1]
    if repeated:
        raise SpreadsheetError(
            _("Two columns are called “%(name)s”") % {"name": repeated[0]},
            _("Give each column its own name, or delete the one that you do not need"),
            sheet=sheet,
            row=number,
            column=repeated[0],
        )
    return tuple(names)


def _flaws(sheet: Sheet, number: int, values: list[Cell], flaws: dict[int, str]) -> list[Problem]:
    """What is wrong with cells of a row: formulae, errors, endless texts, and cells beyond the header."""
    found, width = [], len(sheet.header)
    for index, value in enumerate(values):
        letter = get_column_letter(index + 1)
        said = _flaw(f"{letter}{number}", str(value), flaws.get(index, ""))
        if said is None and index >= width:
            words = {"count": len(values), "width": width}
            said = (
                _("The row has %(count)s cells, but the first row names only %(width)s columns") % words,
                _("Put a text that holds a separator between quotation marks, or empty the cells on the right"),
            )
        if said:
            column = sheet.header[index] if index < width else letter
            found.append(Problem(*said, sheet.name, number, column, shorten(value)))
        if index >= width or (len(sheet.problems) + len(found) > MOST_FLAWS and found):
            break
    return found


def _flaw(cell: str, value: str, kind: str) -> tuple[str, str] | None:
    """The problem of one cell and its remedy."""
    words = {"cell": cell, "value": shorten(value), "count": f"{len(value):,}", "most": f"{MOST_CHARACTERS:,}"}
    if kind == "f":
        return _("A formula stands in %(cell)s") % words, _("Copy the cell and paste its value in its place")
    if kind == "e":
        return _("%(cell)s holds the error %(value)s") % words, _("Write the value itself, or empty the cell")
    if len(value) > MOST_CHARACTERS:
        return _("%(cell)s holds %(count)s characters") % words, _("A cell may hold %(most)s. Shorten the text") % words
    return None
