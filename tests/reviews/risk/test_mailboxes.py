from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reviews.risk.mailboxes import (
    AddressSigns,
    address_signs,
    is_free,
    is_own_domain,
    mailbox_of,
    resembles,
)


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ana.Lopez+reviews@Gmail.com", "analopez@gmail.com"),
        ("a.n.a.lopez@googlemail.com", "analopez@gmail.com"),
        ("ana.lopez+1@work.example", "ana.lopez@work.example"),
        ("ana@pm.me", "ana@proton.me"),
        (" ana@work.example ", "ana@work.example"),
    ],
)
def test_tags_and_dots_lead_to_one_mailbox(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ana.lopez@gmail.com", "analopez+2@gmail.com", True),
        ("ana.lopez88@outlook.com", "ana-lopez@work.example", True),
        ("ana.lopez@gmail.com", "ana.gomez@gmail.com", False),
        ("contact@one.example", "contact@two.example", False),
        ("12345678@qq.com", "87654321@qq.com", False),
    ],
)
def test_addresses_that_look_like_one_person_s(one: str, other: str, expected: bool) -> None:
    assert resembles(one, other) is resembles(other, one) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("bo@papers.example", True),
        ("bo@mail.papers.example", True),
        ("bo@firm.example", True),
        ("bo@otherpapers.example", False),
        ("bo@gmail.com", False),
    ],
)
def test_the_provider_s_own_domains_are_those_of_its_website_and_its_members(
    address: str, expected: bool
) -> None:
    members = ["boss@firm.example", "boss@gmail.com"]
    assert is_own_domain(address, "www.papers.example", members) is expected


def test_a_list_tells_what_stands_out_in_it() -> None:
    found = address_signs(
        ["boss+1@gmail.com", "bo@papers.example", "cy.dee@gmail.com", "cydee+x@gmail.com", "di@home.example"],
        host="papers.example",
        members=["b.oss@gmail.com"],
    )
    assert found == AddressSigns(near_members=1, own_domain=1, same_mailbox=1, free_mail=3)


@given(st.emails())
def test_an_address_is_always_like_itself(address: str) -> None:
    assert mailbox_of(mailbox_of(address)) == mailbox_of(address)
    assert resembles(address, address.upper())
    assert not (is_free(address) and is_own_domain(address, "papers.example", [address]))
