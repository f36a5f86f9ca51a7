"""Events that come twice, late, in the wrong order or never, and workers that die: the end is always what Stripe says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.billing.models import BillingAlarm, Placement, StripeEvent
from marketplace.billing.sync.events import receive_event
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import run_due
from tests.billing.shop import Shop
from tests.clients import settle

GONE = "evt_standin_gone"


def waiting_events(shop: Shop) -> list[str]:
    return [one["event"] for one in shop.stripe.deliveries() if one["state"] == "waiting"]


def test_an_event_three_times_at_once_has_one_effect_and_one_mail(shop: Shop) -> None:
    # 12
    placement = shop.pay_unheard()
    settle(shop.app)
    bodies = [shop.stripe.envelope(one) for one in waiting_events(shop) for _ in range(3)]
    barrier = Barrier(3)

    def send(start: int) -> list[int]:
        barrier.wait()
        with shop.app.app_context():
            client = shop.app.test_client()
            return [
                client.post("/webhooks/stripe", data=body, headers=headers).status_code
                for body, headers in bodies[start::3]
            ]

    with ThreadPoolExecutor(3) as pool:
        assert {status for answers in pool.map(send, range(3)) for status in answers} == {200}
    shop.crowded = True
    _work_at_once(shop.app, 3)
    assert shop.state_of(placement) == "active"
    assert shop.entries() == [("payment", 4900)]
    assert len(shop.mails()) == 1
    assert shop.event_states() == {"done"}
    assert len(db.session.scalars(select(StripeEvent)).all()) == len(bodies) // 3


def _work_at_once(app: Flask, workers: int) -> None:
    def work(_number: int) -> None:
        with app.app_context():
            run_due()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))


@pytest.mark.parametrize("kind", ["month", "pass"])
@pytest.mark.parametrize("order", ["reverse", "shuffle"])
def test_the_order_of_the_news_does_not_matter(shop: Shop, kind: str, order: str) -> None:
    # 13
    placement = shop.pay_unheard(kind=kind)
    shop.stripe.refund(shop.objects("charge")[0]["id"], 100)
    shop.deliver(order=order, seed=7)
    assert shop.state_of(placement) == "active"
    assert sorted(shop.entries()) == sorted([("payment", placement.amount), ("refund", -100)])


def test_what_is_deleted_before_it_is_created_stays_ended(shop: Shop) -> None:
    # 14
    placement = shop.buy()
    shop.stripe.renew(placement.subscription_id)
    shop.stripe.cancel_now(placement.subscription_id)
    shop.deliver(order="reverse", repeat=2)
    assert shop.state_of(placement) == "ended"
    shop.stripe.flush(again=True)
    shop.reconcile()
    assert shop.state_of(placement) == "ended"
    assert shop.entries() == [("payment", 4900)] * 2
    assert len(shop.mails_with("has ended")) == 1


@pytest.mark.parametrize("whole", [True, False])
def test_when_all_webhooks_are_lost_comparing_repairs(shop: Shop, whole: bool) -> None:
    # 15
    placements = [shop.start_checkout(kind=kind, country=kind == "pass") for kind in ("month", "pass")]
    expired = shop.start_checkout(shop.new_seller())
    for one in placements:
        shop.stripe.pay(one.session_id)
    shop.stripe.flush(drop=1.0)
    assert [shop.state_of(one) for one in placements] == ["held", "held"]
    shop.clock.advance(timedelta(minutes=40))
    report = shop.reconcile(whole=whole)
    assert report.refused == []
    assert report.events > 0
    assert [shop.state_of(one) for one in (*placements, expired)] == ["active", "active", "released"]
    assert sorted(shop.entries()) == [("payment", 4900), ("payment", 6000)]
    assert shop.event_states() == {"done"}
    assert shop.alarms() == []
    again = shop.reconcile()
    assert (again.repaired, again.events, again.released, again.orphans) == (0, 0, 0, 0)


def test_events_that_were_never_made_are_not_needed(shop: Shop) -> None:
    # 15
    placement = shop.buy()
    shop.stripe.renew(placement.subscription_id)
    shop.stripe.refund(shop.objects("charge")[0]["id"], 500)
    shop.stripe.cancel_now(placement.subscription_id)
    shop.lose()
    report = shop.reconcile()
    assert (report.events, shop.state_of(placement)) == (0, "ended")
    assert sorted(shop.entries()) == [("payment", 4900), ("payment", 4900), ("refund", -500)]


def test_what_belongs_to_nobody_is_an_orphan_and_raises_an_alarm(shop: Shop) -> None:
    # 19
    shop.stripe.send("checkout.session.completed", {"id": "cs_test_foreign", "object": "checkout.session"})
    shop.deliver(repeat=2)
    assert (shop.event_states(), shop.alarms()) == ({"orphan"}, ["orphan"])
    assert db.session.scalars(select(BillingAlarm.subject)).all() == ["cs_test_foreign"]


def test_an_object_of_another_customer_that_bears_our_number_is_an_orphan(shop: Shop) -> None:
    # 19
    placement = shop.buy()
    stranger = {**shop.objects("checkout.session")[0], "id": "cs_test_strange", "customer": "cus_strange"}
    with shop.stripe.world.change() as world:
        world.save({**stranger, "status": "complete"})
    shop.stripe.send("checkout.session.completed", stranger)
    shop.deliver()
    assert shop.alarms() == ["orphan"]
    assert (shop.state_of(placement), shop.entries()) == ("active", [("payment", 4900)])


def test_the_other_mode_is_ignored_with_one_alarm(shop: Shop) -> None:
    # 19
    placement = shop.start_checkout()
    session = shop.objects("checkout.session")[0]
    for _ in range(3):
        shop.stripe.send("checkout.session.completed", session, livemode=True)
    shop.deliver()
    assert (shop.event_states(), shop.alarms()) == ({"ignored"}, ["wrong_mode"])
    assert shop.state_of(placement) == "held"


def test_a_type_that_was_not_asked_for_is_kept_and_ignored(shop: Shop) -> None:
    shop.stripe.send("customer.updated", {"id": "cus_1", "object": "customer"})
    shop.deliver()
    assert (shop.event_states(), shop.alarms()) == ({"ignored"}, [])


def test_what_an_event_says_is_never_believed(shop: Shop) -> None:
    placement = shop.start_checkout()
    session = shop.objects("checkout.session")[0]
    shop.stripe.send(
        "checkout.session.completed", {**session, "status": "complete", "payment_status": "paid"}
    )
    shop.deliver()
    assert (shop.state_of(placement), shop.entries()) == ("held", [])
    assert db.session.scalars(select(Placement.started_at)).all() == [None]


def test_receiving_twice_stores_once(shop: Shop) -> None:
    shop.start_checkout()
    settle(shop.app)
    found = next(iter(shop.gateway.undelivered_events(shop.clock() - timedelta(days=1))), None)
    assert found is None
    shop.stripe.send("customer.updated", {"id": "cus_1", "object": "customer"}, event=GONE)
    shop.flush()
    body, headers = shop.stripe.envelope(GONE)
    signed = shop.gateway.read_event(body, headers["Stripe-Signature"], shop.clock())
    assert receive_event(signed, livemode=False, now=shop.clock()) is False
    db.session.commit()
