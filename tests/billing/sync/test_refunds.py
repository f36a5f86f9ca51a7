"""Refunds by admins, and the addresses of receipts."""

from __future__ import annotations

import pytest

from marketplace.billing.models import PaymentEntry
from marketplace.billing.stripe.client import StripeMissing
from marketplace.billing.sync.refunds import receipt_url, refundable_amount
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from tests.billing.shop import Shop


def the_payment() -> PaymentEntry:
    return db.session.query(PaymentEntry).filter_by(kind="payment").one()


def test_what_is_left_counts_refunds_and_disputes(shop: Shop) -> None:
    shop.buy(kind="pass")
    charge = shop.objects("charge")[0]["id"]
    assert refundable_amount(the_payment()) == 6000
    shop.stripe.refund(charge, 1000)
    shop.deliver()
    assert refundable_amount(the_payment()) == 5000
    shop.stripe.refund(charge)
    shop.deliver()
    assert refundable_amount(the_payment()) == 0


def test_what_was_given_back_at_the_dashboard_meanwhile_is_told_and_booked(shop: Shop) -> None:
    shop.buy()
    shop.stripe.refund(shop.objects("charge")[0]["id"], 4000)
    with pytest.raises(Conflict, match="changed"):
        shop.refund_by_admin(2000)
    assert shop.entries() == [("payment", 4900), ("refund", -4000)]


def test_a_lost_answer_gives_back_once(shop: Shop) -> None:
    # 24
    shop.buy()
    shop.stripe.fault("drop_after_commit", "/v1/refunds", "POST")
    shop.refund_by_admin(2000)
    assert [one["amount"] for one in shop.objects("refund")] == [2000]
    assert shop.entries() == [("payment", 4900), ("refund", -2000)]


@pytest.mark.parametrize("kind", ["month", "pass"])
def test_a_payment_leads_to_its_invoice(shop: Shop, kind: str) -> None:
    shop.buy(kind=kind)
    entry = db.session.query(PaymentEntry).one()
    invoice = shop.objects("invoice")[0]
    assert receipt_url(entry, shop.gateway) == invoice["hosted_invoice_url"]


def test_a_payment_without_an_invoice_leads_to_the_receipt_of_its_charge(shop: Shop) -> None:
    placement = shop.buy()
    charge = shop.objects("charge")[0]
    entry = PaymentEntry(charge_id=charge["id"], invoice_id=None, placement_id=placement.id)
    assert receipt_url(entry, shop.gateway) == charge["receipt_url"]
    with pytest.raises(StripeMissing):
        receipt_url(PaymentEntry(charge_id="ch_none", placement_id=placement.id), shop.gateway)
