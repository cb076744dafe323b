"""Every file of a finished version by the name that is typed on a command line."""

from pathlib import PurePath

from reporting.models import Build, BuildFile

OWN = {"pdf": "pdf", "html": "html", "large-print": "large_print"}
FURTHER = {
    "summary": BuildFile.Kind.SUMMARY,
    "easy-read": BuildFile.Kind.EASY_READ,
    "xlsx": BuildFile.Kind.XLSX,
    "csv": BuildFile.Kind.CSV,
    "docx": BuildFile.Kind.DOCX,
    "text": BuildFile.Kind.TEXT,
    "cover-sheet": BuildFile.Kind.COVER,
}
NAMES = (*OWN, "json", *FURTHER)


class NoSuchFormat(Exception):
    """The version has no such format: not every kind of report has every one."""


def file_of(build: Build, name: str) -> tuple[str, bytes]:
    """What belongs behind the name of the file, and its content: ("-large-print.pdf", …). `name` is one of NAMES.

    Raises NoSuchFormat.
    """
    if name == "json":
        return ".json", build.snapshot.data.encode()
    if name in OWN:
        field = getattr(build, OWN[name])
    else:
        row = build.files.filter(kind=FURTHER[name]).first()
        if row is None:
            raise NoSuchFormat(name)
        field = row.file
    with field.open() as stored:
        content = stored.read()
    ending = PurePath(field.name).suffix
    return (ending if name in ("pdf", "html", "xlsx", "docx") else f"-{name}{ending}"), content
