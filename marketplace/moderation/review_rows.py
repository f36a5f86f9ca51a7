"""Rows that hang on a review and change with its text."""

from __future__ import annotations

from marketplace.moderation.touched import Touch, rows_of
from marketplace.reviews.models import ReviewBand, ReviewSignature


def kept_texts(review_id: int) -> tuple[Touch, ...]:
    """What is kept of a review's text to find others like it: a move that replaces the text replaces these too."""
    return rows_of(ReviewSignature, review_id=review_id), rows_of(ReviewBand, review_id=review_id)
