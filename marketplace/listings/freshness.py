"""How old a listing's data may grow, and when moderators answer: pure, and one condition for queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_

REMIND_AFTER = timedelta(days=150)
DIMMED_AFTER = timedelta(days=180)
GONE_AFTER = timedelta(days=270)
ANSWER_WORKING_DAYS = 2
SATURDAY = 5


def answer_by(submitted: datetime) -> date:
    """The day by which a moderator answers: two working days on."""
    day, left = submitted.date(), ANSWER_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day


def dimmed_on(confirmed: datetime) -> date:
    """The day on which a listing is dimmed unless the provider confirms it."""
    return (confirmed + DIMMED_AFTER).date()


def gone_on(confirmed: datetime) -> date:
    """The day on which it leaves the tables."""
    return (confirmed + GONE_AFTER).date()


def has_left(confirmed: datetime | None, day: date) -> bool:
    """Whether a listing is out of the tables on a day, for its age alone."""
    return confirmed is not None and gone_on(confirmed) <= day


def fresh_on(confirmed_at: Any, day: date) -> ColumnElement[bool]:
    """The condition that a listing, by its column `confirmed_at`, is still in its table on a day: confirmed recently, or
    one of those that nobody can confirm. The same rule as `public.offers.ranking.in_table`, for the database."""
    oldest = datetime.combine(day - GONE_AFTER + timedelta(days=1), time(), UTC)
    return or_(confirmed_at.is_(None), confirmed_at >= oldest)
