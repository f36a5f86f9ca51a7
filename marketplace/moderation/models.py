"""Decisions: what a moderator did, on which ground, with the statement sent to those concerned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import User
from marketplace.database import UTCDateTime
from marketplace.extensions import db

SUBJECTS = ("listing", "listing_edit", "provider", "provider_edit", "claim", "review")
ACTIONS = ("publish", "reject", "document", "suspend", "reinstate")
REASONED = ("reject", "suspend", "reinstate")  # these carry a ground and a statement
STATEMENT_LENGTH = (10, 2000)


class Decision(db.Model):
    """One move of a moderator. `subject` and `subject_id` name what was decided; `version` is the version that was read;
    `ground` is a code of the fixed list (`moderation.grounds`)."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("action IN ('publish', 'reject', 'document', 'suspend', 'reinstate')", name="action"),
        Index("ix_decision_subject_subject_id", "subject", "subject_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column()
    version: Mapped[int] = mapped_column()
    action: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str | None] = mapped_column(String(40))
    statement: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[User | None] = relationship()
