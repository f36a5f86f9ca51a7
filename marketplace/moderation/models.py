"""Decisions, what leads to them (flags, appeals), and the log that can only be added to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply

STATEMENT_LENGTH = (10, 2000)


class ActionName(StrEnum):
    """What a moderator can do. `UNDO` is the entry that an undo leaves."""

    PUBLISH = "publish"
    REJECT = "reject"
    DOCUMENT = "document"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    HIDE = "hide"
    RESTORE = "restore"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    WARN = "warn"
    CLEAR = "clear"
    UNDO = "undo"


class DecisionState(StrEnum):
    """A decision takes effect after the undo time. It lapses where its subject changed before that."""

    PENDING = "pending"
    EFFECTIVE = "effective"
    UNDONE = "undone"
    LAPSED = "lapsed"


class AskedBy(StrEnum):
    """Whose matter a decision was: the author's text, the provider's, a reader's report, or the moderators' own."""

    AUTHOR = "author"
    PROVIDER = "provider"
    READER = "reader"
    MODERATOR = "moderator"


class FlagStatus(StrEnum):
    """Where a report stands. An appeal has the same, but for `UNCONFIRMED`."""

    UNCONFIRMED = "unconfirmed"
    PENDING = "pending"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Decision(db.Model):
    """One decision of a moderator. `subject` (a kind of the queue) and `subject_id` name what was decided. `version` is the
    version that the moderator read. `ground` is a code of the fixed list (`decisions.grounds`). `rating` is a review's at
    that moment, for the ledger. `effective_at` is when it took effect. `is_unread`: it had none, and its moderator has not
    seen that yet. A subject has at most one pending decision. An undo is a row of its own, with `reverses_id`."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(
            "action IN ('publish', 'reject', 'document', 'suspend', 'reinstate', 'hide', 'restore', "
            "'uphold', 'dismiss', 'warn', 'clear', 'undo')",
            name="action",
        ),
        CheckConstraint("asked_by IN ('author', 'provider', 'reader', 'moderator')", name="asked_by"),
        CheckConstraint("state IN ('pending', 'effective', 'undone', 'lapsed')", name="state"),
        Index("ix_decision_subject_subject_id", "subject", "subject_id"),
        Index("ix_decision_decided_at", "decided_at"),
        Index(
            "ix_decision_pending",
            *("subject", "subject_id"),
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_decision_unread",
            "actor_id",
            sqlite_where=text("is_unread"),
            postgresql_where=text("is_unread"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column()
    version: Mapped[int] = mapped_column()
    action: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str | None] = mapped_column(String(40))
    statement: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(
        String(10), default=DecisionState.EFFECTIVE, server_default=DecisionState.EFFECTIVE.value
    )
    asked_by: Mapped[str] = mapped_column(
        String(10), default=AskedBy.MODERATOR, server_default=AskedBy.MODERATOR.value
    )
    rating: Mapped[int | None] = mapped_column()
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    effective_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_unread: Mapped[bool] = mapped_column(default=False, server_default=false())
    actor: Mapped[User | None] = relationship()

    @classmethod
    def is_about(cls, kind: str, subject_id: Any) -> ColumnElement[bool]:
        """The condition that a decision is about a subject; `subject_id` may be a column."""
        return (cls.subject == kind) & (cls.subject_id == subject_id)


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


class LogSeal(db.Model):
    """The link of a line of the log in its chain (`ledger.services`). `previous` is the digest of the link before, `digest`
    that of this link and its line, both in hexadecimal. Triggers refuse changes; what is unique cannot fork."""

    __tablename__ = "action_log_seal"
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(unique=True)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class Flag(db.Model):
    """Somebody's reasoned report of a review, a reply, a listing or a provider: its target.

    One of `review_id`, `reply_id` and `listing_id` is set where the target is one of these. `provider_id` is always the
    provider concerned. `by_provider_id` is set where a member reports for a provider. A reporter without an account gives
    an address and confirms it by mail: until then the report is `unconfirmed`. `email` and `name` are erased some months
    after the decision. `submitted_at` is when it came into the queue.
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
    status: Mapped[str] = mapped_column(String(12), default=FlagStatus.PENDING)
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
        written = self.review or self.reply
        return written.listing if written is not None else self.listing

    @property
    def asked_by(self) -> str:
        """Whose matter it is, for the ledger."""
        return AskedBy.PROVIDER if self.by_provider_id is not None else AskedBy.READER


class Appeal(db.Model):
    """A request that another moderator look at a decision again. One for each decision and person."""

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
    status: Mapped[str] = mapped_column(String(10), default=FlagStatus.PENDING)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decision: Mapped[Decision] = relationship()
    provider: Mapped[Provider] = relationship()
    listing: Mapped[Listing | None] = relationship()
    user: Mapped[User | None] = relationship()
