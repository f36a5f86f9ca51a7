"""What the worker does for placements, by the clock and by key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.billing.sync import tasks
from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import enqueue, periodic_tasks
from tests.billing.shop import Shop


def test_comparing_goes_by_the_clock() -> None:
    every = periodic_tasks()
    assert every["billing.reconcile"] == timedelta(minutes=15)
    assert every["billing.audit"] == timedelta(days=1)


@pytest.mark.parametrize(
    "payload",
    [("event", {"event": "evt_1"}), ("sync", {"placement": 1}), ("price", {"country": "mexico"})]
    + [(name, {}) for name in ("reconcile_quickly", "reconcile_fully")],
)
def test_without_a_key_of_stripe_nothing_is_done(shop: Shop, payload: tuple[str, dict[str, object]]) -> None:
    shop.app.extensions["stripe"] = None
    name, values = payload
    getattr(tasks, name)(values)
    assert shop.stripe.state().get("product", []) == []
    db.session.rollback()


def test_the_worker_repairs_what_was_lost_without_being_asked(shop: Shop) -> None:
    # 15
    placement = shop.pay_unheard()
    shop.stripe.flush(drop=1.0)
    shop.clock.advance(timedelta(minutes=16))
    shop.work()
    assert shop.state_of(placement) == "active"


def test_a_price_and_a_placement_are_taken_up_by_name(shop: Shop) -> None:
    placement = shop.pay_unheard()
    number = placement.id
    enqueue("billing.sync", {"placement": number})
    enqueue("billing.price", {"country": "mexico"})
    db.session.commit()
    shop.work()
    assert shop.state_of(placement) == "active"
    assert len(shop.objects("price")) == 2


def test_a_task_run_twice_tells_once(shop: Shop) -> None:
    # 17
    placement = shop.buy(kind="pass")
    number = placement.id
    db.session.rollback()
    with writing():
        for _ in range(2):
            tasks.ending({"placement": number})
            tasks.lapse({"placement": number})
            db.session.commit()
    assert len(shop.mails_with("ends on")) == 1
    assert shop.state_of(placement) == "active"
