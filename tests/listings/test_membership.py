"""Whose provider it is."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.errors import NotAllowed, NotFound
from marketplace.listings.membership import (
    own_listing,
    own_provider,
    providers_of,
    require_confirmed,
    require_member,
)
from tests.factories import make_listing, make_provider, make_topic, make_user


def test_a_member_finds_own_providers_by_name(app: Flask) -> None:
    member = make_user()
    second, first = make_provider(member, name="Second"), make_provider(member, name="First")
    make_provider(make_user())
    assert providers_of(member) == [first, second]
    assert own_provider(member, first.slug) is first


def test_a_stranger_finds_neither_provider_nor_listing(app: Flask) -> None:
    owner, stranger = make_user(), make_user()
    provider = make_provider(owner)
    listing = make_listing(make_topic(), provider)
    with pytest.raises(NotFound):
        own_provider(stranger, provider.slug)
    with pytest.raises(NotFound):
        own_listing(stranger, provider.slug, listing.id)
    with pytest.raises(NotFound):
        require_member(stranger, provider)


def test_a_listing_is_found_at_its_own_provider_only(app: Flask) -> None:
    owner = make_user()
    one, other = make_provider(owner), make_provider(owner)
    listing = make_listing(make_topic(), one)
    assert own_listing(owner, one.slug, listing.id) is listing
    for slug, number in (
        (other.slug, listing.id),
        (one.slug, 10**6),
        (one.slug, 10**30),
        ("nobody", listing.id),
    ):
        with pytest.raises(NotFound):
            own_listing(owner, slug, number)


def test_an_unconfirmed_or_suspended_member_changes_nothing(app: Flask) -> None:
    newcomer, member = make_user(confirmed=False), make_user()
    with pytest.raises(NotAllowed):
        require_confirmed(newcomer)
    with pytest.raises(NotAllowed):
        require_member(newcomer, make_provider(newcomer))
    with pytest.raises(NotAllowed):
        require_member(member, make_provider(member, status="suspended"))
