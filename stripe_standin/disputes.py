"""Disputes: the payer's bank takes the money back, or only asks."""

from __future__ import annotations

from stripe_standin.errors import ApiError
from stripe_standin.listing import equals, page
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

DUE_SECONDS = 9 * 86_400
FEE = 1500
EVIDENCE = """access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal
    customer_communication customer_email_address customer_name customer_purchase_ip customer_signature
    duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt
    refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation
    shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number
    uncategorized_file uncategorized_text"""


def dispute(world: World, charge: StripeObject, *, inquiry: bool = False) -> StripeObject:
    """The payer's bank disputes the charge; an inquiry asks first and takes no money."""
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise ApiError(f"The charge {charge['id']} cannot be disputed.")
    wanted = new_id("du")
    now = world.now()
    made = {
        "id": wanted,
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [] if inquiry else [_transaction(wanted, charge, -1, now)],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE.split()), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + DUE_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": "visa",
                "case_type": "inquiry" if inquiry else "chargeback",
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": "fraudulent",
        "status": "warning_needs_response" if inquiry else "needs_response",
    }
    world.save({**charge, "disputed": True})
    world.emit("charge.dispute.created", world.save(made))
    if not inquiry:
        world.emit("charge.dispute.funds_withdrawn", made)
    return made


def escalate_dispute(world: World, wanted: str) -> StripeObject:
    """The bank is not content with the answer to its inquiry and takes the money back."""
    found = world.find("dispute", wanted)
    if found["status"] != "warning_needs_response":
        raise ApiError(f"The dispute {wanted} is no open inquiry.")
    charge = world.find("charge", found["charge"])
    found["status"] = "needs_response"
    found["is_charge_refundable"] = False
    found["payment_method_details"]["card"]["case_type"] = "chargeback"
    found["balance_transactions"].append(_transaction(wanted, charge, -1, world.now()))
    world.emit("charge.dispute.updated", world.save(found))
    world.emit("charge.dispute.funds_withdrawn", found)
    return found


def close_dispute(world: World, wanted: str, *, won: bool) -> StripeObject:
    """The bank decides; an inquiry is only closed."""
    closed = world.find("dispute", wanted)
    if not closed["status"].endswith("needs_response"):
        raise ApiError(f"The dispute {wanted} is closed.")
    inquiry = closed["status"].startswith("warning")
    closed["status"] = "warning_closed" if inquiry else "won" if won else "lost"
    charge = world.find("charge", closed["charge"])
    if won and not inquiry:
        closed["balance_transactions"].append(_transaction(wanted, charge, 1, world.now()))
        closed["is_charge_refundable"] = True
        world.emit("charge.dispute.funds_reinstated", closed)
    world.emit("charge.dispute.closed", world.save(closed))
    return closed


def retrieve_dispute(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/disputes/{dispute}`."""
    params.finish()
    return world.find("dispute", wanted, status=404)


def list_disputes(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/disputes`."""
    return page(
        world, params, "dispute", "/v1/disputes", equals(params, "charge"), equals(params, "payment_intent")
    )


def _transaction(wanted: str, charge: StripeObject, sign: int, now: int) -> StripeObject:
    amount = sign * charge["amount"]
    fee = 0 if sign > 0 else FEE
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now,
        "balance_type": "payments",
        "created": now,
        "currency": charge["currency"],
        "description": f"Chargeback {'withdrawal' if sign < 0 else 'reversal'} for {charge['id']}",
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [],
        "net": amount - fee,
        "reporting_category": "dispute" if sign < 0 else "dispute_reversal",
        "source": wanted,
        "status": "available",
        "type": "adjustment",
    }
