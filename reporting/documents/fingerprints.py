"""Whether what is stored of a version is still what was made (GOV-010). A file's name is the SHA-256 of its content."""

import hashlib
from collections.abc import Iterator
from pathlib import PurePath

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from reporting.models import Build

FILES = (("pdf", _("PDF")), ("large_print", _("large print")), ("html", _("web page")))


def content_of(file: FieldFile, fingerprint: str = "") -> bytes | None:
    """What a stored file holds; None when it is gone or is not what was made.

    `fingerprint` is what the row of the file says of it; its name says it too.
    """
    try:
        with file.open() as stored:
            content = stored.read()
    except FileNotFoundError:
        return None
    made = hashlib.sha256(content).hexdigest()
    return content if {made} == {PurePath(file.name).stem, fingerprint or made} else None


def altered(build: Build) -> Iterator[str]:
    """What of a finished version is not as it was made, in words: its facts and its files."""
    if hashlib.sha256(build.snapshot.data.encode()).hexdigest() != build.snapshot.sha256:
        yield str(_("facts"))
    for name, words in FILES:
        if content_of(getattr(build, name), fingerprint_of(build, name)) is None:
            yield str(words)
    for row in build.files.all():
        if content_of(row.file, row.sha256) is None:
            yield row.get_kind_display()


def fingerprint_of(build: Build, name: str) -> str:
    """What the row says of one of its files; "" where its name alone does."""
    return build.pdf_sha256 if name == "pdf" else ""
