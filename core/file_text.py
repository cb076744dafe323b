"""The words in a file that somebody uploads, for those who look through them: nothing trusted, everything bounded.

What is read: plain text, CSV, RTF, Word, PowerPoint, OpenDocument text and Excel, with headers, footers, notes,
comments, links and what tracked changes deleted. What is not: pictures, files inside the file, and PDF, whose words
none of the libraries that we use can read. A file that cannot be read as a whole has no text, None, which is not “”.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from functools import partial

import openpyxl
from defusedxml.ElementTree import DefusedXMLParser

from core import files, spreadsheets

MEGABYTE = 1024 * 1024
MOST_INFLATED = 30 * MEGABYTE  # of XML in one file; a report of 500 pages has under 10
MOST_CHARACTERS = 5_000_000
MOST_ELEMENTS = 1_000_000
DEEPEST = 500
PIECE = 64 * 1024

PARTS = {
    "docx": re.compile(
        r"word/(?:document|comments\w*|footnotes|endnotes|header\d*|footer\d*|_rels/\w+\.xml)\.(?:xml|rels)"
    ),
    "pptx": re.compile(r"ppt/(?:slides|notesSlides|comments)/(?:_rels/)?[\w.]+\.(?:xml|rels)"),
    "odt": re.compile(r"(?:content|styles)\.xml"),
    "xlsx": re.compile(r"xl/(?:comments\w*|comments/\w+|threadedComments/\w+|drawings/\w+)\.xml"),
}


class _Unreadable(Exception):
    """The file is broken, hostile, or larger than we look through."""


def text_of(content: bytes, ending: str) -> str | None:
    """The words in a file by its ending (“docx”), or None where they cannot be read: say “could not be checked”."""
    ending = ending.lower().lstrip(".")
    if len(content) > files.MOST_BYTES or ending not in READERS:
        return None
    try:
        text = READERS[ending](content)
    except (_Unreadable, spreadsheets.SpreadsheetError, *spreadsheets.BROKEN, SyntaxError, NotImplementedError):
        return None
    return None if len(text) > MOST_CHARACTERS else text


# Plain text --------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise _Unreadable
    return text


def _of_csv(content: bytes) -> str:
    """Each cell behind the name of its column, so that a date below “Date of birth” is known for one."""
    text = _decoded(content)
    try:
        return _with_header(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return text


def _with_header(rows) -> str:
    header: list[str] = []
    lines: list[str] = []
    for row in rows:
        cells = ["" if cell is None else str(cell).removesuffix(" 00:00:00") for cell in row]
        if not header and any(cells):
            header = cells
            lines += cells
            continue
        named = (
            header[place] if place < len(header) and len(header[place]) <= 100 else "" for place in range(len(cells))
        )
        lines += (f"{name}: {cell}" if name else cell for name, cell in zip(named, cells, strict=True) if cell)
    return "\n".join(lines)


# Rich text ---------------------------------------------------------------------------------------

RTF = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]{1,100}|([^\\{}\r\n]{1,1000})", re.I
)
NO_WORDS = frozenset(
    ("fonttbl", "colortbl", "stylesheet", "pict", "info", "themedata", "datastore", "object", "listtable")
)
LINE_ENDS = {"par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "tab": "\t", "cell": "\t"}
SIGNS = {"~": " ", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r": "\n"}
QUOTES = {"lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emdash": "—", "endash": "–", "bullet": "•"}


def _of_rtf(content: bytes) -> str:
    source = content.decode("latin-1")
    if not source.startswith("{\\rtf"):
        raise _Unreadable
    return "".join(_spoken(source))


def _spoken(source: str) -> Iterator[str]:
    """The words outside of the groups that hold fonts, styles and pictures."""
    is_silent, outer, left_out = False, [], 0
    for found in RTF.finditer(source):
        control, number, code, sign, brace, words = found.groups()
        if brace == "{":
            outer.append(is_silent)
        elif brace == "}":
            is_silent = outer.pop() if outer else False
        elif control == "fldinst":  # a link stands here
            is_silent = False
        elif sign == "*" or control in NO_WORDS:
            is_silent = True
        elif is_silent:
            continue
        elif control == "u" and number:
            yield chr(int(number) % 0x10000)
            left_out = 1
        elif code:
            yield "" if left_out else bytes.fromhex(code).decode("cp1252", errors="replace")
            left_out = 0
        elif words:
            yield words[left_out:]  # one sign stands behind \u for programs that do not know it
            left_out = 0
        else:
            yield LINE_ENDS.get(control, QUOTES.get(control, "")) if control else SIGNS.get(sign, "")


# Documents that are archives of XML --------------------------------------------------------------


def _of_archive(content: bytes, parts: re.Pattern, needs_some: bool = True) -> str:
    """The words of the parts of an archive. Raises _Unreadable for one that is far larger than it looks."""
    if content.count(b"PK\x01\x02") > files.MOST_PARTS:
        raise _Unreadable
    words = _Spoken()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if parts.fullmatch(entry.filename)]
        if (needs_some and not entries) or sum(entry.file_size for entry in entries) > MOST_INFLATED:
            raise _Unreadable
        for entry in entries:
            parser = DefusedXMLParser(target=words, forbid_dtd=True)
            with archive.open(entry) as part:
                while piece := part.read(PIECE):
                    parser.feed(piece)
            parser.close()
    return words.text


class _Spoken:
    """What the parser tells as it reads: no tree is built, so memory does not grow with the number of elements."""

    SPOKEN = frozenset(("t", "delText", "instrText", "text"))  # where Office keeps words
    OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    ENDS = dict.fromkeys(("p", "h", "tr", "br", "line-break", "comment"), "\n") | {"tab": "\t", "tc": "\t", "s": " "}
    LINKS = ("mailto:", "tel:")

    def __init__(self):
        self.pieces: list[str] = []
        self.open: list[bool] = []
        self.elements = self.length = 0

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def start(self, tag: str, attributes: dict[str, str]):
        self.elements += 1
        if self.elements > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            raise _Unreadable
        space, _brace, name = tag.rpartition("}")
        is_inside = bool(self.open) and self.open[-1]
        self.open.append(name in self.SPOKEN or is_inside or self.OPEN_DOCUMENT in space)
        links = (value for value in attributes.values() if value.lower().startswith(self.LINKS))
        self.pieces += (f"{link.partition(':')[2]}\n" for link in links)

    def data(self, words: str):
        if self.open and self.open[-1]:
            self.length += len(words)
            if self.length > MOST_CHARACTERS:
                raise _Unreadable
            self.pieces.append(words)

    def end(self, tag: str):
        self.open.pop()
        self.pieces.append(self.ENDS.get(tag.rpartition("}")[2], ""))

    def close(self):
        """The parser asks for what was built: nothing."""


def _of_workbook(content: bytes) -> str:
    """Every sheet, hidden ones too, and the notes at cells. The gate for spreadsheets looks at the file first."""
    spreadsheets.gate(content, "book.xlsx")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about what it leaves out: styles, drop-down lists
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                pages = []
                for sheet in book.worksheets:
                    sheet.reset_dimensions()
                    pages.append(_with_header(sheet.iter_rows(values_only=True)))
            finally:
                book.close()
    except Exception as error:  # openpyxl raises whatever a hostile file makes it run into
        raise _Unreadable from error
    return "\n".join((*pages, _of_archive(content, PARTS["xlsx"], needs_some=False)))


READERS = {"txt": _decoded, "csv": _of_csv, "rtf": _of_rtf, "xlsx": _of_workbook} | {
    ending: partial(_of_archive, parts=PARTS[ending]) for ending in ("docx", "pptx", "odt")
}
