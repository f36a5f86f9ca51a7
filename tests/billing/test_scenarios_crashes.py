"""Workers that die, jobs that give up, errors that stay: one effect in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.billing.models import StripeEvent
from marketplace.billing.stripe.client import StripeBusy
from marketplace.billing.sync.events import process_event
from marketplace.billing.sync.tasks import LEASE, event
from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.core.jobs import queue as jobs
from marketplace.core.jobs.queue import Job, claim
from tests.billing.shop import Shop


def test_an_event_whose_worker_died_before_processing_is_taken_up_again(shop: Shop) -> None:
    # 16
    placement = shop.pay_unheard()
    shop.flush()
    with writing():
        taken = claim(shop.clock())
    assert taken is not None
    assert taken.task == "billing.event"
    shop.work()  # the others; the claimed one waits for its lease
    assert db.session.get(StripeEvent, taken.payload["event"]).state == "new"  # type: ignore[union-attr]
    shop.clock.advance(LEASE + timedelta(seconds=1))
    shop.work()
    assert shop.event_states() == {"done"}
    assert (shop.state_of(placement), shop.entries()) == ("active", [("payment", 4900)])


def test_a_worker_that_dies_after_the_effect_has_no_second_one(shop: Shop) -> None:
    # 17
    placement = shop.pay_unheard()
    shop.flush()
    stored = db.session.scalars(select(StripeEvent.event_id)).all()
    with writing():
        for one in stored:
            event({"event": one})
            db.session.rollback()  # killed before the commit
        for _ in range(2):
            event({"event": stored[0]})
            db.session.commit()  # killed after it, and run again
    shop.work()
    assert (shop.state_of(placement), shop.entries()) == ("active", [("payment", 4900)])
    assert len(shop.mails()) == 1


def test_a_worker_that_dies_between_giving_back_and_writing_gives_back_once(shop: Shop) -> None:
    # 17
    shop.set_slots(1)
    late = shop.start_checkout()
    late.state, late.reason = "released", "expired"
    db.session.commit()
    shop.buy(shop.new_seller())
    shop.stripe.pay(late.session_id)
    shop.stripe.fault("drop_after_commit", "/v1/refunds", "POST", count=1)
    shop.stripe.fault("down", "/v1/subscriptions/.*", "DELETE")
    shop.deliver()
    assert shop.state_of(late) == "released"
    shop.stripe.clear_faults()
    shop.pass_time(timedelta(hours=1))
    shop.work()
    assert shop.state_of(late) == "refunded"
    assert len(shop.objects("refund")) == 1


def test_a_job_that_was_claimed_again_meanwhile_writes_nothing(shop: Shop) -> None:
    # 17
    placement = shop.pay_unheard()
    shop.flush()
    with writing():
        first = claim(shop.clock())
        assert first is not None
        event(first.payload)
        shop_time = shop.clock.advance(LEASE * 2)
        db.session.rollback()
        assert claim(shop_time) is not None
        event(first.payload)
        assert not jobs.finish(first.job_id, first.attempt, shop_time)
    assert shop.state_of(placement) == "held"
    shop.clock.advance(LEASE * 2)
    shop.work()
    assert shop.state_of(placement) == "active"
    assert len(shop.mails()) == 1


def test_what_fails_ten_times_raises_one_alarm_and_is_tried_on(shop: Shop) -> None:
    placement = shop.pay_unheard()
    shop.flush(drop=lambda one: one["type"] != "checkout.session.completed")
    shop.stripe.fault("rate429", count=99)  # what Stripe's library does not repeat by itself
    stored = db.session.scalars(select(StripeEvent.event_id)).one()
    for number in range(1, 13):
        db.session.rollback()
        with writing(), pytest.raises(StripeBusy):
            process_event(stored, gateway=shop.gateway, now=shop.clock())
        db.session.rollback()
        assert shop.alarms() == (["stuck_event"] if number >= 10 else [])
    shop.stripe.clear_faults()
    shop.work()
    assert (shop.state_of(placement), shop.event_states()) == ("active", {"done"})


def test_an_event_whose_job_gave_up_gets_another_job_and_no_more(shop: Shop) -> None:
    placement = shop.pay_unheard()
    shop.flush(drop=lambda one: one["type"] != "checkout.session.completed")
    for job in db.session.scalars(select(Job).where(Job.task == "billing.event")):
        job.state = "failed"
    db.session.commit()
    shop.clock.advance(timedelta(hours=2))
    shop.stripe.fault("rate429", "/v1/checkout", count=999)
    for _ in range(8):
        shop.clock.advance(timedelta(hours=2))
        shop.reconcile(whole=False)
    live = select(Job).where(Job.task == "billing.event", Job.state.in_(("waiting", "working")))
    keys = [job.payload["event"] for job in db.session.scalars(live)]
    assert len(keys) == len(set(keys))
    shop.stripe.clear_faults()
    shop.clock.advance(timedelta(hours=7))
    shop.work()
    assert shop.state_of(placement) == "active"
