"""What comes first in the queue.

| priority | what |
| --- | --- |
| 0 | what has waited for more than two working days, whatever its risk: nothing starves |
| 1 | high risk, 60 and more |
| 2 | some risk, 30 to 59 |
| 3 | the rest |

Within a priority the oldest comes first. Working days are Monday to Friday in UTC; holidays are not known here. Only
reviews and what becomes of them have a risk (`reviews.risk`, 0 to 100); everything else counts as 0.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, case, cast

HIGH_RISK = 60
SOME_RISK = 30
LONGEST_WAIT = 2  # working days
OVERDUE, HIGH, SOME, LOW = range(4)
SATURDAY = 5


def overdue_before(now: datetime) -> datetime:
    """The moment two working days ago, to the minute: what was sent before it comes first."""
    moment = now.replace(second=0, microsecond=0)
    if moment.weekday() >= SATURDAY:  # a weekend counts as its beginning
        moment = (moment - timedelta(days=moment.weekday() - SATURDAY)).replace(hour=0, minute=0)
    left = LONGEST_WAIT
    while left:
        moment -= timedelta(days=1)
        left -= moment.weekday() < SATURDAY
    return moment


def priority_of(since: datetime, risk: int, overdue: datetime) -> int:
    """The priority of one thing."""
    if since < overdue:
        return OVERDUE
    return HIGH if risk >= HIGH_RISK else SOME if risk >= SOME_RISK else LOW


def priority_column(since: Any, risk: Any, overdue: datetime) -> Any:
    """The same, computed by the database."""
    return cast(
        case((since < overdue, OVERDUE), (risk >= HIGH_RISK, HIGH), (risk >= SOME_RISK, SOME), else_=LOW),
        Integer,
    )
