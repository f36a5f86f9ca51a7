"""Payments, customers and refusals."""

from __future__ import annotations

import pytest
import stripe

from stripe_standin.customers import card_is_good
from stripe_standin.errors import ApiError, invalid, no_such
from tests.stripe_standin.shop import Shop, refusal


def test_intents_and_charges_are_listed_by_customer(shop: Shop) -> None:
    intent = shop.passed()
    (charge,) = shop.v1.charges.list(params={"payment_intent": intent}).data
    assert (charge.customer, charge.paid, charge.status) == (shop.customer, True, "succeeded")
    assert shop.v1.charges.retrieve(charge.id).amount == 4900
    assert [each.id for each in shop.v1.payment_intents.list(params={"customer": shop.customer}).data] == [
        intent
    ]
    assert len(shop.v1.charges.list(params={"customer": shop.customer}).data) == 1
    assert not shop.v1.charges.list(params={"customer": "cus_none"}).data


def test_a_charge_names_no_invoice(shop: Shop) -> None:
    shop.subscribed()
    (charge,) = shop.v1.charges.list().data
    assert "invoice" not in charge.to_dict()


def test_unknown_intents_and_charges_are_not_found(api: stripe.StripeClient) -> None:
    for service in (api.v1.payment_intents, api.v1.charges):
        assert refusal(service.retrieve, "none").http_status == 404


def test_a_customer_is_made_changed_and_found_by_mail(api: stripe.StripeClient) -> None:
    made = api.v1.customers.create(
        params={
            "name": "Ana",
            "email": "ana@example.com",
            "preferred_locales": ["es", "en"],
            "metadata": {"provider": "7"},
            "description": "A provider",
        }
    )
    assert (made.preferred_locales, made.livemode) == (["es", "en"], False)
    changed = api.v1.customers.update(
        made.id, params={"email": "other@example.com", "address": {"country": "ES", "city": "Vigo"}}
    )
    assert (changed.name, changed.address.city) == ("Ana", "Vigo")
    assert api.v1.customers.retrieve(made.id).email == "other@example.com"
    assert [each.id for each in api.v1.customers.list(params={"email": "other@example.com"}).data] == [
        made.id
    ]
    assert not api.v1.customers.list(params={"email": "ana@example.com"}).data


def test_an_address_that_is_none_is_refused(api: stripe.StripeClient) -> None:
    refused = refusal(api.v1.customers.create, params={"email": "ana"})
    assert (refused.code, refused.param) == ("email_invalid", "email")


def test_a_refused_customer_is_not_made(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.customers.create(params={"name": "Ana", "address": {"planet": "Mars"}})
    assert not api.v1.customers.list().data


def test_a_card_is_good_until_it_is_said_otherwise(shop: Shop) -> None:
    world = shop.standin.world
    assert card_is_good(world, shop.customer)
    shop.standin.set_card(shop.customer, False)
    assert not card_is_good(world, shop.customer)
    shop.standin.set_card(shop.customer, True)
    assert card_is_good(world, shop.customer)
    with pytest.raises(ApiError):
        shop.standin.set_card("cus_none", True)


def test_a_refusal_has_the_shape_of_stripe_errors() -> None:
    refusal = ApiError("No.", code="some_code", param="a[b]")
    assert refusal.body() == {
        "error": {"type": "invalid_request_error", "code": "some_code", "message": "No.", "param": "a[b]"}
    }
    assert ApiError("No.").body() == {"error": {"type": "invalid_request_error", "message": "No."}}


def test_a_missing_object_is_named_and_a_wrong_value_is_not_kept() -> None:
    missing = no_such("payment_intent", "pi_1", param="charge")
    assert missing.message == "No such payment intent: 'pi_1'"
    assert (missing.status, missing.param, missing.stored) == (400, "charge", True)
    assert not invalid("Wrong.", "a").stored
