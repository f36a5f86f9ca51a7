"""States, kinds and reasons of placements and of what belongs to them. The values are those of the database."""

from __future__ import annotations

from enum import StrEnum


class PlacementKind(StrEnum):
    """How a placement is paid for: a subscription by the month, or once for thirty days."""

    MONTH = "month"
    PASS = "pass"  # noqa: S105


class PlacementState(StrEnum):
    """Where a placement stands. `RESERVED` keeps a slot for the first of the waiting list, `PENDING` and `HELD` are before
    and after its Checkout Session opened, `RELEASED` was never paid for."""

    RESERVED = "reserved"
    PENDING = "pending"
    HELD = "held"
    ACTIVE = "active"
    CANCELING = "canceling"
    PAST_DUE = "past_due"
    RELEASED = "released"
    REFUNDED = "refunded"
    ENDED = "ended"


# Checkout is opening or open.
AWAITING_PAYMENT = (PlacementState.PENDING, PlacementState.HELD)
# Has a slot; nothing was paid yet.
BUYING = (PlacementState.RESERVED, *AWAITING_PAYMENT)
# Paid for, and so shown unless hidden.
PAID = (PlacementState.ACTIVE, PlacementState.CANCELING, PlacementState.PAST_DUE)
# What takes a slot.
LIVE = (*BUYING, *PAID)
# What is over, unless a dispute that ended it is won. `RELEASED` may still be paid for late.
FINAL = (PlacementState.ENDED, PlacementState.REFUNDED)


class EndReason(StrEnum):
    """Why a placement was released, refunded or ended."""

    ABANDONED = "abandoned"
    DROPPED = "dropped"
    EXPIRED = "expired"
    LAPSED = "lapsed"
    PAYMENT_FAILED = "payment_failed"
    REFUSED = "refused"
    LATE = "late"
    REFUNDED = "refunded"
    CANCELED = "canceled"
    DISPUTE = "dispute"
    OVER = "over"
    UNPAID = "unpaid"
    ACCOUNT = "account"


class HiddenReason(StrEnum):
    """Why a placement cannot be shown; `NONE` if it can."""

    NONE = ""
    PROVIDER = "provider"
    LISTING = "listing"
    STALE = "stale"


class WaitState(StrEnum):
    """Where an entry of the waiting list stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    LAPSED = "lapsed"
    LEFT = "left"


OPEN_WAITS = (WaitState.WAITING, WaitState.OFFERED)


class EventState(StrEnum):
    """How far an event of Stripe's is processed."""

    NEW = "new"
    WORKING = "working"
    DONE = "done"
    ORPHAN = "orphan"
    IGNORED = "ignored"


UNFINISHED_EVENTS = (EventState.NEW, EventState.WORKING)


class EntryKind(StrEnum):
    """A line of the ledger."""

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"


class AlarmKind(StrEnum):
    """What an admin must look at."""

    ORPHAN = "orphan"  # Stripe reported something that belongs to no placement of ours
    WRONG_MODE = "wrong_mode"  # an event of the other mode (test or live) than our key's
    STUCK_EVENT = "stuck_event"  # an event failed ten times
    DISPUTE = "dispute"  # a client's bank took a payment back
    DISPUTE_WON = "dispute_won"  # the slot of what a won dispute brings back is sold
    INQUIRY = "inquiry"  # a client's bank asks about a payment
    LATE_REFUND = "late_refund"  # a payment arrived after its slot was gone, and was refunded
    REFUND_FAILED = "refund_failed"  # a refund did not arrive
    MISCONFIGURED = "misconfigured"  # Stripe rejects our key
    FORBIDDEN = "forbidden"  # our key lacks a permission
    REFUSED = "refused"  # Stripe refused to open Checkout
    MISMATCH = "mismatch"  # after reconciliation, something at Stripe still differs from ours
    OTHER_ACCOUNT = "other_account"  # a placement was bought in another account or mode than our key's


# Conditions rather than single events: an alarm that was resolved is raised again when the condition returns.
RECURRING_ALARMS = (
    AlarmKind.WRONG_MODE,
    AlarmKind.MISCONFIGURED,
    AlarmKind.FORBIDDEN,
    AlarmKind.REFUSED,
    AlarmKind.MISMATCH,
    AlarmKind.OTHER_ACCOUNT,
)
