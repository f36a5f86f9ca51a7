"""Receipts of decisions, and the keys that signed them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.reviews.models import Review


class SigningKey(db.Model):
    """A public key that receipts were signed with; kept forever, so that old receipts verify after a key change."""

    __tablename__ = "signing_key"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(64))
    first_used_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Receipt(db.Model):
    """A decision on a review, signed for its author. `body` is the signed text, byte for byte."""

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
