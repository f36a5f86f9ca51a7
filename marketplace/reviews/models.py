"""Reviews, the edits of them that wait, and what they said before."""

from __future__ import annotations

from datetime import date, datetime
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
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider

REVIEW_STATUSES = ("pending", "published", "rejected", "hidden", "withdrawn")
LEVELS = ("unverified", "confirmed", "invited", "documented")
COUNTED_LEVELS = ("confirmed", "invited", "documented")
TEXT_LENGTH = (30, 4000)
OUTCOME_LENGTH = 120
# A reply that waits or was refused may be an edit: what was let through before stays shown meanwhile.
SHOWN_REPLIES = ("pending", "published", "rejected")


class Told:
    """What an author tells, shared by a review, its edit and its earlier versions.

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


TOLD = (
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


class Review(Told, db.Model):
    """What one client says about one listing.

    `user_id` is None after the author was erased. `version` counts changes and fences decisions. `edited_at` is when a
    published text was last replaced. `risk` (0 to 100) and `risk_reasons` (codes of `reviews.risk` with figures)
    are for the moderators. `network` is a keyed hash of the sender's address range, taken away after some weeks.
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
                *("real_cost", "real_currency", "real_time", "real_time_unit"),
            ),
            Index("ix_review_status_submitted_at", "status", "submitted_at"),
            Index("ix_review_network", "network", "submitted_at"),
        )

    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    level: Mapped[str] = mapped_column(String(12), default="unverified")
    status: Mapped[str] = mapped_column(String(10), default="pending")
    version: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    helpful_count: Mapped[int] = mapped_column(default=0)
    risk: Mapped[int] = mapped_column(default=0)
    risk_reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    network: Mapped[str | None] = mapped_column(String(64))
    listing: Mapped[Listing] = relationship()
    user: Mapped[User | None] = relationship()
    edit: Mapped[ReviewEdit | None] = relationship(back_populates="review", cascade="all, delete-orphan")

    @property
    def is_counted(self) -> bool:
        """Whether the review enters the average and the order."""
        return self.status == "published" and self.level in COUNTED_LEVELS


class ReviewEdit(Told, db.Model):
    """A new text of a published review that waits for a moderator; the old one stays shown meanwhile. One at a time.

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
    status: Mapped[str] = mapped_column(String(10), default="pending")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
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


class ReviewVersion(Told, db.Model):
    """What a review said before: written when its text is replaced. `cause` is `edited` (by the author) or `masked` (a
    moderator covered personal data). Shown to the author and to moderators."""

    __tablename__ = "review_version"

    @classmethod
    def _own_table_args(cls) -> tuple[object, ...]:
        return (CheckConstraint("cause IN ('edited', 'masked')", name="cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    cause: Mapped[str] = mapped_column(String(10), default="edited")
    replaced_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ReviewSignature(db.Model):
    """The MinHash signature of a review's text, by which near-duplicates are found. `scheme` names how it was made."""

    __tablename__ = "review_signature"
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    scheme: Mapped[int] = mapped_column()
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class ReviewBand(db.Model):
    """One band of a signature, hashed: texts that share a band are compared."""

    __tablename__ = "review_band"
    __table_args__ = (Index("ix_review_band_band_hash", "band", "hash"),)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[int] = mapped_column(BigInteger)


class ReviewVote(db.Model):
    """A member found a review helpful."""

    __tablename__ = "review_vote"
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Reply(db.Model):
    """The provider's one public answer to a review.

    `text` is what was last sent; `shown_text` what a moderator let through last (None before that): an edit waits, or is
    refused, while the old answer stays shown. One that is hidden or withdrawn keeps it, and nobody sees it. `user_id` is the
    member who wrote it.
    """

    __tablename__ = "reply"
    __table_args__ = (
        CheckConstraint(
            "status IN ('pending', 'published', 'rejected', 'hidden', 'withdrawn')", name="status"
        ),
        Index("ix_reply_status_submitted_at", "status", "submitted_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), unique=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(Text)
    shown_text: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    shown_language: Mapped[str | None] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(10), default="pending")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    review: Mapped[Review] = relationship()
    provider: Mapped[Provider] = relationship()
    versions: Mapped[list[ReplyVersion]] = relationship(order_by="ReplyVersion.id.desc()", viewonly=True)

    @property
    def is_shown(self) -> bool:
        """Whether readers see it, as far as it goes: they do where its review is shown as well."""
        return self.shown_text is not None and self.status in SHOWN_REPLIES

    @property
    def listing(self) -> Listing:
        """The listing of the review it answers."""
        return self.review.listing


class ReplyVersion(db.Model):
    """What a reply said before: written when a shown text is replaced. Shown to the provider and to moderators."""

    __tablename__ = "reply_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    replaced_at: Mapped[datetime] = mapped_column(UTCDateTime)
