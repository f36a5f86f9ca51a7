"""Stripe's signed messages: which events we subscribe to, checking a signature, and what an event is about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import stripe

LONGEST_ID = 255
TOLERANCE = timedelta(minutes=5)  # the oldest signature that Stripe's own libraries accept
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
NOT_READABLE = (
    *(stripe.SignatureVerificationError, ValueError, LookupError, TypeError, AttributeError),
    *(StopIteration, ArithmeticError, OSError, RecursionError),
)


class SessionStatus(StrEnum):
    """The statuses of a Checkout Session."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


class SubscriptionStatus(StrEnum):
    """The statuses of a subscription that this product reads."""

    INCOMPLETE = "incomplete"
    INCOMPLETE_EXPIRED = "incomplete_expired"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"


class BadSignature(Exception):
    """A message without a valid, recent signature of Stripe's, or that is not a snapshot event."""


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """What a signed message is about. The object's own data is not kept: we read it from Stripe."""

    event_id: str
    type: str
    object_id: str
    created: datetime
    livemode: bool


def verify_event(body: bytes, header: str, secret: str, moment: datetime) -> SignedEvent:
    """The event of a message whose signature is valid and recent at `moment`. Raises `BadSignature` for any other."""
    try:
        stripe.WebhookSignature.verify_header(body, header, secret)
        stamp = next(part for part in header.split(",") if part.startswith("t=")).removeprefix("t=")
        if abs(moment - datetime.fromtimestamp(int(stamp), UTC)) > TOLERANCE:
            raise BadSignature
        return signed_event(json.loads(body))  # the client would unwrap what a cloud's event bus sends
    except NOT_READABLE as error:
        raise BadSignature from error  # not signed, or signed but not a kind of event that we read


def signed_event(event: dict[str, Any]) -> SignedEvent:
    """The event as Stripe writes it, reduced. Raises ValueError or LookupError for anything but a snapshot event of an
    object with an id."""
    texts = (event["id"], event["type"], event["data"]["object"]["id"])
    if event.get("object") != "event" or not all(
        isinstance(text, str) and 0 < len(text) <= LONGEST_ID and text.isascii() and text.isprintable()
        for text in texts
    ):
        raise ValueError("not a snapshot event")
    return SignedEvent(*texts, datetime.fromtimestamp(event["created"], UTC), bool(event["livemode"]))
