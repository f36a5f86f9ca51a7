"""Rows that hang on a review and change with its text."""

from __future__ import annotations

from marketplace.moderation.decisions.touched import Touch, rows_of
from marketplace.reviews.receipts.models import Receipt
from marketplace.reviews.risk.models import ReviewBand, ReviewSignature


def rows_beside(review_id: int) -> tuple[Touch, ...]:
    """What is kept of a review's text to find others like it, which a move that replaces the text replaces too; and the
    receipts, of which each decision adds one."""
    return (
        rows_of(ReviewSignature, review_id=review_id),
        rows_of(ReviewBand, review_id=review_id),
        rows_of(Receipt, review_id=review_id),
    )
