"""Signatures of review texts, to find near-duplicates."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.extensions import db


class ReviewSignature(db.Model):
    """The MinHash signature of a review's text, to find near-duplicates. `scheme` is the version of the method."""

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
