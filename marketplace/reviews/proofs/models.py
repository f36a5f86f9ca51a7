"""What stands behind a review: invitations, proof files, and the receipts of what was decided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.models import Review

INVITE_STATES = ("waiting", "sent", "used", "expired", "opted_out")


class InviteBatch(db.Model):
    """The clients of one listing in a period, as the provider listed them: all of them, the member declared.

    Periods of one listing do not overlap.
    """

    __tablename__ = "invite_batch"
    __table_args__ = (
        CheckConstraint("period_from <= period_to", name="period"),
        UniqueConstraint("listing_id", "period_from"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    period_from: Mapped[date] = mapped_column(Date)
    period_to: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    listing: Mapped[Listing] = relationship()


class Invite(db.Model):
    """One client asked for a review. `address` is kept until it is no longer needed for sending; `address_hash` (keyed)
    stays, so that the link works for this address alone. `nonce` stands in the signed link."""

    __tablename__ = "invite"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'used', 'expired', 'opted_out')", name="state"),
        UniqueConstraint("batch_id", "address_hash"),
        Index("ix_invite_address_hash", "address_hash"),
        Index("ix_invite_state_sent_at", "state", "sent_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("invite_batch.id", ondelete="CASCADE"))
    address: Mapped[str | None] = mapped_column(String(255))
    address_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(12))
    nonce: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="SET NULL"), index=True)
    batch: Mapped[InviteBatch] = relationship()


class InviteOptOut(db.Model):
    """An address (keyed hash) that wants no invitation from anybody."""

    __tablename__ = "invite_opt_out"
    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Proof(db.Model):
    """A file that shows that the author was a client. `name` is the file's under `INSTANCE_PATH/proofs/`, made by us;
    the file is gone when `deleted_at` is set. `seen_by` is the moderator who opened it."""

    __tablename__ = "proof"
    __table_args__ = (Index("ix_proof_deleted_at", "deleted_at", "uploaded_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column()
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    review: Mapped[Review | None] = relationship()


class SigningKey(db.Model):
    """A public key that receipts were signed with; kept for ever, so that old receipts verify after a change of key."""

    __tablename__ = "signing_key"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(64))
    first_used_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Receipt(db.Model):
    """What an author can hold against us: the text and the decision, signed. `body` is the signed text, byte for byte."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("decision_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    decision_id: Mapped[int] = mapped_column()
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"))
    body: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    review: Mapped[Review] = relationship()
