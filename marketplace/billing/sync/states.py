"""The state of a placement, derived from Stripe's own state. Pure, so the order in which events arrive does not matter.

| Stripe | placement |
| --- | --- |
| session open, or complete and the payment still processing, whatever the subscription's status | `held` |
| session expired while the slot is reserved for the first of the waiting list | `reserved` again |
| session expired, or the first payment failed | `released`, and a subscription cancelled |
| paid, subscription active | `active`; `canceling` with an end set (`cancel_at` or `cancel_at_period_end`) |
| subscription past due or unpaid | `past_due` until seven days after the period began, then cancelled and `ended` |
| pass paid | `active` until thirty days after the charge, then `ended` |
| subscription canceled, payment refunded in full or disputed | `ended` |
| dispute won | `active` (pass) or `canceling` (month) for the time that was left when it began, then `ended` |
| paid, and over before it was ever shown | refunded: `refunded` |
| paid after the slot was released, and none is free | refunded: `refunded` |
| an invoice still open after the end | voided; a payment for a period that we cut off, refunded |

A step asks Stripe to do something; afterwards the facts are loaded again. Every step carries its own idempotency key. A step
that our key may not take holds nothing up (`without`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from marketplace.billing.statuses import FINAL, LIVE, PAID, EndReason, PlacementKind, PlacementState
from marketplace.billing.stripe.messages import SessionStatus, SubscriptionStatus
from marketplace.billing.sync.facts import (
    UNPAID_COMMENT,
    Facts,
    Known,
    Payment,
    end_reason,
    moment,
    rest_after_dispute,
)

PASS_LENGTH = timedelta(days=30)
GRACE = timedelta(days=7)
RUNNING = (
    SubscriptionStatus.ACTIVE,
    SubscriptionStatus.TRIALING,
    SubscriptionStatus.PAST_DUE,
    SubscriptionStatus.UNPAID,
)
UNSTARTED = (SubscriptionStatus.INCOMPLETE, SubscriptionStatus.INCOMPLETE_EXPIRED)
# A subscription may be active while its first payment is still on its way.
MAY_STILL_PAY = (SubscriptionStatus.INCOMPLETE, SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING)


@dataclass(frozen=True, slots=True)
class Target:
    """The state that a placement should have, and what belongs to it at Stripe."""

    state: str
    reason: str = ""
    subscription_id: str | None = None
    payment_intent_id: str | None = None
    period_end: datetime | None = None
    grace_until: datetime | None = None


class Action(StrEnum):
    """What Stripe is asked to do: cancel a subscription, void an invoice, refund a payment intent."""

    CANCEL = "cancel"
    VOID = "void"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Step:
    """An action at Stripe. `key` is its idempotency key; `comment` lets us recognize the reason of a cancellation when we
    read the subscription again."""

    action: Action
    target: str
    key: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The target, after the steps."""

    target: Target
    steps: tuple[Step, ...] = ()


def plan(known: Known, facts: Facts, now: datetime) -> Plan:
    """What follows for a placement from Stripe's state. Raises nothing; an unclear state changes nothing."""
    found = _state_plan(known, facts, now)
    if found.target.state in LIVE:
        return found
    clearing = (
        *(Step(Action.VOID, invoice, f"void:{invoice}") for invoice in facts.open_invoices),
        *(_refund(known, payment) for payment in paid_after_end(known, facts) if not payment.refunded),
    )
    return Plan(found.target, tuple(dict.fromkeys((*found.steps, *clearing))))


def paid_after_end(known: Known, facts: Facts) -> tuple[Payment, ...]:
    """Payments without a service: made after the subscription had ended, or the placement whose subscription we may not
    cancel; or for the period that we cut off as unpaid."""
    subscription = facts.subscription
    if subscription is None:
        return ()
    ends = [moment(subscription["ended_at"])] if subscription["ended_at"] is not None else []
    if ends and end_reason(subscription) == EndReason.UNPAID:
        cut = moment(subscription["items"]["data"][0]["current_period_start"])
        return tuple(one for one in facts.payments if one.made_at >= cut and not one.disputed)
    if known.state == PlacementState.ENDED and known.ended_at is not None:
        ends.append(known.ended_at)
    return tuple(one for one in facts.payments if ends and one.made_at > min(ends) and not one.disputed)


