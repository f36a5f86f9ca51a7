"""From Stripe's lists to our placements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from marketplace.billing.models import BillingAlarm, StripeEvent
from marketplace.billing.sync.affected import affected_placements
from marketplace.billing.sync.reconcile import ReconcileReport
from marketplace.core.database import writing
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.standin import client_of


def affected(shop: Shop) -> tuple[ReconcileReport, dict[int, set[str]]]:
    report = ReconcileReport()
    db.session.rollback()
    with writing():
        now = shop.clock()
        found = affected_placements(report, shop.gateway, now, now - timedelta(days=35))
    db.session.rollback()
    return report, found


def test_only_what_runs_or_lacks_in_the_books_is_looked_at(shop: Shop) -> None:
    running, over = shop.buy(), shop.buy(kind="pass", country=True)
    shop.stripe.refund(shop.objects("charge")[1]["id"])
    intent, order, alone = over.payment_intent_id, over.id, running.id
    assert intent is not None
    _report, found = affected(shop)
    assert found == {alone: set(), order: {intent}}
    shop.deliver()
    assert affected(shop)[1] == {alone: set()}


def test_a_late_payment_of_a_released_place_is_found(shop: Shop) -> None:
    placement = shop.start_checkout(kind="pass")
    placement.state = "released"
    db.session.commit()
    number = placement.id
    assert affected(shop)[1] == {}
    shop.stripe.pay(placement.session_id)
    assert set(affected(shop)[1]) == {number}


def sell_elsewhere(shop: Shop, **metadata: str) -> str:
    """Another product of the account sells a subscription; its session."""
    db.session.rollback()
    v1 = client_of(shop.stripe).v1
    customer = v1.customers.create(params={"name": "Somebody"}).id
    product = v1.products.create(params={"name": "Something"}).id
    terms: Any = {
        "product": product,
        "currency": "eur",
        "unit_amount": 100,
        "recurring": {"interval": "month"},
    }
    price = v1.prices.create(params=terms).id
    session = v1.checkout.sessions.create(
        params={
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"price": price, "quantity": 1}],
            "success_url": "https://elsewhere.example/",
            "metadata": metadata,
            "subscription_data": {"metadata": metadata},
        }
    )
    shop.stripe.pay(session.id)
    return session.id


def test_what_names_a_placement_that_is_none_is_an_orphan_and_raises_one_alarm_each(shop: Shop) -> None:
    sell_elsewhere(shop, placement_id="1")
    for _ in range(2):
        report, found = affected(shop)
        assert (report.orphans, report.others, found) == (2, 1, {})
    assert db.session.query(BillingAlarm).count() == 2


def test_what_other_products_sell_is_counted_and_raises_no_alarm(shop: Shop) -> None:
    placement = shop.buy()
    number = placement.id
    for _ in range(2):
        sell_elsewhere(shop, placement="7")
    shop.stripe.refund(shop.objects("charge")[-1]["id"], 10)
    shop.stripe.dispute(shop.objects("charge")[-2]["id"])
    shop.stripe.fault("down", "/v1/(payment_intents|invoice_payments)")  # nobody asks about each of them
    report, found = affected(shop)
    # Two subscriptions, two sessions, two charges; a refund and a dispute belong to charges that are counted already.
    assert (report.orphans, report.others, found) == (0, 6, {number: set()})
    assert db.session.query(BillingAlarm).count() == 0


def test_events_of_other_products_are_ignored_without_an_alarm(shop: Shop) -> None:
    placement = shop.buy()
    sell_elsewhere(shop)
    shop.stripe.renew(shop.objects("subscription")[-1]["id"])
    shop.stripe.refund(shop.objects("charge")[-1]["id"])
    shop.stripe.dispute(shop.objects("charge")[-2]["id"])
    shop.deliver()
    assert shop.event_states() == {"done", "ignored"}
    errors = select(StripeEvent.error).where(StripeEvent.state == "ignored").distinct()
    assert list(db.session.scalars(errors)) == ["other product"]
    assert (shop.alarms(), shop.state_of(placement)) == ([], "active")
    assert shop.entries() == [("payment", 4900)]
