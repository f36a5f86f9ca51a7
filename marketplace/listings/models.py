"""Listings: what a provider offers for a topic, the edit that waits, and the file rows an imported listing came from."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.guides.models import Guide, Topic
from marketplace.providers.models import Provider

STATUSES = ("draft", "pending", "published", "paused", "withdrawn", "rejected")
COST_BASES = ("fixed", "from", "range", "hourly", "free", "on_request")
OFFICIAL_FEES = ("unknown", "included", "extra")
TIME_UNITS = ("minutes", "hours", "days", "business_days", "weeks", "months")
TIME_STARTS = ("documents_complete", "order", "appointment")
SERVICE_LENGTH = 2000
AMOUNT_LIMIT = 10**14


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Terms:
    """The typed columns of an offer, shared by a listing and its edit.

    Fees are integer minor units of `currency`. `fee_max` is set for `range` (and may be for `hourly`); `free` and
    `on_request` have none. `official_fee` is an amount only when `official_fee_kind` is `extra`. Times are whole numbers of
    `time_unit`, None where not stated. `languages` None means the provider's.
    """

    service: Mapped[str] = mapped_column(Text, default="")
    cost_basis: Mapped[str] = mapped_column(String(12), default="on_request")
    fee_min: Mapped[int | None] = mapped_column(BigInteger)
    fee_max: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    official_fee_kind: Mapped[str] = mapped_column(String(10), default="unknown")
    official_fee: Mapped[int | None] = mapped_column(BigInteger)
    time_min: Mapped[int | None] = mapped_column()
    time_max: Mapped[int | None] = mapped_column()
    time_unit: Mapped[str | None] = mapped_column(String(14))
    time_from: Mapped[str | None] = mapped_column(String(20))
    languages: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))

    @declared_attr.directive
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            CheckConstraint(_one_of("cost_basis", COST_BASES), name="cost_basis"),
            CheckConstraint(
                "CASE WHEN cost_basis IN ('free', 'on_request') THEN fee_min IS NULL AND fee_max IS NULL"
                " WHEN cost_basis = 'range' THEN fee_min IS NOT NULL AND fee_max IS NOT NULL AND currency IS NOT NULL"
                " ELSE fee_min IS NOT NULL AND currency IS NOT NULL END",
                name="fees_fit_basis",
            ),
            CheckConstraint("fee_min IS NULL OR fee_min >= 0", name="fee_min"),
            CheckConstraint("fee_max IS NULL OR fee_max >= fee_min", name="fee_order"),
            CheckConstraint(_one_of("official_fee_kind", OFFICIAL_FEES), name="official_fee_kind"),
            CheckConstraint(
                "(official_fee_kind = 'extra') = (official_fee IS NOT NULL)"
                " AND (official_fee IS NULL OR (official_fee >= 0 AND currency IS NOT NULL))",
                name="official_fee",
            ),
            CheckConstraint(
                "(time_min IS NULL AND time_max IS NULL AND time_unit IS NULL)"
                " OR (time_min IS NOT NULL AND time_max IS NOT NULL AND time_unit IS NOT NULL"
                " AND time_min >= 0 AND time_max >= time_min)",
                name="time_order",
            ),
            CheckConstraint(f"time_unit IS NULL OR {_one_of('time_unit', TIME_UNITS)}", name="time_unit"),
            CheckConstraint(f"time_from IS NULL OR {_one_of('time_from', TIME_STARTS)}", name="time_from"),
            *cls._own_table_args(),
        )

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return ()


class Listing(Terms, db.Model):
    """One provider's offer for one topic.

    `version` counts changes and fences decisions. `note` is the moderator's statement where it was rejected.
    `confirmed_at` is when the provider last said that the data hold.
    The rating columns are sums over published counted reviews, written by `reviews` when a review changes:
    `rating_weight` and `rating_weighted` are decayed sums relative to a fixed epoch (see `reviews.ratings`).
    `invited_count` clients of `invited_days` days between `invited_from` and `invited_to` were asked for a review by the
    provider; `answered_count` of them wrote one (see `reviews.invited`).
    """

    __tablename__ = "listing"

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return (
            UniqueConstraint("provider_id", "topic_id"),
            CheckConstraint(_one_of("status", STATUSES), name="status"),
            Index("ix_listing_topic_id_status", "topic_id", "status"),
            Index("ix_listing_status_submitted_at", "status", "submitted_at"),
        )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    status: Mapped[str] = mapped_column(String(10), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(Text, default="")
    referral: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    review_count: Mapped[int] = mapped_column(default=0)
    uncounted_count: Mapped[int] = mapped_column(default=0)
    rating_sum: Mapped[int] = mapped_column(default=0)
    rating_weight: Mapped[float] = mapped_column(default=0.0)
    rating_weighted: Mapped[float] = mapped_column(default=0.0)
    reported_count: Mapped[int] = mapped_column(default=0)
    reported_cost: Mapped[int | None] = mapped_column(BigInteger)
    reported_time: Mapped[int | None] = mapped_column()
    priced_count: Mapped[int] = mapped_column(default=0, server_default="0")
    within_quote: Mapped[int] = mapped_column(default=0, server_default="0")
    timed_count: Mapped[int] = mapped_column(default=0, server_default="0")
    on_time: Mapped[int] = mapped_column(default=0, server_default="0")
    report_values: Mapped[dict[str, list[list[float]]]] = mapped_column(
        JSON, default=dict, server_default="{}"
    )
    invited_count: Mapped[int] = mapped_column(default=0, server_default="0")
    answered_count: Mapped[int] = mapped_column(default=0, server_default="0")
    invited_days: Mapped[int] = mapped_column(default=0, server_default="0")
    invited_from: Mapped[date | None] = mapped_column(Date)
    invited_to: Mapped[date | None] = mapped_column(Date)
    provider: Mapped[Provider] = relationship()
    topic: Mapped[Topic] = relationship()
    edit: Mapped[ListingEdit | None] = relationship(back_populates="listing", cascade="all, delete-orphan")
    rows: Mapped[list[ListingRow]] = relationship(back_populates="listing", cascade="all, delete-orphan")


class ListingEdit(Terms, db.Model):
    """A change of a live listing that waits for approval; the live one stays shown meanwhile. One at a time.

    A rejected edit stays, with the moderator's statement in `note`, until it is sent again or dropped.
    """

    __tablename__ = "listing_edit"

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return (CheckConstraint("status IN ('pending', 'rejected')", name="status"),)

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    status: Mapped[str] = mapped_column(String(10), default="pending")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    listing: Mapped[Listing] = relationship(back_populates="edit")

    @property
    def locked_first(self) -> Listing:
        """What `lock_row` locks before the edit."""
        return self.listing


class ListingRow(db.Model):
    """The row of a guide's file that an unclaimed listing was made of; goes back into that file byte for byte until the
    listing is claimed, edited or withdrawn (then these are deleted)."""

    __tablename__ = "listing_row"
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    guide_id: Mapped[int] = mapped_column(ForeignKey("guide.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column()
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    listing: Mapped[Listing] = relationship(back_populates="rows")
    guide: Mapped[Guide] = relationship()
