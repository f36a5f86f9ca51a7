from __future__ import annotations

import struct
import tracemalloc
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image

from marketplace.core.errors import Invalid
from marketplace.reviews.proofs.types import LARGEST_FILE, PDF, PICTURE, read_proof
from tests.reviews import proving
from tests.reviews.proving import picture


def code_of(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_proof(data)
    return caught.value.code


def archive() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", b"0" * 1_000_000)
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A tiny PNG that says it is as large as this."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew(kind: str) -> None:
    kept = read_proof(picture(kind))
    assert kept.media_type == PICTURE
    with Image.open(BytesIO(kept.data)) as found:
        assert (found.format, found.size) == ("JPEG", (40, 20))


def test_a_pdf_is_kept_as_it_is() -> None:
    kept = read_proof(proving.PDF)
    assert (kept.media_type, kept.data) == (PDF, proving.PDF)


def test_where_it_was_taken_is_gone_and_up_is_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = "Camera of mine"
    exif.get_ifd(0x8825)[1] = "N"
    kept = read_proof(picture("JPEG", exif=exif, comment=b"secret words")).data
    assert b"Camera" not in kept
    assert b"secret" not in kept
    with Image.open(BytesIO(kept)) as found:
        assert not found.getexif()
        assert found.size == (20, 40)


def test_what_hangs_on_a_picture_is_gone() -> None:
    kept = read_proof(picture("JPEG") + b"<script>alert(1)</script>" + archive()).data
    assert b"<script>" not in kept
    assert b"PK\x03\x04" not in kept


def test_of_an_animation_the_first_picture_is_kept() -> None:
    out = BytesIO()
    first, second = Image.new("RGB", (9, 9), "red"), Image.new("RGB", (9, 9), "blue")
    first.save(out, "WEBP", save_all=True, append_images=[second], duration=9)
    with Image.open(BytesIO(read_proof(out.getvalue()).data)) as found:
        red, _green, blue = found.convert("RGB").split()
        assert red.tobytes()[0] > blue.tobytes()[0]


def test_a_huge_picture_in_a_small_file_is_not_decoded() -> None:
    bomb = png_of(50_000, 50_000)
    tracemalloc.start()
    assert code_of(bomb) == "picture_large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xff\xd8\xff" + b"0" * LARGEST_FILE, "file_large"),
        (b"MZ\x90\0" + b"\0" * 200, "file_type"),
        (b"\x7fELF" + b"\0" * 200, "file_type"),
        (b"#!/bin/sh\nrm -rf /\n", "file_type"),
        (b"<!doctype html><script>alert(1)</script>", "file_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file_type"),
        (b"GIF89a/*<script>*/=1;alert(1)//", "file_type"),
        (archive(), "file_type"),
        (picture("JPEG")[:-40], "picture_broken"),
        (picture("PNG")[:60], "picture_broken"),
        (png_of(0, 9), "picture_broken"),
        (png_of(900, 900), "picture_broken"),
        (picture("WEBP")[:30], "picture_broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_proof_is_refused_for_its_reason(data: bytes, code: str) -> None:
    assert code_of(data) == code
