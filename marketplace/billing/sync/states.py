"""What state a placement is in, from Stripe's own state: pure, so that the order in which news arrive does not matter.

| Stripe | placement |
| --- | --- |
| session open, or complete and the payment still on its way, whatever the subscription's status | `held` |
| session expired while the place is kept for the first of the waiting list | `reserved` again |
| session expired, or the first payment came to nothing | `released`, and a subscription cancelled |
| paid, subscription active | `active`; `canceling` with an end set (`cancel_at` or `cancel_at_period_end`) |
| subscription past due or unpaid | `past_due` until seven days after the period began, then cancelled and `ended` |
| pass paid | `active` until thirty days after the charge, then `ended` |
| subscription canceled, payment refunded in full or disputed | `ended` |
| paid, and over before it was ever shown | given back: `refunded` |
| paid after the slot was released, and none is free | given back: `refunded` |
| an invoice still open once nothing is sold or bought | voided; what was paid of a cut period all the same, given back |

A step asks Stripe to do something; after it Stripe is asked anew. Every step carries its own idempotency key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from marketplace.billing.models import LIVE, PAID
from marketplace.billing.sync.facts import Facts, Known, Payment, moment

PASS_LENGTH = timedelta(days=30)
GRACE = timedelta(days=7)
RUNNING = ("active", "trialing", "past_due", "unpaid")
FINAL = ("ended", "refunded")
# A subscription may be active while its first payment is still on its way.
HOPEFUL = ("incomplete", "active", "trialing")
UNPAID = "featured place: grace over"
CANCEL_REASONS = {"payment_failed": "unpaid", "payment_disputed": "dispute"}


@dataclass(frozen=True, slots=True)
class Target:
    """The state that a placement is to have, and what of Stripe belongs to it."""

    state: str
    reason: str = ""
    subscription_id: str | None = None
    payment_intent_id: str | None = None
    period_end: datetime | None = None
    grace_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something to ask of Stripe: `cancel` a subscription, `void` an invoice or `refund` a payment intent. `key` makes it
    happen once; `comment` is how we know the reason of a cancellation again when Stripe is asked anew."""

    act: str
    target: str
    key: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The target, after the steps."""

    target: Target
    steps: tuple[Step, ...] = ()


def plan(known: Known, facts: Facts, now: datetime) -> Plan:
    """What follows from Stripe's state for a placement. Raises nothing; an unclear state leaves it as it is."""
    found = _planned(known, facts, now)
    if found.target.state in LIVE:
        return found
    clearing = (
        *(Step("void", invoice, f"void:{invoice}") for invoice in facts.open_invoices),
        *(_refund(known, payment) for payment in paid_after_end(facts) if not payment.refunded),
    )
    return Plan(found.target, tuple(dict.fromkeys((*found.steps, *clearing))))


def paid_after_end(facts: Facts) -> tuple[Payment, ...]:
    """Payments for nothing: made after the subscription had ended, or for the period that we cut off as unpaid."""
    subscription = facts.subscription
    if subscription is None or subscription["ended_at"] is None:
        return ()
    if _end_reason(subscription) == "unpaid":
        cut = moment(subscription["items"]["data"][0]["current_period_start"])
        return tuple(one for one in facts.payments if one.made_at >= cut and not one.disputed)
    cut = moment(subscription["ended_at"])
    return tuple(one for one in facts.payments if one.made_at > cut and not one.disputed)


def _planned(known: Known, facts: Facts, now: datetime) -> Plan:
    subscription, intent = facts.subscription, facts.intent
    found = Target(
        state=known.state,
        reason=known.reason,
        subscription_id=subscription["id"] if subscription else known.subscription_id,
        payment_intent_id=intent["id"] if intent else known.payment_intent_id,
        period_end=known.period_end,
        grace_until=None,
    )
    if subscription is not None and subscription["status"] not in ("incomplete", "incomplete_expired"):
        result = _subscribed(known, facts, found, now)
    elif known.kind == "pass" and facts.payments:
        result = _passed(known, facts, found, now)
    else:
        result = _unpaid(known, facts, found, now)
    if known.state == "released" and result.target.state in ("ended", "past_due"):
        # Paid, and over before it was ever shown.
        return Plan(_with(result.target, state="refunded", reason="late"), give_back(known, facts))
    if known.state not in (*PAID, *FINAL) and result.target.state in FINAL:
        # The same with the slot still kept: we heard of the payment only when it was over. A bank's word stands.
        state = "ended" if result.target.reason == "dispute" else "refunded"
        return Plan(_with(result.target, state=state), give_back(known, facts))
    return result


def _unpaid(known: Known, facts: Facts, found: Target, now: datetime) -> Plan:
    """Nothing was paid (yet). A first payment that failed is not tried again: nobody pays for what is not shown."""
    session = facts.session
    if session is None or known.state in FINAL:
        return Plan(found)
    if session["status"] == "open" or _on_its_way(facts):
        return Plan(_with(found, state="held" if known.state in LIVE else known.state))
    steps = _cancelling(known, facts.subscription, (*RUNNING, "incomplete"))
    if known.state not in LIVE:
        return Plan(found, steps)
    if session["status"] == "expired" and known.hold_until is not None and now < known.hold_until:
        return Plan(_with(found, state="reserved", reason=""))
    reason = "expired" if session["status"] == "expired" else "payment_failed"
    return Plan(_with(found, state="released", reason=known.reason or reason), steps)


