"""ZIP files, office files among them, in which nothing says when they were made: the same facts give the same bytes."""

import io
import re
import zipfile

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest day that a ZIP file can name
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(?=</)")
PROPERTIES = "docProps/core.xml"


def packed(files: dict[str, bytes]) -> bytes:
    """A ZIP file of these files, in this order."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, inside in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, inside, zipfile.ZIP_DEFLATED, 9)
    return content.getvalue()


def repacked(office: bytes) -> bytes:
    """A workbook or a Word document without the times that its maker wrote into it."""
    with zipfile.ZipFile(io.BytesIO(office)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    if PROPERTIES in files:
        files[PROPERTIES] = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", files[PROPERTIES])
    return packed(files)
