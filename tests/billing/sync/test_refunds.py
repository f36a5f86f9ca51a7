"""What is left of a payment, and refunds that cannot be."""

from __future__ import annotations

import pytest

from marketplace.billing.models import PaymentEntry
from marketplace.billing.sync.refunds import left_of, refund_payment
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from tests.billing.shop import Shop


def the_payment() -> PaymentEntry:
    return db.session.query(PaymentEntry).filter_by(kind="payment").one()


def test_what_is_left_counts_refunds_and_disputes(shop: Shop) -> None:
    shop.buy(kind="pass")
    charge = shop.things("charge")[0]["id"]
    assert left_of(the_payment()) == 6000
    shop.stripe.refund(charge, 1000)
    shop.hear()
    assert left_of(the_payment()) == 5000
    shop.stripe.refund(charge)
    shop.hear()
    assert left_of(the_payment()) == 0


def test_what_was_given_back_at_the_dashboard_meanwhile_is_told_and_booked(shop: Shop) -> None:
    shop.buy()
    number = the_payment().id
    shop.stripe.refund(shop.things("charge")[0]["id"], 4000)
    with pytest.raises(Conflict, match="changed"):
        refund_payment(
            actor=shop.admin,
            entry_id=number,
            amount=2000,
            seen=4900,
            gateway=shop.gateway,
            now=shop.clock(),
        )
    assert shop.entries() == [("payment", 4900), ("refund", -4000)]


def test_a_lost_answer_gives_back_once(shop: Shop) -> None:
    # 24
    shop.buy()
    shop.stripe.fault("drop_after_commit", "/v1/refunds", "POST")
    refund_payment(
        actor=shop.admin,
        entry_id=the_payment().id,
        amount=2000,
        seen=4900,
        gateway=shop.gateway,
        now=shop.clock(),
    )
    assert [one["amount"] for one in shop.things("refund")] == [2000]
    assert shop.entries() == [("payment", 4900), ("refund", -2000)]
