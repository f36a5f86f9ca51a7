from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stripe_standin.periods import period_end


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("start", "interval", "count", "end"),
    [
        ("2026-11-23T12:00", "month", 1, "2026-12-23T12:00"),
        ("2026-12-23T12:00", "month", 1, "2027-01-23T12:00"),
        ("2027-01-31T08:30", "month", 1, "2027-02-28T08:30"),
        ("2028-02-29T00:00", "year", 1, "2029-02-28T00:00"),
        ("2026-11-30T00:00", "month", 3, "2027-02-28T00:00"),
        ("2026-11-23T12:00", "week", 2, "2026-12-07T12:00"),
        ("2026-11-23T12:00", "day", 30, "2026-12-23T12:00"),
    ],
)
def test_a_period_ends_on_the_day_it_began(start: str, interval: str, count: int, end: str) -> None:
    assert period_end(moment(start), interval, count, moment(start)) == moment(end)


def test_the_day_of_the_anchor_comes_back_after_a_short_month() -> None:
    anchor = moment("2027-01-31T08:30")
    assert period_end(moment("2027-02-28T08:30"), "month", 1, anchor) == moment("2027-03-31T08:30")
