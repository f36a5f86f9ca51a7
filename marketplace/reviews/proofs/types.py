"""Pure: what a file is by its content, and what of it is kept. Neither its name nor the browser's word counts.

A picture is drawn anew as a JPEG, so that nothing of the file itself is kept: no metadata (where it was taken), no second
file hidden in it, of an animation the first frame. A PDF is kept as it is, if it holds nothing but pages (`proof_pdf`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import puremagic
from PIL import Image, ImageFile, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from marketplace.core.errors import Invalid
from marketplace.reviews.proofs.pdf import check_pdf

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_PICTURE = 50_000_000  # pixels: what a telephone takes
LONGEST_SIDE = 4000  # pixels of what is kept: a page of A4 at 340 dpi
QUALITY = 85
HEAD = 4096

PICTURE = "image/jpeg"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A file as it is kept: `image/jpeg` or `application/pdf`."""

    media_type: str
    data: bytes


def read_proof(data: bytes) -> ProofFile:
    """Look at an uploaded file. Raises `Invalid` on `files`: `file_empty`, `file_large`, `file_type`, `picture_large`,
    `picture_broken`, and what `proof_pdf.check_pdf` raises."""
    if not data:
        raise Invalid("file_empty", "files")
    if len(data) > LARGEST_FILE:
        raise Invalid("file_large", "files")
    kind = kind_of(data)
    if kind == PDF:
        check_pdf(data)
        return ProofFile(PDF, data)
    return ProofFile(PICTURE, _drawn_anew(data, kind))


def kind_of(data: bytes) -> str:
    """What a file is, by its first bytes. Raises `Invalid` (`file_type`) for what we do not take."""
    starts = {
        PDF: data.startswith(b"%PDF-"),
        "image/jpeg": data.startswith(b"\xff\xd8\xff"),
        "image/png": data.startswith(b"\x89PNG\r\n\x1a\n"),
        "image/webp": data[:4] == b"RIFF" and data[8:12] == b"WEBP",
    }
    kind = next((kind for kind, fits in starts.items() if fits), None)
    if kind is None or kind not in _second_opinion(data[:HEAD]):
        raise Invalid("file_type", "files")
    return kind


def _second_opinion(head: bytes) -> set[str]:
    try:
        return {found.mime_type for found in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def picture_size(data: bytes, kind: str) -> tuple[int, int]:
    """Width and height as a picture's header states them; nothing is decoded. Raises `ValueError` or `struct.error`."""
    if kind == "image/png":
        width, height = struct.unpack_from(">II", data, 16)
        return width, height
    if kind == "image/webp":
        return _webp_size(data)
    with JpegImageFile(BytesIO(data)) as picture:  # reads up to the first scan
        return picture.size


def _webp_size(data: bytes) -> tuple[int, int]:
    form = data[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if form == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("no WebP")


# The plugins themselves: `Image.open` would choose one by the content, and warn of sizes that we judge ourselves.
_READERS: dict[str, Callable[[BytesIO], ImageFile.ImageFile]] = {
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/webp": WebPImageFile,
}


def _drawn_anew(data: bytes, kind: str) -> bytes:
    try:
        width, height = picture_size(data, kind)
        if not 0 < width * height <= LARGEST_PICTURE:
            raise Invalid("picture_large" if width * height else "picture_broken", "files")
        with _READERS[kind](BytesIO(data)) as picture:
            if picture.size != (width, height):
                raise Invalid("picture_broken", "files")
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
            return _as_jpeg(picture)
    except Invalid:
        raise
    except Exception:  # decoders of hostile bytes raise whatever they stumble over
        raise Invalid("picture_broken", "files") from None


def _as_jpeg(picture: Image.Image) -> bytes:
    upright: Image.Image = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if upright.mode.startswith("I"):  # 16 bits of grey
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    seen = upright.convert("RGBA")
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen.getchannel("A"))
    out = BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
