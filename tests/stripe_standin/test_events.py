from __future__ import annotations

import pytest
import stripe

from tests.stripe_description import description
from tests.stripe_standin.shop import DAY, Shop


def test_events_are_listed_by_kind(shop: Shop) -> None:
    shop.subscribed()
    shop.passed()

    def kinds(**params: object) -> set[str]:
        return {each.type for each in shop.v1.events.list(params={"limit": 100, **params}).data}

    assert kinds(type="invoice.paid") == {"invoice.paid"}
    assert kinds(types=["invoice.paid", "charge.succeeded"]) == {"invoice.paid", "charge.succeeded"}
    assert kinds(type="customer.*") >= {"customer.created", "customer.subscription.created"}
    with pytest.raises(stripe.InvalidRequestError):
        kinds(type="invoice.paid", types=["charge.succeeded"])


def test_events_that_nobody_took_are_listed_apart(shop: Shop) -> None:
    shop.subscribed()
    waiting = shop.v1.events.list(params={"delivery_success": False}).data
    assert {each.type for each in waiting} == {
        "customer.subscription.created",
        "invoice.paid",
        "checkout.session.completed",
    }
    assert {each.pending_webhooks for each in waiting} == {1}
    shop.standin.flush()
    assert not shop.v1.events.list(params={"delivery_success": False}).data
    assert shop.v1.events.retrieve(waiting[0].id).pending_webhooks == 0
    taken = shop.v1.events.list(params={"delivery_success": True, "limit": 100}).data
    assert {each.id for each in waiting} <= {each.id for each in taken}


def test_events_reach_back_thirty_days(shop: Shop) -> None:
    shop.passed()
    shop.standin.advance(30 * DAY + 1)
    assert not shop.v1.events.list().data


def test_the_snapshots_of_all_events_are_as_stripe_describes_them(shop: Shop) -> None:
    subscription = shop.subscribed()
    shop.standin.decline(shop.session("payment", invoice_creation={"enabled": True}).id)
    waiting = shop.standin.pay_later(shop.session("payment", invoice_creation={"enabled": True}).id)
    shop.standin.settle(waiting["id"])
    shop.standin.portal_cancel(subscription)
    shop.standin.portal_resume(subscription)
    shop.standin.renew(subscription, ok=False)
    shop.standin.fail_refund(shop.standin.refund(shop.passed(), 100)["id"])
    shop.standin.close_dispute(shop.standin.dispute(shop.passed())["id"], True)
    shop.standin.cancel_now(subscription)
    shop.standin.advance(DAY)
    for event in shop.standin.state()["event"]:
        description().check_object(event)
        description().check_object(event["data"]["object"])


def test_an_event_names_the_call_it_comes_from(shop: Shop) -> None:
    session = shop.session()
    shop.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "expire:1"})
    (event,) = shop.v1.events.list(params={"type": "checkout.session.expired"}).data
    assert event.request.idempotency_key == "expire:1"
    assert event.request.id.startswith("req_")
    assert (event.api_version, event.livemode) == ("2026-10-28.endive", False)
