"""Payment intents and charges: money that moves, or does not."""

from __future__ import annotations

from collections.abc import Mapping

from stripe_standin.listing import equals, page
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

DECLINED: StripeObject = {
    "code": "card_declined",
    "decline_code": "generic_decline",
    "message": "Your card was declined.",
    "type": "card_error",
}
CARD = {
    "brand": "visa",
    "country": "US",
    "exp_month": 12,
    "exp_year": 2040,
    "funding": "credit",
    "last4": "4242",
}


def make_intent(
    world: World,
    *,
    amount: int,
    currency: str,
    customer: str | None,
    description: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> StripeObject:
    """A payment intent that waits for a way to pay."""
    wanted = new_id("pi")
    intent = {
        "id": wanted,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{wanted}_secret_standin",
        "confirmation_method": "automatic",
        "created": world.now(),
        "currency": currency,
        "customer": customer,
        "description": description,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": dict(metadata or {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }
    return world.save(intent)


def charge_intent(world: World, wanted: str, *, good: bool) -> StripeObject:
    """Try the card for a payment intent; returns the charge, succeeded or failed. Announces both."""
    intent = world.find("payment_intent", wanted)
    charge = _charge(world, intent, good=good)
    intent["latest_charge"] = charge["id"]
    if good:
        intent.update(
            status="succeeded",
            amount_received=intent["amount"],
            last_payment_error=None,
            payment_method=charge["payment_method"],
        )
    else:
        intent.update(
            status="requires_payment_method", last_payment_error={**DECLINED, "charge": charge["id"]}
        )
    world.save(intent)
    world.emit("charge.succeeded" if good else "charge.failed", charge)
    world.emit("payment_intent.succeeded" if good else "payment_intent.payment_failed", intent)
    return charge


def start_processing(world: World, wanted: str) -> None:
    """The money is on its way and may yet fail."""
    intent = world.find("payment_intent", wanted)
    intent["status"] = "processing"
    world.emit("payment_intent.processing", world.save(intent))


def _charge(world: World, intent: StripeObject, *, good: bool) -> StripeObject:
    wanted = new_id("ch")
    customer = world.store.get("customer", intent["customer"] or "") or {}
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    charge = {
        "id": wanted,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if good else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": new_id("txn") if good else None,
        "billing_details": {
            "address": address,
            "email": customer.get("email"),
            "name": customer.get("name"),
            "phone": None,
            "tax_id": None,
        },
        "calculated_statement_descriptor": "STAND-IN",
        "captured": good,
        "created": world.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None if good else DECLINED["code"],
        "failure_message": None if good else DECLINED["message"],
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": _outcome(good=good),
        "paid": good,
        "payment_intent": intent["id"],
        "payment_method": new_id("pm"),
        "payment_method_details": {"card": _card(), "type": "card"},
        "radar_options": {},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": f"{world.base}/receipt/{wanted}" if good else None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded" if good else "failed",
        "transfer_data": None,
        "transfer_group": None,
    }
    return world.save(charge)


def _outcome(*, good: bool) -> StripeObject:
    """What the bank said."""
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None if good else "01",
        "network_status": "approved_by_network" if good else "declined_by_network",
        "reason": None if good else "generic_decline",
        "risk_level": "normal",
        "seller_message": "Payment complete." if good else "The bank did not return any further details.",
        "type": "authorized" if good else "issuer_declined",
    }


def _card() -> StripeObject:
    checks = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
    return {
        **CARD,
        "checks": checks,
        "installments": None,
        "mandate": None,
        "network": "visa",
        "wallet": None,
    }


def retrieve_intent(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/payment_intents/{intent}`."""
    params.finish()
    return world.find("payment_intent", wanted, status=404)


def list_intents(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/payment_intents`."""
    return page(world, params, "payment_intent", "/v1/payment_intents", equals(params, "customer"))


def retrieve_charge(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/charges/{charge}`."""
    params.finish()
    return world.find("charge", wanted, status=404)


def list_charges(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/charges`."""
    return page(
        world, params, "charge", "/v1/charges", equals(params, "customer"), equals(params, "payment_intent")
    )
