"""How old a listing's data may grow, and when moderators answer. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

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
    """The day on which a listing is dimmed unless somebody says that it still holds."""
    return (confirmed + DIMMED_AFTER).date()


def gone_on(confirmed: datetime) -> date:
    """The day on which it leaves the tables."""
    return (confirmed + GONE_AFTER).date()
