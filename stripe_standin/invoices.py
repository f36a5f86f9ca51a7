"""Invoices and the payments that settle them."""

from __future__ import annotations

from typing import Any

from stripe_standin.blanks import blank_invoice, invoice_line, tax_line, tax_on
from stripe_standin.errors import ApiError
from stripe_standin.listing import Condition, equals, listed, page
from stripe_standin.params import Params
from stripe_standin.payments import charge_intent, make_intent
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

STATUSES = ("draft", "open", "paid", "uncollectible", "void")
DETAILS = "subscription_details"


def make_invoice(
    world: World,
    *,
    items: list[StripeObject],
    customer: str | None,
    reason: str,
    metadata: dict[str, str] | None = None,
    subscription: StripeObject | None = None,
    intent: str | None = None,
    intent_metadata: dict[str, str] | None = None,
    taxed: bool = False,
) -> StripeObject:
    """An open invoice over items (`price`, `quantity`, `start`, `end`, `item`), with the payment intent that will pay it."""
    now = world.now()
    wanted = new_id("in")
    lines = [invoice_line(wanted, line, subscription) for line in items]
    net = sum(line["amount"] for line in lines)
    total = net + (tax_on(net) if taxed else 0)
    currency = items[0]["price"]["currency"]
    if intent is None:
        made = make_intent(
            world,
            amount=total,
            currency=currency,
            customer=customer,
            description="Subscription creation" if reason == "subscription_create" else "Subscription update",
            metadata=intent_metadata,
        )
        intent = made["id"]
    invoice = blank_invoice(world, wanted, customer)
    invoice.update(
        amount_due=total,
        amount_remaining=total,
        billing_reason=reason,
        currency=currency,
        lines=listed(lines, f"/v1/invoices/{wanted}/lines"),
        metadata=metadata or {},
        number=_number(world),
        parent=_parent(subscription),
        period_end=max(line["end"] for line in items),
        period_start=min(line["start"] for line in items),
        subtotal=net,
        subtotal_excluding_tax=net,
        total=total,
        total_excluding_tax=net,
        total_taxes=[tax_line(net)] if taxed else [],
    )
    if taxed:
        invoice["automatic_tax"] |= {"enabled": True, "liability": {"type": "self"}, "status": "complete"}
    _make_payment(world, invoice, intent, now)
    world.emit("invoice.created", world.save(invoice))
    world.emit("invoice.finalized", invoice)
    return invoice


def settle_invoice(world: World, wanted: str, *, good: bool, charged: bool = False) -> StripeObject:
    """Try to collect an open invoice; returns it, paid or still open. `charged` says that its intent has been tried."""
    invoice = world.find("invoice", wanted)
    payment = payment_of(world, wanted)
    if not charged:
        charge_intent(world, payment["payment"]["payment_intent"], good=good)
    invoice.update(attempt_count=invoice["attempt_count"] + 1, attempted=True)
    if good:
        now = world.now()
        invoice.update(
            amount_paid=invoice["amount_due"], amount_remaining=0, status="paid", auto_advance=False
        )
        invoice["next_payment_attempt"] = None
        invoice["status_transitions"]["paid_at"] = now
        payment.update(amount_paid=invoice["amount_due"], status="paid")
        payment["status_transitions"]["paid_at"] = now
        world.save(payment)
    else:
        invoice["next_payment_attempt"] = world.now() + 3 * 86_400
    world.save(invoice)
    if good:
        world.emit("invoice.paid", invoice)
        world.emit("invoice.payment_succeeded", invoice)
        world.emit("invoice_payment.paid", payment)
    else:
        world.emit("invoice.payment_failed", invoice)
    return invoice


def void_invoice(world: World, wanted: str) -> StripeObject:
    """The invoice will not be collected any more, nor can it be paid."""
    invoice = world.find("invoice", wanted)
    invoice.update(status="void", auto_advance=False, next_payment_attempt=None)
    invoice["status_transitions"]["voided_at"] = world.now()
    world.emit("invoice.voided", world.save(invoice))
    return invoice


def payment_of(world: World, invoice: str) -> StripeObject:
    """A copy of the payment that settles the invoice."""
    found = next(payment for payment in world.store.each("invoice_payment") if payment["invoice"] == invoice)
    return world.find("invoice_payment", found["id"])


def subscription_of(invoice: StripeObject) -> str | None:
    """The subscription that the invoice is for."""
    parent: Any = invoice["parent"]
    return parent[DETAILS]["subscription"] if parent else None


def retrieve_invoice(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/invoices/{invoice}`."""
    params.finish()
    return world.find("invoice", wanted, status=404)


def void_by_request(world: World, params: Params, wanted: str) -> StripeObject:
    """`POST /v1/invoices/{invoice}/void`."""
    params.finish()
    invoice = world.find("invoice", wanted, status=404)
    if invoice["status"] != "open":
        raise ApiError(f"The invoice {wanted} is {invoice['status']}: only an open one can be voided.")
    return void_invoice(world, wanted)


def list_invoices(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/invoices`."""
    subscription = params.text("subscription")
    status = params.choice("status", STATUSES)

    def fits(invoice: StripeObject) -> bool:
        of_this = subscription is None or subscription_of(invoice) == subscription
        return of_this and (status is None or invoice["status"] == status)

    return page(world, params, "invoice", "/v1/invoices", equals(params, "customer"), fits)


def retrieve_payment(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/invoice_payments/{invoice_payment}`."""
    params.finish()
    return world.find("invoice_payment", wanted, status=404)


def list_payments(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/invoice_payments`."""
    status = params.choice("status", ("canceled", "open", "paid"))
    return page(
        world,
        params,
        "invoice_payment",
        "/v1/invoice_payments",
        equals(params, "invoice"),
        _of_payment(params),
        lambda payment: status is None or payment["status"] == status,
    )


def _of_payment(params: Params) -> Condition:
    if not params.given("payment"):
        return lambda payment: True
    wanted = params.table("payment")
    kind = wanted.choice("type", ("payment_intent", "payment_record"))
    intent = wanted.text("payment_intent")
    if kind is None:
        raise wanted.missing("type")
    if kind == "payment_intent" and intent is None:
        raise wanted.missing("payment_intent")
    return lambda payment: (
        payment["payment"]["type"] == kind and payment["payment"]["payment_intent"] == intent
    )


def _number(world: World) -> str:
    return f"STANDIN-{sum(1 for _invoice in world.store.each('invoice')) + 1:04}"


def _parent(subscription: StripeObject | None) -> StripeObject | None:
    if subscription is None:
        return None
    details = {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    return {"quote_details": None, DETAILS: details, "type": DETAILS}


def _make_payment(world: World, invoice: StripeObject, intent: str, now: int) -> None:
    payment = {
        "id": new_id("inpay"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": invoice["amount_due"],
        "created": now,
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": intent, "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    world.save(payment)
