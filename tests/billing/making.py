"""Stripe's answers, as small as the rules need them, for tests without a stand-in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from marketplace.billing.sync.facts import Facts, Known, Payment
from tests.factories import NOON

START = int(NOON.timestamp())
DAY = 86_400
WON_AFTER = 20  # days from the beginning of a dispute to the bank's decision


def known(state: str = "held", kind: str = "month", **values: Any) -> Known:
    """What we know of a placement."""
    defaults: dict[str, Any] = {
        "id": 7,
        "version": 1,
        "reason": "",
        "session_id": "cs_1",
        "subscription_id": None,
        "payment_intent_id": None,
        "grace_until": None,
        "period_end": None,
    }
    return Known(**{**defaults, "state": state, "kind": kind, **values})


def session(status: str = "complete", payment_status: str = "unpaid") -> dict[str, Any]:
    """A Checkout Session."""
    return {"id": "cs_1", "status": status, "payment_status": payment_status}


def subscription(status: str = "active", **values: Any) -> dict[str, Any]:
    """A subscription whose period began at noon."""
    item = {"current_period_start": START, "current_period_end": START + 30 * DAY}
    defaults: dict[str, Any] = {
        "id": "sub_1",
        "status": status,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "items": {"data": [item]},
        "cancellation_details": {"reason": None, "comment": None},
        "ended_at": None,
    }
    return {**defaults, **values}


def intent(status: str = "succeeded", *, error: bool = False) -> dict[str, Any]:
    """A payment intent."""
    return {"id": "pi_1", "status": status, "last_payment_error": {"code": "x"} if error else None}


def payment(
    intent_id: str = "pi_1", *, refunded: int = 0, dispute: str | None = None, made: datetime = NOON
) -> Payment:
    """A payment of 49.00, with what went back."""
    charge = {
        "id": f"ch_{intent_id}",
        "amount": 4900,
        "amount_refunded": refunded,
        "currency": "eur",
        "created": int(made.timestamp()),
    }
    refunds = [{"id": "re_1", "amount": refunded, "currency": "eur", "created": START, "status": "succeeded"}]
    disputed = {"id": "du_1", "amount": 4900, "currency": "eur", "created": START, "status": dispute}
    won = [{"reporting_category": "dispute_reversal", "created": START + WON_AFTER * DAY}]
    disputes = [{**disputed, "balance_transactions": won if dispute == "won" else []}]
    return Payment(
        intent_id, charge, None, tuple(refunds if refunded else ()), tuple(disputes if dispute else ())
    )


def paid_month(status: str = "active", *payments: Payment, **values: Any) -> Facts:
    """A subscription that was paid once, or by these payments."""
    return Facts(
        session(payment_status="paid"), subscription(status, **values), None, None, payments or (payment(),)
    )


def paid_pass(*payments: Payment) -> Facts:
    """A pass that was paid."""
    return Facts(session(payment_status="paid"), None, intent(), None, payments or (payment(),))


def after(days: float) -> datetime:
    """A moment after noon."""
    return NOON + timedelta(days=days)
