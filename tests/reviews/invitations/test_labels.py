from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from marketplace.core.errors import Invalid, NotAllowed
from marketplace.reviews.invitations.accepting import Gone
from marketplace.reviews.invitations.labels import (
    LINK_MESSAGES,
    UNREAD_REASONS,
    list_problem,
    lost_invitation_message,
)


@pytest.mark.parametrize(
    "problem",
    [
        *(Invalid(code) for code in ("period_missing", "period_future", "period_old", "period_order")),
        *(Invalid(code) for code in ("addresses_missing", "nobody_new", "not_declared", "language_unknown")),
        *(Invalid(code) for code in ("file_text", "file_csv")),
        Invalid("file_large", most=256),
        Invalid("period_short", days=28),
        Invalid("period_taken", first=date(2026, 10, 1), last=date(2026, 10, 31)),
        Invalid("too_many_lines", most=5000),
        Invalid("too_many_addresses", most=500),
        Invalid("month_full", most=2000, left=0),
    ],
    ids=lambda problem: problem.code,
)
def test_each_problem_of_a_list_says_what_to_do(app: Flask, problem: Invalid) -> None:
    with app.test_request_context("/"):
        words = list_problem(problem)
    assert words != "That did not work. Check what you sent and try again."
    assert "%(" not in words


def test_numbers_and_days_are_named(app: Flask) -> None:
    with app.test_request_context("/"):
        taken = Invalid("period_taken", first=date(2026, 10, 1), last=date(2026, 10, 31))
        assert "1 October 2026 to 31 October 2026" in list_problem(taken)
        assert "5,000 lines" in list_problem(Invalid("too_many_lines", most=5000))
        assert "clients in thirty days, and you have one left" in list_problem(
            Invalid("month_full", most=2000, left=1)
        )


@pytest.mark.parametrize(
    "code", ["expired", "used", "opted_out", "not_shown", "other_address", "counts_already"]
)
def test_each_link_that_does_not_work_says_why(app: Flask, code: str) -> None:
    with app.test_request_context("/"):
        words = LINK_MESSAGES[Gone(code).code]
        assert str(words.title)
        assert str(words.text)
        assert "@" not in words.text


def test_a_refusal_names_nobody(app: Flask) -> None:
    with app.test_request_context("/"):
        words = LINK_MESSAGES[NotAllowed("other_address").code]
        assert words.title == "This invitation was sent to another email address"
        assert lost_invitation_message(Gone("used")).startswith(
            "This invitation has already been used. What you wrote is still here"
        )
        assert UNREAD_REASONS["member"] != UNREAD_REASONS["no_address"]
