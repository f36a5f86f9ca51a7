"""What Stripe says of one placement, loaded without an open transaction, and the ledger entries that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from marketplace.billing.ledger import Entry
from marketplace.billing.statuses import PAID, EndReason, EntryKind, PlacementState
from marketplace.billing.stripe.amounts import from_stripe
from marketplace.billing.stripe.gateway import Gateway

Answer = dict[str, Any]
# A refund or dispute of an older invoice is found by its own event, or by the daily reconciliation.
INVOICES_READ = 3
INVOICES_READ_UNSHOWN = 100
PAYING = timedelta(hours=1)  # a first payment may be somewhat older than its subscription
# Read back from Stripe, so it stays as it was first written.
UNPAID_COMMENT = "featured place: grace over"
CANCEL_REASONS = {"payment_failed": EndReason.UNPAID, "payment_disputed": EndReason.DISPUTE}
REFUND_FAILED = ("failed", "canceled")
INQUIRIES = ("warning_needs_response", "warning_under_review", "warning_closed", "prevented")


@dataclass(frozen=True, slots=True)
class Known:
    """What our database says of a placement before Stripe is read."""

    id: int
    version: int
    state: str
    reason: str
    kind: str
    session_id: str | None
    subscription_id: str | None
    payment_intent_id: str | None
    grace_until: datetime | None
    period_end: datetime | None
    hold_until: datetime | None = None
    ended_at: datetime | None = None
    account: str = ""
    parked_state: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that succeeded: its charge, invoice, refunds and disputes."""

    intent_id: str
    charge: Answer
    invoice_id: str | None
    refunds: tuple[Answer, ...]
    disputes: tuple[Answer, ...]

    @property
    def made_at(self) -> datetime:
        """When it was made, by Stripe's clock."""
        return moment(self.charge["created"])

    @property
    def refunded(self) -> bool:
        """Whether it was refunded in full."""
        return bool(self.charge["amount_refunded"] >= self.charge["amount"])

    @property
    def disputed(self) -> bool:
        """Whether the buyer's bank took the money back, for now or for good. An inquiry does not count."""
        return any(one["status"] not in (*INQUIRIES, "won") for one in self.disputes)

    @property
    def won(self) -> tuple[tuple[datetime, datetime], ...]:
        """For each dispute that was won and paid back: when the bank took the money, and when it gave it back."""
        return tuple(
            (moment(one["created"]), moment(booked["created"]))
            for one in self.disputes
            if one["status"] == "won"
            for booked in one["balance_transactions"]
            if booked["reporting_category"] == "dispute_reversal"
        )

    @property
    def inquiries(self) -> tuple[Answer, ...]:
        """Inquiries of the buyer's bank that need a response."""
        return tuple(one for one in self.disputes if one["status"] == INQUIRIES[0])


@dataclass(frozen=True, slots=True)
class Facts:
    """Stripe's own state of one placement. `payments` are newest first. If a subscription has none, `owed` is the payment
    intent of its newest invoice. `open_invoices` are the ids of invoices that can still be paid."""

    session: Answer | None = None
    subscription: Answer | None = None
    intent: Answer | None = None
    owed: Answer | None = None
    payments: tuple[Payment, ...] = ()
    open_invoices: tuple[str, ...] = ()


def load_facts(known: Known, gateway: Gateway, intents: Iterable[str] = ()) -> Facts:
    """Load everything from Stripe that decides a placement's state. `intents` are payments to load besides the newest
    ones."""
    session = gateway.session(known.session_id) if known.session_id else None
    subscription_id = known.subscription_id or (session or {}).get("subscription")
    intent_id = known.payment_intent_id or (session or {}).get("payment_intent")
    payments: list[Payment] = []
    subscription = intent = owed = None
    payable: list[str] = []
    if subscription_id:
        subscription = gateway.subscription(subscription_id)
        invoices = gateway.invoices(subscription_id, _invoices_read(known, subscription))
        payments += _invoice_payments(gateway, invoices)
        owed = None if payments else _owed(gateway, invoices)
        payable = [str(invoice["id"]) for invoice in invoices if invoice["status"] == "open"]
    if intent_id:
        intent = gateway.intent(intent_id)
        payments += _payment(gateway, intent, (session or {}).get("invoice"))
    seen = {payment.intent_id for payment in payments}
    for other in dict.fromkeys(intents):
        if other not in seen:
            invoice = gateway.invoice_of_intent(other)
            payments += _payment(gateway, gateway.intent(other), invoice["id"] if invoice else None)
    return Facts(session, subscription, intent, owed, tuple(payments), tuple(payable))


