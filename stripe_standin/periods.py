"""The periods of a subscription: the same day and time each month, or the month's last day."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}


def period_end(start: int, interval: str, count: int, anchor: int) -> int:
    """When the period that begins at `start` ends; all in seconds since 1970.

    The day of the month is the anchor's: what began on 31 January goes on from 28 February to 31 March.
    """
    begun = datetime.fromtimestamp(start, UTC)
    if interval in DAYS:
        return int((begun + timedelta(days=DAYS[interval] * count)).timestamp())
    months = begun.year * 12 + begun.month - 1 + MONTHS[interval] * count
    year, month = months // 12, months % 12 + 1
    last = calendar.monthrange(year, month)[1]
    day = min(datetime.fromtimestamp(anchor, UTC).day, last)
    return int(begun.replace(year=year, month=month, day=day).timestamp())
