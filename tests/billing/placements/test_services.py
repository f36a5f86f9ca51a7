"""Claiming a slot, and whose a placement is."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.accounts.privacy.services import erase_account
from marketplace.billing.models import Placement, PlacementPrice
from marketplace.billing.placements.services import (
    any_placement,
    claim_placement,
    own_placement,
    require_admin,
)
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.listings.services import pause_listing
from marketplace.providers.models import ProviderMember
from tests.billing.shop import Shop
from tests.factories import NOON, make_listing, make_placement, make_provider, make_topic, make_user


def test_a_slot_is_taken_at_the_price_in_force(shop: Shop) -> None:
    placement = shop.claim(kind="pass")
    assert (placement.state, placement.slot_no, placement.amount, placement.currency) == (
        "pending",
        1,
        6000,
        "EUR",
    )
    assert shop.claim(shop.new_seller()).slot_no == 2


def test_strangers_and_who_may_not_buy_are_refused(shop: Shop) -> None:
    def claim_as(actor: object) -> None:
        claim_placement(actor=actor, order=shop.seller.on_topic, kind="month", now=shop.clock())  # type: ignore[arg-type]

    with pytest.raises(NotFound):
        claim_as(make_user())
    with pytest.raises(NotFound):
        claim_as(shop.admin)
    shop.seller.provider.status = "suspended"
    with pytest.raises(NotAllowed, match="provider_suspended"):
        claim_as(shop.seller.member)
    shop.seller.provider.status, shop.seller.member.confirmed_at = "active", None
    with pytest.raises(NotAllowed, match="address_unconfirmed"):
        claim_as(shop.seller.member)
    db.session.rollback()
    assert db.session.query(Placement).count() == 0


def test_only_what_is_shown_and_sold_can_be_bought(shop: Shop) -> None:
    with pytest.raises(Invalid, match="kind_unknown"):
        shop.claim(kind="week")
    pause_listing(actor=shop.seller.member, listing=shop.seller.listing)
    for country in (True, False):
        with pytest.raises(Conflict, match="not_shown"):
            shop.claim(country=country)
    db.session.rollback()
    price = db.session.get(PlacementPrice, "mexico")
    assert price is not None
    price.month_amount = None
    with pytest.raises(Conflict, match="not_sold"):
        shop.claim()
    db.session.rollback()
    shop.set_slots(0)
    with pytest.raises(Conflict, match="slots_full"):
        shop.claim()


def test_a_placement_is_its_providers_and_the_admins(shop: Shop) -> None:
    placement, rival = shop.claim(), shop.new_seller()
    slug = shop.seller.provider.slug
    assert own_placement(shop.seller.member, slug, placement.id).id == placement.id
    for actor, name, number in (
        (rival.member, slug, placement.id),
        (rival.member, rival.provider.slug, placement.id),
        (shop.seller.member, slug, placement.id + 1),
        (shop.seller.member, slug, 2**40),
        (shop.seller.member, "none", placement.id),
    ):
        with pytest.raises(NotFound):
            own_placement(actor, name, number)
    assert any_placement(shop.admin, placement.id).id == placement.id
    with pytest.raises(NotFound):
        any_placement(shop.admin, 2**40)
    for role in ("member", "moderator"):
        with pytest.raises(NotAllowed):
            require_admin(make_user(role))


@pytest.mark.parametrize("state", ["reserved", "active", "past_due"])
def test_who_alone_answers_for_a_paid_place_stays(app: Flask, state: str) -> None:
    user = make_user()
    provider = make_provider(user)
    listing = make_listing(make_topic(), provider, status="withdrawn")
    placement = make_placement(listing, country=True, state=state)
    with pytest.raises(Conflict) as caught:
        erase_account(user, take_down=False, now=NOON)
    assert (caught.value.code, caught.value.details["name"]) == ("paid_place", provider.name)
    placement.state = "canceling"  # it only runs out
    number = user.id
    erase_account(user, take_down=False, now=NOON)
    assert db.session.get(User, number) is None


def test_another_member_may_answer_for_it(app: Flask) -> None:
    user, other = make_user(), make_user()
    provider = make_provider(user)
    db.session.add(ProviderMember(provider_id=provider.id, user_id=other.id, created_at=NOON))
    make_placement(make_listing(make_topic(), provider), country=True)
    erase_account(user, take_down=False, now=NOON)
    assert [member.user_id for member in provider.members] == [other.id]
