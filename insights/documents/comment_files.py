"""Read a file of comments row by row, however long it is: CSV or XLSX, nothing trusted.

A CSV file is never whole in memory: at most one row of it is. XLSX is read as every other sheet is, by
`core.spreadsheets`, within its limits. What is wrong with the file as a whole raises SpreadsheetError.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from core import spreadsheets
from core.spreadsheets import MB, Problem, SpreadsheetError, fold, shorten

MOST_BYTES = 200 * MB
MOST_ROWS = 500_000
MOST_COLUMNS = 60
LONGEST_LINE = 4 * MB  # letters: a line this long holds no comment that anybody wrote
PIECE = MB

# What the columns are called, by people and by other systems. The first name is the one that we say.
NAMES = {
    "reference": ("comment_id", "id", "comment number", "reference", "ref", "response id", "unique id"),
    "organisation": ("organisation", "organization", "trust", "provider"),
    "day": ("date", "day", "said on", "date of comment", "comment date", "submitted", "date submitted"),
    "service": ("service", "service name", "team", "ward", "department"),
    "question": ("question", "question asked"),
    "score": ("score", "rating", "fft score"),
    "text": ("comment", "comments", "text", "feedback", "words", "verbatim", "comment text", "free text"),
    "sentiment": ("sentiment", "comment sentiment", "criticality"),
    "themes": ("themes", "theme", "codes", "labels", "tags", "categories"),
    "place": ("place", "area", "locality", "district"),
    "groups": ("groups", "group", "population groups"),
    "may_be_quoted": ("consent to quote", "may be quoted", "may quote", "quote consent"),
}
COLUMNS = {fold(name): column for column, names in NAMES.items() for name in names}
NEEDED = ("reference", "text")


@dataclass(slots=True)
class Record:
    """One row: its number as the spreadsheet program shows it, and its cells by column."""

    number: int
    cells: dict[str, spreadsheets.Cell]
    problems: list[Problem]


class CommentFile:
    """An open file of comments. `check` looks at all of it once; `records` reads it as often as wanted."""

    def __init__(self, file: BinaryIO, file_name: str, size: int):
        self.file, self.file_name, self.size = file, file_name, size
        self.encoding = "utf-8-sig"
        self.rows_at_most = 0
        self.ignored_columns: list[str] = []
        self.names: dict[str, str] = {}  # by column: what the file calls it

    def check(self) -> None:
        """Refuse what is no file of comments, and find out how it is written. Raises SpreadsheetError."""
        start = self._start()
        if self.size > MOST_BYTES:
            raise SpreadsheetError(
                _("The file is larger than %(most)s MB") % {"most": MOST_BYTES // MB},
                _("Split it into several files, each with the same first row, and take in one after the other"),
            )
        if self.is_workbook:
            self._check_workbook()
        else:
            spreadsheets.gate(start or b" ", self.file_name)
            self._check_text(start)

    @property
    def is_workbook(self) -> bool:
        return spreadsheets.is_workbook(self.file_name)

    def _start(self) -> bytes:
        self.file.seek(0)
        return self.file.read(4096)

    def _check_workbook(self) -> None:
        if self.size > spreadsheets.MOST_BYTES:
            raise SpreadsheetError(
                _("A workbook of comments may hold 5 MB"),
                _("Save it as “CSV UTF-8”: that may hold %(most)s MB") % {"most": MOST_BYTES // MB},
            )
        self.file.seek(0)
        self.rows_at_most = spreadsheets.rows_at_most(self.file.read(), self.file_name)

    def _check_text(self, start: bytes) -> None:
        """Which encoding fits all of the file. Counts its lines on the way."""
        is_wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "cp1252"):
            if self._fits(encoding):
                self.encoding = encoding
                return
        raise SpreadsheetError(_("The file is not text"), _("In the spreadsheet program choose Save As, “CSV UTF-8”"))

    def _fits(self, encoding: str) -> bool:
        decoder, lines = codecs.getincrementaldecoder(encoding)(), 1
        self.file.seek(0)
        try:
            while piece := self.file.read(PIECE):
                text = decoder.decode(piece)
                if "\0" in text:
                    raise SpreadsheetError(
                        _("There is a NUL character in the file: it is damaged, or it is no text"),
                        _("In the spreadsheet program choose Save As, “CSV UTF-8”"),
                        row=lines + text[: text.index("\0")].count("\n"),
                    )
                lines += text.count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        self.rows_at_most = lines
        return True

    # Rows

    def records(self) -> Iterator[Record]:
        """Each row below the first that is not empty. Raises SpreadsheetError."""
        rows = self._workbook_rows() if self.is_workbook else self._text_rows()
        places: dict[str, int] | None = None
        count = 0
        for number, cells, problems in rows:
            values = [spreadsheets.clean(cell) if cell else "" for cell in cells]
            if not any(values):
                continue
            if places is None:
                places = self._places(values)
                continue
            count += 1
            if count > MOST_ROWS:
                raise SpreadsheetError(
                    _("The file has more than %(most)s rows") % {"most": f"{MOST_ROWS:,}"},
                    _("Split it into several files, each with the same first row"),
                )
            yield self._record(number, values, places, problems)
        if not count:
            raise SpreadsheetError(
                _("The file has no rows"), _("The first row names the columns, each row below it is one comment")
            )

    def _record(self, number: int, values: list, places: dict[str, int], problems: list[Problem]) -> Record:
        cells = {column: values[place] if place < len(values) else "" for column, place in places.items()}
        if len(values) > self.width and any(values[self.width :]):
            problem = _("The row has more cells than the first row has names")
            fix = _("Put a comment that holds a comma between quotation marks")
            problems = [*problems, Problem(problem, fix, row=number)]
        return Record(number, cells, problems)

    def _places(self, header: list) -> dict[str, int]:
        while header and not header[-1]:
            header = header[:-1]
        if len(header) > MOST_COLUMNS:
            raise SpreadsheetError(_("A sheet has more than %(most)s columns") % {"most": MOST_COLUMNS})
        self.width = len(header)
        places: dict[str, int] = {}
        self.ignored_columns, self.names = [], {}
        for place, name in enumerate(map(str, header)):
            column = COLUMNS.get(fold(name))
            if column is None or column in places:
                self.ignored_columns.append(shorten(name))
            else:
                places[column], self.names[column] = place, shorten(name)
        for column in NEEDED:
            if column not in places:
                raise SpreadsheetError(
                    _("There is no column “%(name)s”") % {"name": NAMES[column][0]},
                    _("Name the columns in the first row. The words of a comment and its own number are needed"),
                )
        return places

    def _workbook_rows(self) -> Iterator[tuple[int, list, list[Problem]]]:
        self.file.seek(0)
        sheet = spreadsheets.read(self.file.read(), self.file_name, kind="comments")
        wrong: dict[int, list[Problem]] = {}
        for problem in sheet.problems:
            wrong.setdefault(problem.row or 0, []).append(problem)
        yield 1, list(sheet.header), []
        for row in sheet.rows:
            yield row.number, list(row.cells), wrong.get(row.number, [])

    def _text_rows(self) -> Iterator[tuple[int, list, list[Problem]]]:
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, self.encoding, newline="")
        try:
            first = text.readline(LONGEST_LINE)
            text.seek(0)
            lines = _Lines(text)
            rows = csv.reader(lines, delimiter=spreadsheets.separator_of(first), strict=True)
            number = 0
            try:
                for number, cells in enumerate(rows, start=1):
                    lines.letters = 0
                    yield number, cells, []
            except csv.Error as error:
                raise _broken(error, number + 1, lines.letters) from error
        finally:
            text.detach()


class _Lines:
    """The lines of a text, and how many letters have been read since the last whole row."""

    def __init__(self, text: io.TextIOWrapper):
        self.text, self.letters = text, 0

    def __iter__(self):
        return self

    def __next__(self) -> str:
        line = self.text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.letters += len(line)
        if len(line) == LONGEST_LINE:
            raise csv.Error("limit of a line")
        return line


def _broken(error: csv.Error, row: int, letters: int) -> SpreadsheetError:
    if "limit" in str(error):
        return SpreadsheetError(
            _("A cell is far too long: the row holds %(count)s characters or more") % {"count": f"{letters:,}"},
            _("Shorten the comment, or check the quotation marks around it"),
            row=row,
        )
    return SpreadsheetError(
        _("The quotation marks do not match"),
        _('Put text that holds a separator between quotation marks, and write a quotation mark inside it twice: ""'),
        row=row,
    )
