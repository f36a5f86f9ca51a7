from __future__ import annotations

from flask import Flask

from marketplace.moderation.reports.labels import (
    flag_refusal_words,
    outcome_word,
    reason_word,
    tally_words,
    target_words,
)
from marketplace.moderation.reports.records import Tally
from marketplace.moderation.reports.services import EXPLANATION_LENGTH, REASONS
from tests.factories import make_reply
from tests.moderation.reporting import reported, shown_review
from tests.moderation.reporting_replies import reported_reply

CODES = (
    "flag_reason",
    "flag_short",
    "flag_long",
    "flag_good_faith",
    "flag_open",
    "flag_gone",
    "flag_link_used",
    "flag_link_wrong",
    "flag_many",
)


def test_every_reason_has_a_word_of_its_own(app: Flask) -> None:
    reasons = {reason for known in REASONS.values() for reason in known}
    assert len(reasons) == 10
    with app.test_request_context():
        assert len({reason_word(reason) for reason in reasons}) == 10


def test_every_refusal_is_a_sentence_of_its_own(app: Flask) -> None:
    with app.test_request_context():
        assert len({flag_refusal_words(code, "en", *EXPLANATION_LENGTH) for code in CODES}) == len(CODES)
        assert "2,000" in flag_refusal_words("flag_long", "en", *EXPLANATION_LENGTH)


def test_the_thing_is_named_with_its_provider(app: Flask) -> None:
    review = shown_review()
    name = review.listing.provider.name
    with app.test_request_context():
        assert target_words(reported(review)) == f"a review of {name}"
        assert target_words(reported_reply(make_reply(review))) == f"a reply from {name}"
        assert target_words(reported(review.listing, kind="listing")) == f"a listing by {name}"
        assert target_words(reported(review.listing.provider, kind="provider")) == f"the provider {name}"


def test_what_became_of_reports_is_counted_in_words(app: Flask) -> None:
    with app.test_request_context():
        assert tally_words(Tally(0, 0, 0)) == "none"
        assert tally_words(Tally(1, 2, 3)) == "1 upheld, 2 dismissed, 3 waiting"
        assert len({outcome_word(status) for status in ("pending", "upheld", "dismissed")}) == 3
