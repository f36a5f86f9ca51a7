"""How old data may grow, and when moderators answer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from marketplace.listings.freshness import answer_by, dimmed_on, gone_on


@pytest.mark.parametrize(
    ("submitted", "answered"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 26, 9, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 11, 28, 9, tzinfo=UTC), date(2026, 12, 1)),
    ],
)
def test_moderators_answer_within_two_working_days(submitted: datetime, answered: date) -> None:
    assert answer_by(submitted) == answered


def test_a_listing_is_dimmed_after_180_days_and_gone_after_270() -> None:
    confirmed = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert dimmed_on(confirmed) == date(2026, 6, 30)
    assert gone_on(confirmed) == date(2026, 9, 28)
