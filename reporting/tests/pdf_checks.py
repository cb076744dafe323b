"""What a screen reader needs of a PDF, after PDF/UA-1 and the Matterhorn protocol, as far as a machine can tell.

WeasyPrint stamps `pdfuaid:part` on files that are not accessible, so the stamp alone proves nothing.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

# fmt: off
STANDARD_TAGS = frozenset([
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private",
    "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead",
    "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT",
    "RP", "Warichu", "WT", "WP", "Figure", "Formula", "Form",
])
# fmt: on
HEADINGS = {f"H{level}": level for level in range(1, 7)}
PAINTING = frozenset(["Tj", "TJ", "'", '"', "Do", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "INLINE IMAGE"])


def problems_of(content: bytes, *, language: str = "en-GB", bookmarks: int = 0) -> list[str]:
    """Every fault found, as sentences; none for a file that passes. `bookmarks`: how many at least at the top level."""
    with pikepdf.open(BytesIO(content)) as pdf:
        found = [*_document(pdf, language), *_bookmarks(pdf, bookmarks), *_structure(pdf)]
        owners = _owners(pdf)
        for number, page in enumerate(pdf.pages, start=1):
            parts = (*_annotations(page, owners), *_painting(page, owners), *_fonts(page))
            found += [f"page {number}: {problem}" for problem in parts]
        return found


def attachments_of(content: bytes) -> list[str]:
    """The names of the files inside a PDF, however they are hung in."""
    with pikepdf.open(BytesIO(content)) as pdf:
        found = [*pdf.attachments]
        found += ["/AF"] if "/AF" in pdf.Root else []
        for page in pdf.pages:
            found += [
                "/FileAttachment" for note in page.get("/Annots", []) if note.get("/Subtype") == Name.FileAttachment
            ]
        found += [
            "/EmbeddedFile"
            for item in pdf.objects
            if isinstance(item, Stream) and item.get("/Type") == Name.EmbeddedFile
        ]
        return found


def elements_of(pdf: Pdf, tag: str) -> list[Dictionary]:
    """The structure elements of one tag, in the order of the file."""
    return [item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/S") == Name(f"/{tag}")]


def top_bookmarks(content: bytes) -> list[str]:
    with pikepdf.open(BytesIO(content)) as pdf, pdf.open_outline() as outline:
        return [item.title for item in outline.root]


def _document(pdf: Pdf, language: str) -> Iterator[str]:
    root = pdf.Root
    if pdf.pdf_version != "1.7":
        yield f"the version is {pdf.pdf_version}, not 1.7"
    if root.get("/MarkInfo", Dictionary()).get("/Marked") is not True:
        yield "it is not marked as tagged"
    if root.get("/MarkInfo", Dictionary()).get("/Suspects") is True:
        yield "its tags are marked as suspect"
    if "/StructTreeRoot" not in root:
        yield "it has no structure tree"
    if str(root.get("/Lang", "")) != language:
        yield f"the language is {root.get('/Lang', 'not set')}"
    if root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle") is not True:
        yield "the window does not show the title"
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        if not str(metadata.get("dc:title", "") or "").strip():
            yield "it has no title"
        if metadata.get("pdfuaid:part") != "1":
            yield "it does not say that it is PDF/UA-1"
    if "/Encrypt" in pdf.trailer:
        yield "it is encrypted"
    if ("/OpenAction" in root and "/JS" in root.OpenAction) or "/JavaScript" in root.get("/Names", Dictionary()):
        yield "it holds JavaScript"


def _bookmarks(pdf: Pdf, least: int) -> Iterator[str]:
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    if len(titles) < least:
        yield f"it has {len(titles)} bookmarks at the top level, not {least} or more"
    if not all(title.strip() for title in titles):
        yield "a bookmark has no words"


def _structure(pdf: Pdf) -> Iterator[str]:
    root = pdf.Root.get("/StructTreeRoot")
    elements = list(_elements(root.get("/K"))) if root is not None else []
    roles = {str(name): str(role) for name, role in (root or Dictionary()).get("/RoleMap", Dictionary()).items()}
    for tag in sorted({_tag(element) for element in elements} - STANDARD_TAGS):
        if roles.get(f"/{tag}", "")[1:] not in STANDARD_TAGS:
            yield f"the tag {tag} is not a standard one"
    for element in elements:
        if _tag(element) in {"Figure", "Formula"} and not str(element.get("/Alt", "")).strip():
            yield f"a {_tag(element)} has no Alt"
        if _tag(element) == "Link" and "/K" not in element:
            yield "a Link is empty"
        if _tag(element) == "Note" and "/ID" not in element:
            yield "a Note has no ID"
    yield from _headings([HEADINGS[_tag(element)] for element in elements if _tag(element) in HEADINGS])
    yield from _tables(elements)


def _headings(levels: list[int]) -> Iterator[str]:
    if not levels:
        yield "it has no heading"
    elif levels[0] != 1:
        yield f"the first heading is H{levels[0]}"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"the headings jump from H{before} to H{after}"


def _tables(elements: list[Dictionary]) -> Iterator[str]:
    """Each header cell says what it heads, and each other cell names header cells that are there."""
    cells = [element for element in elements if _tag(element) in {"TH", "TD"}]
    named = {bytes(cell.ID) for cell in cells if _tag(cell) == "TH" and "/ID" in cell}
    for cell in cells:
        attributes = _table_attributes(cell)
        if _tag(cell) == "TH" and "/Scope" not in attributes:
            yield "a TH has no Scope"
        if not {bytes(name) for name in attributes.get("/Headers", [])} <= named:
            yield f"a {_tag(cell)} names a header cell that is not there"
    for table in (element for element in elements if _tag(element) == "Table"):
        inside = list(_elements(table.get("/K")))
        if not any(_tag(element) == "TH" for element in inside):
            yield "a Table has no TH"
        for cell in inside:
            if _tag(cell) == "TD" and not _table_attributes(cell).get("/Headers"):
                yield "a TD has no header cell"


def _table_attributes(cell: Dictionary) -> dict:
    attributes = cell.get("/A", Array())
    return {
        name: value
        for entry in (attributes if isinstance(attributes, Array) else [attributes])
        if isinstance(entry, Dictionary) and entry.get("/O") == Name.Table
        for name, value in entry.items()
    }


def _owners(pdf: Pdf) -> dict[int, Dictionary]:
    """What the parent tree says each annotation belongs to, by its StructParent."""
    tree = pdf.Root.get("/StructTreeRoot", Dictionary()).get("/ParentTree", Dictionary())
    pairs = list(tree.get("/Nums", []))
    return {int(key): owner for key, owner in zip(pairs[::2], pairs[1::2], strict=True)}


def _annotations(page, owners: dict[int, Dictionary]) -> Iterator[str]:
    notes = page.get("/Annots", [])
    if notes and page.get("/Tabs") != Name.S:
        yield "the tab order is not that of the structure"
    for note in notes:
        if note.get("/Subtype") != Name.Link:
            yield f"an annotation is a {note.get('/Subtype')}"
            continue
        if "/StructParent" not in note:
            yield "a link is not in the structure tree"
        elif owners and _tag(owners[int(note.StructParent)]) != "Link":
            yield "a link belongs to another element than a Link"
        if not int(note.get("/F", 0)) & 4:
            yield "a link is not printed"
        if not str(note.get("/Contents", "")).strip():
            yield "a link has no Contents"
        target = str(note.get("/A", Dictionary()).get("/URI", "https:"))
        if not target.startswith(("http:", "https:", "mailto:")):
            yield f"a link leads to {target}"


def _painting(page, owners: dict[int, Dictionary]) -> Iterator[str]:
    """Everything painted is tagged or an artefact, and what is tagged can be found from the structure tree."""
    depth, unmarked, tagged = 0, 0, set()
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in {"BMC", "BDC"}:
            depth += 1
            if name == "BDC" and isinstance(operands[1], Dictionary) and "/MCID" in operands[1]:
                tagged.add(int(operands[1].MCID))
        elif name == "EMC":
            depth -= 1
        elif name in PAINTING and depth == 0:
            unmarked += 1
    if unmarked:
        yield f"{unmarked} things are painted outside marked content"
    if depth:
        yield "marked content is not closed"
    if tagged and "/StructParents" not in page:
        yield "its content cannot be found from the structure tree"
    elif owners and not all(_hangs(owners[int(page.StructParents)][number]) for number in tagged):
        yield "some content belongs to an element that hangs nowhere"


def _hangs(element: Dictionary) -> bool:
    """Whether an element is among the children of its parent, and so on up to the root."""
    while "/P" in element:
        parent = element.P
        kids = parent.K if isinstance(parent.K, Array) else [parent.K]
        if not any(isinstance(kid, Dictionary) and kid.objgen == element.objgen for kid in kids):
            return False
        element = parent
    return True


def _fonts(holder, seen: set | None = None) -> Iterator[str]:
    """Fonts of a page and of the forms painted on it."""
    seen = set() if seen is None else seen
    resources = holder.get("/Resources", Dictionary())
    for font in resources.get("/Font", Dictionary()).values():
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        descriptor = inner.get("/FontDescriptor", Dictionary())
        name = str(font.get("/BaseFont", "/?"))[1:]
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            yield f"the font {name} is not embedded"
        if "/ToUnicode" not in font:
            yield f"the font {name} cannot be read back as text"
    for form in resources.get("/XObject", Dictionary()).values():
        if form.get("/Subtype") == Name.Form and form.objgen not in seen:
            seen.add(form.objgen)
            yield from _fonts(form, seen)


def _tag(element: Dictionary) -> str:
    return str(element.S)[1:]


def _elements(kids) -> Iterator[Dictionary]:
    """Structure elements in the order of reading."""
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid.get("/K"))
