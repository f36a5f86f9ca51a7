"""What is kept of the texts of reviews to find near-duplicates: signatures and their bands, beside the review.

Of withdrawn reviews nothing is kept. Whoever replaces the text of a review calls `remember_text` in the same transaction.
"""

from __future__ import annotations

from sqlalchemy import Select, and_, delete, func, insert, or_, select

from marketplace.core.extensions import db
from marketplace.reviews.models import Review
from marketplace.reviews.risk.models import ReviewBand, ReviewSignature
from marketplace.reviews.risk.rules import Duplicate
from marketplace.text.near_duplicates import SCHEME, SIMILAR, band_hashes, signature_of, similarity

# Texts compared at most, those with the most bands in common first, and duplicates told at most.
COMPARED = 50
TOLD = 5


def near_duplicates(signature: bytes, *, apart_from: int) -> tuple[Duplicate, ...]:
    """The reviews whose texts nearly are the one of this signature, most alike first. One query."""
    shared = sharing_a_band(signature, apart_from=apart_from).subquery()
    rows = db.session.execute(
        select(ReviewSignature.review_id, ReviewSignature.signature)
        .join(shared, shared.c.review_id == ReviewSignature.review_id)
        .where(ReviewSignature.scheme == SCHEME)
    )
    found = [Duplicate(review_id, similarity(signature, other)) for review_id, other in rows]
    alike = [duplicate for duplicate in found if duplicate.percent >= SIMILAR]
    return tuple(sorted(alike, key=lambda duplicate: (-duplicate.percent, duplicate.review_id))[:TOLD])


def sharing_a_band(signature: bytes, *, apart_from: int) -> Select[int]:
    """The query for the reviews to compare with: those with the most bands in common, found by the index of bands."""
    bands = [
        and_(ReviewBand.band == band, ReviewBand.hash == value)
        for band, value in enumerate(band_hashes(signature))
    ]
    return (
        select(ReviewBand.review_id)
        .where(or_(*bands), ReviewBand.review_id != apart_from)
        .group_by(ReviewBand.review_id)
        .order_by(func.count().desc(), ReviewBand.review_id.desc())
        .limit(COMPARED)
    )


def remember_text(review_id: int, signature: bytes) -> None:
    """Keep a text's signature in the place of the review's former one."""
    forget_text(review_id)
    db.session.execute(
        insert(ReviewSignature).values(review_id=review_id, scheme=SCHEME, signature=signature)
    )
    rows = [
        {"review_id": review_id, "band": band, "hash": value}
        for band, value in enumerate(band_hashes(signature))
    ]
    db.session.execute(insert(ReviewBand), rows)


def forget_text(review_id: int) -> None:
    """Keep nothing of a review's text."""
    db.session.execute(delete(ReviewBand).where(ReviewBand.review_id == review_id))
    db.session.execute(delete(ReviewSignature).where(ReviewSignature.review_id == review_id))


def remember_missing(limit: int) -> int:
    """Keep signatures of up to `limit` texts that have none of today's scheme, the newest first; returns how many."""
    kept = select(ReviewSignature.review_id).where(
        ReviewSignature.review_id == Review.id, ReviewSignature.scheme == SCHEME
    )
    rows = db.session.execute(
        select(Review.id, Review.text)
        .where(Review.status != "withdrawn", ~kept.exists())
        .order_by(Review.id.desc())
        .limit(limit)
    ).all()
    for review_id, text in rows:
        remember_text(review_id, signature_of(text))
    return len(rows)