def _on_its_way(facts: Facts) -> bool:
    session, subscription = facts.session, facts.subscription
    if session is None or session["status"] != "complete":
        return False
    if subscription is not None and subscription["status"] not in HOPEFUL:
        return False
    waited_for = facts.intent or facts.owed
    return waited_for is None or not _failed(waited_for)


def _failed(intent: dict[str, Any]) -> bool:
    """Whether a payment was tried and came to nothing."""
    tried = intent.get("last_payment_error") is not None
    return intent["status"] == "canceled" or (intent["status"] == "requires_payment_method" and tried)


def _paid(known: Known, facts: Facts) -> bool:
    """Whether a first payment ever came; what is paid later is the subscription's matter."""
    settled = (facts.session or {}).get("payment_status") in ("paid", "no_payment_required")
    return known.state in PAID or bool(facts.payments) or settled


def _cancelling(
    known: Known, subscription: dict[str, Any] | None, statuses: tuple[str, ...], comment: str = ""
) -> tuple[Step, ...]:
    if subscription is None or subscription["status"] not in statuses:
        return ()
    key = f"cancel:{known.id}:{comment}" if comment else f"cancel:{known.id}"  # other words are another call
    return (Step("cancel", subscription["id"], key, comment),)


def _passed(known: Known, facts: Facts, found: Target, now: datetime) -> Plan:
    payment = _own_payment(facts)
    if payment is None:
        return Plan(found)
    end = payment.made_at + PASS_LENGTH
    found = _with(found, period_end=end)
    if known.state in FINAL:
        return _final(known, found, ())
    if payment.disputed:
        return Plan(_with(found, state="ended", reason="dispute"))
    if payment.refunded:
        return Plan(_given_back(known, found))
    if now >= end:
        return Plan(_with(found, state="ended", reason="over"))
    return Plan(_with(found, state="active", reason=""))


def _own_payment(facts: Facts) -> Payment | None:
    own = facts.intent["id"] if facts.intent else None
    return next((payment for payment in facts.payments if payment.intent_id == own), None)


def _subscribed(known: Known, facts: Facts, found: Target, now: datetime) -> Plan:
    subscription = facts.subscription
    assert subscription is not None
    item = subscription["items"]["data"][0]
    status = subscription["status"]
    found = _with(found, period_end=moment(item["current_period_end"]))
    newest = facts.payments[0] if facts.payments else None
    cancel = _cancelling(known, subscription, RUNNING)
    if known.state in FINAL:
        return _final(known, found, cancel)
    if not _paid(known, facts):
        return _unpaid(known, facts, _with(found, period_end=known.period_end), now)
    if any(payment.disputed for payment in facts.payments):
        return Plan(_with(found, state="ended", reason="dispute"), cancel)
    if newest is not None and newest.refunded:
        return Plan(_given_back(known, found), cancel)
    if status in ("past_due", "unpaid"):
        # Stripe's period began when the payment was due: the same end whenever we hear of it.
        until = moment(item["current_period_start"]) + GRACE
        if now >= until:
            steps = _cancelling(known, subscription, RUNNING, UNPAID)
            return Plan(_with(found, state="ended", reason="unpaid"), steps)
        return Plan(_with(found, state="past_due", reason="", grace_until=until))
    if status in ("active", "trialing"):
        ends = subscription["cancel_at"] or subscription["cancel_at_period_end"]
        end = moment(subscription["cancel_at"]) if subscription["cancel_at"] else found.period_end
        return Plan(_with(found, state="canceling" if ends else "active", reason="", period_end=end))
    return Plan(_with(found, state="ended", reason=known.reason or _end_reason(subscription)))


def _end_reason(subscription: dict[str, Any]) -> str:
    said = subscription.get("cancellation_details") or {}
    if said.get("comment") == UNPAID:
        return "unpaid"
    return CANCEL_REASONS.get(said.get("reason") or "", "canceled")


def _given_back(known: Known, found: Target) -> Target:
    """Refunded in full: the end of a placement that was shown, or of a payment that came too late for its slot."""
    if known.state in PAID:
        return _with(found, state="ended", reason="refunded")
    return _with(found, state="refunded", reason="late" if known.state == "released" else "refunded")


def _final(known: Known, found: Target, cancel: tuple[Step, ...]) -> Plan:
    """What ended stays ended, and nothing of it runs on."""
    return Plan(_with(found, state=known.state, reason=known.reason, period_end=known.period_end), cancel)


def give_back(known: Known, facts: Facts) -> tuple[Step, ...]:
    """The steps for a payment that came too late, when no slot is free."""
    steps = [
        _refund(known, payment) for payment in facts.payments if not payment.refunded and not payment.disputed
    ]
    return (*steps, *_cancelling(known, facts.subscription, RUNNING))


def _refund(known: Known, payment: Payment) -> Step:
    return Step("refund", payment.intent_id, f"refund:{known.id}:{payment.intent_id}")


def _with(target: Target, **changed: Any) -> Target:
    values = {name: getattr(target, name) for name in Target.__slots__}
    return Target(**{**values, **changed})
