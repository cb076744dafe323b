"""The checker of PDFs finds each fault that is made in a good file."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from reporting.tests.pdf_checks import attachments_of, elements_of, problems_of
from reporting.tests.small_pages import BODY, page, small_pdf


def links(pdf: Pdf) -> list[Dictionary]:
    return list(pdf.pages[0].Annots)


def without_title(pdf: Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        del metadata["dc:title"]


def without_stamp(pdf: Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        del metadata["pdfuaid:part"]


def as_suspect(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Suspects = True


def with_javascript(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def without_headings(pdf: Pdf) -> None:
    for tag in ("H1", "H2"):
        for element in elements_of(pdf, tag):
            element.S = Name.P


def with_a_deeper_heading(pdf: Pdf) -> None:
    elements_of(pdf, "H2")[0].S = Name.H4


def with_a_deeper_first_heading(pdf: Pdf) -> None:
    elements_of(pdf, "H1")[0].S = Name.H2


def with_a_strange_tag(pdf: Pdf) -> None:
    elements_of(pdf, "P")[0].S = Name.Whatever


def with_an_empty_bookmark(pdf: Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root[0].title = " "


def with_a_cell_that_names_nobody(pdf: Pdf) -> None:
    elements_of(pdf, "TD")[0].A.Headers = Array([pikepdf.String("nobody")])


def with_a_plain_cell(pdf: Pdf) -> None:
    del elements_of(pdf, "TD")[0].A.Headers


def without_header_cells(pdf: Pdf) -> None:
    for cell in elements_of(pdf, "TH"):
        cell.S = Name.TD


def without_scope(pdf: Pdf) -> None:
    for cell in elements_of(pdf, "TH"):
        del cell.A["/Scope"]


def with_a_span_that_owns_a_link(pdf):
    """As WeasyPrint writes it for an element inside a link."""
    pairs = pdf.Root.StructTreeRoot.ParentTree.Nums
    key = int(links(pdf)[0].StructParent)
    owner = next(pairs[at + 1] for at in range(0, len(pairs), 2) if int(pairs[at]) == key)
    owner.S = Name.Span


def with_a_comment(pdf: Pdf) -> None:
    links(pdf)[0].Subtype = Name.Text


def with_a_dangerous_link(pdf: Pdf) -> None:
    links(pdf)[0].A.URI = pikepdf.String("file:///etc/passwd")


def with_loose_paint(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 9 9 re f")


def with_words_that_hang_nowhere(pdf: Pdf) -> None:
    (document,) = pdf.Root.StructTreeRoot.K
    del document.K[0]


def with_open_content(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"/Artifact BMC")


def without_parents(pdf: Pdf) -> None:
    del pdf.pages[0].obj["/StructParents"]


def font(pdf: Pdf) -> Dictionary:
    return next(iter(pdf.pages[0].Resources.Font.values()))


def without_font_file(pdf: Pdf) -> None:
    descriptor = font(pdf).DescendantFonts[0].FontDescriptor
    for name in ("/FontFile2", "/FontFile3"):
        if name in descriptor:
            del descriptor[name]


def drop(holder: Callable[[Pdf], Dictionary], name: str) -> Callable[[Pdf], None]:
    def without(pdf: Pdf) -> None:
        del holder(pdf)[name]

    return without


def root(pdf: Pdf) -> Dictionary:
    return pdf.Root


FAULTS = [
    (drop(root, "/MarkInfo"), "it is not marked as tagged"),
    (drop(root, "/StructTreeRoot"), "it has no structure tree"),
    (as_suspect, "its tags are marked as suspect"),
    (drop(root, "/Lang"), "the language is not set"),
    (drop(root, "/ViewerPreferences"), "the window does not show the title"),
    (drop(root, "/Outlines"), "it has 0 bookmarks at the top level, not 1 or more"),
    (with_an_empty_bookmark, "a bookmark has no words"),
    (without_title, "it has no title"),
    (without_stamp, "it does not say that it is PDF/UA-1"),
    (with_javascript, "it holds JavaScript"),
    (with_a_strange_tag, "the tag Whatever is not a standard one"),
    (drop(lambda pdf: elements_of(pdf, "Figure")[0], "/Alt"), "a Figure has no Alt"),
    (drop(lambda pdf: elements_of(pdf, "Link")[0], "/K"), "a Link is empty"),
    (without_headings, "it has no heading"),
    (with_a_deeper_first_heading, "the first heading is H2"),
    (with_a_deeper_heading, "the headings jump from H1 to H4"),
    (without_scope, "a TH has no Scope"),
    (with_a_cell_that_names_nobody, "a TD names a header cell that is not there"),
    (with_a_plain_cell, "a TD has no header cell"),
    (without_header_cells, "a Table has no TH"),
    (drop(lambda pdf: pdf.pages[0].obj, "/Tabs"), "page 1: the tab order is not that of the structure"),
    (drop(lambda pdf: links(pdf)[0], "/StructParent"), "page 1: a link is not in the structure tree"),
    (with_a_span_that_owns_a_link, "page 1: a link belongs to another element than a Link"),
    (drop(lambda pdf: links(pdf)[0], "/Contents"), "page 1: a link has no Contents"),
    (drop(lambda pdf: links(pdf)[0], "/F"), "page 1: a link is not printed"),
    (with_a_comment, "page 1: an annotation is a /Text"),
    (with_a_dangerous_link, "page 1: a link leads to file:///etc/passwd"),
    (with_loose_paint, "page 1: 1 things are painted outside marked content"),
    (with_words_that_hang_nowhere, "page 1: some content belongs to an element that hangs nowhere"),
    (with_open_content, "page 1: marked content is not closed"),
    (without_parents, "page 1: its content cannot be found from the structure tree"),
    (without_font_file, "is not embedded"),
    (drop(font, "/ToUnicode"), "cannot be read back as text"),
]


def test_the_checker_finds_nothing_wrong_with_a_good_file():
    assert problems_of(small_pdf(), bookmarks=1) == []


@pytest.mark.parametrize(("spoil", "problem"), FAULTS, ids=[problem for _spoil, problem in FAULTS])
def test_the_checker_finds_each_fault_that_is_made_in_a_good_file(spoil, problem):
    spoilt = BytesIO()
    with pikepdf.open(BytesIO(small_pdf())) as pdf:
        spoil(pdf)
        pdf.save(spoilt)

    assert [found for found in problems_of(spoilt.getvalue(), bookmarks=1) if found.endswith(problem)] != []


def test_the_checker_finds_a_file_that_was_never_tagged_and_an_older_version():
    from weasyprint import HTML

    found = problems_of(HTML(string=page(BODY)).write_pdf(pdf_version="1.4"))

    assert {"it is not marked as tagged", "it has no structure tree", "the version is 1.4, not 1.7"} <= set(found)
    assert [problem for problem in found if problem.endswith("painted outside marked content")] != []


def test_the_checker_finds_a_file_that_is_locked():
    locked = BytesIO()
    with pikepdf.open(BytesIO(small_pdf())) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="owner", user=""))

    assert problems_of(locked.getvalue()) == ["it is encrypted"]


def test_the_checker_finds_an_attachment():
    with pikepdf.open(BytesIO(small_pdf())) as pdf:
        pdf.attachments["passwd"] = b"root"
        holding = BytesIO()
        pdf.save(holding)

    assert "passwd" in attachments_of(holding.getvalue())
