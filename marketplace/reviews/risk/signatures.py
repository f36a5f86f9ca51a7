"""Signatures of the texts of reviews, and their bands, to find near-duplicates.

Nothing is kept of withdrawn reviews. Whoever replaces the text of a review calls `remember_text` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, and_, delete, func, insert, or_, select

from marketplace.core.extensions import db
from marketplace.reviews.models import Review, ReviewStatus
from marketplace.reviews.risk.models import ReviewBand, ReviewSignature
from marketplace.reviews.risk.rules import Duplicate
from marketplace.text.near_duplicates import SCHEME, SIMILAR, band_hashes, signature_of, similarity

# The most texts that are compared, those with the most bands in common first; the most duplicates that are reported.
MOST_COMPARED = 50
MOST_REPORTED = 5
# Overlap in percent from which two texts of one list seem of one hand; strangers' overlap by 15 at most.
ALIKE_IN_LIST = 30


def near_duplicates(signature: bytes, *, apart_from: int) -> tuple[Duplicate, ...]:
    """The reviews with nearly the text of this signature, most alike first. One query."""
    shared = sharing_a_band(signature, apart_from=apart_from).subquery()
    rows = db.session.execute(
        select(ReviewSignature.review_id, ReviewSignature.signature)
        .join(shared, shared.c.review_id == ReviewSignature.review_id)
        .where(ReviewSignature.scheme == SCHEME)
    )
    found = [Duplicate(review_id, similarity(signature, other)) for review_id, other in rows]
    alike = [duplicate for duplicate in found if duplicate.percent >= SIMILAR]
    return tuple(
        sorted(alike, key=lambda duplicate: (-duplicate.percent, duplicate.review_id))[:MOST_REPORTED]
    )


def signatures_of(review_ids: Sequence[int]) -> dict[int, bytes]:
    """The signatures of the latest of these reviews, as many as are compared. One query."""
    rows = db.session.execute(
        select(ReviewSignature.review_id, ReviewSignature.signature)
        .where(ReviewSignature.review_id.in_(review_ids), ReviewSignature.scheme == SCHEME)
        .order_by(ReviewSignature.review_id.desc())
        .limit(MOST_COMPARED)
    )
    return {number: signature for number, signature in rows}


def alike_in_list(review_id: int, signatures: Mapping[int, bytes]) -> tuple[tuple[int, int], ...]:
    """The other reviews of a list of clients in nearly the style of one, with how far they overlap: far less is asked than
    between reviews that have nothing to do with each other."""
    own = signatures.get(review_id)
    if own is None:
        return ()
    percents = (
        (similarity(own, other), number) for number, other in signatures.items() if number != review_id
    )
    alike = sorted((-percent, number) for percent, number in percents if percent >= ALIKE_IN_LIST)
    return tuple((number, -percent) for percent, number in alike[:MOST_REPORTED])


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
        .limit(MOST_COMPARED)
    )


def remember_text(review_id: int, signature: bytes) -> None:
    """Keep a text's signature instead of the review's former one."""
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
    """Delete the signature of a review's text."""
    db.session.execute(delete(ReviewBand).where(ReviewBand.review_id == review_id))
    db.session.execute(delete(ReviewSignature).where(ReviewSignature.review_id == review_id))


def remember_missing(limit: int) -> int:
    """Sign up to `limit` texts that have no signature of the current scheme, the newest first; returns how many."""
    kept = select(ReviewSignature.review_id).where(
        ReviewSignature.review_id == Review.id, ReviewSignature.scheme == SCHEME
    )
    rows = db.session.execute(
        select(Review.id, Review.text)
        .where(Review.status != ReviewStatus.WITHDRAWN, ~kept.exists())
        .order_by(Review.id.desc())
        .limit(limit)
    ).all()
    for review_id, text in rows:
        remember_text(review_id, signature_of(text))
    return len(rows)
