"""What happens as time passes: sessions expire, subscriptions renew or end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import stripe

from stripe_standin.errors import ApiError
from stripe_standin.subscriptions import period_end
from tests.clock import FrozenClock
from tests.stripe_standin.shop import DAY, NOW, Shop


def test_a_renewal_moves_the_period_on_and_is_paid(shop: Shop) -> None:
    wanted = shop.subscribed()
    renewed = shop.standin.renew(wanted)
    item = renewed["items"]["data"][0]
    assert (item["current_period_start"], item["current_period_end"]) == (NOW + 30 * DAY, NOW + 61 * DAY)
    assert renewed["status"] == "active"
    newest = shop.v1.invoices.list(params={"subscription": wanted}).data[0]
    assert (newest.id, newest.status) == (renewed["latest_invoice"], "paid")
    assert newest.billing_reason == "subscription_cycle"


def test_a_refused_renewal_is_past_due_until_it_is_paid(shop: Shop) -> None:
    wanted = shop.subscribed()
    assert shop.standin.renew(wanted, ok=False)["status"] == "past_due"
    (unpaid,) = shop.v1.invoices.list(params={"status": "open"}).data
    assert (unpaid.amount_remaining, unpaid.attempt_count) == (4900, 1)
    assert "invoice.payment_failed" in shop.kinds()
    assert shop.standin.pay_invoice(wanted)["status"] == "active"
    paid = shop.v1.invoices.retrieve(unpaid.id)
    assert (paid.status, paid.attempt_count) == ("paid", 2)
    assert shop.kinds()[-1] == "customer.subscription.updated"


def test_there_must_be_something_to_pay(shop: Shop) -> None:
    wanted = shop.subscribed()
    with pytest.raises(ApiError, match="nothing to pay"):
        shop.standin.pay_invoice(wanted)
    shop.standin.renew(wanted, ok=False)
    shop.standin.cancel_now(wanted)
    shop.v1.invoices.void_invoice(shop.v1.invoices.list(params={"subscription": wanted}).data[0].id)
    with pytest.raises(ApiError, match="nothing to pay"):
        shop.standin.pay_invoice(wanted)


def test_what_is_owed_can_be_paid_after_the_end_which_stays_the_end(shop: Shop) -> None:
    wanted = shop.subscribed()
    shop.standin.renew(wanted, ok=False)
    shop.standin.cancel_now(wanted)
    assert shop.standin.pay_invoice(wanted)["status"] == "canceled"
    assert shop.v1.subscriptions.retrieve(wanted).status == "canceled"
    paid = shop.v1.invoices.list(params={"subscription": wanted}).data[0]
    assert paid.status == "paid"
    with pytest.raises(stripe.InvalidRequestError, match="only an open one"):
        shop.v1.invoices.void_invoice(paid.id)


def test_what_is_over_does_not_renew(shop: Shop) -> None:
    wanted = shop.subscribed()
    shop.standin.cancel_now(wanted)
    with pytest.raises(ApiError, match="is over"):
        shop.standin.renew(wanted)


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("start", "interval", "count", "end"),
    [
        ("2026-11-23T12:00", "month", 1, "2026-12-23T12:00"),
        ("2026-12-23T12:00", "month", 1, "2027-01-23T12:00"),
        ("2027-01-31T08:30", "month", 1, "2027-02-28T08:30"),
        ("2028-02-29T00:00", "year", 1, "2029-02-28T00:00"),
        ("2026-11-30T00:00", "month", 3, "2027-02-28T00:00"),
        ("2026-11-23T12:00", "week", 2, "2026-12-07T12:00"),
        ("2026-11-23T12:00", "day", 30, "2026-12-23T12:00"),
    ],
)
def test_a_period_ends_on_the_day_it_began(start: str, interval: str, count: int, end: str) -> None:
    assert period_end(moment(start), interval, count, moment(start)) == moment(end)


def test_the_day_of_the_anchor_comes_back_after_a_short_month() -> None:
    anchor = moment("2027-01-31T08:30")
    assert period_end(moment("2027-02-28T08:30"), "month", 1, anchor) == moment("2027-03-31T08:30")


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
