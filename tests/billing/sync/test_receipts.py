"""Where the receipt of a payment stands."""

from __future__ import annotations

import pytest

from marketplace.billing.models import PaymentEntry
from marketplace.billing.stripe.client import StripeMissing
from marketplace.billing.sync.refunds import receipt_address
from marketplace.core.extensions import db
from tests.billing.shop import Shop


@pytest.mark.parametrize("kind", ["month", "pass"])
def test_a_payment_leads_to_its_invoice(shop: Shop, kind: str) -> None:
    shop.buy(kind=kind)
    entry = db.session.query(PaymentEntry).one()
    invoice = shop.things("invoice")[0]
    assert receipt_address(entry, shop.gateway) == invoice["hosted_invoice_url"]


def test_a_payment_without_an_invoice_leads_to_the_receipt_of_its_charge(shop: Shop) -> None:
    placement = shop.buy()
    charge = shop.things("charge")[0]
    entry = PaymentEntry(charge_id=charge["id"], invoice_id=None, placement_id=placement.id)
    assert receipt_address(entry, shop.gateway) == charge["receipt_url"]
    with pytest.raises(StripeMissing):
        receipt_address(PaymentEntry(charge_id="ch_none", placement_id=placement.id), shop.gateway)
