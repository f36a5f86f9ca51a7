"""From Stripe's lists to our placements."""

from __future__ import annotations

from datetime import timedelta

from marketplace.billing.models import BillingAlarm
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


def test_what_belongs_to_nobody_is_counted_and_raises_one_alarm_each(shop: Shop) -> None:
    v1 = client_of(shop.stripe).v1
    customer = v1.customers.create(params={"name": "Somebody"}).id
    product = v1.products.create(params={"name": "Something"}).id
    price = v1.prices.create(
        params={
            "product": product,
            "currency": "eur",
            "unit_amount": 100,
            "recurring": {"interval": "month"},
        }
    ).id
    foreign = v1.checkout.sessions.create(
        params={
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"price": price, "quantity": 1}],
            "success_url": "https://elsewhere.example/",
            "metadata": {"placement_id": "1"},
        }
    )
    shop.stripe.pay(foreign.id)
    for _ in range(2):
        report, found = affected(shop)
        assert (report.orphans, found) == (3, {})
    assert db.session.query(BillingAlarm).count() == 3
