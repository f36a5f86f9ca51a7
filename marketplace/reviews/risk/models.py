"""Signatures of review texts, to find near-duplicates, and the networks that members were seen in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db


class ReviewSignature(db.Model):
    """The MinHash signature of a review's text, to find near-duplicates. `scheme` is the version of the method."""

    __tablename__ = "review_signature"
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    scheme: Mapped[int] = mapped_column()
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class NetworkSighting(db.Model):
    """A network (keyed hash of an address range, see `networks`) from which a member signed up, signed in or sent a list of
    clients. `seen_at` is the last time; deleted after some weeks."""

    __tablename__ = "network_sighting"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    network: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class ReviewBand(db.Model):
    """One band of a signature, hashed: texts that share a band are compared."""

    __tablename__ = "review_band"
    __table_args__ = (Index("ix_review_band_band_hash", "band", "hash"),)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[int] = mapped_column(BigInteger)
