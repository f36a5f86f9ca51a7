"""What every invoice and its lines have in common, and the tax on them."""

from __future__ import annotations

from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

TAX_PERCENT = 25


def tax_on(net: int) -> int:
    """What the stand-in's only tax adds to an amount."""
    return net * TAX_PERCENT // 100


def tax_line(net: int) -> StripeObject:
    """The tax on an amount, as invoices and credit notes name it."""
    return {
        "amount": tax_on(net),
        "tax_behavior": "exclusive",
        "tax_rate_details": {"tax_rate": "txr_standin"},
        "taxability_reason": "standard_rated",
        "taxable_amount": net,
        "type": "tax_rate_details",
    }


def invoice_line(invoice: str, line: StripeObject, subscription: StripeObject | None) -> StripeObject:
    """A line of an invoice."""
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


def blank_invoice(world: World, wanted: str, customer: str | None) -> StripeObject:
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
