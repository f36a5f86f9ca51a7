"""Comparing with Stripe: quickly what is due, fully in both directions, one placement after the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.billing.models import Placement, StripeEvent
from marketplace.billing.stripe.client import StripeBusy, StripeMisconfigured
from marketplace.billing.sync.reconcile import ReconcileReport, reconcile_fully
from marketplace.core.database import writing
from marketplace.core.extensions import db
from tests.billing.shop import Shop


def said_of(placement: Placement) -> dict[str, object]:
    """Its columns, all but the fence."""
    columns = Placement.__table__.columns.keys()
    return {name: getattr(placement, name) for name in columns if name != "version"}


def test_where_all_agrees_nothing_is_changed(shop: Shop) -> None:
    placement = shop.buy()
    before = said_of(placement)
    assert shop.reconcile() == ReconcileReport(placements=1)
    assert said_of(shop.read(placement)) == before


def test_a_period_that_ended_unheard_of_is_looked_at_quickly(shop: Shop) -> None:
    # 15
    month, once = shop.buy(), shop.buy(kind="pass", country=True)
    shop.stripe.cancel_now(month.subscription_id)
    shop.pass_time(timedelta(days=32))
    shop.lose()
    report = shop.reconcile(whole=False)
    assert [shop.state_of(month), shop.state_of(once)] == ["ended", "ended"]
    assert report.events == 0


def test_a_subscription_that_runs_beside_an_ended_place_is_cancelled(shop: Shop) -> None:
    placement = shop.buy()
    placement.state, placement.reason = "ended", "refunded"
    db.session.commit()
    shop.reconcile()
    assert [one["status"] for one in shop.objects("subscription")] == ["canceled"]
    assert shop.read(placement).reason == "refunded"


def test_books_of_long_ago_are_compared_with_the_whole(shop: Shop) -> None:
    placement = shop.buy()
    for _ in range(4):
        shop.stripe.renew(placement.subscription_id)
    shop.deliver()
    shop.stripe.refund(shop.objects("charge")[0]["id"], 100)
    shop.lose()
    shop.clock.advance(timedelta(days=36))
    for whole in (False, True):
        db.session.rollback()
        with writing():
            reconcile_fully(gateway=shop.gateway, now=shop.clock(), whole=whole)
        assert (("refund", -100) in shop.entries()) is whole
    assert shop.state_of(placement) == "active"


def test_a_busy_stripe_is_named_for_what_it_did_not_answer(shop: Shop) -> None:
    # 27
    placement = shop.buy()
    shop.stripe.fault("rate429", "/v1/checkout/sessions/cs_", count=1)
    report = shop.reconcile()
    assert report.refused == [{"path": f"placement {placement.id}", "reason": "StripeBusy"}]
    assert shop.alarms() == []
    shop.stripe.fault("rate429", count=1)
    db.session.rollback()
    with pytest.raises(StripeBusy):
        reconcile_fully(gateway=shop.gateway, now=shop.clock())
    db.session.rollback()


def test_a_key_that_is_refused_raises_an_alarm_once(shop: Shop) -> None:
    shop.buy()
    shop.use_key("sk_test_other")
    for _ in range(2):
        with pytest.raises(StripeMisconfigured):
            shop.reconcile()
    assert shop.alarms() == ["misconfigured"]


def test_a_session_that_is_open_still_is_closed_when_it_is_overdue(shop: Shop) -> None:
    # 10
    placement = shop.start_checkout()
    placement.session_expires_at = shop.clock() - timedelta(minutes=3)
    db.session.commit()
    assert shop.reconcile(whole=False).released == 1
    assert shop.objects("checkout.session")[0]["status"] == "expired"
    assert shop.state_of(placement) == "released"


def test_events_of_the_last_thirty_days_are_fetched_once(shop: Shop) -> None:
    # 15
    shop.pay_unheard()
    shop.stripe.flush(drop=1.0)
    assert shop.reconcile(whole=False).events > 0
    assert shop.reconcile(whole=False).events == 0
    assert {one.state for one in db.session.query(StripeEvent)} == {"done"}
