"""One spelling of an email address, wherever two are compared."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.accounts.services import find_user
from marketplace.core.extensions import db
from marketplace.reviews.invitations.addresses import address_hash, read_addresses
from marketplace.reviews.risk.mailboxes import is_own_domain, mailbox_of
from marketplace.text.clean import domain_of, normal_address
from tests.factories import make_user

SPELLINGS = (
    "ana@bücher.example",
    " Ana@BÜCHER.example\u00a0",
    "ana@bu\u0308cher.example",
    "ANA@xn--bcher-kva.example",
    "ana@XN--BCHER-KVA.EXAMPLE\n",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_is_one_however_it_is_spelled(spelling: str) -> None:
    assert normal_address(spelling) == "ana@xn--bcher-kva.example"
    assert domain_of(spelling) == "xn--bcher-kva.example"
    assert mailbox_of(spelling) == mailbox_of(SPELLINGS[0])
    assert address_hash(spelling, "secret") == address_hash(SPELLINGS[0], "secret")
    assert is_own_domain(spelling, "bücher.example", [])


def test_a_list_of_clients_counts_spellings_of_one_address_once() -> None:
    reading = read_addresses("\n".join(SPELLINGS))
    assert (list(reading.addresses), reading.repeated) == (["ana@xn--bcher-kva.example"], 4)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_account_is_found_by_any_spelling_of_its_address(app: Flask, spelling: str) -> None:
    user = make_user(email=spelling)
    db.session.commit()
    assert user.email == "ana@xn--bcher-kva.example"
    found = [find_user(other) for other in SPELLINGS]
    assert found == [user] * len(SPELLINGS)


@pytest.mark.parametrize("text", ["", "@", "Ana", "é@", "a@é..example", "a@b@é"])
def test_what_is_no_address_is_no_fault(text: str) -> None:
    assert normal_address(text) == text.lower()


@given(st.emails())
def test_a_normal_address_stays_as_it_is(address: str) -> None:
    assert normal_address(normal_address(address)) == normal_address(address)
