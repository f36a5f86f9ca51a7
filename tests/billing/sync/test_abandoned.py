"""The sweeper and the buyer: a call that may be under way is left alone, and one that was refused can be made again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from marketplace.billing.models import Placement
from marketplace.billing.stripe.client import StripeRefused
from marketplace.billing.sync import checkout
from marketplace.billing.sync.reconcile import reconcile_quickly
from marketplace.core.database import writing
from marketplace.core.extensions import db
from tests.billing.shop import ADDRESSES, Shop
from tests.standin import client_of

QUARTER = timedelta(minutes=16)


def sweep(shop: Shop) -> None:
    with writing():
        reconcile_quickly(gateway=shop.gateway, now=shop.clock())


def test_a_call_under_way_for_an_old_placement_is_left_alone(shop: Shop) -> None:
    placement = shop.claim()
    shop.pass_time(QUARTER)
    member, gateway, now = shop.seller.member, shop.gateway, shop.clock()
    params = checkout._stored_params(placement, member, ADDRESSES, gateway, now)
    assert params is not None
    sweep(shop)
    assert shop.read(placement).state == "pending"
    number = placement.id
    db.session.rollback()
    session = gateway.create_session(params, f"checkout:{number}:1")
    assert checkout.adopt_session(number, session)


def test_a_call_whose_caller_is_gone_is_swept_in_the_end(shop: Shop) -> None:
    placement = shop.claim()
    checkout._stored_params(placement, shop.seller.member, ADDRESSES, shop.gateway, shop.clock())
    shop.pass_time(QUARTER)
    sweep(shop)
    assert shop.outcome(placement) == ("released", "abandoned")


def test_a_sweep_that_was_overtaken_by_a_click_frees_nothing(shop: Shop) -> None:
    placement = shop.claim()
    seen = placement.version
    checkout._stored_params(placement, shop.seller.member, ADDRESSES, shop.gateway, shop.clock())
    now = shop.clock()
    assert not checkout.release_unopened(placement.id, reason="abandoned", now=now, version=seen)
    assert shop.read(placement).state == "pending"


def test_a_reservation_whose_checkout_was_refused_can_be_bought_at_the_next_click(shop: Shop) -> None:
    placement = shop.claim()
    kept = {"state": "reserved", "hold_until": shop.clock() + timedelta(hours=20)}
    db.session.execute(update(Placement).where(Placement.id == placement.id).values(kept))
    db.session.commit()
    prices = client_of(shop.stripe).v1.prices
    checkout.ensure_price("mexico", "month", gateway=shop.gateway)
    price = shop.objects("price")[0]["id"]
    db.session.rollback()
    prices.update(price, params={"active": False})
    with pytest.raises(StripeRefused):
        shop.checkout(shop.read(placement))
    assert shop.read(placement).state == "reserved"
    db.session.rollback()
    prices.update(price, params={"active": True})
    shop.pass_time(timedelta(minutes=1))
    assert shop.checkout(placement)
    assert shop.read(placement).state == "held"
