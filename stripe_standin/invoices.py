"""Invoices and the payments that settle them."""

from __future__ import annotations

from typing import Any

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
) -> StripeObject:
    """An open invoice over items (`price`, `quantity`, `start`, `end`, `item`), with the payment intent that will pay it."""
    now = world.now()
    wanted = new_id("in")
    lines = [_line(wanted, line, subscription) for line in items]
    total = sum(line["amount"] for line in lines)
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
    invoice = _blank(world, wanted, customer)
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
        subtotal=total,
        subtotal_excluding_tax=total,
        total=total,
        total_excluding_tax=total,
    )
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


def _line(invoice: str, line: StripeObject, subscription: StripeObject | None) -> StripeObject:
    price = line["price"]
    amount = price["unit_amount"] * line["quantity"]
    kind = "subscription_item_details" if subscription else "invoice_item_details"
    source: StripeObject = {"invoice_item": None if subscription else new_id("ii"), "proration": False}
    source |= {"proration_details": None, "subscription": subscription["id"] if subscription else None}
    if subscription:
        source["subscription_item"] = line["item"]
    parent = {"invoice_item_details": None, "subscription_item_details": None, "type": kind, kind: source}
    return {
        "id": new_id("il"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": line["description"],
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice,
        "livemode": False,
        "metadata": dict(subscription["metadata"]) if subscription else {},
        "parent": parent,
        "period": {"end": line["end"], "start": line["start"]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": str(price["unit_amount"]),
        },
        "quantity": line["quantity"],
        "quantity_decimal": str(line["quantity"]),
        "subtotal": amount,
        "taxes": [],
    }


def _blank(world: World, wanted: str, customer: str | None) -> StripeObject:
    """An invoice's parts that are the same on each."""
    now = world.now()
    payer = world.store.get("customer", customer or "") or {}
    nothing = """account_tax_ids application automatically_finalizes_at confirmation_secret custom_fields customer_account
        customer_phone customer_shipping default_payment_method default_source description due_date ending_balance footer
        from_invoice last_finalization_error latest_revision next_payment_attempt on_behalf_of receipt_number rendering
        shipping_cost shipping_details statement_descriptor test_clock"""
    return {
        "id": wanted,
        "object": "invoice",
        **dict.fromkeys(nothing.split()),
        "account_country": "US",
        "account_name": "Stand-in",
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_paid_off_stripe": 0,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": dict.fromkeys(("disabled_reason", "liability", "provider", "status"))
        | {"enabled": False},
        "collection_method": "charge_automatically",
        "created": now,
        "customer": customer,
        "customer_address": payer.get("address"),
        "customer_email": payer.get("email"),
        "customer_name": payer.get("name"),
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "discounts": [],
        "effective_at": now,
        "hosted_invoice_url": f"{world.base}/invoice/{wanted}",
        "invoice_pdf": f"{world.base}/invoice/{wanted}/pdf",
        "issuer": {"type": "self"},
        "livemode": False,
        "payment_settings": dict.fromkeys(
            ("default_mandate", "payment_method_options", "payment_method_types")
        ),
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
        "status": "open",
        "status_transitions": {
            "finalized_at": now,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "total_discount_amounts": [],
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": now,
    }
