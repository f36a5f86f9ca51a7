from __future__ import annotations

from datetime import timedelta

from tests.clock import FrozenClock
from tests.stripe_standin.shop import DAY, NOW, Shop


def test_a_session_expires_when_its_time_is_over(shop: Shop) -> None:
    session = shop.session(expires_at=NOW + 2100)
    shop.standin.advance(2099)
    assert shop.v1.checkout.sessions.retrieve(session.id).status == "open"
    shop.standin.advance(1)
    assert shop.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert shop.kinds().count("checkout.session.expired") == 1


def test_the_callers_clock_alone_makes_things_due(shop: Shop, clock: FrozenClock) -> None:
    session = shop.session(expires_at=NOW + 2100)
    clock.advance(timedelta(hours=1))
    assert shop.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_a_subscription_renews_at_each_end_of_its_period(shop: Shop) -> None:
    wanted = shop.subscribed()
    shop.standin.advance(93 * DAY)
    subscription = shop.v1.subscriptions.retrieve(wanted)
    assert subscription.status == "active"
    assert subscription.items.data[0].current_period_start == NOW + 92 * DAY
    assert len(shop.v1.invoices.list(params={"subscription": wanted, "status": "paid"}).data) == 4


def test_a_card_that_is_refused_makes_the_subscription_past_due(shop: Shop) -> None:
    wanted = shop.subscribed()
    shop.standin.set_card(shop.customer, False)
    shop.standin.advance(30 * DAY)
    assert shop.v1.subscriptions.retrieve(wanted).status == "past_due"
    shop.standin.set_card(shop.customer, True)
    shop.standin.advance(31 * DAY)
    assert shop.v1.subscriptions.retrieve(wanted).status == "active"


def test_a_subscription_ends_with_its_period_when_it_was_told_to(shop: Shop) -> None:
    by_flag, by_portal = shop.subscribed(), shop.subscribed()
    shop.v1.subscriptions.update(by_flag, params={"cancel_at_period_end": True})
    shop.standin.portal_cancel(by_portal)
    shop.standin.advance(40 * DAY)
    for wanted in (by_flag, by_portal):
        subscription = shop.v1.subscriptions.retrieve(wanted)
        assert (subscription.status, subscription.ended_at) == ("canceled", NOW + 30 * DAY)
        assert len(shop.v1.invoices.list(params={"subscription": wanted}).data) == 1
    assert shop.kinds().count("customer.subscription.deleted") == 2


def test_an_end_later_than_the_period_lets_it_renew_first(shop: Shop) -> None:
    wanted = shop.subscribed()
    shop.v1.subscriptions.update(wanted, params={"cancel_at": NOW + 45 * DAY})
    shop.standin.advance(100 * DAY)
    subscription = shop.v1.subscriptions.retrieve(wanted)
    assert (subscription.status, subscription.ended_at) == ("canceled", NOW + 45 * DAY)
    assert len(shop.v1.invoices.list(params={"subscription": wanted}).data) == 2


def test_a_first_payment_that_never_comes_ends_the_subscription(shop: Shop) -> None:
    session = shop.standin.pay_later(shop.session().id)
    shop.standin.advance(2 * DAY)
    assert shop.v1.subscriptions.retrieve(session["subscription"]).status == "incomplete"
    shop.standin.settle(session["id"], False)
    shop.standin.tick()
    assert shop.v1.subscriptions.retrieve(session["subscription"]).status == "incomplete_expired"
    assert shop.v1.invoices.retrieve(session["invoice"]).status == "void"
