from __future__ import annotations

from flask import Flask

from marketplace.moderation.bulk.labels import left_out_words, refusal_words, tie_words
from tests.moderation.waiting import waiting_review


def test_ties_are_told_in_words(app: Flask) -> None:
    assert [tie_words(tie) for tie in ("network", "text", "rush")] == [
        "same network",
        "nearly the same text",
        "same listing within an hour",
    ]


def test_refusals_are_sentences(app: Flask) -> None:
    assert refusal_words("too_many") == "Tick up to 100 at a time"
    assert refusal_words("ground_missing") == "Choose a ground"


def test_what_was_left_out_is_named_though_it_is_gone(app: Flask) -> None:
    review = waiting_review()
    name = review.listing.provider.name
    assert left_out_words({("review", review.id): "own", ("review", 9999): "gone"}) == [
        f"Review of {name} ({review.id}), about you or your provider",
        "Review (9999), no longer there",
    ]
