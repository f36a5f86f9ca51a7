from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.errors import Invalid, NotAllowed
from marketplace.reviews.labels import RATINGS, STATUS_LABELS, problem_message
from marketplace.reviews.models import ReviewStatus
from tests.factories import NOON


def test_every_rating_and_status_has_a_word(app: Flask) -> None:
    with app.test_request_context():
        assert [number for number, word in RATINGS if str(word)] == list("54321")
        assert len({str(STATUS_LABELS[status]) for status in ReviewStatus}) == len(ReviewStatus)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            Invalid("text_short", "text", least=30, length=29),
            "Enter at least 30 characters. You need one more",
        ),
        (
            Invalid("text_short", "text", least=30, length=10),
            "Enter at least 30 characters. You need 20 more",
        ),
        (Invalid("text_long", "text", most=4000, length=4001), "Enter 4000 characters or fewer"),
        (Invalid("contact_details", "text", found="a@b.example"), "Remove “a@b.example”"),
        (Invalid("experience_old", "experience_on", years=3), "the last 3 years"),
        (
            NotAllowed("rival"),
            "You belong to a provider for the same procedure, so you cannot review this one",
        ),
        (Invalid("second_review", written=NOON, next=NOON + timedelta(days=365)), "23 November 2027"),
        (Invalid("something_new"), "Check what you sent"),
    ],
)
def test_a_refusal_is_a_sentence_that_says_what_to_do(app: Flask, problem: Invalid, words: str) -> None:
    with app.test_request_context():
        assert words in problem_message(problem)


def test_every_refusal_of_the_rules_has_a_sentence_of_its_own(app: Flask) -> None:
    codes = (
        "rating_range language_unknown experience_missing experience_wrong experience_future cost_wrong cost_range "
        "currency_missing currency_unknown time_wrong time_range time_unit_missing same_text unconfirmed own_provider "
        "rival edit_often edit_unchanged edit_as_shown review_rejected review_hidden review_withdrawn"
    ).split()
    with app.test_request_context():
        sentences = {problem_message(Invalid(code)) for code in codes}
    assert len(sentences) == len(codes)
