"""Many buyers at the same moment: what is sold never exceeds what there is."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.billing.models import Placement
from marketplace.billing.placements.scopes import listing_order
from marketplace.billing.placements.services import claim_placement
from marketplace.billing.statuses import LIVE
from marketplace.billing.sync.checkout import open_checkout
from marketplace.core.database import writing
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from tests.billing.shop import ADDRESSES, Seller, Shop


def race(shop: Shop, buyers: Sequence[Seller]) -> list[str]:
    """All buyers take a slot and open Checkout at once; an address, or the code of the refusal, for each."""
    people = [(one.member.id, one.listing.id) for one in buyers]
    db.session.commit()
    shop.crowded = True
    barrier = Barrier(len(people))
    app: Flask = shop.app

    def buy(person: tuple[int, int]) -> str:
        with app.app_context(), writing():
            barrier.wait()
            actor, listing = db.session.get_one(User, person[0]), db.session.get_one(Listing, person[1])
            try:
                placement = claim_placement(
                    actor=actor,
                    order=listing_order(listing.provider, listing),
                    kind="month",
                    now=shop.clock(),
                )
                db.session.commit()
                return open_checkout(
                    placement.id,
                    actor=actor,
                    addresses=ADDRESSES,
                    gateway=shop.gateway,
                    now=shop.clock(),
                )
            except Conflict as conflict:
                db.session.rollback()
                return conflict.code

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(buy, people))


def live(shop: Shop) -> int:
    db.session.rollback()
    query = select(func.count()).select_from(Placement).where(Placement.state.in_(LIVE))
    return db.session.scalar(query) or 0


def test_forty_buyers_of_three_slots_get_exactly_three(shop: Shop) -> None:
    # 4
    answers = race(shop, [shop.new_seller() for _ in range(40)])
    assert answers.count("slots_full") == 37
    assert live(shop) == len(shop.objects("checkout.session")) == 3
    assert sorted(db.session.scalars(select(Placement.slot_no))) == [1, 2, 3]


def test_of_fifty_buyers_of_one_slot_exactly_one_gets_it(shop: Shop) -> None:
    # 3
    shop.set_slots(1)
    answers = race(shop, [shop.new_seller() for _ in range(50)])
    assert answers.count("slots_full") == 49
    assert live(shop) == len(shop.objects("checkout.session")) == 1
    winner = db.session.scalars(select(Placement)).one()
    shop.crowded = False
    shop.pay(winner)
    assert shop.state_of(winner) == "active"
    assert shop.entries() == [("payment", 4900)]


def test_ten_clicks_of_one_buyer_come_to_one_session(shop: Shop) -> None:
    # 5
    answers = race(shop, [shop.seller] * 10)
    assert len(set(answers)) == 1
    assert answers[0].startswith(shop.stripe.url)
    assert live(shop) == len(shop.objects("checkout.session")) == 1
