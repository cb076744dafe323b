"""The PDF is tagged, and nothing outside the product can get into it. The checker itself is checked too."""

import hashlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from conftest import ROOT
from core import pdf as documents
from core.pdf import InaccessiblePDF, PDFUnavailable, assets, render_pdf
from reporting.tests.pdf_checks import attachments_of, problems_of, top_bookmarks

PAGE = '<!DOCTYPE html><html lang="en-GB"><head><title>A page</title>{head}</head><body>{body}</body></html>'
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><title>{title}</title>{inside}</svg>'
PICTURE = DRAWING.format(title="A square", inside='<rect width="40" height="40"/>')
TABLE = '<table><tr><th scope="col">Place</th></tr><tr><td>Harlow</td></tr></table>'
BODY = f'<h1>One</h1><h2>Two</h2><p><a href="https://example.org/">A site</a></p>{TABLE}<figure>{PICTURE}</figure>'


def page(body: str = "<h1>One</h1>", head: str = "") -> str:
    return PAGE.format(head=head, body=body)


@cache
def small_pdf() -> bytes:
    """One of everything that the checker looks at."""
    return render_pdf(page(BODY)).content


# The demo's report -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["pdf", "large_print"])
def test_the_report_of_the_demo_has_no_accessibility_problem(demo_rendered, form):
    assert problems_of(getattr(demo_rendered, form).content, bookmarks=12) == []


def test_the_report_of_the_demo_has_a_bookmark_for_each_section_and_each_principle(demo_rendered):
    titles = top_bookmarks(demo_rendered.pdf.content)

    principles = [re.match(r"Principle (\d+)", title)[1] for title in titles if title.startswith("Principle ")]
    assert principles == [str(number) for number in range(1, 11)]
    assert [title for title in titles if not title.startswith("Principle ")] == [
        "Contents",
        "Introduction",
        "The year on one page",
        "The ten principles",
        "How far each principle is shown",
        "What is missing",
        "Appendix: every activity",
        "How we count and where the facts come from",
    ]


def test_the_report_of_the_demo_knows_its_title_and_its_pages(demo_rendered):
    with pikepdf.open(BytesIO(demo_rendered.pdf.content)) as pdf:
        assert len(pdf.pages) == demo_rendered.pdf.pages > 20
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Annual engagement report 2023–24 – Hertfordshire and West Essex ICB"
    assert attachments_of(demo_rendered.pdf.content) == attachments_of(demo_rendered.large_print.content) == []


def test_the_pictures_of_the_demo_are_said_in_words_with_every_number(demo_rendered):
    with pikepdf.open(BytesIO(demo_rendered.pdf.content)) as pdf:
        said = [str(item.Alt) for item in pdf.objects if isinstance(item, Dictionary) and item.get("/S") == Name.Figure]

    assert len(said) == 4
    assert "9. Redesign services together: 0 with proof and 9 only claimed" in said[3]
    assert said[1] == (
        "Activities by place. East and North Hertfordshire: 1; South and West Hertfordshire: 1; West Essex: 0; "
        "Whole area: 25; Neighbourhood, not named: 1."
    )


ANOTHER_PROCESS = """
import hashlib, sys
import django
django.setup()
from reporting.documents import facts
from reporting.documents.pages import annual_page
from core.pdf import render_pdf
known, shared = facts.thaw(sys.stdin.read()), {"fingerprint": sys.argv[1], "is_draft": False}
paper = render_pdf(annual_page(known, medium="paper", **shared)).content
for content in (annual_page(known, medium="screen", **shared).encode(), paper):
    print(hashlib.sha256(content).hexdigest())
"""


def test_the_report_of_the_demo_has_the_same_bytes_in_another_process(demo_rendered):
    printed = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS, demo_rendered.fingerprint],
        input=demo_rendered.frozen,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    here = (demo_rendered.html.encode(), demo_rendered.pdf.content)
    assert printed.split() == [hashlib.sha256(content).hexdigest() for content in here]


def test_the_same_page_gives_the_same_bytes():
    assert render_pdf(page(BODY)).content == small_pdf()


# What is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (page('<h1>One</h1><img src="asset:cover.svg">'), "alt"),
        (page('<h1>One</h1><img src="asset:cover.svg" alt="">'), "alt"),
        (page("<h1>One</h1>").replace(' lang="en-GB"', ""), "lang"),
        (page("<h1>One</h1>").replace("<title>A page</title>", ""), "title"),
        (page('<h1>One</h1><p><a href="#nowhere">See there</a></p>'), "no anchor"),
        (page('<h1>One</h1><img src="asset:nobody.svg" alt="Nobody">'), "asset:nobody.svg is not an asset"),
    ],
)
def test_a_page_that_a_screen_reader_could_not_read_is_refused(html, reason):
    with pytest.raises(InaccessiblePDF, match=rf"(?i){reason}"):
        render_pdf(html)


def test_a_picture_with_words_is_let_through():
    assert problems_of(render_pdf(page('<h1>One</h1><img src="asset:cover.svg" alt="A cover">')).content) == []


def test_without_the_system_libraries_the_message_is_the_line_that_installs_them(without_pango):
    with pytest.raises(PDFUnavailable, match=r"^apt-get install -y --no-install-recommends libpango"):
        render_pdf(page())


# Nothing gets in ---------------------------------------------------------------------------------

