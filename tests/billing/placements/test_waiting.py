"""The waiting list: a position, one mail, 24 hours to act, then the next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.billing.models import BillingAlarm, Placement, PlacementWait
from marketplace.billing.placements.waiting import (
    expire_reservation,
    join_waiting_list,
    leave_waiting_list,
    position,
)
from marketplace.billing.stripe.client import StripeBusy
from marketplace.billing.sync.sessions import cancel_checkout
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.extensions import db
from marketplace.listings.services import pause_listing, resume_listing
from tests.billing.shop import Seller, Shop
from tests.factories import make_user

DAY = timedelta(hours=24)
SESSION_OVER = timedelta(minutes=40)


def wait(shop: Shop, seller: Seller, kind: str = "month") -> PlacementWait:
    entry = join_waiting_list(actor=seller.member, order=seller.on_topic, kind=kind, now=shop.clock())
    db.session.commit()
    return entry


def full(shop: Shop) -> Placement:
    """The only slot, sold."""
    shop.set_slots(1)
    return shop.buy()


def give_up(shop: Shop, placement: Placement) -> None:
    shop.stripe.cancel_now(placement.subscription_id)
    shop.deliver()


def offered(shop: Shop, count: int = 1) -> list[Seller]:
    """This many wait for the only slot, which is then given up and kept for the first."""
    placement = full(shop)
    waiting = [shop.new_seller() for _ in range(count)]
    for seller in waiting:
        wait(shop, seller)
    give_up(shop, placement)
    return waiting


def states(shop: Shop) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(PlacementWait.state).order_by(PlacementWait.id)))


def reserved(shop: Shop) -> Placement:
    db.session.rollback()
    return db.session.scalars(select(Placement).where(Placement.state == "reserved")).one()


def test_waiting_costs_nothing_and_has_a_position(shop: Shop) -> None:
    full(shop)
    first, second = shop.new_seller(), shop.new_seller()
    assert [position(wait(shop, one)) for one in (first, second, first)] == [1, 2, 1]
    assert len(shop.objects("checkout.session")) == 1
    with pytest.raises(NotFound):
        join_waiting_list(actor=make_user(), order=first.on_topic, kind="month", now=shop.clock())


def test_there_is_nothing_to_wait_for_where_a_slot_is_free_or_ones_own(shop: Shop) -> None:
    with pytest.raises(Conflict, match="slot_free"):
        wait(shop, shop.seller)
    full(shop)
    with pytest.raises(Conflict, match="placement_live"):
        wait(shop, shop.seller)


def test_a_free_slot_is_kept_for_the_first_with_one_mail(shop: Shop) -> None:
    first, second = offered(shop, 2)
    kept = reserved(shop)
    assert (kept.provider_id, kept.hold_until) == (first.provider.id, shop.clock() + DAY)
    assert states(shop) == ["offered", "waiting"]
    with pytest.raises(Conflict, match="slots_full"):
        shop.claim(shop.new_seller())
    db.session.rollback()
    shop.reconcile()
    assert (len(shop.mails(first.member)), len(shop.mails(second.member))) == (1, 0)


def test_after_24_hours_it_is_the_turn_of_the_next(shop: Shop) -> None:
    _first, second = offered(shop, 2)
    kept = reserved(shop)
    shop.clock.advance(DAY - timedelta(seconds=1))
    shop.work()
    assert shop.state_of(kept) == "reserved"
    shop.clock.advance(timedelta(seconds=1))
    shop.work()
    assert (shop.read(kept).state, shop.read(kept).reason) == ("released", "lapsed")
    assert states(shop) == ["lapsed", "offered"]
    assert reserved(shop).provider_id == second.provider.id
    assert not expire_reservation(kept.id, shop.clock())


def test_who_takes_the_kept_place_pays_the_price_of_that_day(shop: Shop) -> None:
    (first,) = offered(shop)
    bought = shop.buy(first, kind="pass")
    assert (bought.id, bought.state, bought.amount) == (reserved_id(shop), "active", 6000)
    assert states(shop) == ["taken"]
    shop.clock.advance(DAY)
    shop.work()
    assert shop.state_of(bought) == "active"


def reserved_id(shop: Shop) -> int:
    return db.session.scalars(select(PlacementWait.placement_id)).one() or 0


def test_a_page_to_pay_on_that_ran_out_leaves_the_place_kept(shop: Shop) -> None:
    (first,) = offered(shop)
    held = shop.start_checkout(first)
    shop.pass_time(SESSION_OVER)
    shop.deliver()
    held = shop.read(held)
    assert (held.state, held.session_id, states(shop)) == ("reserved", None, ["offered"])
    assert shop.buy(first).id == held.id
    assert len(shop.objects("checkout.session")) == 3


def test_a_page_to_pay_on_outlives_the_24_hours(shop: Shop) -> None:
    first, _second = offered(shop, 2)
    shop.pass_time(DAY - timedelta(minutes=5))
    held = shop.start_checkout(first)
    shop.pass_time(timedelta(minutes=10))
    shop.work()
    assert shop.state_of(held) == "held"
    shop.pass_time(SESSION_OVER)
    shop.deliver()
    assert shop.state_of(held) == "released"
    assert states(shop) == ["left", "offered"]


def test_who_gives_a_kept_place_up_makes_room_for_the_next(shop: Shop) -> None:
    first, second = offered(shop, 2)
    held = shop.start_checkout(first)
    assert cancel_checkout(held.id, gateway=shop.gateway, now=shop.clock())
    assert (shop.state_of(held), reserved(shop).provider_id) == ("released", second.provider.id)
    assert cancel_checkout(reserved(shop).id, gateway=shop.gateway, now=shop.clock())
    assert states(shop) == ["left", "lapsed"]


def test_a_refused_call_leaves_the_place_kept_and_can_be_made_again(shop: Shop) -> None:
    (first,) = offered(shop)
    shop.stripe.fault("rate429", "/v1/checkout/sessions$", "POST")
    kept = shop.claim(first)
    with pytest.raises(StripeBusy):
        shop.checkout(kept, first)
    assert shop.state_of(kept) == "reserved"
    shop.clock.advance(timedelta(minutes=1))
    assert shop.start_checkout(first).state == "held"
    assert db.session.scalars(select(BillingAlarm)).all() == []


def test_who_cannot_be_shown_is_passed_over_and_offered_later(shop: Shop) -> None:
    placement = full(shop)
    first = shop.new_seller()
    wait(shop, first)
    pause_listing(actor=first.member, listing=first.listing)
    db.session.commit()
    give_up(shop, placement)
    assert states(shop) == ["waiting"]
    resume_listing(actor=first.member, listing=first.listing)
    db.session.commit()
    shop.reconcile(whole=False)
    assert (states(shop), reserved(shop).provider_id) == (["offered"], first.provider.id)


def test_who_buys_a_free_place_while_waiting_waits_no_more(shop: Shop) -> None:
    full(shop)
    first = shop.new_seller()
    wait(shop, first)
    shop.set_slots(2)
    assert shop.buy(first).state == "active"
    assert states(shop) == ["taken"]


def test_who_waits_for_a_kind_no_longer_sold_is_offered_the_other(shop: Shop) -> None:
    placement = full(shop)
    first = shop.new_seller()
    wait(shop, first, "pass")
    db.session.connection().exec_driver_sql("UPDATE placement_price SET pass_amount = NULL")
    db.session.commit()
    give_up(shop, placement)
    assert (reserved(shop).kind, reserved(shop).amount) == ("month", 4900)


def test_leaving_the_list_is_for_its_own_members_only(shop: Shop) -> None:
    full(shop)
    first = shop.new_seller()
    entry = wait(shop, first)
    with pytest.raises(NotFound):
        leave_waiting_list(actor=shop.seller.member, entry=entry)
    leave_waiting_list(actor=first.member, entry=entry)
    db.session.commit()
    assert states(shop) == ["left"]
    assert position(wait(shop, first)) == 1


def test_the_second_try_of_a_kept_place_is_not_taken_for_the_first(shop: Shop) -> None:
    # 7
    (first,) = offered(shop)
    kept = shop.start_checkout(first)
    before = kept.session_id
    shop.pass_time(timedelta(hours=1))
    shop.deliver()
    assert shop.state_of(kept) == "reserved"
    again = shop.claim(first)
    shop.stripe.fault("error500_after", "/v1/checkout/sessions$", "POST", count=9)
    shop.checkout(again, first)
    shop.stripe.clear_faults()
    held = shop.read(again)
    assert (held.state, held.session_id != before) == ("held", True)
