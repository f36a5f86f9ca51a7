from __future__ import annotations

import pytest
import stripe

from stripe_standin.customers import card_is_good
from stripe_standin.refusals import Refusal
from tests.stripe_standin.shop import Shop


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
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.v1.customers.create(params={"email": "ana"})
    assert (caught.value.code, caught.value.param) == ("email_invalid", "email")


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
    with pytest.raises(Refusal):
        shop.standin.set_card("cus_none", True)
