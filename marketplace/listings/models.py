"""Listings: what a provider offers for a topic, the edit that waits, and the file rows an imported listing came from."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

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
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.core.database import UTCDateTime, one_of
from marketplace.core.extensions import db
from marketplace.core.waiting_edits import EditStatus, WaitingMixin
from marketplace.guides.models import Guide, Topic
from marketplace.listings.terms import TermsMixin
from marketplace.providers.models import Provider


class ListingStatus(StrEnum):
    """A listing is shown while it is `PUBLISHED` and its provider is shown."""

    DRAFT = "draft"
    PENDING = "pending"
    PUBLISHED = "published"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


LIVE = (ListingStatus.PUBLISHED, ListingStatus.PAUSED)
# Once published, a listing keeps its page and its reviews while it is not offered: no bad rating can be parked.
KEEPS_PAGE = (*LIVE, ListingStatus.WITHDRAWN, ListingStatus.PENDING)


class Listing(TermsMixin, db.Model):
    """One provider's offer for one topic.

    `version` counts changes and fences decisions. `note` is the moderator's statement where it was rejected.
    `confirmed_at` is when the provider last said that the data hold.
    The rating columns are sums over published counted reviews, written by `reviews` when a review changes:
    `rating_weight` and `rating_weighted` are decayed sums relative to a fixed epoch, `invited_weight` and
    `invited_weighted` the part of invited reviews in them (see `reviews.ratings`).
    A listing that became part of another one stays with the provider that was merged, withdrawn, so that its id leads to the
    one it was `merged_into_id`.
    `invited_count` clients of `invited_days` days between `invited_from` and `invited_to` were asked for a review by the
    provider; `answered_count` of them wrote one (see `reviews.invited`).
    """

    __tablename__ = "listing"

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return (
            CheckConstraint("merged_into_id IS NULL OR status = 'withdrawn'", name="merged"),
            UniqueConstraint("provider_id", "topic_id"),
            CheckConstraint(one_of("status", ListingStatus), name="status"),
            Index("ix_listing_topic_id_status", "topic_id", "status"),
            Index("ix_listing_status_submitted_at", "status", "submitted_at"),
        )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"), index=True)
    status: Mapped[str] = mapped_column(String(10), default=ListingStatus.DRAFT)
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
    rating_average: Mapped[float | None] = mapped_column()
    rating_weight: Mapped[float] = mapped_column(default=0.0)
    rating_weighted: Mapped[float] = mapped_column(default=0.0)
    invited_weight: Mapped[float] = mapped_column(default=0.0, server_default="0")
    invited_weighted: Mapped[float] = mapped_column(default=0.0, server_default="0")
    reported_count: Mapped[int] = mapped_column(default=0)
    reported_cost: Mapped[int | None] = mapped_column(BigInteger)
    reported_time: Mapped[int | None] = mapped_column()
    priced_count: Mapped[int] = mapped_column(default=0, server_default="0")
    within_quote: Mapped[int] = mapped_column(default=0, server_default="0")
    timed_count: Mapped[int] = mapped_column(default=0, server_default="0")
    on_time: Mapped[int] = mapped_column(default=0, server_default="0")
    reported_currency: Mapped[str | None] = mapped_column(String(3))
    cost_reports: Mapped[int] = mapped_column(default=0, server_default="0")
    reported_time_unit: Mapped[str | None] = mapped_column(String(14))
    time_reports: Mapped[int] = mapped_column(default=0, server_default="0")
    reported_times: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, server_default="[]")
    report_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    invited_count: Mapped[int] = mapped_column(default=0, server_default="0")
    answered_count: Mapped[int] = mapped_column(default=0, server_default="0")
    invited_days: Mapped[int] = mapped_column(default=0, server_default="0")
    invited_from: Mapped[date | None] = mapped_column(Date)
    invited_to: Mapped[date | None] = mapped_column(Date)
    provider: Mapped[Provider] = relationship()
    topic: Mapped[Topic] = relationship()
    edit: Mapped[ListingEdit | None] = relationship(back_populates="listing", cascade="all, delete-orphan")
    rows: Mapped[list[ListingRow]] = relationship(back_populates="listing", cascade="all, delete-orphan")

    @property
    def has_page(self) -> bool:
        """Whether it has a public page, as far as the listing itself goes."""
        return self.published_at is not None and self.status in KEEPS_PAGE


class ListingEdit(TermsMixin, WaitingMixin, db.Model):
    """A change of a live listing that waits for approval; the live one stays shown meanwhile. One at a time.

    A rejected edit stays, with the moderator's statement in `note`, until it is sent again or dropped.
    """

    __tablename__ = "listing_edit"

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return (CheckConstraint(one_of("status", EditStatus), name="status"),)

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    listing: Mapped[Listing] = relationship(back_populates="edit")

    @property
    def locked_first(self) -> Listing:
        """What `lock_row` locks before the edit."""
        return self.listing


class ListingTerms(TermsMixin, db.Model):
    """Terms that were published from `since` until the next ones were: clients' reports are held against those of their
    day. Written when published terms are replaced, the replaced ones first."""

    __tablename__ = "listing_terms"
    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)


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
