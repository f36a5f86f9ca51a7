"""Lists of clients, the invitations made of them, and addresses that opted out."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.listings.models import Listing


class InviteState(StrEnum):
    """What became of an invitation."""

    WAITING = "waiting"
    SENT = "sent"
    USED = "used"
    EXPIRED = "expired"
    OPTED_OUT = "opted_out"


OPEN_STATES = (InviteState.WAITING, InviteState.SENT)


class InviteBatch(db.Model):
    """A provider's list of all clients of one listing in a period. Periods of one listing do not overlap.

    The other numbers are what stood out in its `listed` addresses when it was sent (see `risk.mailboxes`); None for older
    lists.
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
    listed: Mapped[int | None] = mapped_column()
    near_members: Mapped[int | None] = mapped_column()
    own_domain: Mapped[int | None] = mapped_column()
    same_mailbox: Mapped[int | None] = mapped_column()
    free_mail: Mapped[int | None] = mapped_column()
    listing: Mapped[Listing] = relationship()


class Invite(db.Model):
    """One invited client. `address` is kept until no more mail is due; the keyed `address_hash` stays, so that the link
    works for this address alone. `nonce` is part of the signed link."""

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
    state: Mapped[str] = mapped_column(String(10), default=InviteState.WAITING)
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
