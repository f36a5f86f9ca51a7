"""Refunds by admins, and the receipts of payments. A full refund ends the placement, a partial one is only recorded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.billing.models import PaymentEntry
from marketplace.billing.placements.services import any_placement, require_admin
from marketplace.billing.statuses import EntryKind
from marketplace.billing.stripe.amounts import price_step, to_stripe
from marketplace.billing.stripe.client import StripeRefused
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.services import sync_placement
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db, find_row


def payment_entry(actor: User, placement_id: int, entry_id: int) -> PaymentEntry:
    """A payment of a placement, for an admin. Raises `NotAllowed`, `NotFound`."""
    placement = any_placement(actor, placement_id)
    entry = find_row(PaymentEntry, entry_id)
    if entry is None or entry.placement_id != placement.id or entry.kind != EntryKind.PAYMENT:
        raise NotFound
    return entry


def refundable_amount(payment: PaymentEntry) -> int:
    """What is left of a payment after refunds and disputes, in minor units, by the ledger."""
    return sum(amount for _kind, amount in _entries(payment))


def _entries(payment: PaymentEntry) -> list[tuple[str, int]]:
    """(kind, amount) of each ledger entry of a payment."""
    query = select(PaymentEntry.kind, PaymentEntry.amount).where(PaymentEntry.charge_id == payment.charge_id)
    return [(kind, amount) for kind, amount in db.session.execute(query)]


def refund_payment(
    *, actor: User, entry_id: int, amount: int, seen: int, gateway: Gateway, now: datetime
) -> None:
    """Refund `amount` minor units of a payment. Commits.

    `seen` is what was left of the payment when the admin saw the form. A form that is sent twice, or by two admins at once,
    refunds once: the idempotency key names no amount. Raises `NotAllowed`, `NotFound`, `Invalid` (`amount_range`) on
    `amount`, `Conflict` (`changed`) if something was refunded meanwhile, here or at Stripe, and `GatewayError`.
    """
    require_admin(actor)
    payment = db.session.get(PaymentEntry, entry_id)
    if payment is None or payment.kind != EntryKind.PAYMENT:
        raise NotFound
    entries = _entries(payment)
    left = sum(amount for _kind, amount in entries)
    if not 0 < amount <= seen or amount % price_step(payment.currency):
        raise Invalid("amount_range", "amount")
    if left != seen:
        raise Conflict("changed")
    charge_id, placement_id, currency = payment.charge_id, payment.placement_id, payment.currency
    # Disputes do not count: they are no refunds at Stripe.
    refunded = -sum(amount for kind, amount in entries if kind in (EntryKind.REFUND, EntryKind.REFUND_FAILED))
    db.session.rollback()
    charge = gateway.charge(charge_id)
    intent_id = str(charge["payment_intent"])
    refused: StripeRefused | None = None
    changed = charge["amount_refunded"] != to_stripe(refunded, currency)
    if not changed:
        try:
            # The same refund after a failed one must be a new call, so the key counts the entries.
            gateway.refund(
                intent_id, amount=to_stripe(amount, currency), key=f"refund:{charge_id}:{len(entries)}"
            )
        except StripeRefused as refusal:
            refused = refusal
    sync_placement(placement_id, gateway=gateway, now=now, intents=(intent_id,))
    db.session.commit()
    if changed or refused is not None:
        raise Conflict("changed") from refused


def receipt_url(entry: PaymentEntry, gateway: Gateway) -> str:
    """Stripe's address of a payment's invoice, or else of its charge's receipt, which also shows refunds. Raises
    `NotFound` if there is neither, and `GatewayError`."""
    invoice_id, charge_id = entry.invoice_id, entry.charge_id
    db.session.rollback()
    address = gateway.invoice(invoice_id)["hosted_invoice_url"] if invoice_id is not None else None
    address = address or gateway.charge(charge_id)["receipt_url"]
    if not address:
        raise NotFound
    return str(address)
