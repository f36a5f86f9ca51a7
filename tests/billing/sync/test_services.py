"""Bringing a placement to what Stripe says: all or nothing, by whoever is first, with no personal word in the log."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.billing.models import Placement
from marketplace.billing.stripe.client import StripeBusy
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.services import sync_placement
from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from tests.billing.shop import Shop


def sync(shop: Shop, placement: Placement) -> bool:
    number = placement.id
    with writing():
        changed = sync_placement(number, gateway=shop.gateway, now=shop.clock())
        db.session.commit()
    return changed


def test_a_second_look_changes_nothing(shop: Shop) -> None:
    placement = shop.pay_unheard()
    assert [sync(shop, placement) for _ in range(3)] == [True, False, False]
    assert not sync_placement(10**6, gateway=shop.gateway, now=shop.clock())


def test_what_cannot_be_asked_leaves_everything_as_it_was(shop: Shop) -> None:
    placement = shop.pay_unheard()
    version = placement.version
    for path in ("/v1/checkout", "/v1/subscriptions", "/v1/invoices", "/v1/payment_intents", "/v1/refunds"):
        shop.stripe.fault("rate429", path)
        with pytest.raises(StripeBusy):
            sync(shop, placement)
        placement = shop.read(placement)
        assert (placement.state, placement.version, shop.entries()) == ("held", version, [])
    assert sync(shop, placement)


@pytest.mark.slow
def test_ten_workers_at_once_have_one_effect(shop: Shop) -> None:
    # 12
    placement = shop.pay_unheard()
    number = placement.id
    shop.read(placement)
    db.session.rollback()
    shop.crowded = True

    def work(_number: int) -> bool:
        with shop.app.app_context(), writing():
            changed = sync_placement(number, gateway=shop.gateway, now=shop.clock())
            db.session.commit()
            return changed

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(work, range(10))) == 1
    assert (shop.state_of(placement), shop.entries()) == ("active", [("payment", 4900)])
    assert len(shop.mails()) == 1


def test_late_payments_racing_for_the_last_slot_fill_it_once(shop: Shop) -> None:
    # 11
    shop.set_slots(2)
    late = [shop.start_checkout(seller) for seller in (shop.seller, shop.new_seller())]
    for one in late:
        one.state = "released"
        db.session.commit()
        shop.stripe.pay(one.session_id)
    shop.set_slots(1)
    numbers = [one.id for one in late]
    db.session.rollback()
    shop.crowded = True

    def work(number: int) -> None:
        with shop.app.app_context(), writing():
            sync_placement(number, gateway=shop.gateway, now=shop.clock())
            db.session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, numbers * 2))
    assert sorted(shop.state_of(one) for one in late) == ["active", "refunded"]
    assert len(shop.objects("refund")) == 1
    assert sum(amount for _kind, amount in shop.entries()) == 4900


def test_timers_are_set_for_the_end_and_the_mail_before_it(shop: Shop) -> None:
    placement = shop.buy(kind="pass")
    end = placement.period_end
    assert end is not None
    timers = select(Job.task, Job.run_at).where(Job.state == "waiting", Job.task.like("billing.%"))
    waiting = {(task, moment) for task, moment in db.session.execute(timers)}
    assert ("billing.sync", end) in waiting
    assert ("billing.ending", end - timedelta(days=7)) in waiting


def test_the_log_of_a_whole_life_names_nobody(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    placement = shop.start_checkout()
    shop.stripe.fault("rate429", "/v1/")
    shop.pay(placement)
    shop.pass_time(timedelta(minutes=5))
    shop.work()
    shop.stripe.dispute(shop.objects("charge")[0]["id"])
    shop.deliver()
    assert shop.state_of(placement) == "ended"
    assert "billing alarm: dispute" in caplog.text
    provider, people = shop.seller.provider, (shop.seller.member, shop.admin)
    for word in (provider.name, provider.host, *(one.email for one in people), *(one.name for one in people)):
        assert word not in caplog.text


def test_older_news_do_not_outlive_the_newer_news_that_all_is_well(shop: Shop) -> None:
    """One worker reads a cancellation; before it writes, that is taken back and another one hears of it."""
    placement = shop.buy()
    number, subscription = placement.id, placement.subscription_id
    shop.stripe.portal_cancel(subscription)

    class SlowToWrite(Gateway):
        def subscription(self, subscription_id: str) -> dict[str, Any]:
            read = super().subscription(subscription_id)
            if read["cancel_at_period_end"] or read["cancel_at"]:
                shop.stripe.portal_resume(subscription)
                sync_placement(number, gateway=shop.gateway, now=shop.clock())
                db.session.commit()
            return read

    slow = SlowToWrite("sk_test_standin", "whsec_standin", base=shop.stripe.url)
    sync_placement(number, gateway=slow, now=shop.clock())
    db.session.commit()
    assert shop.state_of(placement) == "active"