def without(denied: Collection[Step], known: Known, target: Target) -> Target:
    """The target, though these steps were refused for lack of a permission, and will be tried again. Nothing keeps its slot
    for it. What could not be refunded is only released."""
    refunds = any(step.action == Action.REFUND for step in denied)
    if target.state != PlacementState.REFUNDED or known.state in FINAL or not refunds:
        return target
    return replace(target, state=PlacementState.RELEASED, reason=EndReason.LATE)


def _state_plan(known: Known, facts: Facts, now: datetime) -> Plan:
    subscription, intent = facts.subscription, facts.intent
    found = Target(
        state=known.state,
        reason=known.reason,
        subscription_id=subscription["id"] if subscription else known.subscription_id,
        payment_intent_id=intent["id"] if intent else known.payment_intent_id,
        period_end=known.period_end,
        grace_until=None,
    )
    if subscription is not None and subscription["status"] not in UNSTARTED:
        result = _subscription_plan(known, facts, found, now)
    elif known.kind == PlacementKind.PASS and facts.payments:
        result = _pass_plan(known, facts, found, now)
    else:
        result = _unpaid_plan(known, facts, found, now)
    if known.state == PlacementState.RELEASED and result.target.state in (
        PlacementState.ENDED,
        PlacementState.PAST_DUE,
    ):
        # Paid, and over before it was ever shown.
        return Plan(
            replace(result.target, state=PlacementState.REFUNDED, reason=EndReason.LATE),
            refund_all(known, facts),
        )
    if known.state not in (*PAID, *FINAL) and result.target.state in FINAL:
        # The same while the slot was still held: we learned of the payment only when it was over. A dispute is not refunded.
        disputed = result.target.reason == EndReason.DISPUTE
        state = PlacementState.ENDED if disputed else PlacementState.REFUNDED
        return Plan(replace(result.target, state=state), refund_all(known, facts))
    return result


def _unpaid_plan(known: Known, facts: Facts, found: Target, now: datetime) -> Plan:
    """Nothing was paid yet. A failed first payment is not retried: nobody pays for what is not shown."""
    session = facts.session
    if session is None or known.state in FINAL:
        return Plan(found)
    if session["status"] == SessionStatus.OPEN or _processing(facts):
        return Plan(replace(found, state=PlacementState.HELD if known.state in LIVE else known.state))
    steps = _cancel_steps(known, facts.subscription, (*RUNNING, SubscriptionStatus.INCOMPLETE))
    if known.state not in LIVE:
        return Plan(found, steps)
    if session["status"] == SessionStatus.EXPIRED and known.hold_until is not None and now < known.hold_until:
        return Plan(replace(found, state=PlacementState.RESERVED, reason=""))
    reason = EndReason.EXPIRED if session["status"] == SessionStatus.EXPIRED else EndReason.PAYMENT_FAILED
    return Plan(replace(found, state=PlacementState.RELEASED, reason=known.reason or reason), steps)


def _processing(facts: Facts) -> bool:
    session, subscription = facts.session, facts.subscription
    if session is None or session["status"] != SessionStatus.COMPLETE:
        return False
    if subscription is not None and subscription["status"] not in MAY_STILL_PAY:
        return False
    expected = facts.intent or facts.owed
    return expected is None or not _failed(expected)


def _failed(intent: dict[str, Any]) -> bool:
    """Whether a payment was attempted and failed."""
    tried = intent.get("last_payment_error") is not None
    return intent["status"] == "canceled" or (intent["status"] == "requires_payment_method" and tried)


def _paid(known: Known, facts: Facts) -> bool:
    """Whether a first payment ever arrived."""
    settled = (facts.session or {}).get("payment_status") in ("paid", "no_payment_required")
    return known.state in PAID or bool(facts.payments) or settled


def _cancel_steps(
    known: Known, subscription: dict[str, Any] | None, statuses: tuple[str, ...], comment: str = ""
) -> tuple[Step, ...]:
    if subscription is None or subscription["status"] not in statuses:
        return ()
    key = (
        f"cancel:{known.id}:{comment}" if comment else f"cancel:{known.id}"
    )  # another comment is another call
    return (Step(Action.CANCEL, subscription["id"], key, comment),)


