"""Pure: whether a PDF holds nothing but pages. A scan of its bytes, no parser: where in doubt it is refused.

Names are compared after their hex escapes (`/J#53`) are resolved. Objects may stand packed in object streams: those are
unpacked up to a bound and scanned alike, and one that cannot be unpacked refuses the file.
"""

from __future__ import annotations

import re
import zlib

from marketplace.core.errors import Invalid

PACKED_LIMIT = 20 * 1024 * 1024
# What acts, carries other files or reaches elsewhere (ISO 32000-2, 7.11 and 12.6). Names are case-sensitive.
ACTIVE = (
    *(b"JavaScript", b"JS", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"Rendition"),
    *(b"SubmitForm", b"ImportData", b"GoToE", b"GoToR", b"XFA"),
)

_END_OF_NAME = rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|\Z)"
_ACTIVE = re.compile(rb"/(?:" + b"|".join(ACTIVE) + rb")" + _END_OF_NAME)
# On opening a file may only turn to a page of its own: a destination is an array.
_OPENS_WITH_ACTION = re.compile(rb"/OpenAction" + _END_OF_NAME + rb"(?![\x00\t\n\f\r ]*\[)")
_LOCKED = re.compile(rb"/Encrypt" + _END_OF_NAME)
_PACKED = re.compile(rb"/ObjStm" + _END_OF_NAME)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")


def check_pdf(data: bytes) -> None:
    """Raise `Invalid` where a PDF is cut off (`pdf_broken`), encrypted (`pdf_locked`) or more than pages (`pdf_active`)."""
    if not data.startswith(b"%PDF-") or not data.rstrip(b"\0\t\n\f\r ").endswith(b"%%EOF"):
        raise Invalid("pdf_broken", "files")
    plain = _resolved(data)
    if _LOCKED.search(plain):
        raise Invalid("pdf_locked", "files")
    for text in (
        plain,
        *(_resolved(packed) for packed in _packed_objects(data, len(_PACKED.findall(plain)))),
    ):
        if _ACTIVE.search(text) or _OPENS_WITH_ACTION.search(text):
            raise Invalid("pdf_active", "files")


def _resolved(data: bytes) -> bytes:
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), data)


def _packed_objects(data: bytes, count: int) -> list[bytes]:
    """The object streams, unpacked. Raises `Invalid` unless all `count` of them can be."""
    unpacked: list[bytes] = []
    left = PACKED_LIMIT
    for stream in _STREAM.finditer(data) if count else ():
        described = data[data.rfind(b"obj", 0, stream.start()) : stream.start()]
        if not _PACKED.search(_resolved(described)):
            continue
        unpacker = zlib.decompressobj()
        try:
            text = unpacker.decompress(data[stream.end() :], left)
        except zlib.error:
            break
        if not unpacker.eof:
            break
        left -= len(text)
        unpacked.append(text)
        if left <= 0:
            break
    if len(unpacked) != count:
        raise Invalid("pdf_active", "files")
    return unpacked
