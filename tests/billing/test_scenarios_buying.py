"""From the wish to the place, by the numbers of the table in the design: what a buyer does, and what Stripe says of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from marketplace.billing.models import Placement, PlacementPrice
from marketplace.billing.placements.scopes import scope_label
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.factories import sign_in

HALF_AN_HOUR = timedelta(minutes=36)


def test_a_subscription_is_bought_and_shown(shop: Shop) -> None:
    # 1
    before = shop.revisions()
    placement = shop.buy()
    assert placement.state == "active"
    item = shop.objects("subscription")[0]["items"]["data"][0]
    assert placement.period_end == datetime.fromtimestamp(item["current_period_end"], UTC)
    assert shop.entries() == [("payment", 4900)]
    assert shop.revisions()[0] > before[0]
    assert shop.mails() == [f"Your featured placement is live: {_title(shop)}"]


def test_a_pass_is_bought_and_stands_thirty_days_from_the_charge(shop: Shop) -> None:
    # 2
    placement = shop.buy(kind="pass")
    assert placement.state == "active"
    charged = datetime.fromtimestamp(shop.objects("charge")[0]["created"], UTC)
    assert placement.period_end == charged + timedelta(days=30)
    assert shop.entries() == [("payment", 6000)]
    assert shop.objects("subscription") == []


def test_of_two_buyers_of_the_last_slot_one_is_told_that_it_is_full(shop: Shop) -> None:
    # 3
    shop.set_slots(1)
    shop.start_checkout()
    with pytest.raises(Conflict, match="slots_full"):
        shop.claim(shop.new_seller())
    db.session.rollback()
    assert len(shop.objects("checkout.session")) == 1


def test_a_double_click_comes_to_one_session(shop: Shop) -> None:
    # 5
    first, second = shop.claim(), shop.claim()
    assert first.id == second.id
    addresses = {shop.checkout(first), shop.checkout(second)}
    assert len(addresses) == 1
    assert len(shop.objects("checkout.session")) == 1


def test_a_session_that_expires_frees_its_slot_by_the_word_of_stripe(shop: Shop) -> None:
    # 9
    shop.set_slots(1)
    placement = shop.start_checkout()
    shop.clock.advance(HALF_AN_HOUR)
    assert shop.state_of(placement) == "held"  # our clock frees nothing
    shop.stripe.tick()
    shop.deliver()
    assert shop.outcome(placement) == ("released", "expired")
    assert shop.start_checkout(shop.new_seller()).state == "held"
    assert shop.entries() == []


@pytest.mark.parametrize("kind", ["month", "pass"])
def test_what_is_complete_but_unpaid_is_held_until_the_money_comes(shop: Shop, kind: str) -> None:
    # 26
    placement = shop.pay_delayed(kind=kind)
    shop.deliver()
    assert shop.state_of(placement) == "held"
    shop.pass_time(timedelta(hours=3))
    shop.reconcile()
    assert shop.state_of(placement) == "held"
    assert shop.entries() == []
    shop.stripe.settle(placement.session_id, ok=True)
    shop.deliver()
    assert shop.state_of(placement) == "active"
    assert len(shop.entries()) == 1


@pytest.mark.parametrize("kind", ["month", "pass"])
def test_what_is_complete_but_never_paid_is_released(shop: Shop, kind: str) -> None:
    # 26
    placement = shop.pay_delayed(kind=kind)
    shop.deliver()
    shop.stripe.settle(placement.session_id, ok=False)
    shop.deliver()
    assert shop.outcome(placement) == ("released", "payment_failed")
    assert shop.entries() == []
    assert [one["status"] for one in shop.objects("subscription")] in ([], ["incomplete_expired"])
    assert shop.mails() == [f"We did not receive your payment: {_title(shop)}"]


def test_fewer_slots_than_sold_leave_running_placements_as_they_are(shop: Shop) -> None:
    # 30
    running = [shop.buy(), shop.buy(shop.new_seller())]
    shop.set_price(topic_slots=1, country_slots=1)
    shop.reconcile()
    assert [shop.state_of(one) for one in running] == ["active", "active"]
    with pytest.raises(Conflict, match="slots_full"):
        shop.claim(shop.new_seller())


def test_another_price_leaves_what_runs_and_what_is_open_at_the_old_one(shop: Shop) -> None:
    running = shop.buy()
    open_one = shop.start_checkout(shop.new_seller())
    shop.set_price(month_amount=9900, pass_amount=None)
    shop.work()
    shop.stripe.pay(open_one.session_id)
    newcomer = shop.buy(shop.new_seller())
    amounts = [shop.read(one).amount for one in (running, open_one, newcomer)]
    assert amounts == [4900, 4900, 9900]
    shop.stripe.renew(running.subscription_id)
    shop.deliver()
    assert sorted(shop.entries()) == [("payment", amount) for amount in (4900, 4900, 4900, 9900)]


def test_coming_back_from_stripe_proves_nothing(shop: Shop) -> None:
    placement = shop.start_checkout()
    client = shop.app.test_client()
    sign_in(client, shop.seller.member)
    address = f"/manage/{shop.seller.provider.slug}/placements/{placement.id}/?back=paid"
    version = placement.version
    assert client.get(address).status_code == 200
    assert (shop.state_of(placement), shop.read(placement).version) == ("held", version)


def test_a_country_has_places_of_its_own(shop: Shop) -> None:
    on_topic, on_country = shop.buy(), shop.buy(country=True)
    assert {on_topic.state, on_country.state} == {"active"}
    assert on_country.scope == "country:mexico"
    assert on_country.listing_id is None
    assert db.session.scalar(select(func.count()).select_from(Placement)) == 2


def test_a_session_sells_at_the_amount_that_the_placement_says(shop: Shop) -> None:
    placement = shop.claim()
    price = shop.set_price(month_amount=5500, pass_amount=None)
    shop.checkout(placement)
    assert shop.read(placement).amount == price.month_amount == 5500


def _title(shop: Shop) -> str:
    return scope_label(f"topic:{shop.topic.id}", "en").name


@pytest.mark.parametrize(("currency", "factor"), [("ISK", 100), ("HUF", 1), ("JPY", 1)])
def test_a_price_is_charged_booked_and_refunded_as_stripe_counts_its_currency(
    shop: Shop, currency: str, factor: int
) -> None:
    db.session.execute(delete(PlacementPrice))
    shop.set_price(currency=currency, month_amount=490_000, pass_amount=690_000)
    shop.work()
    placement = shop.buy(kind="pass")
    assert (placement.state, placement.amount, placement.currency) == ("active", 690_000, currency)
    assert [one["amount"] for one in shop.objects("charge")] == [690_000 * factor]
    shop.refund_by_admin(90_000, seen=690_000)
    shop.deliver()
    assert shop.entries() == [("payment", 690_000), ("refund", -90_000)]
    assert [one["amount"] for one in shop.objects("refund")] == [90_000 * factor]
