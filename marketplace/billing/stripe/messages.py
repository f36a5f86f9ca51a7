"""What a signed message of Stripe's is about, which ones we ask for, and what its portal may do. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LONGEST_ID = 255
EVENT_TYPES = (
    "checkout.session.completed",
    "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.paid",
    "invoice.payment_failed",
    "charge.refunded",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
)

# What the Customer Portal lets a provider do: no change of plan or quantity, so nothing is ever prorated.
PORTAL_FEATURES = {
    "payment_method_update": {"enabled": True},
    "invoice_history": {"enabled": True},
    "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
}


class BadSignature(Exception):
    """A message that Stripe did not sign, or not lately, or that is no snapshot event."""


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """What a signed message is about. What it says of the object is not kept: Stripe is asked."""

    event_id: str
    type: str
    object_id: str
    created: datetime
    livemode: bool


def signed_event(event: dict[str, Any]) -> SignedEvent:
    """The event as Stripe writes it, reduced. Raises ValueError or LookupError for what is no snapshot event of an object
    with an id."""
    texts = (event["id"], event["type"], event["data"]["object"]["id"])
    if event.get("object") != "event" or not all(
        isinstance(text, str) and 0 < len(text) <= LONGEST_ID and text.isascii() and text.isprintable()
        for text in texts
    ):
        raise ValueError("not a snapshot event")
    return SignedEvent(*texts, datetime.fromtimestamp(event["created"], UTC), bool(event["livemode"]))
