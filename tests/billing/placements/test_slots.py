"""Slots: what the database lets only one of several have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from marketplace.billing.models import Placement
from marketplace.billing.placements.slots import (
    NoFreeSlot,
    VersionConflict,
    free_slots,
    live_placement,
    retake_slot,
    slots_to_sell,
    take_slot,
    taken_slots,
    write_fenced,
)
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from tests.billing.shop import Seller, Shop


def take(shop: Shop, seller: Seller, slots: int = 1) -> int | None:
    terms = {"kind": "month", "amount": 4900, "currency": "EUR", "state": "pending"}
    return take_slot(slots=slots, now=shop.clock(), **seller.on_topic.columns, **terms)


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
    with pytest.raises(NoFreeSlot):
        retake_slot(placement.id, 2, placement.scope, 1, {"state": "active"})
    retake_slot(placement.id, 2, placement.scope, 2, {"state": "active"})
    db.session.commit()
    placement = shop.read(placement)
    assert (placement.state, placement.slot_no, placement.version) == ("active", 2, 3)


def test_who_read_an_old_version_is_told_of_the_race(shop: Shop) -> None:
    placement = shop.claim()
    write_fenced(placement.id, 1, {"state": "released"})
    for slots in (0, 3):
        with pytest.raises(VersionConflict):
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


@pytest.mark.parametrize(
    ("taken", "slots", "last"),
    [
        ({1, 2}, 3, 3),
        ({2, 3}, 2, 0),
        ({3}, 2, 1),
        ({2, 4}, 3, 2),
        ({3, 4}, 3, 1),
        ({1, 4}, 3, 2),
        (set(), 0, 0),
    ],
)
def test_what_runs_above_the_slots_takes_one_of_them_each(taken: set[int], slots: int, last: int) -> None:
    assert slots_to_sell(taken, slots) == range(1, last + 1)


@given(taken=st.sets(st.integers(1, 12)), slots=st.integers(0, 10))
def test_a_free_number_is_found_just_where_a_slot_is_free(taken: set[int], slots: int) -> None:
    free = [number for number in slots_to_sell(taken, slots) if number not in taken]
    assert bool(free) == (len(taken) < slots)


def test_after_slots_were_lowered_no_more_are_sold_than_there_are(shop: Shop) -> None:
    first = shop.buy()
    for _other in range(2):
        shop.buy(shop.new_seller_now())
    late = shop.new_seller_now()
    shop.set_slots(2)
    shop.stripe.cancel_now(first.subscription_id)
    shop.deliver()
    assert shop.state_of(first) == "ended"
    with pytest.raises(Conflict) as refused:
        shop.claim(late)
    assert refused.value.code == "slots_full"


def test_a_late_payment_takes_no_slot_that_was_taken_away(shop: Shop) -> None:
    placement = shop.claim()
    for _other in range(2):
        take(shop, shop.new_seller(), slots=3)
    write_fenced(placement.id, 1, {"state": "released"})
    with pytest.raises(NoFreeSlot):
        retake_slot(placement.id, 2, placement.scope, 2, {"state": "active"})
    retake_slot(placement.id, 2, placement.scope, 3, {"state": "active"})
    db.session.commit()
    assert shop.read(placement).slot_no == 1
