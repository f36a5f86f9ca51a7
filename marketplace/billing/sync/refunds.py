"""Refunds by admins, and the receipts of payments. A full refund ends the placement, a partial one is only recorded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.billing.models import PaymentEntry
from marketplace.billing.placements.services import require_admin
from marketplace.billing.statuses import EntryKind
from marketplace.billing.stripe.client import StripeRefused
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.services import sync_placement
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db


def left_of(payment: PaymentEntry) -> int:
    """What of a payment is not given back yet, in minor units, by the books."""
    gone = select(func.coalesce(func.sum(PaymentEntry.amount), 0)).where(
        PaymentEntry.charge_id == payment.charge_id
    )
    return int(db.session.scalar(gone) or 0)


def _given_back(payment: PaymentEntry) -> int:
    """What of a payment was given back, in minor units, by the books; a dispute is another matter."""
    back = select(func.coalesce(func.sum(PaymentEntry.amount), 0)).where(
        PaymentEntry.charge_id == payment.charge_id,
        PaymentEntry.kind.in_((EntryKind.REFUND, EntryKind.REFUND_FAILED)),
    )
    return -int(db.session.scalar(back) or 0)


def _lines_of(payment: PaymentEntry) -> int:
    """How much happened to a payment: the same refund after one that failed is another one."""
    query = select(func.count()).where(PaymentEntry.charge_id == payment.charge_id)
    return db.session.scalar(query) or 0


def refund_payment(
    *, actor: User, entry_id: int, amount: int, seen: int, gateway: Gateway, now: datetime
) -> None:
    """Give `amount` minor units of a payment back; commits.

    `seen` is what was left of the payment when the admin looked: the same form sent twice gives back once, and so do two
    admins at once, as the key names no amount. Raises `NotAllowed`, `NotFound`, `Invalid` (`amount_range`) on `amount`,
    `Conflict` (`changed`) where something was given back meanwhile, at Stripe too, `GatewayError`.
    """
    require_admin(actor)
    payment = db.session.get(PaymentEntry, entry_id)
    if payment is None or payment.kind != EntryKind.PAYMENT:
        raise NotFound
    left, lines = left_of(payment), _lines_of(payment)
    if not 0 < amount <= seen:
        raise Invalid("amount_range", "amount")
    if left != seen:
        raise Conflict("changed")
    charge_id, placement_id, given_back = payment.charge_id, payment.placement_id, _given_back(payment)
    db.session.rollback()
    charge = gateway.charge(charge_id)
    intent_id = str(charge["payment_intent"])
    refused: StripeRefused | None = None
    changed = charge["amount_refunded"] != given_back
    if not changed:
        try:
            gateway.refund(intent_id, amount=amount, key=f"refund:{charge_id}:{lines}")
        except StripeRefused as refusal:
            refused = refusal
    sync_placement(placement_id, gateway=gateway, now=now, intents=(intent_id,))
    db.session.commit()
    if changed or refused is not None:
        raise Conflict("changed") from refused


def receipt_address(entry: PaymentEntry, gateway: Gateway) -> str:
    """The invoice of a payment, else the receipt of its charge, which also shows what was given back. Raises `NotFound`
    where there is none, `GatewayError`."""
    invoice_id, charge_id = entry.invoice_id, entry.charge_id
    db.session.rollback()
    address = gateway.invoice(invoice_id)["hosted_invoice_url"] if invoice_id is not None else None
    address = address or gateway.charge(charge_id)["receipt_url"]
    if not address:
        raise NotFound
    return str(address)
