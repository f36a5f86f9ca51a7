from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import literal, select

from marketplace.core.extensions import db
from marketplace.moderation.decisions.labels import risk_word
from marketplace.moderation.queue.queries import overdue_before, priority_column, priority_of


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("2026-11-26T15:30:59", "2026-11-24T15:30"),  # Thursday
        ("2026-11-24T09:00:00", "2026-11-20T09:00"),  # Tuesday
        ("2026-11-23T12:00:00", "2026-11-19T12:00"),  # Monday
        ("2026-11-21T12:00:00", "2026-11-19T00:00"),  # Saturday
        ("2026-11-22T23:59:00", "2026-11-19T00:00"),  # Sunday
        ("2026-11-20T12:00:00", "2026-11-18T12:00"),  # Friday
    ],
)
def test_two_working_days_leave_the_weekend_out(now: str, before: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert overdue_before(moment) == datetime.fromisoformat(before).replace(tzinfo=UTC)


def test_the_moment_never_goes_back() -> None:
    start = datetime(2026, 11, 16, tzinfo=UTC)
    moments = [overdue_before(start + timedelta(minutes=30 * step)) for step in range(48 * 9)]
    assert moments == sorted(moments)


def test_the_database_reckons_as_we_do(app: Flask) -> None:
    overdue = datetime(2026, 11, 20, tzinfo=UTC)
    for since in (overdue - timedelta(microseconds=1), overdue):
        for risk in (0, 29, 30, 59, 60, 100):
            found = db.session.scalar(select(priority_column(literal(since), literal(risk), overdue)))
            assert found == priority_of(since, risk, overdue)


def test_a_risk_is_said_in_words(app: Flask) -> None:
    assert [risk_word(risk) for risk in (29, 30, 59, 60)] == ["", "Some risk", "Some risk", "High risk"]
