from __future__ import annotations

import pytest
import stripe

from stripe_standin.errors import ApiError
from tests.stripe_standin.shop import Shop, refusal


def charge_of(shop: Shop, intent: str) -> stripe.Charge:
    return shop.v1.charges.list(params={"payment_intent": intent}).data[0]


def test_a_whole_refund_is_given_once(shop: Shop) -> None:
    intent = shop.passed()
    made = shop.v1.refunds.create(
        params={"payment_intent": intent, "reason": "requested_by_customer", "metadata": {"a": "b"}}
    )
    assert (made.amount, made.status, made.reason) == (4900, "succeeded", "requested_by_customer")
    charge = charge_of(shop, intent)
    assert (charge.refunded, charge.amount_refunded) == (True, 4900)
    assert {"refund.created", "charge.refunded"} <= set(shop.kinds())
    refused = refusal(shop.v1.refunds.create, params={"charge": charge.id})
    assert (refused.http_status, refused.code) == (400, "charge_already_refunded")


def test_parts_are_refunded_until_nothing_is_left(shop: Shop) -> None:
    intent = shop.passed()
    shop.v1.refunds.create(params={"payment_intent": intent, "amount": 900})
    charge = charge_of(shop, intent)
    assert (charge.refunded, charge.amount_refunded) == (False, 900)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as caught:
        shop.v1.refunds.create(params={"charge": charge.id, "amount": 4001})
    assert caught.value.param == "amount"
    shop.v1.refunds.create(params={"charge": charge.id, "amount": 4000})
    assert charge_of(shop, intent).refunded


def test_refunds_are_listed_by_what_they_give_back(shop: Shop) -> None:
    intent = shop.passed()
    made = shop.standin.refund(intent, 100)
    shop.standin.refund(charge_of(shop, intent).id, 200)
    assert shop.v1.refunds.retrieve(made["id"]).amount == 100
    assert [each.amount for each in shop.v1.refunds.list(params={"payment_intent": intent}).data] == [
        200,
        100,
    ]
    assert not shop.v1.refunds.list(params={"charge": "ch_none"}).data
    expanded = shop.v1.charges.retrieve(made["charge"], params={"expand": ["refunds"]})
    assert len(expanded.refunds.data) == 2


def test_a_refund_may_come_back(shop: Shop) -> None:
    intent = shop.passed()
    made = shop.standin.refund(intent)
    failed = shop.standin.fail_refund(made["id"])
    assert failed["status"] == "failed"
    assert charge_of(shop, intent).amount_refunded == 0
    assert shop.kinds()[-2:] == ["refund.updated", "refund.failed"]
    with pytest.raises(ApiError):
        shop.standin.fail_refund(made["id"])


def test_what_was_never_paid_is_not_refunded(shop: Shop) -> None:
    session = shop.session("payment")
    shop.standin.decline(session.id)
    (charge,) = shop.v1.charges.list().data
    for params in ({"charge": charge.id}, {"payment_intent": charge.payment_intent}):
        with pytest.raises(stripe.InvalidRequestError):
            shop.v1.refunds.create(params=params)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"charge": "ch_none"},
        {"payment_intent": "pi_none"},
        {"charge": "ch_1", "payment_intent": "pi_1"},
        {"charge": "ch_1", "amount": 0},
        {"charge": "ch_1", "reason": "bored"},
        {"charge": "ch_1", "currency": {"deep": "x"}},
    ],
)
def test_a_refund_refuses_wrong_values(api: stripe.StripeClient, params: dict[str, object]) -> None:
    assert refusal(api.v1.refunds.create, params=params).http_status == 400
