"""Replies of providers to reviews, and their earlier versions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review


class ReplyStatus(StrEnum):
    """What became of the text that was last sent."""

    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


# A pending or rejected reply may be an edit: what was published before stays visible meanwhile.
SHOWN_REPLIES = (ReplyStatus.PENDING, ReplyStatus.PUBLISHED, ReplyStatus.REJECTED)


class Reply(db.Model):
    """The provider's one public answer to a review.

    `text` is what was last sent, `shown_text` what a moderator last published (None before that): while an edit is pending
    or rejected, the published text stays visible. A hidden or withdrawn reply keeps it unseen. `user_id` is the member who
    wrote it.
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
    status: Mapped[str] = mapped_column(String(10), default=ReplyStatus.PENDING)
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
        """Whether readers see the reply, provided that they see its review."""
        return self.shown_text is not None and self.status in SHOWN_REPLIES

    @property
    def listing(self) -> Listing:
        """The listing of the review that it answers."""
        return self.review.listing


class ReplyVersion(db.Model):
    """An earlier version of a reply, kept when its published text is replaced. The provider and moderators see it."""

    __tablename__ = "reply_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    replaced_at: Mapped[datetime] = mapped_column(UTCDateTime)
