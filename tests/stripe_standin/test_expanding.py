from __future__ import annotations

import pytest
import stripe

from tests.stripe_standin.shop import Shop


def test_a_session_opens_to_what_became_of_it(shop: Shop) -> None:
    session = shop.standin.pay(shop.session().id)
    found = shop.v1.checkout.sessions.retrieve(
        session["id"],
        params={"expand": ["subscription.latest_invoice.payments", "invoice", "customer", "line_items"]},
    )
    assert found.subscription.latest_invoice.payments.data[0].status == "paid"
    assert (found.invoice.status, found.customer.email) == ("paid", "ana@example.com")
    assert found.line_items.data[0].price.id == shop.monthly


def test_a_list_opens_each_of_its_objects(shop: Shop) -> None:
    shop.passed()
    (intent,) = shop.v1.payment_intents.list(params={"expand": ["data.latest_charge"]}).data
    assert intent.latest_charge.paid
    shop.subscribed()
    (invoice,) = shop.v1.invoices.list(params={"expand": ["data.payments"]}).data
    assert invoice.payments.data[0].amount_paid == 4900
    sessions = shop.v1.checkout.sessions.list(params={"expand": ["data.payment_intent.latest_charge"]}).data
    assert sessions[1].payment_intent.latest_charge.paid
    assert sessions[0].payment_intent is None


def test_what_is_made_or_changed_opens_too(shop: Shop) -> None:
    refund = shop.v1.refunds.create(params={"payment_intent": shop.passed(), "expand": ["charge"]})
    assert refund.charge.refunded
    price = shop.v1.prices.create(
        params={"unit_amount": 1, "currency": "eur", "product": "featured", "expand": ["product"]}
    )
    assert price.product.name == "Featured placement"


def test_the_payments_of_an_invoice_open_down_to_the_charge(shop: Shop) -> None:
    shop.subscribed()
    (payment,) = shop.v1.invoice_payments.list(
        params={"expand": ["data.payment.payment_intent", "data.invoice"]}
    ).data
    assert payment.payment.payment_intent.status == "succeeded"
    assert payment.invoice.parent.subscription_details.subscription


@pytest.mark.parametrize(
    "path", ["amount", "nothing", "customer.email", "data.customer", "a.b.c.d.e", "invoice"]
)
def test_a_path_that_leads_nowhere_is_refused(shop: Shop, path: str) -> None:
    intent = shop.passed()
    with pytest.raises(stripe.InvalidRequestError, match="expand"):
        shop.v1.payment_intents.retrieve(intent, params={"expand": [path]})


def test_a_list_opens_only_below_its_data(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        shop.v1.payment_intents.list(params={"expand": ["latest_charge"]})
