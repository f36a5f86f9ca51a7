from __future__ import annotations

import pytest
from itsdangerous import URLSafeSerializer

from marketplace.reviews.invitations.tokens import (
    LONGEST_TOKEN,
    SALT,
    address_hash,
    canonical,
    new_nonce,
    read_token,
    sign_invite,
)

SECRET = "a secret of twenty-four letters"


def test_an_address_has_one_hash_however_it_is_written() -> None:
    same = {
        address_hash(text, SECRET) for text in ("Ana@Example.com", " ana@example.com ", "ana@EXAMPLE.COM")
    }
    assert len(same) == 1
    assert canonical("Ana@Bücher.example") == canonical("ana@xn--bcher-kva.example")


def test_the_hash_hides_the_address_and_hangs_on_the_secret() -> None:
    found = address_hash("ana@example.com", SECRET)
    assert len(found) == 64
    assert found != address_hash("ana@example.com", SECRET + "!")
    assert found != address_hash("anna@example.com", SECRET)


def test_a_link_names_its_invitation() -> None:
    nonce = new_nonce()
    token = sign_invite(17, nonce, SECRET)
    assert read_token(token, SECRET) == (17, nonce)
    assert len(token) < LONGEST_TOKEN


def test_no_letter_of_a_link_can_be_changed() -> None:
    token = sign_invite(17, new_nonce(), SECRET)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        assert read_token(token[:place] + other + token[place + 1 :], SECRET) is None
    assert read_token(token + "A", SECRET) is None
    assert read_token(token[:-1], SECRET) is None


@pytest.mark.parametrize("text", ["", ".", "a" * 5000, "1.2.3", "é.ñ", "\0", "[17]"])
def test_what_is_no_link_is_none(text: str) -> None:
    assert read_token(text, SECRET) is None


def test_what_was_signed_for_something_else_is_none() -> None:
    assert read_token(str(URLSafeSerializer(SECRET, salt=SALT).dumps([17, "x"])), SECRET) is None
    assert read_token(sign_invite(17, "x", "another secret"), SECRET) is None


def test_no_two_nonces_are_the_same() -> None:
    assert new_nonce() != new_nonce()
