"""Proof files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.reviews.models import Review


class Proof(db.Model):
    """A file that shows that the author was a client. `name` is its generated name in `INSTANCE_PATH/proofs/`; the file is
    gone once `deleted_at` is set. `seen_by` is the moderator who opened it."""

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
