"""Placements and what belongs to them: prices, customers, Stripe's events, the ledger, the waiting list, alarms.

Money is in integer minor units of its `currency`. Every live placement has a slot: the database ensures that no two live
placements of a scope share a `slot_no`, and that a provider has at most one live placement in a scope.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
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

from marketplace.billing.statuses import (
    AWAITING_PAYMENT,
    LIVE,
    OPEN_WAITS,
    PAID,
    EntryKind,
    EventState,
    PlacementKind,
    PlacementState,
    WaitState,
)
from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider

DEFAULT_SLOTS = 3
MOST_SLOTS = 10
ACCOUNT_LENGTH = 100


def _one_of(column: str, values: Iterable[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


def _unique_among(states: Iterable[StrEnum], name: str, *columns: str) -> Index:
    """A unique index over the rows in these states."""
    rows = text(_one_of("state", states))
    return Index(name, *columns, unique=True, sqlite_where=rows, postgresql_where=rows)


class PlacementPrice(db.Model):
    """What a placement costs in a country, and how many slots each of its topics and its own page have.

    A kind whose amount is None is not sold. The Stripe ids are those of the current price in `account`, None until
    Stripe has it there.
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
    account: Mapped[str] = mapped_column(String(ACCOUNT_LENGTH), default="")
    topic_slots: Mapped[int] = mapped_column(default=DEFAULT_SLOTS)
    country_slots: Mapped[int] = mapped_column(default=DEFAULT_SLOTS)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    def amount(self, kind: str) -> int | None:
        """The amount of a kind, or None if it is not sold."""
        return self.month_amount if kind == PlacementKind.MONTH else self.pass_amount

    def slots(self, scope: str) -> int:
        """How many slots a scope of this country has."""
        return self.topic_slots if scope.startswith("topic:") else self.country_slots


class BillingCustomer(db.Model):
    """The Stripe customer of a provider, in each account and mode that we sold with (`Gateway.account`; empty where it was
    not kept yet)."""

    __tablename__ = "billing_customer"
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), primary_key=True)
    account: Mapped[str] = mapped_column(String(ACCOUNT_LENGTH), primary_key=True, default="")
    stripe_customer_id: Mapped[str] = mapped_column(String(255), unique=True)


class Placement(db.Model):
    """A featured slot that a provider has, is buying, or had.

    `scope` is `topic:<id>` or `country:<folder>`; `listing_id` is None for a country. `version` is the optimistic lock of
    writes that follow from what Stripe said. `create_params` and `attempt` allow an exact retry of the call that opens
    Checkout. `hold_until` is the end of a reservation, `grace_until` of the grace period after a failed payment. `reason` is
    an `EndReason`, `hidden` a `HiddenReason`. `account` is where it is being or was bought, empty before that and for old
    rows; `parked_state` is the state that one of another account had, and gets again when that account returns.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint(_one_of("state", PlacementState), name="state"),
        CheckConstraint(_one_of("kind", PlacementKind), name="kind"),
        CheckConstraint(
            "(listing_id IS NULL) = (substr(scope, 1, 8) = 'country:')", name="listing_fits_scope"
        ),
        _unique_among(LIVE, "uq_placement_live_slot", "scope", "slot_no"),
        _unique_among(LIVE, "uq_placement_live_provider", "scope", "provider_id"),
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
    account: Mapped[str] = mapped_column(String(ACCOUNT_LENGTH), default="")
    parked_state: Mapped[str | None] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    provider: Mapped[Provider] = relationship()
    listing: Mapped[Listing | None] = relationship()

    @property
    def is_paid(self) -> bool:
        """Whether it is paid for, and so shown unless hidden."""
        return self.state in PAID

    @property
    def awaits_payment(self) -> bool:
        """Whether its Checkout is opening or open."""
        return self.state in AWAITING_PAYMENT


class PlacementWait(db.Model):
    """A provider that waits for a slot of a full scope, in the order of ids. A provider has one open entry in a scope."""

    __tablename__ = "placement_wait"
    __table_args__ = (
        CheckConstraint(_one_of("state", WaitState), name="state"),
        CheckConstraint(_one_of("kind", PlacementKind), name="kind"),
        _unique_among(OPEN_WAITS, "uq_placement_wait_open", "scope", "provider_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(100))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"))
    country: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(8), default=WaitState.WAITING)
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    provider: Mapped[Provider] = relationship()
    listing: Mapped[Listing | None] = relationship()


class StripeEvent(db.Model):
    """A signed event as received: the id of its object, never the object's data."""

    __tablename__ = "stripe_event"
    __table_args__ = (
        CheckConstraint(_one_of("state", EventState), name="state"),
        Index("ix_stripe_event_state", "state"),
    )
    event_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    type: Mapped[str] = mapped_column(String(80))
    object_id: Mapped[str] = mapped_column(String(255))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(8), default=EventState.NEW)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(80), default="")
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))


class PaymentEntry(db.Model):
    """A line of the ledger. Rows are only ever added; triggers reject anything else.

    `amount` is signed: payments are positive, refunds and disputes negative, failed refunds and won disputes positive again.
    `stripe_id` is the id of the charge, refund or dispute, with a suffix for a failed refund or a won dispute. `occurred_at`
    is Stripe's time.
    """

    __tablename__ = "payment_entry"
    __table_args__ = (
        CheckConstraint(_one_of("kind", EntryKind), name="kind"),
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
    """Something that an admin must look at. `key` makes it unique; `subject` is an id of Stripe's or ours, never a name."""

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