def _invoices_read(known: Known, subscription: Answer) -> int:
    """How many of the newest invoices decide: of what was never shown, and of what a dispute of any payment ended, all."""
    shown = known.state in (*PAID, PlacementState.ENDED)
    disputed = known.reason == EndReason.DISPUTE or known.state == PlacementState.CANCELING
    over = subscription["ended_at"] is not None
    return INVOICES_READ if shown and not (disputed and over) else INVOICES_READ_UNSHOWN


def _owed(gateway: Gateway, invoices: list[Answer]) -> Answer | None:
    for paid in invoices[0]["payments"]["data"] if invoices else ():
        if paid["payment"]["type"] == "payment_intent":
            return gateway.intent(paid["payment"]["payment_intent"])
    return None


def _invoice_payments(gateway: Gateway, invoices: list[Answer]) -> Iterator[Payment]:
    for invoice in invoices:
        for paid in invoice["payments"]["data"]:
            if paid["status"] == "paid" and paid["payment"]["type"] == "payment_intent":
                yield from _payment(gateway, gateway.intent(paid["payment"]["payment_intent"]), invoice["id"])


def _payment(gateway: Gateway, intent: Answer, invoice_id: str | None) -> Iterator[Payment]:
    charge = intent.get("latest_charge")
    if not charge or charge["status"] != "succeeded":
        return
    yield Payment(
        intent_id=intent["id"],
        charge=charge,
        invoice_id=invoice_id,
        # A refund that failed leaves no trace on the charge, so refunds are always listed.
        refunds=tuple(gateway.refunds(charge=charge["id"])),
        disputes=tuple(gateway.disputes(charge=charge["id"])) if charge["disputed"] else (),
    )


def entries(payment: Payment) -> Iterator[Entry]:
    """The ledger entries that follow from a payment. Pure."""
    charge = payment.charge

    def entry(stripe_id: str, kind: str, amount: int, currency: str, created: int) -> Entry:
        code = currency.upper()
        told = from_stripe(amount, code)
        return Entry(stripe_id, charge["id"], payment.invoice_id, kind, told, code, moment(created))

    yield entry(charge["id"], EntryKind.PAYMENT, charge["amount"], charge["currency"], charge["created"])
    for refund in payment.refunds:
        values = (refund["amount"], refund["currency"], refund["created"])
        yield entry(refund["id"], EntryKind.REFUND, -values[0], *values[1:])
        if refund["status"] in REFUND_FAILED:
            yield entry(f"{refund['id']}:failed", EntryKind.REFUND_FAILED, *values)
    for dispute in payment.disputes:
        if dispute["status"] in INQUIRIES:
            continue
        values = (dispute["amount"], dispute["currency"], dispute["created"])
        yield entry(dispute["id"], EntryKind.DISPUTE, -values[0], *values[1:])
        if dispute["status"] == "won":
            yield entry(f"{dispute['id']}:won", EntryKind.DISPUTE_WON, *values)


def moment(seconds: int) -> datetime:
    """Stripe's Unix timestamp as an aware UTC datetime."""
    return datetime.fromtimestamp(seconds, UTC)


def end_reason(subscription: Answer) -> EndReason:
    """Why a subscription ended, by what Stripe keeps of it."""
    said = subscription.get("cancellation_details") or {}
    if said.get("comment") == UNPAID_COMMENT:
        return EndReason.UNPAID
    return CANCEL_REASONS.get(said.get("reason") or "", EndReason.CANCELED)


def rest_after_dispute(facts: Facts) -> datetime | None:
    """Until when a subscription's placement is shown that ended for a dispute which was won: as long as was left of its
    period when the bank took the money. None if the period had not been paid, or it ended for another reason."""
    subscription = facts.subscription
    assert subscription is not None
    if subscription["ended_at"] is None or end_reason(subscription) == EndReason.UNPAID:
        return None
    ended, item = moment(subscription["ended_at"]), subscription["items"]["data"][0]
    start, end = moment(item["current_period_start"]), moment(item["current_period_end"])
    won = [(taken, back) for one in facts.payments for taken, back in one.won if taken <= ended <= back]
    if not won or facts.payments[0].made_at < start - PAYING:
        return None
    return max(back for _taken, back in won) + (end - max(start, min(taken for taken, _back in won)))
