"""The gate for uploaded files."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile, PngImagePlugin

from core import files

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ORIENTATION, DESCRIPTION, GPS = 0x0112, 0x010E, 0x8825
SECRET = "taken by Ada at 52.1N"


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(mode: str = "RGB", size: tuple[int, int] = (40, 20), colour=None) -> Image.Image:
    return Image.new(mode, size, colour)


def saved(image: Image.Image, kind: str, **options) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def kept(content: bytes, name: str) -> Image.Image:
    """The picture as it is stored."""
    return Image.open(BytesIO(files.checked(upload(content, name)).read()))


def refused(content: bytes, name: str, **options) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        files.checked(upload(content, name), **options)
    return caught.value


def office(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[ORIENTATION] = orientation
    data[DESCRIPTION] = SECRET
    data.get_ifd(GPS)[1] = "N"
    data.get_ifd(GPS)[2] = (52.0, 6.0, 0.0)
    return data


# Pictures ----------------------------------------------------------------------------------------


def test_a_photograph_is_kept_the_right_way_up_and_without_where_it_was_taken():
    image = picture()
    image.paste((255, 0, 0), (0, 0, 20, 20))  # the left half is red
    content = saved(image, "JPEG", exif=exif(6), comment=SECRET.encode(), icc_profile=b"profile of a camera" * 10)
    assert SECRET.encode() in content
    with kept(content, "receipt.jpg") as stored:
        assert stored.size == (20, 40)  # turned
        assert stored.getpixel((10, 5))[0] > 200  # what was left is now above
        assert stored.getpixel((10, 35))[0] < 50
        assert dict(stored.getexif()) == {}
        assert set(stored.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    stored_bytes = files.checked(upload(content, "receipt.jpg")).read()
    for secret in (SECRET.encode(), b"Exif", b"profile of a camera", b"GPS"):
        assert secret not in stored_bytes


def test_a_second_picture_in_the_file_is_gone():
    content = saved(picture(), "MPO", save_all=True, append_images=[picture(colour=(9, 9, 9))], exif=exif())
    with kept(content, "receipt.jpg") as stored:
        assert (stored.format, getattr(stored, "n_frames", 1)) == ("JPEG", 1)


def test_words_in_a_png_are_gone():
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", SECRET)
    words.add_itxt("XML:com.adobe.xmp", SECRET, zip=True)
    content = saved(picture(), "PNG", pnginfo=words, exif=exif(), icc_profile=b"profile" * 10, dpi=(300, 300))
    with kept(content, "receipt.png") as stored:
        stored.load()
        assert stored.info == {}


def test_a_webp_is_kept_without_what_it_says_of_itself():
    content = saved(picture(), "WEBP", exif=exif(), xmp=SECRET.encode(), icc_profile=b"profile" * 10)
    assert SECRET.encode() in content
    with kept(content, "receipt.webp") as stored:
        assert stored.format == "WEBP"
        assert not {"exif", "xmp", "icc_profile"} & set(stored.info)


def test_a_palette_keeps_its_transparency():
    image = picture("P", colour=1)
    image.putpalette([0, 0, 0, 200, 10, 10])
    with kept(saved(image, "PNG", transparency=1), "logo.png") as stored:
        assert stored.convert("RGBA").getpixel((3, 3)) == (200, 10, 10, 0)


def test_a_picture_with_clear_parts_keeps_them():
    with kept(saved(picture("RGBA", colour=(10, 20, 30, 40)), "PNG"), "logo.png") as stored:
        assert stored.getpixel((3, 3)) == (10, 20, 30, 40)


def test_a_picture_for_printing_can_be_looked_at():
    with kept(saved(picture("CMYK", colour=(0, 255, 255, 0)), "JPEG"), "scan.jpeg") as stored:
        assert stored.mode == "RGB"
        red, green, blue = stored.getpixel((3, 3))
        assert red > 200
        assert max(green, blue) < 60


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "L"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "LA"), ("WEBP", "RGBA")]
)
def test_a_picture_of_one_pixel_in_any_mode_is_kept(kind, mode):
    with kept(saved(picture(mode, (1, 1)), kind), f"dot.{kind}") as stored:
        assert stored.size == (1, 1)


def test_a_very_large_picture_is_made_smaller():
    with kept(saved(picture("L", (8200, 100)), "JPEG"), "long.jpg") as stored:
        assert stored.size[0] == files.MOST_SIDE


def png_header(width: int, height: int) -> bytes:
    """The first bytes of a PNG of this size, with nothing behind them."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    chunks = b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (header, data)
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("side", [7100, 9600, 60_000, 2_000_000_000])
def test_a_picture_that_would_unpack_to_too_much_is_refused_unopened(side):
    error = refused(png_header(side, side), "bomb.png")  # unpacked, it would be called broken: it breaks off
    assert error.messages == ["The picture has too many pixels. Take it again in a smaller size"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_breaks_off_is_refused(kind, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    noise = Image.frombytes("L", (64, 64), bytes((i * i * 7) % 251 for i in range(64 * 64)))
    content = saved(noise.convert("RGB"), kind)
    error = refused(content[: len(content) // 2], f"half.{kind}")
    assert error.messages == ["The picture cannot be read. Take it again, or choose another"]


def test_words_in_a_png_that_unpack_to_too_much_are_refused():
    words = PngImagePlugin.PngInfo()
    for number in range(70):
        words.add_text(f"k{number}", "a" * 1_000_000, zip=True)
    assert refused(saved(picture(), "PNG", pnginfo=words), "words.png").code == "kind"


@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "IMG_0001.heif", "IMG_0001.jpg"])
def test_the_pictures_of_iphones_are_refused_with_a_way_out(name):
    error = refused(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100, name)
    assert "HEIC" in error.messages[0]
    assert "Save it as JPG" in error.messages[0]


# What a file really is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\0" + b"\0" * 300, "receipt.pdf"),
        (PDF, "receipt.jpg"),
        (saved(picture(), "PNG"), "receipt.jpg"),
        (saved(picture(), "JPEG"), "receipt.pdf"),
        (office("hello.txt"), "paper.docx"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "paper.docx"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "paper.docx"),
        (b"PK\x03\x04 and then nothing of the kind", "paper.docx"),
        (b"PK\x03\x04" + b"PK\x01\x02" * 6000, "paper.docx"),
        (b"<!doctype html><script>alert(1)</script>", "paper.txt"),
        (b"\xef\xbb\xbf  <svg onload='alert(1)'/>", "paper.txt"),
        (b"a\0b", "paper.txt"),
        ("café".encode("latin-1"), "paper.txt"),
        (b"nothing at all", "paper.pdf"),
    ],
)
def test_a_file_that_is_not_what_it_is_called_is_refused(content, name):
    error = refused(content, name)
    assert error.code == "kind"
    assert "something else is in it. Save it again as" in error.messages[0]


