"""What the mails say: who, where, when and why, never with a date or a reason left empty."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.billing.placements.mail_words import WRITERS, Matter, told_admin

REASONS = {
    "hidden": ("provider", "listing", "stale"),
    "ended": ("over", "unpaid", "canceled", "refunded", "dispute"),
}
DATED = ("started", "payment_failed", "canceling", "slot_free", "pass_ending")


def matter(reason: str = "") -> Matter:
    return Matter("Casa Ocotillo", "the Mexico page", "24 December 2026", reason, "€20")


def text_of(code: str, reason: str = "") -> str:
    words = WRITERS[code](matter(reason))
    return " ".join([words.subject, *words.paragraphs, words.link])


@pytest.mark.parametrize("code", WRITERS)
def test_each_mail_names_the_provider_and_the_place(app: Flask, code: str) -> None:
    with app.test_request_context():
        for reason in REASONS.get(code, ("",)):
            text = text_of(code, reason)
            assert "Casa Ocotillo" in text
            assert "the Mexico page" in WRITERS[code](matter(reason)).subject
            assert ("24 December 2026" in text) == (code in DATED)


@pytest.mark.parametrize("code", REASONS)
def test_each_reason_is_said_in_its_own_words(app: Flask, code: str) -> None:
    with app.test_request_context():
        assert len({text_of(code, reason) for reason in REASONS[code]}) == len(REASONS[code])


def test_a_part_given_back_says_how_much_and_that_the_place_goes_on(app: Flask) -> None:
    with app.test_request_context():
        text = text_of("given_part")
    assert "€20" in text
    assert "The placement continues as before" in text


def test_an_admin_is_told_what_is_to_be_done(app: Flask) -> None:
    reasons = ("provider", "listing", "stale", "dispute", "inquiry", "late", "refund_failed")
    with app.test_request_context():
        told = {told_admin(matter(reason)).paragraphs for reason in reasons}
        assert len(told) == len(reasons)
        assert told_admin(matter("late")).subject == "Featured placement of Casa Ocotillo: the Mexico page"
