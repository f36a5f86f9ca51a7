from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.public.about.views_decisions import pem
from marketplace.reviews.receipts.models import Receipt, SigningKey
from marketplace.reviews.receipts.services import file_of
from tests.clients import Client
from tests.factories import NOON, make_user
from tests.moderation.deciding import decide_now
from tests.moderation.waiting import waiting_review
from tests.pages import Page

VERIFY = "/about/receipts/verify/"


@pytest.fixture
def file(app: Flask) -> bytes:
    before = NOON - timedelta(minutes=1)
    text = "They were <b>quick</b>, and the señora was kind to all of us."
    review = waiting_review(text=text, submitted_at=before)
    decide_now("review", review.id, actor=make_user("moderator"), action="publish", version=1, now=before)
    db.session.commit()
    return file_of(db.session.scalars(select(Receipt)).one())


def sent(client: Client, address: str = VERIFY, **form: object) -> tuple[int, Page]:
    response = client.post(address, data=form, content_type="multipart/form-data")
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    return response.status_code, Page(response.get_data(as_text=True))


def test_the_page_shows_each_key_as_programs_read_it(client: Client, file: bytes) -> None:
    page = client.page("/about/receipts/")
    (key,) = db.session.scalars(select(SigningKey)).all()
    text = pem(key.public_key)
    assert text.splitlines()[1] in page.text
    public = load_pem_public_key(text.encode())
    assert public.public_bytes_raw().hex() == key.public_key  # type: ignore[union-attr]
    assert client.get("/about/receipts/keys.json").get_json()["keys"][0]["public_key"] == key.public_key


def test_a_receipt_is_verified_by_its_text_or_its_file(client: Client, file: bytes) -> None:
    status, page = sent(client, receipt=file.decode())
    assert status == 200
    assert "This receipt is valid" in page.text
    assert "They were <b>quick</b>" in page.text
    status, page = sent(client, "/es" + VERIFY, file=(BytesIO(file + b"\n"), "receipt.json"))
    assert status == 200
    assert "Este recibo es válido." in page.text


def test_a_changed_byte_fails(client: Client, file: bytes) -> None:
    status, page = sent(client, receipt=file.decode().replace("quick", "slow!"))
    assert status == 422
    assert "changed after we signed it" in page.text


@pytest.mark.parametrize(
    ("text", "file", "words"),
    [
        ("", b"", "Paste a receipt"),
        ("hello", b"", ("This is not one of our receipts")),
        ("", b"\xff" * 70_000, ("This is not one of our receipts")),
        ("[" * 60_000, b"", ("This is not one of our receipts")),
    ],
)
def test_anything_but_a_receipt_is_refused(client: Client, text: str, file: bytes, words: str) -> None:
    # Made for each run: a test client closes what it has sent.
    upload = {"file": (BytesIO(file), "receipt.json")} if file else {}
    status, page = sent(client, **({"receipt": text} if text else {}), **upload)
    assert status == 422
    assert words in page.text


def test_the_page_of_the_form_may_be_opened(client: Client) -> None:
    assert "No receipt has been signed yet" in client.page(VERIFY).text
