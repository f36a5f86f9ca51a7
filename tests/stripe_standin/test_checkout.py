from __future__ import annotations

import pytest
import stripe

from stripe_standin.errors import ApiError
from tests.stripe_standin.shop import DAY, NOW, SITE, Shop, refusal


def test_an_open_session_tells_where_to_pay(shop: Shop) -> None:
    session = shop.session(client_reference_id="placement-1", metadata={"placement_id": "1"}, locale="es")
    assert session.url == f"{shop.standin.url}/pay/{session.id}"
    assert (session.status, session.payment_status, session.livemode) == ("open", "unpaid", False)
    assert (session.amount_total, session.currency, session.expires_at) == (4900, "eur", NOW + DAY)
    assert (session.client_reference_id, session.metadata.to_dict()) == ("placement-1", {"placement_id": "1"})
    assert session.payment_method_types == ["card", "sepa_debit"]
    assert shop.v1.checkout.sessions.retrieve(session.id).to_dict() == session.to_dict()


def test_a_session_takes_all_that_a_sale_with_tax_needs(shop: Shop) -> None:
    session = shop.session(
        "payment",
        automatic_tax={"enabled": True},
        customer_update={"address": "auto", "name": "auto"},
        tax_id_collection={"enabled": True},
        billing_address_collection="required",
        payment_intent_data={"metadata": {"a": "b"}, "description": "A pass"},
        invoice_creation={"enabled": True, "invoice_data": {"metadata": {"c": "d"}}},
        submit_type="pay",
    )
    assert session.automatic_tax.enabled
    assert session.tax_id_collection.enabled
    assert session.invoice_creation.invoice_data.metadata.to_dict() == {"c": "d"}


@pytest.mark.parametrize("after", [1800, 2100, DAY])
def test_a_session_is_open_from_half_an_hour_to_a_day(shop: Shop, after: int) -> None:
    assert shop.session(expires_at=NOW + after).expires_at == NOW + after


@pytest.mark.parametrize("after", [-1, 0, 1799, DAY + 1])
def test_a_session_cannot_be_open_shorter_or_longer(shop: Shop, after: int) -> None:
    assert refusal(shop.session, expires_at=NOW + after).param == "expires_at"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"mode": "setup"}, "mode"),
        ({"success_url": None}, "success_url"),
        ({"success_url": "/done"}, "success_url"),
        ({"cancel_url": "javascript:go()"}, "cancel_url"),
        ({"line_items": None}, "line_items"),
        ({"locale": "la"}, "locale"),
        ({"ui_mode": "elements"}, "ui_mode"),
    ],
)
def test_a_session_refuses_wrong_values(shop: Shop, params: dict[str, object], param: str) -> None:
    assert refusal(shop.session, **params).param == param


def test_only_an_open_session_can_be_expired(shop: Shop) -> None:
    expired = shop.v1.checkout.sessions.expire(shop.session().id)
    assert (expired.status, expired.url) == ("expired", None)
    assert shop.kinds()[-1] == "checkout.session.expired"
    paid = shop.standin.pay(shop.session().id)
    for wanted in (expired.id, paid["id"]):
        with pytest.raises(stripe.InvalidRequestError, match="Only Checkout Sessions with a status"):
            shop.v1.checkout.sessions.expire(wanted)


def test_sessions_are_listed_by_what_they_are_about(shop: Shop) -> None:
    subscription = shop.subscribed()
    intent = shop.passed()
    waiting = shop.session()

    def listed(**params: str) -> list[str]:
        return [each.id for each in shop.v1.checkout.sessions.list(params=params).data]

    assert len(listed(customer=shop.customer)) == 3
    assert not listed(customer="cus_none")
    assert listed(status="open") == [waiting.id]
    assert len(listed(subscription=subscription)) == 1
    assert len(listed(payment_intent=intent)) == 1


def test_line_items_are_listed_in_the_order_of_the_call(shop: Shop) -> None:
    other = shop.price(recurring={"interval": "month"}, unit_amount=100)
    items = [{"price": shop.monthly, "quantity": 1}, {"price": other, "quantity": 3}]
    session = shop.session(line_items=items)
    found = shop.v1.checkout.sessions.line_items.list(session.id)
    assert [(each.price.id, each.quantity, each.amount_total) for each in found.data] == [
        (shop.monthly, 1, 4900),
        (other, 3, 300),
    ]
    assert session.amount_total == 5200
    first = shop.v1.checkout.sessions.line_items.list(session.id, params={"limit": 1})
    assert first.has_more


def test_a_payer_without_a_name_in_the_shop_becomes_a_customer_when_one_is_needed(shop: Shop) -> None:
    subscribing = shop.standin.pay(shop.session(customer=None, customer_email="new@example.com").id)
    assert shop.v1.customers.retrieve(subscribing["customer"]).email == "new@example.com"
    passing = shop.standin.pay(shop.session("payment", customer=None).id)
    assert passing["customer"] is None
    invoiced = shop.standin.pay(shop.session("payment", customer=None, invoice_creation={"enabled": True}).id)
    assert invoiced["customer"]


def test_addresses_of_the_shop_stay_as_they_were_given(shop: Shop) -> None:
    assert shop.session().success_url == f"{SITE}/done?session={{CHECKOUT_SESSION_ID}}"


def test_a_session_offers_only_the_ways_to_pay_that_the_call_allows(shop: Shop) -> None:
    session = shop.session(allowed_payment_method_types=["card", "paypal"])
    assert session.payment_method_types == ["card"]
    with pytest.raises(ApiError, match="settle at once"):
        shop.standin.pay_later(session.id)
    assert (
        refusal(shop.session, allowed_payment_method_types=["paypal"]).param == "allowed_payment_method_types"
    )
