"""Reviews, their pending edits and their earlier versions."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.core.waiting_edits import WaitingMixin
from marketplace.listings.models import Listing


class ReviewStatus(StrEnum):
    """What became of a review. An edit of one is only ever pending or rejected."""

    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class ProofLevel(StrEnum):
    """How well it is shown that the author was a client, lowest first."""

    UNVERIFIED = "unverified"
    CONFIRMED = "confirmed"
    INVITED = "invited"
    DOCUMENTED = "documented"


LEVELS = tuple(ProofLevel)
COUNTED_LEVELS = (ProofLevel.CONFIRMED, ProofLevel.INVITED, ProofLevel.DOCUMENTED)
TEXT_LENGTH = (30, 4000)
OUTCOME_LENGTH = 120


class ReviewContent:
    """What an author writes: the columns shared by a review, its edit and its earlier versions.

    `real_cost` is in minor units of `real_currency` without official fees; `real_time` counts `real_time_unit`.
    """

    rating: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    experience_on: Mapped[date] = mapped_column(Date)
    real_cost: Mapped[int | None] = mapped_column(BigInteger)
    real_currency: Mapped[str | None] = mapped_column(String(3))
    real_time: Mapped[int | None] = mapped_column()
    real_time_unit: Mapped[str | None] = mapped_column(String(14))
    outcome: Mapped[str] = mapped_column(String(OUTCOME_LENGTH), default="")

    @declared_attr.directive
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
            CheckConstraint("(real_cost IS NULL) = (real_currency IS NULL)", name="real_cost"),
            CheckConstraint("(real_time IS NULL) = (real_time_unit IS NULL)", name="real_time"),
            *cls._own_table_args(),
        )

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return ()


CONTENT_FIELDS = (
    "rating",
    "text",
    "language",
    "experience_on",
    "real_cost",
    "real_currency",
    "real_time",
    "real_time_unit",
    "outcome",
)


class Review(ReviewContent, db.Model):
    """What one client says about one listing.

    `user_id` is None after the author's account was erased. `version` is the optimistic lock of decisions. `edited_at` is
    when a published text was last replaced. `risk` (0 to 100) and `risk_reasons` (codes of `risk.rules` with figures) are
    for moderators. `network` is a keyed hash of the sender's address range, deleted after some weeks.
    """

    __tablename__ = "review"

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return (
            CheckConstraint(
                "status IN ('pending', 'published', 'rejected', 'hidden', 'withdrawn')", name="status"
            ),
            CheckConstraint("level IN ('unverified', 'confirmed', 'invited', 'documented')", name="level"),
            CheckConstraint("risk BETWEEN 0 AND 100", name="risk"),
            # Whole pages and sums of a listing with thousands of reviews are answered from this index alone.
            Index(
                "ix_review_listing_id_status",
                *("listing_id", "status", "published_at", "level", "rating", "helpful_count"),
                *("experience_on", "real_cost", "real_currency", "real_time", "real_time_unit"),
            ),
            Index("ix_review_status_submitted_at", "status", "submitted_at"),
            Index("ix_review_network", "network", "submitted_at"),
        )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    level: Mapped[str] = mapped_column(String(12), default=ProofLevel.UNVERIFIED)
    status: Mapped[str] = mapped_column(String(10), default=ReviewStatus.PENDING)
    version: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    helpful_count: Mapped[int] = mapped_column(default=0)
    risk: Mapped[int] = mapped_column(default=0)
    risk_reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    network: Mapped[str | None] = mapped_column(String(64))
    cleared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    listing: Mapped[Listing] = relationship()
    user: Mapped[User | None] = relationship()
    edit: Mapped[ReviewEdit | None] = relationship(back_populates="review", cascade="all, delete-orphan")

    @property
    def is_counted(self) -> bool:
        """Whether the review enters the average and the order."""
        return self.status == ReviewStatus.PUBLISHED and self.level in COUNTED_LEVELS


class ReviewEdit(ReviewContent, WaitingMixin, db.Model):
    """A pending change of a published review, at most one; the published text stays visible meanwhile.

    A rejected edit stays, with the moderator's statement in `note`, until it is sent again or dropped.
    """

    __tablename__ = "review_edit"

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return (
            CheckConstraint("status IN ('pending', 'rejected')", name="status"),
            CheckConstraint("risk BETWEEN 0 AND 100", name="risk"),
        )

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    risk: Mapped[int] = mapped_column(default=0)
    risk_reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    review: Mapped[Review] = relationship(back_populates="edit")

    @property
    def listing(self) -> Listing:
        """The listing the review is about."""
        return self.review.listing

    @property
    def user(self) -> User | None:
        """The author."""
        return self.review.user


class ReviewVersion(ReviewContent, db.Model):
    """An earlier version of a review, kept when its text is replaced. `cause` is `edited` (by the author) or `masked` (a
    moderator covered personal data). The author and moderators see it."""

    __tablename__ = "review_version"

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return (CheckConstraint("cause IN ('edited', 'masked')", name="cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    cause: Mapped[str] = mapped_column(String(10), default="edited")
    replaced_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ReviewDraft(db.Model):
    """What somebody sent before their address was confirmed: the form's fields as (name, value). One for each listing."""

    __tablename__ = "review_draft"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    listing_id: Mapped[int] = mapped_column(
        ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
