from __future__ import annotations

import pytest
import stripe

from tests.stripe_standin.shop import Shop


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
        with pytest.raises(stripe.InvalidRequestError) as caught:
            service.retrieve("none")
        assert caught.value.http_status == 404
