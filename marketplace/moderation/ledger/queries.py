"""The public ledger: what moderators decided, without anybody's name, address, text or number.

Decisions are in it once they have taken effect; those that were undone are not, nor are the undos. It covers days that are
over, in UTC: a page is the same all day, and a single decision stands among those of its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, func, select

from marketplace.core.database import UTCDay, UTCMonth
from marketplace.core.extensions import db
from marketplace.moderation.models import ActionName, Decision, DecisionState, LogSeal

STAR_BANDS = ((1, 2), (3, 3), (4, 5))
# Below that a rate says more of single reviews than of moderators.
RATED_FROM = 5
# How many rows of the table are held at once while it is written.
PIECE = 1000


@dataclass(frozen=True, slots=True)
class Month:
    """A month's decisions. `counts` by kind and action; `published` and `judged` reviews by band of stars."""

    start: date
    counts: dict[tuple[str, str], int]
    published: dict[tuple[int, int], int]
    judged: dict[tuple[int, int], int]

    def rate(self, band: tuple[int, int]) -> float | None:
        """The share of reviews in a band that were published; None where too few were judged."""
        judged = self.judged[band]
        return self.published[band] / judged if judged >= RATED_FROM else None


def band_of(rating: int | None) -> tuple[int, int] | None:
    """The band of stars of a rating."""
    return next((band for band in STAR_BANDS if rating is not None and band[0] <= rating <= band[1]), None)


def monthly(today: date) -> list[Month]:
    """The months up to yesterday that something was decided in, the newest first. One query, counted by the database."""
    start: ColumnElement[date] = UTCMonth(Decision.decided_at).label("start")
    kinds = (start, Decision.subject, Decision.action, Decision.rating)
    query = select(*kinds, func.count()).where(*_in_ledger(today)).group_by(*kinds)
    months: dict[date, Month] = {}
    for first, subject, action, rating, count in db.session.execute(query.order_by(start.desc())):
        month = months.get(first)
        if month is None:
            month = months[first] = Month(
                first, {}, dict.fromkeys(STAR_BANDS, 0), dict.fromkeys(STAR_BANDS, 0)
            )
        month.counts[subject, action] = month.counts.get((subject, action), 0) + count
        band = band_of(rating)
        if subject == "review" and action in (ActionName.PUBLISH, ActionName.REJECT) and band is not None:
            month.judged[band] += count
            month.published[band] += count if action == ActionName.PUBLISH else 0
    return list(months.values())


def entries(today: date, *, before: int | None = None, limit: int = 50) -> Sequence[Any]:
    """Single decisions of the days before `today`, the newest first: (id, decided_at, subject, action, ground, asked_by,
    rating). The id is for paging alone and is shown nowhere. One query."""
    query = _rows(_in_ledger(today))
    if before is not None:
        query = query.where(Decision.id < before)
    return db.session.execute(query.limit(limit)).all()


def entries_of_year(today: date, year: int) -> Iterator[Any]:
    """Those of a year before `today`, the newest first, read in pieces."""
    begin = datetime(year, 1, 1, tzinfo=UTC)
    within = (Decision.decided_at >= begin, Decision.decided_at < begin.replace(year=year + 1))
    query = _rows((*_in_ledger(today), *within)).execution_options(yield_per=PIECE)
    yield from db.session.execute(query)


def heads(today: date) -> Sequence[Any]:
    """The last link of the log’s chain of each day before `today`, the newest first: (day, entries, head). One query."""
    day: ColumnElement[date] = UTCDay(LogSeal.sealed_at).label("day")
    over = LogSeal.sealed_at < datetime.combine(today, time(), UTC)
    last = select(func.max(LogSeal.position)).where(over).group_by(day)
    query = select(day, LogSeal.position.label("entries"), LogSeal.digest.label("head"))
    return db.session.execute(query.where(LogSeal.position.in_(last)).order_by(LogSeal.position.desc())).all()


def _in_ledger(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Decision.decided_at < datetime.combine(today, time(), UTC),
        Decision.action != ActionName.UNDO,
        Decision.state == DecisionState.EFFECTIVE,
    )


def _rows(conditions: tuple[ColumnElement[bool], ...]) -> Any:
    return (
        select(
            Decision.id,
            Decision.decided_at,
            Decision.subject,
            Decision.action,
            Decision.ground,
            Decision.asked_by,
            Decision.rating,
        )
        .where(*conditions)
        .order_by(Decision.id.desc())
    )
