"""Refunds, whole and in part, and those that the bank sends back."""

from __future__ import annotations

from stripe_standin.errors import ApiError
from stripe_standin.listing import equals, page
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id

REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create_refund(world: World, params: Params, _id: str) -> StripeObject:
    """`POST /v1/refunds`."""
    intent = params.text("payment_intent")
    charge = params.text("charge")
    amount = params.integer("amount", least=1)
    reason = params.choice("reason", REASONS)
    metadata = params.metadata()
    params.finish()
    if (intent is None) == (charge is None):
        raise ApiError(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
            stored=False,
        )
    param = "payment_intent" if intent else "charge"
    return refund(
        world, charge_of(world, intent or charge or "", param), amount, reason=reason, metadata=metadata
    )


def refund(
    world: World,
    charge: StripeObject,
    amount: int | None,
    *,
    reason: str | None = None,
    metadata: dict[str, str] | None = None,
) -> StripeObject:
    """Send money back, all that is left unless an amount says less. Raises ApiError for what cannot be sent back."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    _check(world, charge, amount, left)
    amount = left if amount is None else amount
    made = {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("txn"),
        "charge": charge["id"],
        "created": world.now(),
        "currency": charge["currency"],
        "destination_details": {
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": metadata or {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
    _count(charge, amount)
    world.save(made)
    world.save(charge)
    world.emit("refund.created", made)
    world.emit("charge.refunded", charge)
    world.emit("refund.updated", made)
    return made


def fail_refund(world: World, wanted: str) -> StripeObject:
    """The bank sends the refund back: the money is the merchant's again."""
    failed = world.find("refund", wanted)
    if failed["status"] != "succeeded":
        raise ApiError(f"The refund {wanted} has failed already.")
    failed.update(
        status="failed", failure_reason="lost_or_stolen_card", failure_balance_transaction=new_id("txn")
    )
    charge = world.find("charge", failed["charge"])
    _count(charge, -failed["amount"])
    world.save(charge)
    world.save(failed)
    world.emit("charge.updated", charge)
    world.emit("refund.updated", failed)
    world.emit("refund.failed", failed)
    return failed


def charge_of(world: World, wanted: str, param: str = "charge") -> StripeObject:
    """The charge with this id, or the one that paid this payment intent; ApiError when there is none."""
    if param != "payment_intent" and not wanted.startswith("pi_"):
        return world.find("charge", wanted, param=param)
    intent = world.find("payment_intent", wanted, param=param)
    if intent["status"] != "succeeded":
        raise ApiError(
            f"This PaymentIntent ({wanted}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
        )
    return world.find("charge", intent["latest_charge"])


def retrieve_refund(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/refunds/{refund}`."""
    params.finish()
    return world.find("refund", wanted, status=404)


def list_refunds(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/refunds`."""
    return page(
        world, params, "refund", "/v1/refunds", equals(params, "charge"), equals(params, "payment_intent")
    )


def _check(world: World, charge: StripeObject, amount: int | None, left: int) -> None:
    wanted = charge["id"]
    if charge["status"] != "succeeded":
        raise ApiError(f"Charge {wanted} has not been paid.", code="charge_not_refundable")
    if any(
        dispute["charge"] == wanted and not dispute["is_charge_refundable"]
        for dispute in world.store.each("dispute")
    ):
        raise ApiError(
            f"Charge {wanted} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if left == 0:
        raise ApiError(f"Charge {wanted} has already been refunded.", code="charge_already_refunded")
    if amount is not None and amount > left:
        raise ApiError(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )


def _count(charge: StripeObject, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
