"""A listing's published reviews as the database counts them: equal days, ratings and reports together, so that a listing
with thousands is not read review by review."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from marketplace.core.database import UTCDay
from marketplace.core.extensions import db
from marketplace.reviews.models import COUNTED_LEVELS, ProofLevel, Review, ReviewStatus
from marketplace.reviews.ratings.rules import Reports


@dataclass(frozen=True, slots=True)
class Published:
    """How many counted reviews there are by day (UTC), rating and whether they are invited, what they report, and how many
    reviews do not count."""

    counted: Counter[tuple[date, int, bool]] = field(default_factory=Counter)
    reports: Reports = field(default_factory=Reports)
    uncounted: int = 0


def published_reviews(listing_id: int) -> Published:
    """Those of a listing. Three queries, all answered from one index."""
    shown = (Review.listing_id == listing_id, Review.status == ReviewStatus.PUBLISHED)
    counted = (*shown, Review.level.in_(COUNTED_LEVELS), Review.published_at.is_not(None))
    uncounted = select(func.count()).where(*shown, Review.level.not_in(COUNTED_LEVELS))
    return Published(_by_day(counted), _reports(counted), db.session.scalar(uncounted) or 0)


def _by_day(counted: tuple[ColumnElement[bool], ...]) -> Counter[tuple[date, int, bool]]:
    day: ColumnElement[date] = UTCDay(Review.published_at).label("day")
    invited = (Review.level == ProofLevel.INVITED).label("invited")
    rows = db.session.execute(
        select(day, Review.rating, invited, func.count())
        .where(*counted)
        .group_by(day, Review.rating, invited)
    )
    return Counter(
        {(row_day, rating, bool(is_invited)): count for row_day, rating, is_invited, count in rows}
    )


def _reports(counted: tuple[ColumnElement[bool], ...]) -> Reports:
    told = (
        Review.experience_on,
        Review.real_cost,
        Review.real_currency,
        Review.real_time,
        Review.real_time_unit,
        (Review.level == ProofLevel.INVITED).label("invited"),
    )
    query = select(*told, func.count()).where(
        *counted, or_(Review.real_cost.is_not(None), Review.real_time.is_not(None))
    )
    found, reviews = Reports(), 0
    for day, cost, currency, time, unit, invited, count in db.session.execute(query.group_by(*told)):
        reviews += count
        if cost is not None and currency is not None:
            found.costs[day, cost, currency, bool(invited)] += count
        if time is not None and unit is not None:
            found.times[day, time, unit, bool(invited)] += count
    return Reports(found.costs, found.times, reviews)
