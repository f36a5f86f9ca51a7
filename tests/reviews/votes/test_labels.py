from __future__ import annotations

import pytest
from flask import Flask

from marketplace.reviews.votes.labels import vote_refusal_words


def test_every_refusal_is_a_sentence_and_another_is_an_error(app: Flask) -> None:
    with app.test_request_context():
        codes = ("unconfirmed", "own_review", "own_provider", "rival", "too_many")
        assert len({vote_refusal_words(code) for code in codes}) == len(codes)
        assert all(vote_refusal_words(code).endswith(".") for code in codes)
        with pytest.raises(KeyError):
            vote_refusal_words("mood")
