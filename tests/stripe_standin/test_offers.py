from __future__ import annotations

import pytest
import stripe

from tests.stripe_standin.shop import Shop


def refused(shop: Shop, mode: str = "subscription", **params: object) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.session(mode, **params)
    assert caught.value.http_status == 400
    return caught.value


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"subscription_data": {"metadata": {"a": "b"}, "colour": "red"}}, "subscription_data[colour]"),
        ({"line_items": [{"price": "x", "quantity": 1, "size": 2}]}, "line_items[0][size]"),
        ({"automatic_tax": {"enabled": False, "rate": {"deep": 1}}}, "automatic_tax[rate]"),
        ({"payment_method_types": ["card"]}, "payment_method_types"),
        (
            {"line_items": [{"price": "x", "quantity": 1, "dynamic_tax_rates": ["t"]}]},
            "line_items[0][dynamic_tax_rates]",
        ),
    ],
)
def test_an_unknown_parameter_is_refused_at_any_depth(
    shop: Shop, params: dict[str, object], param: str
) -> None:
    error = refused(shop, **params)
    assert (error.code, error.param) == ("parameter_unknown", param)


def test_a_price_fits_the_mode_and_is_for_sale(shop: Shop) -> None:
    assert "recurring price" in str(
        refused(shop, "payment", line_items=[{"price": shop.monthly, "quantity": 1}])
    )
    assert "recurring price" in str(refused(shop, line_items=[{"price": shop.once, "quantity": 1}]))
    shop.v1.prices.update(shop.once, params={"active": False})
    assert "inactive" in str(refused(shop, "payment"))
    assert refused(shop, line_items=[{"price": "price_none", "quantity": 1}]).code == "resource_missing"
    assert refused(shop, line_items=[{"price": shop.once}]).param == "line_items[0][quantity]"
    assert refused(shop, line_items=[{"quantity": 1}]).param == "line_items[0][price]"


def test_all_prices_have_one_currency(shop: Shop) -> None:
    dollars = shop.price(currency="usd")
    items = [{"price": shop.once, "quantity": 1}, {"price": dollars, "quantity": 1}]
    assert "same currency" in str(refused(shop, "payment", line_items=items))


@pytest.mark.parametrize(
    ("mode", "params", "param"),
    [
        ("payment", {"subscription_data": {"metadata": {"a": "b"}}}, "subscription_data"),
        ("subscription", {"payment_intent_data": {"metadata": {"a": "b"}}}, "payment_intent_data"),
        ("subscription", {"invoice_creation": {"enabled": True}}, "invoice_creation"),
        ("payment", {"invoice_creation": {"invoice_data": {"footer": "x"}}}, "invoice_creation[enabled]"),
        ("payment", {"customer": "cus_none"}, "customer"),
        ("payment", {"customer_email": "a@example.com"}, "customer"),
        ("payment", {"customer": None, "customer_update": {"address": "auto"}}, "customer_update"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    shop: Shop, mode: str, params: dict[str, object], param: str
) -> None:
    assert refused(shop, mode, **params).param == param


def test_tax_needs_an_address_or_leave_to_ask_for_one(shop: Shop) -> None:
    assert refused(shop, automatic_tax={"enabled": True}).code == "customer_tax_location_invalid"
    shop.session(automatic_tax={"enabled": True}, customer_update={"address": "auto"})
    shop.v1.customers.update(shop.customer, params={"address": {"country": "ES"}})
    shop.session(automatic_tax={"enabled": True})


def test_tax_numbers_need_leave_to_change_the_name(shop: Shop) -> None:
    assert refused(shop, tax_id_collection={"enabled": True}).param == "tax_id_collection"
    shop.session(tax_id_collection={"enabled": True}, customer_update={"name": "auto"})
