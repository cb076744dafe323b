"""The gate for uploaded files: what a file really is, how large it may be, and nothing hidden in a picture."""

import zipfile
from io import BytesIO
from pathlib import PurePath

import filetype
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from core import spreadsheets

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_PIXELS = 50_000_000
MOST_SIDE = 4096  # pixels; a larger picture is made smaller, which nobody sees on a receipt
MOST_PARTS = 5000  # of a document that is a ZIP archive
PICTURES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
OFFICE = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "xlsx": "xl/workbook.xml"}
DOCUMENTS = ("pdf", *OFFICE, "odt", "rtf", "epub")
SOUND_AND_FILM = ("mp3", "m4a", "mp4")
RECEIPTS = ("pdf", *PICTURES)
PAPERS = (*DOCUMENTS, *PICTURES, *SOUND_AND_FILM, "txt", "brf")
PLAIN = ("txt", "brf")  # braille-ready text has no mark of its own either
ALIKE = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg"}
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# What a drawn picture may keep of the old one. Everything else in `info` says where, when and by whom it was made.
KEPT = ("transparency",)


def private_files() -> Storage:
    """Where files lie that are never served by address, only by a view that checks who asks."""
    return storages["default"]


def checked(upload: UploadedFile, *, allowed: tuple[str, ...] = PAPERS, most_bytes: int = MOST_BYTES) -> ContentFile:
    """The file as it may be kept, under a name that nobody can guess. Raises ValidationError that says what to do.

    The ending has to be allowed and the content has to be what the ending says. A picture is drawn again, so that
    where and by whom it was taken is gone. Codes of errors: too_large, empty, kind.
    """
    if upload.size > most_bytes:
        raise _too_large(most_bytes)
    ending = _ending(upload.name or "")
    content = upload.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise _too_large(most_bytes)
    if not content:
        raise ValidationError(_("The file is empty. Choose another"), code="empty")
    if ending in {"heic", "heif"} or _is_heic(content):
        raise ValidationError(
            _("This is a HEIC picture, which we cannot read. Save it as JPG, or take a screenshot of it"), code="kind"
        )
    if ending not in allowed:
        names = ", ".join(allowed).upper()
        raise ValidationError(_("Choose a file of one of these kinds: %(names)s") % {"names": names}, code="kind")
    if not _is_really(ending, content):
        raise ValidationError(
            _("The name of the file ends in “%(ending)s”, but something else is in it. Save it again as %(kind)s")
            % {"ending": ending, "kind": ending.upper()},
            code="kind",
        )
    if ending in PICTURES:
        content = _drawn_again(content, PICTURES[ending])
    return ContentFile(content, name=f"{get_random_string(24).lower()}.{ending}")


def content_of_sheet(upload: UploadedFile) -> bytes:
    """An uploaded spreadsheet that passed the gate for spreadsheets. Raises ValidationError that says what to do."""
    if upload.size > spreadsheets.MOST_BYTES:
        raise ValidationError(_("The file is larger than 5 MB. Split it into several files"))
    content = upload.read()
    try:
        spreadsheets.gate(content, upload.name)
    except spreadsheets.SpreadsheetError as error:
        raise ValidationError(str(error)) from error
    return content


def _too_large(most_bytes: int) -> ValidationError:
    words = {"size": most_bytes // MEGABYTE}
    return ValidationError(_("The file is too large. Choose one of at most %(size)s MB") % words, code="too_large")


def _ending(name: str) -> str:
    """What the name ends in, in lower case, without the dot; different spellings of one kind are the same."""
    ending = PurePath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    return ALIKE.get(ending, ending)


def _is_heic(content: bytes) -> bool:
    """Whether it is the picture format of iPhones, whatever it is called."""
    return content[4:8] == b"ftyp" and content[8:12] in HEIC


def _is_really(ending: str, content: bytes) -> bool:
    if ending in PLAIN:
        return _is_plain(content)
    if ending in OFFICE:
        return _is_office(content, OFFICE[ending])
    if ending == "odt":
        return content.startswith(b"PK") and b"application/vnd.oasis.opendocument.text" in content[:200]
    guess = filetype.guess(content)
    return guess is not None and ALIKE.get(guess.extension, guess.extension) == ending


def _is_plain(content: bytes) -> bool:
    """Whether it is text in UTF-8, and not a page or a drawing that a browser would run."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return "\0" not in text and not text.lstrip().startswith("<")


def _is_office(content: bytes, main_part: str) -> bool:
    """Whether it is an Office document with this part, and without macros. Only its table of contents is read."""
    if not content.startswith(b"PK\x03\x04") or content.count(b"PK\x01\x02") > MOST_PARTS:
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return {"[Content_Types].xml", main_part} <= names and not has_macros


def _drawn_again(content: bytes, kind: str) -> bytes:
    """The picture the right way up and nothing else: no EXIF, place, comments, profiles or further frames.

    The size is read from the header before anything is unpacked. Raises ValidationError.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on for the whole process when it is loaded
    too_many = ValidationError(_("The picture has too many pixels. Take it again in a smaller size"), code="kind")
    try:
        with Image.open(BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise too_many
            picture.thumbnail((MOST_SIDE, MOST_SIDE), reducing_gap=1.0)  # does nothing to a smaller one
            upright = ImageOps.exif_transpose(picture)
        upright.info = {name: upright.info[name] for name in KEPT if name in upright.info}
        if upright.mode == "CMYK":
            upright = upright.convert("RGB")
        out = BytesIO()
        upright.save(out, kind, quality=85)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many from None
    except ValidationError:
        raise
    except Exception:  # a broken picture makes Pillow raise whatever its decoder ran into
        raise ValidationError(_("The picture cannot be read. Take it again, or choose another"), code="kind") from None
    return out.getvalue()
