"""Files that only some may read, from a view that has checked it."""

from pathlib import PurePath

from django.db.models.fields.files import FieldFile
from django.http import FileResponse

SAFE_IN_A_BROWSER = ".pdf"


def download(file: FieldFile, title: str) -> FileResponse:
    """The file under its title. A PDF opens in the browser, everything else is saved."""
    ending = PurePath(file.name).suffix.lower()
    return FileResponse(
        file.open(),
        as_attachment=ending != SAFE_IN_A_BROWSER,
        filename=f"{title[:150]}{ending}",
        headers={"X-Content-Type-Options": "nosniff"},
    )