@pytest.mark.parametrize(
    "name", ["page.html", "drawing.svg", "macro.docm", "run.exe", "archive.zip", "noending", "", ".pdf", "a.pdf.exe"]
)
def test_kinds_that_are_not_on_the_list_are_refused(name):
    file = SimpleUploadedFile("x", PDF)
    file._name = name  # as it might come from a client that is no browser
    with pytest.raises(ValidationError) as caught:
        files.checked(file, allowed=files.RECEIPTS)
    assert caught.value.messages == ["Choose a file of one of these kinds: PDF, JPG, PNG, WEBP"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "paper.PDF"),
        (office("[Content_Types].xml", "docProps/app.xml", "a", "b", "c", "word/document.xml"), "paper.docx"),
        (office("[Content_Types].xml", "ppt/presentation.xml"), "slides.pptx"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "table.xlsx"),
        (rb"{\rtf1 hello}", "paper.rtf"),
        ("قطعة من النص 🙂".encode(), "paper.txt"),
        (b",A BRAILLE PAGE", "paper.brf"),
        (b"ID3\x03\0\0\0\0\0\0" + b"\0" * 300, "paper.mp3"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 100, "paper.mp4"),
    ],
)
def test_papers_are_kept_as_they_are(content, name):
    stored = files.checked(upload(content, name))
    assert stored.read() == content
    assert stored.name.endswith(name[-4:].lower())


def test_an_open_document_is_known_by_its_first_part():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert files.checked(upload(out.getvalue(), "paper.odt")).name.endswith(".odt")
    assert refused(office("mimetype"), "paper.odt").code == "kind"


# Size and name -----------------------------------------------------------------------------------


class Claiming(SimpleUploadedFile):
    """An upload whose reading would be an error: its size alone has to refuse it."""

    def read(self, *arguments):
        raise AssertionError("read")


def test_a_file_that_is_too_large_is_refused_unread():
    file = Claiming("film.mp4", b"")
    file.size = 80 * files.MEGABYTE
    with pytest.raises(ValidationError) as caught:
        files.checked(file)
    assert caught.value.messages == ["The file is too large. Choose one of at most 10 MB"]


def test_a_file_that_is_larger_than_it_says_is_refused():
    file = upload(PDF + b"\0" * files.MEGABYTE, "paper.pdf")
    file.size = 10
    with pytest.raises(ValidationError) as caught:
        files.checked(file, most_bytes=files.MEGABYTE)
    assert caught.value.code == "too_large"


def test_an_empty_file_is_refused():
    assert refused(b"", "receipt.pdf").messages == ["The file is empty. Choose another"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", r"C:\receipts\..\a.pdf", "x" * 300 + ".pdf", "إيصال.pdf", "a b'\"<c>.pdf"]
)
def test_the_name_that_somebody_gave_is_not_kept(name):
    stored = files.checked(upload(PDF, name))
    ending = stored.name[24:]
    assert ending == ".pdf"
    assert stored.name[:24].isalnum()
    assert stored.name != files.checked(upload(PDF, name)).name
