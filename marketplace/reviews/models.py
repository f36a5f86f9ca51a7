"""Reviews."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.database import UTCDateTime
from marketplace.extensions import db
from marketplace.listings.models import Listing

REVIEW_STATUSES = ("pending", "published", "rejected", "hidden", "withdrawn")
LEVELS = ("unverified", "confirmed", "invited", "documented")
COUNTED_LEVELS = ("confirmed", "invited", "documented")
TEXT_LENGTH = (30, 4000)
OUTCOME_LENGTH = 120


class Review(db.Model):
    """What one client says about one listing.

    `real_cost` is in minor units of `real_currency` without official fees; `real_time` counts `real_time_unit`.
    `user_id` is None after the author was erased. `version` counts changes and fences decisions.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint(
            "status IN ('pending', 'published', 'rejected', 'hidden', 'withdrawn')", name="status"
        ),
        CheckConstraint("level IN ('unverified', 'confirmed', 'invited', 'documented')", name="level"),
        CheckConstraint("(real_cost IS NULL) = (real_currency IS NULL)", name="real_cost"),
        CheckConstraint("(real_time IS NULL) = (real_time_unit IS NULL)", name="real_time"),
        Index("ix_review_listing_id_status", "listing_id", "status", "published_at"),
        Index("ix_review_status_submitted_at", "status", "submitted_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    rating: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    experience_on: Mapped[date] = mapped_column(Date)
    real_cost: Mapped[int | None] = mapped_column(BigInteger)
    real_currency: Mapped[str | None] = mapped_column(String(3))
    real_time: Mapped[int | None] = mapped_column()
    real_time_unit: Mapped[str | None] = mapped_column(String(14))
    outcome: Mapped[str] = mapped_column(String(OUTCOME_LENGTH), default="")
    level: Mapped[str] = mapped_column(String(12), default="unverified")
    status: Mapped[str] = mapped_column(String(10), default="pending")
    version: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    listing: Mapped[Listing] = relationship()
    user: Mapped[User | None] = relationship()

    @property
    def is_counted(self) -> bool:
        """Whether the review enters the average and the order."""
        return self.status == "published" and self.level in COUNTED_LEVELS
