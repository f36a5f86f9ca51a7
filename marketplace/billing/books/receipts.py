"""Where the invoice or receipt of a payment stands at Stripe."""

from __future__ import annotations

from marketplace.billing.models import PaymentEntry
from marketplace.billing.stripe.gateway import Gateway
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db


def receipt_address(entry: PaymentEntry, gateway: Gateway) -> str:
    """The invoice of a payment, else the receipt of its charge, which also shows what was given back. Raises `NotFound`
    where there is none, `StripeTrouble`."""
    invoice_id, charge_id = entry.invoice_id, entry.charge_id
    db.session.rollback()
    address = gateway.invoice(invoice_id)["hosted_invoice_url"] if invoice_id is not None else None
    address = address or gateway.charge(charge_id)["receipt_url"]
    if not address:
        raise NotFound
    return str(address)
