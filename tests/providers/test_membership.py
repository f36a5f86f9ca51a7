"""Whose provider it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.listings.queries import own_listing
from marketplace.moderation.decisions.registry import find_subject
from marketplace.providers.membership import (
    acts_for,
    members_of,
    own_provider,
    providers_of,
    require_confirmed,
    require_member,
    same_owner,
    same_papers,
)
from marketplace.providers.models import Provider, ProviderEdit, ProviderMember
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user


def test_a_member_finds_own_providers_by_name(app: Flask) -> None:
    member = make_user()
    second, first = make_provider(member, name="Second"), make_provider(member, name="First")
    make_provider(make_user())
    assert providers_of(member) == [first, second]
    assert own_provider(member, first.slug) is first


def test_the_members_who_may_sign_in_are_found_oldest_first(app: Flask) -> None:
    second, first, closed = make_user(), make_user(), make_user(active=False)
    provider = make_provider(second)
    for user, hours in ((first, 2), (closed, 1)):
        joined = NOON - timedelta(hours=hours)
        db.session.add(ProviderMember(provider_id=provider.id, user_id=user.id, created_at=joined))
    db.session.flush()
    make_provider(make_user())
    assert members_of(provider.id) == [first, second]
    assert members_of(make_provider(closed).id) == []


def test_providers_with_a_common_member_have_the_same_owner(app: Flask) -> None:
    owner, partner = make_user(), make_user()
    second, first, third = (make_provider(owner, name=name) for name in ("Second", "First", "Third"))
    add_member(second, partner)
    elsewhere = make_provider(partner, name="Elsewhere")
    assert same_owner(first.id) == [second, third]
    assert same_owner(second.id) == [elsewhere, first, third]
    assert same_owner(make_provider(make_user()).id) == same_owner(make_provider().id) == []
    assert acts_for(owner.id, first.id)
    assert acts_for(partner.id, first.id), "a member of the second, which has the same owner"
    assert not acts_for(owner.id, make_provider(make_user()).id)
    assert not acts_for(make_user().id, first.id)


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({}, False),
        ({"vat_number": "B58378431"}, True),
        ({"vat_number": "B58378431", "seat": "PT"}, False),
        ({"register_number": "M-1"}, True),
        ({"contact": "ANA@example.com"}, True),
    ],
)
def test_moderators_learn_who_gives_the_same_number_or_contact(
    app: Flask, changes: dict[str, str], alike: bool
) -> None:
    papers = {"vat_number": "B58378431", "register_number": "M-1", "contact": "ana@example.com"}
    first = make_provider(name="First", **papers)
    second = make_provider(name="Second", **changes)
    assert same_papers(second) == ([first] if alike else [])
    assert same_papers(make_provider(trader="private", contact="", legal_name="")) == []
    facts = {fact.code: fact.value for fact in find_subject("provider", second.id).facts()}
    assert facts.get("same_papers") == ("First" if alike else None)
    edit = first.edit = ProviderEdit(name="First", website="", submitted_at=NOON, **papers, seat="ES")
    db.session.flush()
    assert same_papers(edit) == ([second] if alike else [])


def add_member(provider: Provider, user: User) -> None:
    db.session.add(ProviderMember(provider_id=provider.id, user_id=user.id, created_at=NOON))
    db.session.flush()


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