DOORS = {
    "a picture": '<img src="{url}" alt="A picture">',
    "a picture of another density": '<img src="asset:cover.svg" srcset="{url} 2x" alt="A picture">',
    "an object": '<object data="{url}">An object</object>',
    "an embedded file": '<embed src="{url}" alt="A file">',
    "a frame": '<iframe src="{url}" title="A frame"></iframe>',
    "a picture in a drawing": '<svg><title>A drawing</title><image href="{url}" width="9" height="9"/></svg>',
    "a shape of a drawing": '<svg><title>A drawing</title><use href="{url}#a"/></svg>',
    "a background": '<p style="background: url({url})">Words</p>',
    "words from a picture": "<style>p::before {{ content: url({url}) }}</style><p>Words</p>",
    "a sign of a list": '<ul style="list-style-image: url({url})"><li>Words</li></ul>',
    "a style sheet": '<link rel="stylesheet" href="{url}">',
    "an imported style sheet": "<style>@import url({url});</style>",
    "a font": "<style>@font-face {{ font-family: X; src: url({url}) }} p {{ font-family: X }}</style><p>Words</p>",
    "an attachment": '<link rel="attachment" href="{url}">',
    "an attached link": '<p><a rel="attachment" href="{url}">Words</a></p>',
    "another base": '<base href="{url}"><img src="picture.png" alt="A picture">',
}


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def was_called(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def try_to_render(html: str) -> bytes:
    """The PDF, or nothing where the page is refused: either is safe as long as nothing was fetched."""
    try:
        return render_pdf(html).content
    except InaccessiblePDF:
        return b""


@pytest.mark.parametrize("door", DOORS)
def test_no_document_reaches_the_network(door, listener):
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/secret.png"
    content = try_to_render(page(f"<h1>One</h1>{DOORS[door].format(url=url)}"))

    assert not was_called(listener)
    assert content == b"" or attachments_of(content) == []


def test_the_listener_notices_a_call(listener):
    socket.create_connection(listener.getsockname()).close()

    assert was_called(listener)


@pytest.mark.parametrize("door", DOORS)
def test_no_document_reads_a_file_of_the_machine(door, tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text(DRAWING.format(title="XYZZY", inside='<text y="20">XYZZY</text>'))
    content = try_to_render(page(f"<h1>One</h1>{DOORS[door].format(url=secret.as_uri())}"))

    assert content == b"" or attachments_of(content) == []
    assert b"XYZZY" not in plain(content)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "../../manage.py",
        "asset:../../manage.py",
        "ftp://127.0.0.1/a.png",
        "//127.0.0.1/a.png",
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_only_an_asset_of_the_product_is_a_picture(url):
    with pytest.raises(InaccessiblePDF):
        render_pdf(page(f'<h1>One</h1><img src="{url}" alt="A picture">'))


def test_the_assets_are_fonts_and_files_of_the_report_alone():
    assert {name.rpartition(".")[2] for name in assets()} == {"woff2", "css", "svg", "md", "txt"}
    assert {"pdf.css", "screen.css", "cover.svg"} <= set(assets())
    assert documents._type("asset:x.bin") == "application/octet-stream"


def plain(content: bytes) -> bytes:
    """Everything inside a PDF, unpacked."""
    if not content:
        return b""
    with pikepdf.open(BytesIO(content)) as pdf:
        streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
        return b"".join(stream.read_bytes() for stream in streams)


# The checker -------------------------------------------------------------------------------------


def elements(pdf: Pdf, tag: str) -> list[Dictionary]:
    return [item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/S") == Name(f"/{tag}")]


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
        for element in elements(pdf, tag):
            element.S = Name.P


def with_a_deeper_heading(pdf: Pdf) -> None:
    elements(pdf, "H2")[0].S = Name.H4


def with_a_deeper_first_heading(pdf: Pdf) -> None:
    elements(pdf, "H1")[0].S = Name.H2


def with_a_strange_tag(pdf: Pdf) -> None:
    elements(pdf, "P")[0].S = Name.Whatever


def with_an_empty_bookmark(pdf: Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root[0].title = " "


def with_a_cell_that_names_nobody(pdf: Pdf) -> None:
    elements(pdf, "TD")[0].A.Headers = Array([pikepdf.String("nobody")])


def with_a_plain_cell(pdf: Pdf) -> None:
    del elements(pdf, "TD")[0].A.Headers


def without_header_cells(pdf: Pdf) -> None:
    for cell in elements(pdf, "TH"):
        cell.S = Name.TD


def without_id(pdf: Pdf) -> None:
    for cell in elements(pdf, "TH"):
        del cell["/ID"]


def with_a_comment(pdf: Pdf) -> None:
    links(pdf)[0].Subtype = Name.Text


def with_a_dangerous_link(pdf: Pdf) -> None:
    links(pdf)[0].A.URI = pikepdf.String("file:///etc/passwd")


def with_loose_paint(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 9 9 re f")


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
    (drop(lambda pdf: elements(pdf, "Figure")[0], "/Alt"), "a Figure has no Alt"),
    (drop(lambda pdf: elements(pdf, "Link")[0], "/K"), "a Link is empty"),
    (without_headings, "it has no heading"),
    (with_a_deeper_first_heading, "the first heading is H2"),
    (with_a_deeper_heading, "the headings jump from H1 to H4"),
    (without_id, "a TH has neither Scope nor ID"),
    (with_a_cell_that_names_nobody, "a TD names a header cell that is not there"),
    (with_a_plain_cell, "a TD has no header cell"),
    (without_header_cells, "a Table has no TH"),
    (drop(lambda pdf: pdf.pages[0].obj, "/Tabs"), "page 1: the tab order is not that of the structure"),
    (drop(lambda pdf: links(pdf)[0], "/StructParent"), "page 1: a link is not in the structure tree"),
    (drop(lambda pdf: links(pdf)[0], "/Contents"), "page 1: a link has no Contents"),
    (with_a_comment, "page 1: an annotation is a /Text"),
    (with_a_dangerous_link, "page 1: a link leads to file:///etc/passwd"),
    (with_loose_paint, "page 1: 1 things are painted outside marked content"),
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