def _pass_plan(known: Known, facts: Facts, found: Target, now: datetime) -> Plan:
    payment = _own_payment(facts)
    if payment is None:
        return Plan(found)
    # The time that a dispute took, which was won, is added.
    end = payment.made_at + PASS_LENGTH + sum((back - taken for taken, back in payment.won), timedelta())
    found = replace(found, period_end=end)
    over = payment.disputed or payment.refunded or now >= end
    if known.state in FINAL and (over or not _ended_by_dispute(known)):
        return _final(known, found, ())
    if payment.disputed:
        return Plan(replace(found, state=PlacementState.ENDED, reason=EndReason.DISPUTE))
    if payment.refunded:
        return Plan(_after_refund(known, found))
    if now >= end:
        return Plan(replace(found, state=PlacementState.ENDED, reason=EndReason.OVER))
    return Plan(replace(found, state=PlacementState.ACTIVE, reason=""))


def _ended_by_dispute(known: Known) -> bool:
    return known.state == PlacementState.ENDED and known.reason == EndReason.DISPUTE


def _own_payment(facts: Facts) -> Payment | None:
    own = facts.intent["id"] if facts.intent else None
    return next((payment for payment in facts.payments if payment.intent_id == own), None)


def _subscription_plan(known: Known, facts: Facts, found: Target, now: datetime) -> Plan:
    subscription = facts.subscription
    assert subscription is not None
    item = subscription["items"]["data"][0]
    status = subscription["status"]
    found = replace(found, period_end=moment(item["current_period_end"]))
    newest = facts.payments[0] if facts.payments else None
    cancel = _cancel_steps(known, subscription, RUNNING)
    rest = rest_after_dispute(facts)
    disputed = any(payment.disputed for payment in facts.payments)
    comes_back = rest is not None and now < rest and not disputed and not (newest and newest.refunded)
    if comes_back and (_ended_by_dispute(known) or known.state == PlacementState.CANCELING):
        return Plan(replace(found, state=PlacementState.CANCELING, reason="", period_end=rest))
    if known.state in FINAL:
        return _final(known, found, cancel)
    if not _paid(known, facts):
        return _unpaid_plan(known, facts, replace(found, period_end=known.period_end), now)
    if disputed:
        return Plan(replace(found, state=PlacementState.ENDED, reason=EndReason.DISPUTE), cancel)
    if newest is not None and newest.refunded:
        return Plan(_after_refund(known, found), cancel)
    if status in (SubscriptionStatus.PAST_DUE, SubscriptionStatus.UNPAID):
        # Stripe's period began when the payment was due, so the end does not depend on when we learn of it.
        until = moment(item["current_period_start"]) + GRACE
        if now >= until:
            steps = _cancel_steps(known, subscription, RUNNING, UNPAID_COMMENT)
            return Plan(replace(found, state=PlacementState.ENDED, reason=EndReason.UNPAID), steps)
        return Plan(replace(found, state=PlacementState.PAST_DUE, reason="", grace_until=until))
    if status in (SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING):
        ends = subscription["cancel_at"] or subscription["cancel_at_period_end"]
        end = moment(subscription["cancel_at"]) if subscription["cancel_at"] else found.period_end
        state = PlacementState.CANCELING if ends else PlacementState.ACTIVE
        return Plan(replace(found, state=state, reason="", period_end=end))
    return Plan(replace(found, state=PlacementState.ENDED, reason=known.reason or end_reason(subscription)))


def _after_refund(known: Known, found: Target) -> Target:
    """After a full refund: a placement that was shown ended, one that was never shown is `refunded`."""
    if known.state in PAID:
        return replace(found, state=PlacementState.ENDED, reason=EndReason.REFUNDED)
    late = known.state == PlacementState.RELEASED
    return replace(
        found, state=PlacementState.REFUNDED, reason=EndReason.LATE if late else EndReason.REFUNDED
    )


def _final(known: Known, found: Target, cancel: tuple[Step, ...]) -> Plan:
    """What ended stays ended, and its subscription is cancelled."""
    return Plan(replace(found, state=known.state, reason=known.reason, period_end=known.period_end), cancel)


def refund_all(known: Known, facts: Facts) -> tuple[Step, ...]:
    """The steps for a payment that came too late, with no slot free."""
    steps = [
        _refund(known, payment) for payment in facts.payments if not payment.refunded and not payment.disputed
    ]
    return (*steps, *_cancel_steps(known, facts.subscription, RUNNING))


def _refund(known: Known, payment: Payment) -> Step:
    return Step(Action.REFUND, payment.intent_id, f"refund:{known.id}:{payment.intent_id}")
