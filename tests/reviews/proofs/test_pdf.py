from __future__ import annotations

import zlib

import pytest

from marketplace.core.errors import Invalid
from marketplace.reviews.proofs.pdf import check_pdf
from tests.reviews.proving import PDF


def with_part(part: bytes) -> bytes:
    return PDF.replace(b"trailer", part + b"\ntrailer")


def packed(text: bytes, described: bytes = b"/Type /ObjStm /Filter /FlateDecode") -> bytes:
    data = zlib.compress(text)
    return b"5 0 obj\n<< " + described + b" >>\nstream\n" + data + b"\nendstream\nendobj"


def code_of(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        check_pdf(data)
    return caught.value.code


def test_pages_alone_pass() -> None:
    check_pdf(PDF)
    check_pdf(PDF + b"\r\n\0")
    check_pdf(with_part(packed(b"1 0 << /Type /Page >>")))
    check_pdf(with_part(b"<< /JSX 1 /Launcher 2 >>"))


@pytest.mark.parametrize("data", [PDF[1:], PDF[:-4], PDF + b"<script>", b"%PDF-", b"MZ" + PDF])
def test_what_is_not_whole_is_refused(data: bytes) -> None:
    assert code_of(data) == "pdf_broken"


@pytest.mark.parametrize(
    "part",
    [
        b"<< /S /JavaScript /JS (app.alert(1)) >>",
        b"<< /S/J#61vaScript >>",
        b"<< /#4a#53<6170> >>",
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /Type /EmbeddedFile >>",
        b"<< /Names << /EmbeddedFiles 7 0 R >> >>",
        b"<< /OpenAction << /S /URI /URI (https://bad.example) >> >>",
        b"<< /OpenAction 9 0 R >>",
        b"<< /S /SubmitForm >>",
        packed(b"1 0 << /S /JavaScript >>"),
        packed(b"1 0 << /S /Java#53cript >>", b"/Type /Obj#53tm"),
        packed(b"text", b"/Type /ObjStm").replace(zlib.compress(b"text"), b"not packed"),
        packed(b"0" * (21 * 1024 * 1024)),
    ],
)
def test_what_acts_or_hides_is_refused(part: bytes) -> None:
    assert code_of(with_part(part)) == "pdf_active"


def test_a_protected_pdf_is_refused_as_such() -> None:
    assert code_of(with_part(b"<< /Encrypt 4 0 R >>")) == "pdf_locked"
