"""Credit notes on paid invoices, which refund what they credit."""

from __future__ import annotations

from stripe_standin.blanks import TAX_PERCENT, tax_line
from stripe_standin.errors import ApiError, invalid
from stripe_standin.invoices import payment_of
from stripe_standin.listing import equals, listed, page
from stripe_standin.params import Params
from stripe_standin.refunds import charge_of, refund
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

REASONS = ("duplicate", "fraudulent", "order_change", "product_unsatisfactory")


def create_credit_note(world: World, params: Params, _id: str) -> StripeObject:
    """`POST /v1/credit_notes`, for an amount that is refunded."""
    wanted = params.needed("invoice")
    amount = params.integer("amount", least=1)
    refunded = params.integer("refund_amount", least=0)
    memo, reason = params.text("memo"), params.choice("reason", REASONS)
    params.choice("email_type", ("credit_note", "none"))
    metadata = params.metadata()
    params.finish()
    if amount is None:
        raise invalid("One of `amount`, `lines`, or `shipping_cost` must be provided.", "amount")
    invoice = world.find("invoice", wanted, param="invoice")
    if invoice["status"] != "paid":
        raise ApiError(f"The invoice {wanted} is {invoice['status']}: only a paid one is credited here.")
    left = invoice["amount_paid"] - invoice["post_payment_credit_notes_amount"]
    if amount > left:
        raise ApiError(
            f"The credit note ({amount}) is greater than what is left of the invoice ({left}).",
            param="amount",
        )
    if refunded != amount:
        raise ApiError("The sum of credit, refund and out of band amount must equal the credit note's.")
    charge = charge_of(world, payment_of(world, wanted)["payment"]["payment_intent"], "payment_intent")
    made = refund(world, charge, amount)
    world.save({**invoice, "post_payment_credit_notes_amount": invoice["amount_paid"] - left + amount})
    note = _note(world, invoice, amount, made["id"])
    note |= {"memo": memo, "reason": reason, "metadata": metadata}
    world.emit("credit_note.created", world.save(note))
    return note


def list_credit_notes(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/credit_notes`."""
    return page(world, params, "credit_note", "/v1/credit_notes", equals(params, "invoice"))


def _note(world: World, invoice: StripeObject, amount: int, refunded: str) -> StripeObject:
    wanted = new_id("cn")
    taxed = invoice["automatic_tax"]["enabled"]
    net = round(amount * 100 / (100 + TAX_PERCENT)) if taxed else amount
    line = {
        "id": new_id("cnli"),
        "object": "credit_note_line_item",
        "amount": net,
        "description": "Credit",
        "discount_amount": 0,
        "discount_amounts": [],
        "livemode": False,
        "pretax_credit_amounts": [],
        "quantity": 1,
        "tax_rates": [],
        "taxes": [],
        "type": "custom_line_item",
        "unit_amount": net,
        "unit_amount_decimal": str(net),
    }
    return {
        "id": wanted,
        "object": "credit_note",
        "amount": amount,
        "amount_shipping": 0,
        "created": world.now(),
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_balance_transaction": None,
        "discount_amount": 0,
        "discount_amounts": [],
        "effective_at": world.now(),
        "invoice": invoice["id"],
        "lines": listed([line], f"/v1/credit_notes/{wanted}/lines"),
        "livemode": False,
        "number": f"{invoice['number']}-CN-{wanted[-4:]}",
        "out_of_band_amount": None,
        "pdf": f"{world.base}/invoice/{invoice['id']}/pdf",
        "post_payment_amount": amount,
        "pre_payment_amount": 0,
        "pretax_credit_amounts": [],
        "refunds": [{"amount_refunded": amount, "refund": refunded, "type": "refund"}],
        "shipping_cost": None,
        "status": "issued",
        "subtotal": net,
        "subtotal_excluding_tax": net,
        "total": amount,
        "total_excluding_tax": net,
        "total_taxes": [tax_line(net) | {"amount": amount - net}] if taxed else [],
        "type": "post_payment",
        "voided_at": None,
    }
