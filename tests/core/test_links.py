from __future__ import annotations

import pytest
from itsdangerous import URLSafeSerializer

from marketplace.core.links import LONGEST_TOKEN, new_nonce, read_link, sign_link

SECRET = "a secret of twenty-four letters"
PURPOSE = "marketplace.invitation"


def sign(row_id: int, nonce: str, purpose: str = PURPOSE, secret: str = SECRET) -> str:
    return sign_link(row_id, nonce, purpose=purpose, secret=secret)


def read(token: str, purpose: str = PURPOSE, secret: str = SECRET) -> tuple[int, str] | None:
    return read_link(token, purpose=purpose, secret=secret)


def test_a_link_names_its_row() -> None:
    nonce = new_nonce()
    token = sign(17, nonce)
    assert read(token) == (17, nonce)
    assert len(token) < LONGEST_TOKEN


def test_links_in_mails_already_sent_still_work() -> None:
    token = "WzE3LCJhLW5vbmNlIl0.dfZeNtJ2TXD6HlUZvcc9LvoZM4q3kGfSnIQUdYlr-7E"
    assert (read(token), sign(17, "a-nonce")) == ((17, "a-nonce"), token)


def test_no_letter_of_a_link_can_be_changed() -> None:
    token = sign(17, new_nonce())
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        assert read(token[:place] + other + token[place + 1 :]) is None
    assert read(token + "A") is None
    assert read("W" + token) is None
    assert read(token[:-1]) is None


@pytest.mark.parametrize(
    "text",
    ["", ".", "x", "a" * (LONGEST_TOKEN + 1), "a" * 5000, "1.2.3", "é.ñ", "\0", "[17]", "WzEsIm4iXQ.x"],
)
def test_text_that_is_no_link_is_rejected(text: str) -> None:
    assert read(text) is None


def test_a_link_works_only_for_its_purpose_and_secret() -> None:
    assert read(str(URLSafeSerializer(SECRET, salt=PURPOSE).dumps([17, "x"]))) is None
    assert read(sign(17, "x", secret="another secret")) is None
    assert read(sign(17, "x", purpose="marketplace.report")) is None


def test_no_two_nonces_are_the_same() -> None:
    assert len({new_nonce() for _ in range(100)}) == 100
