"""The words in an uploaded file, and files that are broken, hostile or of another kind."""

import io
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment

from core import file_text
from core.file_text import text_of
from core.personal_data import Kind, findings
from core.personal_data import text_of as of_personal_data

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:office="office"'


def archive(parts: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return content.getvalue()


def document(body: str, others: dict[str, str] | None = None) -> bytes:
    return archive({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"} | (others or {}))


def workbook(*sheets: list[list]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_the_search_for_personal_data_offers_it_too():
    assert of_personal_data is text_of


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"Caf\xc3\xa9", "Café"),
        (b"\xef\xbb\xbfCaf\xc3\xa9", "Café"),
        ("Café".encode("utf-16"), "Café"),
        (b"Caf\xe9 \x96 closed", "Café – closed"),
        (b"", ""),
    ],
)
def test_plain_text_is_read_in_the_usual_encodings(content, text):
    assert text_of(content, ".TXT") == text


def test_a_cell_of_csv_stands_behind_the_name_of_its_column():
    text = text_of(b'Name,Date of birth\r\n"Bloggs, Jo",3/4/1962\r\nSam,,more', "csv")

    assert text == "Name\nDate of birth\nName: Bloggs, Jo\nDate of birth: 3/4/1962\nName: Sam\nmore"
    assert Kind.BIRTH_DATE in {found.kind for found in findings(text)}


def test_csv_that_no_reader_understands_is_still_text():
    assert text_of(b'a\n"' + b"x" * 200_000, "csv") == 'a\n"' + "x" * 200_000


def test_a_word_document_is_read_with_notes_links_and_what_was_deleted():
    content = document(
        "<w:p><w:r><w:t>Ring 07700</w:t></w:r><w:r><w:t> 900123</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>Jo Bloggs</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:sectPr>no words</w:sectPr>",
        {
            "word/comments.xml": f"<w:comments {W}><w:comment><w:r><w:t>Note</w:t></w:r></w:comment></w:comments>",
            "word/_rels/document.xml.rels": '<Links><Link Target="mailto:ann@example.org"/></Links>',
            "word/styles.xml": f"<w:styles {W}><w:t>not this</w:t></w:styles>",
        },
    )

    text = text_of(content, "docx")

    assert text.startswith("Ring 07700 900123\nJo Bloggs\na\n")
    assert "Note" in text
    assert "ann@example.org" in text
    assert "not this" not in text
    assert "no words" not in text


def test_an_open_document_is_read():
    body = "<text:p>Ring<text:s/>07700 <text:span>900123</text:span></text:p><text:h>A<text:line-break/>B</text:h>"
    content = archive({"content.xml": f"<office:document {ODF}><office:body>{body}</office:body></office:document>"})
    assert text_of(content, "odt") == "Ring 07700 900123\nA\nB\n"


def test_slides_are_read_with_their_notes():
    words = '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>'
    parts = {"ppt/slides/slide1.xml": words.format("One"), "ppt/notesSlides/notesSlide1.xml": words.format("Two")}
    assert text_of(archive(parts), "pptx") == "One\nTwo\n"


def test_every_sheet_of_a_workbook_is_read_hidden_ones_and_notes_too():
    book = workbook([["Name"], ["Jo Bloggs"]], [["Phone"], [None], ["07700 900123"]])
    book.worksheets[1].sheet_state = "hidden"
    book.worksheets[0]["A2"].comment = Comment("rings often", "staff")

    text = text_of(saved(book), "xlsx")

    assert "Name: Jo Bloggs" in text
    assert "Phone: 07700 900123" in text
    assert "rings often" in text


def test_a_date_in_a_workbook_is_said_as_a_date():
    import datetime

    text = text_of(saved(workbook([["DOB"], [datetime.datetime(1962, 4, 3)]])), "xlsx")
    assert [found.words for found in findings(text)] == ["1962-04-03"]


def test_rich_text_is_read_without_fonts_styles_and_pictures():
    content = (
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator Word;}{\info{\author Somebody}}\f0\b Caf\'e9 \u8211?\b0 "
        rb" costs \{5\}\par Ring\~07700\tab 900123{\pict 0123456789}\rquote s "
        rb"{\field{\*\fldinst HYPERLINK ann@example.org}}}"
    )
    assert text_of(content, "rtf") == "Café – costs {5}\nRing 07700\t900123’s HYPERLINK ann@example.org"


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG", "png"),
        (b"words", ""),
        (b"not a zip", "docx"),
        (b"not a zip", "xlsx"),
        (b"no rich text", "rtf"),
        (b"a\0b", "txt"),
        (b"\xff\xfea", "txt"),
        (archive({"other.xml": "<a/>"}), "docx"),
        (archive({"word/document.xml": "<a>"}), "docx"),
        (archive({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "docx"),
        (archive({"word/document.xml": "<a>" * 600 + "</a>" * 600}), "docx"),
        (b"x" * (10 * 1024 * 1024 + 1), "txt"),
    ],
    ids=["pdf", "png", "none", "docx", "xlsx", "rtf", "nul", "utf-16", "parts", "xml", "dtd", "deep", "large"],
)
def test_what_cannot_be_read_has_no_text_which_is_not_an_empty_text(content, ending):
    assert text_of(content, ending) is None


def test_a_file_that_is_far_larger_than_it_looks_is_not_unpacked():
    bomb = document("<w:p/>", {"word/footnotes.xml": "<a>" + " " * (31 * 1024 * 1024) + "</a>"})
    assert (len(bomb) < 100_000, text_of(bomb, "docx")) == (True, None)


@pytest.mark.parametrize(
    ("limit", "most"), [("MOST_ELEMENTS", 3), ("MOST_CHARACTERS", 3), ("DEEPEST", 2), ("MOST_INFLATED", 50)]
)
def test_each_limit_stops_the_reading(limit, most, monkeypatch):
    content = document("<w:p><w:r><w:t>words</w:t></w:r></w:p>")
    assert text_of(content, "docx") == "words\n"
    monkeypatch.setattr(file_text, limit, most)
    assert text_of(content, "docx") is None


def test_more_text_than_is_looked_through_is_no_text(monkeypatch):
    monkeypatch.setattr(file_text, "MOST_CHARACTERS", 3)
    assert (text_of(b"abc", "txt"), text_of(b"abcd", "txt")) == ("abc", None)


def test_an_archive_of_too_many_parts_is_not_opened(monkeypatch):
    monkeypatch.setattr(file_text.files, "MOST_PARTS", 1)
    assert text_of(document("<w:p/>", {"word/footnotes.xml": "<a/>"}), "docx") is None


def test_a_workbook_that_breaks_its_reader_has_no_text():
    assert text_of(archive({"xl/workbook.xml": "<workbook/>", "[Content_Types].xml": "<Types/>"}), "xlsx") is None
