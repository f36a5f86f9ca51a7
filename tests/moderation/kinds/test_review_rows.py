from __future__ import annotations

from flask import Flask

from marketplace.moderation.decisions.touched import read_rows
from marketplace.moderation.kinds.review_rows import rows_beside
from marketplace.reviews.risk.signatures import remember_text
from marketplace.text.near_duplicates import signature_of
from tests.moderation.waiting import waiting_review


def test_what_is_kept_of_a_text_is_its_signature_with_its_bands(app: Flask) -> None:
    review, other = waiting_review(), waiting_review()
    for row in (review, other):
        remember_text(row.id, signature_of(row.text))
    rows = read_rows(rows_beside(review.id))
    assert {table for table, _ in rows} == {"review_signature", "review_band"}
    assert {row["review_id"] for row in rows.values()} == {review.id}
