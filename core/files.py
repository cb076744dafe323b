"""The gate for uploaded files: what a file really is, how large it may be, and nothing hidden in a picture."""

from io import BytesIO
from pathlib import PurePath

import filetype
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_PIXELS = 50_000_000
PICTURES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
DOCUMENTS = ("pdf", "docx", "pptx", "xlsx", "odt", "rtf", "epub")
SOUND_AND_FILM = ("mp3", "m4a", "mp4")
RECEIPTS = ("pdf", *PICTURES)
PAPERS = (*DOCUMENTS, *PICTURES, *SOUND_AND_FILM, "txt", "brf")
PLAIN = ("txt", "brf")  # braille-ready text has no mark of its own either


def checked(upload: UploadedFile, *, allowed: tuple[str, ...] = PAPERS, most_bytes: int = MOST_BYTES) -> ContentFile:
    """The file as it may be kept, under a name that nobody can guess. Raises ValidationError that says what to do.

    The ending has to be allowed and the content has to be what the ending says. A picture is drawn again, so that
    where and by whom it was taken is gone.
    """
    if upload.size > most_bytes:
        size = most_bytes // MEGABYTE
        raise ValidationError(_("The file must be smaller than %(size)s MB") % {"size": size}, code="too_large")
    ending = PurePath(upload.name).suffix.lower().lstrip(".").replace("jpeg", "jpg")
    content = upload.read(most_bytes + 1)
    if not content:
        raise ValidationError(_("The file is empty. Choose another"), code="empty")
    if ending not in allowed or not _is_really(ending, content):
        names = ", ".join(allowed).upper()
        raise ValidationError(_("The file must be one of these: %(names)s") % {"names": names}, code="kind")
    if ending in PICTURES:
        content = _without_metadata(content, PICTURES[ending])
    return ContentFile(content, name=f"{get_random_string(24).lower()}.{ending}")


def _is_really(ending: str, content: bytes) -> bool:
    if ending in PLAIN:
        return b"\0" not in content and _decodes(content)
    if ending == "odt":
        return content.startswith(b"PK") and b"application/vnd.oasis.opendocument.text" in content[:200]
    guess = filetype.guess(content)
    return guess is not None and guess.extension.replace("jpeg", "jpg") == ending


def _decodes(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_metadata(content: bytes, kind: str) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(
                    _("The picture has too many pixels. Take it again in a smaller size"), code="kind"
                )
            upright = ImageOps.exif_transpose(picture)
            clean = Image.new(upright.mode, upright.size)
            clean.paste(upright)
            if upright.mode == "P":
                clean.putpalette(upright.getpalette())
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise ValidationError(_("The picture cannot be read. Take it again, or choose another"), code="kind") from None
    out = BytesIO()
    clean.save(out, kind)
    return out.getvalue()
