from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.stripe_standin.shop import Shop, refusal


def test_a_product_is_made_changed_and_listed(api: stripe.StripeClient) -> None:
    product = api.v1.products.create(
        params={"name": "Featured", "metadata": {"scope": "topic"}, "description": "A place", "active": True}
    )
    changed = api.v1.products.update(
        product.id, params={"name": "Place", "metadata": {"scope": "", "kind": "pass"}, "active": False}
    )
    assert (changed.name, changed.active, changed.metadata.to_dict()) == ("Place", False, {"kind": "pass"})
    assert api.v1.products.retrieve(product.id).description == "A place"
    other = api.v1.products.create(params={"name": "Other"})
    assert [each.id for each in api.v1.products.list().data] == [other.id, product.id]
    assert [each.id for each in api.v1.products.list(params={"active": True}).data] == [other.id]
    assert [each.id for each in api.v1.products.list(params={"ids": [product.id]}).data] == [product.id]


def test_a_product_may_bring_its_own_id_once(api: stripe.StripeClient) -> None:
    assert api.v1.products.create(params={"name": "Featured", "id": "featured"}).id == "featured"
    refused = refusal(api.v1.products.create, params={"name": "Featured", "id": "featured"})
    assert (refused.http_status, refused.code) == (400, "resource_already_exists")


def test_a_product_needs_a_name(api: stripe.StripeClient) -> None:
    nameless: Any = {}
    refused = refusal(api.v1.products.create, params=nameless)
    assert (refused.code, refused.param) == ("parameter_missing", "name")


def test_a_product_takes_one_of_its_prices_as_default(shop: Shop) -> None:
    shop.v1.products.update("featured", params={"default_price": shop.once, "url": "http://example.com/x"})
    found = shop.v1.products.retrieve("featured", params={"expand": ["default_price"]})
    assert (found.default_price.unit_amount, found.url) == (4900, "http://example.com/x")


def test_an_unknown_product_is_not_found(api: stripe.StripeClient) -> None:
    refused = refusal(api.v1.products.retrieve, "nothing")
    assert (refused.http_status, refused.code, refused.param) == (
        404,
        "resource_missing",
        "id",
    )


def test_prices_are_found_by_lookup_key_and_product(shop: Shop) -> None:
    found = shop.v1.prices.list(params={"lookup_keys": ["monthly", "nothing"]}).data
    assert [(each.id, each.recurring.interval, each.type) for each in found] == [
        (shop.monthly, "month", "recurring")
    ]
    assert len(shop.v1.prices.list(params={"product": "featured", "active": True}).data) == 2
    assert not shop.v1.prices.list(params={"product": "other"}).data


def test_a_lookup_key_moves_only_when_it_is_told_to(shop: Shop) -> None:
    refused = refusal(shop.price, lookup_key="once")
    assert (refused.http_status, refused.param) == (400, "lookup_key")
    moved = shop.price(lookup_key="once", transfer_lookup_key=True, unit_amount=5900)
    assert shop.v1.prices.retrieve(shop.once).lookup_key is None
    with pytest.raises(stripe.InvalidRequestError):
        shop.v1.prices.update(shop.once, params={"lookup_key": "once"})
    back = shop.v1.prices.update(shop.once, params={"lookup_key": "once", "transfer_lookup_key": True})
    assert (back.lookup_key, shop.v1.prices.retrieve(moved).lookup_key) == ("once", None)


def test_a_price_changes_everything_but_its_amount(shop: Shop) -> None:
    changed = shop.v1.prices.update(
        shop.once,
        params={"active": False, "nickname": "Pass", "metadata": {"a": "b"}, "tax_behavior": "inclusive"},
    )
    assert (changed.active, changed.nickname, changed.tax_behavior) == (False, "Pass", "inclusive")
    with pytest.raises(stripe.InvalidRequestError, match="cannot be changed"):
        shop.v1.prices.update(shop.once, params={"tax_behavior": "exclusive"})
    assert refusal(shop.v1.prices.update, shop.once, params={"unit_amount": 1}).code == "parameter_unknown"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"unit_amount": -1}, "unit_amount"),
        ({"currency": "euro"}, "currency"),
        ({"product": "nothing"}, "product"),
        ({"recurring": {"interval": "decade"}}, "recurring[interval]"),
        ({"recurring": {"interval_count": 2}}, "recurring[interval]"),
        ({"recurring": {"interval": "month", "cycles": 2}}, "recurring[cycles]"),
        ({"tax_behavior": "none"}, "tax_behavior"),
    ],
)
def test_a_price_refuses_wrong_values(shop: Shop, params: dict[str, object], param: str) -> None:
    assert refusal(shop.price, **params).param == param
