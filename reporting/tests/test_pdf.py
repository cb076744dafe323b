"""The PDF is tagged, and nothing outside the product can get into it."""

import hashlib
import os
import re
import socket
import subprocess
import sys
from io import BytesIO

import pikepdf
import pytest

from conftest import ROOT
from core import pdf as documents
from core.pdf import InaccessiblePDF, PDFUnavailable, assets, render_pdf
from reporting.tests.pdf_checks import attachments_of, elements_of, problems_of, top_bookmarks
from reporting.tests.small_pages import BODY, DRAWING, page, small_pdf

# The demo's report -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["pdf", "large_print"])
def test_the_report_of_the_demo_has_no_accessibility_problem(demo_rendered, form):
    assert problems_of(getattr(demo_rendered, form).content, bookmarks=13) == []


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
        "Questions to the Board, and documents reviewed",
        "How we judge ourselves",
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
        said = [str(item.Alt) for item in elements_of(pdf, "Figure")]

    assert len(said) == 5
    assert said[3].endswith("January 2024: 1; February 2024: 0; March 2024: 0; Longer than a month: 27.")
    assert "9. Redesign services together: 0 with proof and 9 only claimed" in said[4]
    assert said[1] == (
        "Activities by place. East and North Hertfordshire: 1; South and West Hertfordshire: 1; West Essex: 0; "
        "Whole area: 25; Neighbourhood, not named: 1."
    )


ANOTHER_PROCESS = """
import hashlib, sys
import django
django.setup()
from reporting.documents.frozen import thaw
from reporting.documents.pages import page
from reporting.documents.shapes import SHAPES
from core.pdf import render_pdf
shape, shared = SHAPES["annual"], {"fingerprint": sys.argv[1], "is_draft": False}
known = thaw(shape.facts, sys.stdin.read())
paper = render_pdf(page(shape, known, medium="paper", **shared)).content
for content in (page(shape, known, medium="screen", **shared).encode(), paper):
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


def test_each_header_cell_says_whether_it_heads_a_row_or_a_column():
    table = (
        '<table><thead><tr><th scope="col">Place</th><th scope="col">Talks</th></tr></thead>'
        '<tbody><tr><th scope="row">Harlow</th><td>3</td></tr></tbody></table>'
    )
    with pikepdf.open(BytesIO(render_pdf(page(f"<h1>One</h1>{table}")).content)) as pdf:
        scopes = [str(cell.A.Scope) for cell in elements_of(pdf, "TH")]

    assert scopes == ["/Column", "/Column", "/Row"]


def test_the_number_of_a_page_is_not_read_out():
    with pikepdf.open(BytesIO(render_pdf(page("<h1>One</h1>")).content)) as pdf:
        marks = [
            " ".join(map(str, operands))
            for operands, operator in pikepdf.parse_content_stream(pdf.pages[0])
            if str(operator) == "BDC"
        ]

    assert sum("/MCID" in mark for mark in marks) == 1
    assert sum("/Artifact" in mark and "/Pagination" in mark for mark in marks) == 1


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
