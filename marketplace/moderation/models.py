"""Decisions, what leads to them (flags, appeals), and the log that can only be added to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply

SUBJECTS = (
    "listing",
    "listing_edit",
    "provider",
    "provider_edit",
    "claim",
    "review",
    "review_edit",
    "reply",
    "flag",
    "appeal",
)
ACTIONS = (
    "publish",
    "reject",
    "document",
    "suspend",
    "reinstate",
    "hide",
    "restore",
    "uphold",
    "dismiss",
    "warn",
    "clear",
    "undo",
)
STATEMENT_LENGTH = (10, 2000)
FLAGGED = ("review", "reply", "listing", "provider")
ASKED_BY = ("author", "provider", "reader", "moderator")


class Decision(db.Model):
    """One move of a moderator. `subject` and `subject_id` name what was decided; `version` is the version that was read (of
    a flag the sum of its own and that of what it is about); `ground` is a code of the fixed list (`moderation.grounds`).
    `asked_by` says whose matter it was: the author's text, the provider's, a reader's flag, or the moderators' own. `rating`
    is a review's at that moment, for the ledger. An undo is a decision of its own, with `reverses_id`."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(
            "action IN ('publish', 'reject', 'document', 'suspend', 'reinstate', 'hide', 'restore',"
            " 'uphold', 'dismiss', 'warn', 'clear', 'undo')",
            name="action",
        ),
        CheckConstraint("asked_by IN ('author', 'provider', 'reader', 'moderator')", name="asked_by"),
        Index("ix_decision_subject_subject_id", "subject", "subject_id"),
        Index("ix_decision_decided_at", "decided_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column()
    version: Mapped[int] = mapped_column()
    action: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str | None] = mapped_column(String(40))
    statement: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(String(10), default="moderator", server_default="moderator")
    rating: Mapped[int | None] = mapped_column()
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[User | None] = relationship()


class DecisionUndo(db.Model):
    """What a decision replaced, kept only as long as it may be undone. `before` holds the rows' values."""

    __tablename__ = "decision_undo"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)


class LogEntry(db.Model):
    """A line of the log of actions: ids and grounds, never names, addresses or text. Triggers refuse changes and deletions.
    `actor_id` is no foreign key: an account that goes leaves the line as it is."""

    __tablename__ = "action_log"
    __table_args__ = (Index("ix_action_log_subject", "subject", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None] = mapped_column()
    action: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column()
    version: Mapped[int | None] = mapped_column()
    ground: Mapped[str | None] = mapped_column(String(40))
    decision_id: Mapped[int | None] = mapped_column()


class Flag(db.Model):
    """Somebody's reasoned report of a review, a reply, a listing or a provider.

    Of `review_id`, `reply_id`, `listing_id` the one it is about is set; `provider_id` is always the provider concerned, and
    alone where the provider itself is flagged. `by_provider_id` is set where a provider's member flags for it. Who has no
    account gives an address and confirms it by mail: until then the flag is `unconfirmed`. `email` and `name` go some
    months after the decision. `submitted_at` is when it came into the queue.
    """

    __tablename__ = "flag"
    __table_args__ = (
        CheckConstraint("subject IN ('review', 'reply', 'listing', 'provider')", name="subject"),
        CheckConstraint("status IN ('unconfirmed', 'pending', 'upheld', 'dismissed')", name="status"),
        Index("ix_flag_status_submitted_at", "status", "submitted_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(10))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id", ondelete="CASCADE"), index=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    by_provider_id: Mapped[int | None] = mapped_column(
        ForeignKey("provider.id", ondelete="SET NULL"), index=True
    )
    email: Mapped[str | None] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(40))
    explanation: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(String(32), default="")
    status: Mapped[str] = mapped_column(String(12), default="pending")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    review: Mapped[Review | None] = relationship()
    reply: Mapped[Reply | None] = relationship()
    listing: Mapped[Listing | None] = relationship()
    provider: Mapped[Provider] = relationship(foreign_keys=[provider_id])
    by_provider: Mapped[Provider | None] = relationship(foreign_keys=[by_provider_id])
    user: Mapped[User | None] = relationship()

    @property
    def offer(self) -> Listing | None:
        """The listing concerned; None where the provider itself is flagged."""
        thing = self.review or self.reply
        return thing.listing if thing is not None else self.listing

    @property
    def asked_by(self) -> str:
        """Whose matter it is, as the ledger tells it."""
        return "provider" if self.by_provider_id is not None else "reader"


class Appeal(db.Model):
    """Somebody concerned asks another moderator to look at a decision again. One each."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'upheld', 'dismissed')", name="status"),
        UniqueConstraint("decision_id", "user_id"),
        Index("ix_appeal_status_submitted_at", "status", "submitted_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id", ondelete="CASCADE"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(10), default="pending")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decision: Mapped[Decision] = relationship()
    provider: Mapped[Provider] = relationship()
    listing: Mapped[Listing | None] = relationship()
    user: Mapped[User | None] = relationship()

    @property
    def asked_by(self) -> str:
        """Who asks, as the ledger tells it."""
        return {"review": "author", "review_edit": "author", "flag": "reader"}.get(
            self.decision.subject, "provider"
        )
