"""Slots: what the database lets only one of several have."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from marketplace.billing.models import Placement
from marketplace.billing.slots import (
    Full,
    Raced,
    free_slots,
    live_placement,
    retake_slot,
    take_slot,
    taken_slots,
    write_fenced,
)
from marketplace.extensions import db
from tests.billing.shop import Seller, Shop


def take(shop: Shop, seller: Seller, slots: int = 1, **values: Any) -> int | None:
    return take_slot(
        slots=slots,
        now=shop.clock(),
        **{
            "scope": f"topic:{shop.topic.id}",
            "provider_id": seller.provider.id,
            "listing_id": seller.listing.id,
            "country": "mexico",
            "kind": "month",
            "amount": 4900,
            "currency": "EUR",
            "state": "pending",
            **values,
        },
    )


def test_slots_are_taken_from_the_first_and_once_by_each(shop: Shop) -> None:
    scope = f"topic:{shop.topic.id}"
    first, second = shop.new_seller(), shop.new_seller()
    assert take(shop, first, 2)
    assert take(shop, first, 2) is None
    assert take(shop, second, 2)
    assert take(shop, shop.new_seller(), 2) is None
    assert (free_slots(scope, 3), free_slots(scope, 1), taken_slots([scope])) == (1, 0, {scope: 2})
    live = live_placement(scope, second.provider.id)
    assert live is not None
    assert live.slot_no == 2
    db.session.commit()


def test_what_is_over_leaves_its_slot(shop: Shop) -> None:
    placement = shop.claim()
    assert write_fenced(placement.id, 1, {"state": "released"})
    assert not write_fenced(placement.id, 1, {"state": "active"})
    assert take(shop, shop.new_seller())
    with pytest.raises(Full):
        retake_slot(placement.id, 2, placement.scope, 1, {"state": "active"})
    retake_slot(placement.id, 2, placement.scope, 2, {"state": "active"})
    db.session.commit()
    placement = shop.read(placement)
    assert (placement.state, placement.slot_no, placement.version) == ("active", 2, 3)


def test_who_read_an_old_version_is_told_of_the_race(shop: Shop) -> None:
    placement = shop.claim()
    write_fenced(placement.id, 1, {"state": "released"})
    for slots in (0, 3):
        with pytest.raises(Raced):
            retake_slot(placement.id, 1, placement.scope, slots, {"state": "active"})
    db.session.commit()


@pytest.mark.parametrize("same", ["slot", "provider"])
def test_the_database_itself_refuses_two_of_a_kind(shop: Shop, same: str) -> None:
    placement = shop.claim()
    other = shop.seller if same == "provider" else shop.new_seller()
    row = {
        column.name: getattr(placement, column.name)
        for column in Placement.__table__.columns
        if column.name != "id"
    }
    row |= {"provider_id": other.provider.id, "slot_no": 1 if same == "slot" else 2}
    db.session.add(Placement(**row))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
