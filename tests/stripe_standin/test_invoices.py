from __future__ import annotations

import pytest
import stripe

from tests.stripe_standin.shop import DAY, NOW, Shop, refusal


def test_an_invoice_says_what_for_and_for_which_period(shop: Shop) -> None:
    shop.subscribed()
    (invoice,) = shop.v1.invoices.list().data
    (line,) = invoice.lines.data
    assert (line.period.start, line.period.end, line.amount) == (NOW, NOW + 30 * DAY, 4900)
    assert line.description == "1 × Featured placement (at 49.00 EUR / month)"
    assert line.pricing.price_details.price == shop.monthly
    assert (invoice.customer_email, invoice.confirmation_secret) == ("ana@example.com", None)


def test_invoices_are_listed_by_customer_subscription_and_status(shop: Shop) -> None:
    first, second = shop.subscribed(), shop.subscribed()
    shop.standin.renew(second, ok=False)

    def count(**params: str) -> int:
        return len(shop.v1.invoices.list(params=params).data)

    assert (count(), count(subscription=first), count(subscription=second)) == (3, 1, 2)
    assert (count(status="open"), count(status="paid"), count(status="void")) == (1, 2, 0)
    assert (count(customer=shop.customer), count(customer="cus_none")) == (3, 0)
    with pytest.raises(stripe.InvalidRequestError):
        count(status="lost")


def test_invoice_payments_are_found_from_both_ends(shop: Shop) -> None:
    shop.subscribed()
    (invoice,) = shop.v1.invoices.list().data
    (payment,) = shop.v1.invoice_payments.list(params={"invoice": invoice.id, "status": "paid"}).data
    intent = payment.payment.payment_intent
    by_intent = {"payment": {"type": "payment_intent", "payment_intent": intent}}
    assert [each.id for each in shop.v1.invoice_payments.list(params=by_intent).data] == [payment.id]
    assert shop.v1.invoice_payments.retrieve(payment.id).amount_paid == 4900
    assert not shop.v1.invoice_payments.list(params={"status": "open"}).data


def test_invoice_payments_are_not_found_by_half_a_question(shop: Shop) -> None:
    for half in ({"payment_intent": "pi_1"}, {"type": "payment_intent"}):
        assert refusal(shop.v1.invoice_payments.list, params={"payment": half}).code == "parameter_missing"


def test_an_unknown_invoice_is_not_found(api: stripe.StripeClient) -> None:
    for service in (api.v1.invoices, api.v1.invoice_payments):
        assert refusal(service.retrieve, "in_none").http_status == 404
