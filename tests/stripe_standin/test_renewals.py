from __future__ import annotations

import pytest
import stripe

from stripe_standin.refusals import Refusal
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
    with pytest.raises(Refusal, match="nothing to pay"):
        shop.standin.pay_invoice(wanted)
    shop.standin.renew(wanted, ok=False)
    shop.standin.cancel_now(wanted)
    shop.v1.invoices.void_invoice(shop.v1.invoices.list(params={"subscription": wanted}).data[0].id)
    with pytest.raises(Refusal, match="nothing to pay"):
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
    with pytest.raises(Refusal, match="is over"):
        shop.standin.renew(wanted)
