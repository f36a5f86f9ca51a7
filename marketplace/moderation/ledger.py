"""The public ledger: what moderators decided, without anybody's name, address, text or number.

Decisions that were undone are left out, and so are the undos: they took nobody's right. It tells of days that are over, in
UTC: a page of it is the same all day, and a single decision stands among those of its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.extensions import db
from marketplace.moderation.models import Decision

STAR_BANDS = ((1, 2), (3, 3), (4, 5))
# Below that a rate says more of single reviews than of moderators.
RATED_FROM = 5
MONTHS_SHOWN = 24


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
    """The months up to yesterday, the newest first. One query."""
    months: dict[date, Month] = {}
    for row in db.session.execute(_told(today)):
        start = row.decided_at.date().replace(day=1)
        month = months.get(start)
        if month is None:
            if len(months) == MONTHS_SHOWN:
                break
            month = months[start] = Month(
                start, {}, dict.fromkeys(STAR_BANDS, 0), dict.fromkeys(STAR_BANDS, 0)
            )
        key = (row.subject, row.action)
        month.counts[key] = month.counts.get(key, 0) + 1
        band = band_of(row.rating)
        if row.subject == "review" and row.action in ("publish", "reject") and band is not None:
            month.judged[band] += 1
            month.published[band] += row.action == "publish"
    return list(months.values())


def entries(today: date, *, before: int | None = None, limit: int = 50) -> Sequence[Any]:
    """Single decisions of the days before `today`, the newest first: (id, decided_at, subject, action, ground, asked_by,
    rating). The id is for paging alone and is shown nowhere. One query."""
    query = _told(today)
    if before is not None:
        query = query.where(Decision.id < before)
    return db.session.execute(query.limit(limit)).all()


def every_entry(today: date) -> Iterator[Any]:
    """All of them, the newest first."""
    yield from db.session.execute(_told(today))


def _told(today: date) -> Any:
    reversal = aliased(Decision)
    undone = select(reversal.id).where(reversal.reverses_id == Decision.id)
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
        .where(
            Decision.decided_at < datetime.combine(today, time(), UTC),
            Decision.action != "undo",
            ~undone.exists(),
        )
        .order_by(Decision.id.desc())
    )
