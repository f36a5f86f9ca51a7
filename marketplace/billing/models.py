"""Placements and what belongs to them: prices, customers, Stripe's events, the ledger, the waiting list, alarms.

Money is in integer minor units of its `currency`. What is live holds its slot: two live placements of one scope never have
the same `slot_no`, and a provider has one live placement a scope; the database sees to both.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider

KINDS = ("month", "pass")
# `reserved` keeps a slot for the first of the waiting list.
LIVE = ("reserved", "pending", "held", "active", "canceling", "past_due")
# Paid for, and so shown unless hidden.
PAID = ("active", "canceling", "past_due")
STATES = (*LIVE, "released", "refunded", "ended")
EVENT_STATES = ("new", "working", "done", "orphan", "ignored")
ENTRY_KINDS = ("payment", "refund", "refund_failed", "dispute", "dispute_won")
WAIT_STATES = ("waiting", "offered", "taken", "lapsed", "left")
DEFAULT_SLOTS = 3
MOST_SLOTS = 10


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


_LIVE_ROWS = text(_one_of("state", LIVE))


class PlacementPrice(db.Model):
    """What a featured place costs in a country, and how many there are on each of its topics and on its page.

    An amount of None: that kind is not sold. The Stripe ids are those of the price now in force, None until Stripe has it.
    """

    __tablename__ = "placement_price"
    __table_args__ = (
        CheckConstraint("month_amount > 0 AND pass_amount > 0", name="amounts"),
        CheckConstraint(
            f"topic_slots BETWEEN 0 AND {MOST_SLOTS} AND country_slots BETWEEN 0 AND {MOST_SLOTS}",
            name="slots",
        ),
    )
    country: Mapped[str] = mapped_column(String(80), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    month_amount: Mapped[int | None] = mapped_column(BigInteger)
    pass_amount: Mapped[int | None] = mapped_column(BigInteger)
    month_price_id: Mapped[str | None] = mapped_column(String(255))
    pass_price_id: Mapped[str | None] = mapped_column(String(255))
    topic_slots: Mapped[int] = mapped_column(default=DEFAULT_SLOTS)
    country_slots: Mapped[int] = mapped_column(default=DEFAULT_SLOTS)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    def amount(self, kind: str) -> int | None:
        """The amount of a kind, or None where it is not sold."""
        return self.month_amount if kind == "month" else self.pass_amount

    def slots(self, scope: str) -> int:
        """How many featured places a scope of this country has."""
        return self.topic_slots if scope.startswith("topic:") else self.country_slots


class BillingCustomer(db.Model):
    """The Stripe customer of a provider."""

    __tablename__ = "billing_customer"
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    stripe_customer_id: Mapped[str] = mapped_column(String(255), unique=True)


class Placement(db.Model):
    """A featured slot: bought, being bought, or once held.

    `scope` is `topic:<id>` or `country:<folder>`; `listing_id` is None for a country. `version` fences writes that follow
    from what Stripe said. `create_params` and `attempt` repeat the call that opens Checkout exactly. `hold_until` ends a
    reservation, `grace_until` the patience after a failed payment. `hidden` says why a paid placement is not shown.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint(_one_of("state", STATES), name="state"),
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        CheckConstraint(
            "(listing_id IS NULL) = (substr(scope, 1, 8) = 'country:')", name="listing_fits_scope"
        ),
        Index(
            "uq_placement_live_slot",
            "scope",
            "slot_no",
            unique=True,
            sqlite_where=_LIVE_ROWS,
            postgresql_where=_LIVE_ROWS,
        ),
        Index(
            "uq_placement_live_provider",
            "scope",
            "provider_id",
            unique=True,
            sqlite_where=_LIVE_ROWS,
            postgresql_where=_LIVE_ROWS,
        ),
        Index("ix_placement_state", "state"),
        Index("ix_placement_provider_id", "provider_id"),
        Index("ix_placement_listing_id", "listing_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(100))
    slot_no: Mapped[int] = mapped_column()
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    country: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(5))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(30), default="")
    session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    session_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    create_params: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    attempt: Mapped[int] = mapped_column(default=1)
    subscription_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    payment_intent_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    period_end: Mapped[datetime | None] = mapped_column(UTCDateTime)
    grace_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hold_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden: Mapped[str] = mapped_column(String(10), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    provider: Mapped[Provider] = relationship()
    listing: Mapped[Listing | None] = relationship()


class PlacementWait(db.Model):
    """A provider that waits for a slot of a full scope. Its place is told by the id; one open entry a provider and scope."""

    __tablename__ = "placement_wait"
    __table_args__ = (
        CheckConstraint(_one_of("state", WAIT_STATES), name="state"),
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        Index(
            "uq_placement_wait_open",
            "scope",
            "provider_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'offered')"),
            postgresql_where=text("state IN ('waiting', 'offered')"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(100))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    country: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    provider: Mapped[Provider] = relationship()
    listing: Mapped[Listing | None] = relationship()


class StripeEvent(db.Model):
    """A signed event as received: what it is about, never what it says of it. `note` holds ids and codes only."""

    __tablename__ = "stripe_event"
    __table_args__ = (
        CheckConstraint(_one_of("state", EVENT_STATES), name="state"),
        Index("ix_stripe_event_state", "state"),
    )
    event_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    type: Mapped[str] = mapped_column(String(80))
    object_id: Mapped[str] = mapped_column(String(255))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(8), default="new")
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(80), default="")
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))


class PaymentEntry(db.Model):
    """A line of the books; rows are only ever added (triggers refuse anything else).

    `amount` is signed: payments are positive, refunds and disputes negative, what comes back (a refund that failed, a
    dispute that was won) positive again. `stripe_id` is the charge's, refund's or dispute's, with a suffix for what came
    back. `occurred_at` is Stripe's moment.
    """

    __tablename__ = "payment_entry"
    __table_args__ = (
        CheckConstraint(_one_of("kind", ENTRY_KINDS), name="kind"),
        UniqueConstraint("stripe_id"),
        Index("ix_payment_entry_placement_id", "placement_id"),
        Index("ix_payment_entry_occurred_at", "occurred_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    stripe_id: Mapped[str] = mapped_column(String(255))
    charge_id: Mapped[str] = mapped_column(String(255), index=True)
    invoice_id: Mapped[str | None] = mapped_column(String(255))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    kind: Mapped[str] = mapped_column(String(13))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    occurred_at: Mapped[datetime] = mapped_column(UTCDateTime)
    booked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    placement: Mapped[Placement] = relationship()


class BillingAlarm(db.Model):
    """Something that an admin must look at. `key` makes it once; `subject` is an id of Stripe's or ours, never a name."""

    __tablename__ = "billing_alarm"
    __table_args__ = (UniqueConstraint("key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Text, default="")
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    placement: Mapped[Placement | None] = relationship()
