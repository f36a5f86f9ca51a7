"""A listing's published reviews as the database counts them: equal days, ratings and reports together, so that a listing
with thousands is not read review by review."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from marketplace.core.database import UTCDay
from marketplace.core.extensions import db
from marketplace.reviews.models import COUNTED_LEVELS, ProofLevel, Review, ReviewStatus
from marketplace.reviews.ratings.rules import Advertised, Reports, comparable_units, in_unit


@dataclass(frozen=True, slots=True)
class Published:
    """How many counted reviews there are by day (UTC), rating and whether they are invited, what they report, and how many
    reviews do not count."""

    counted: Counter[tuple[date, int, bool]] = field(default_factory=Counter)
    reports: Reports = field(default_factory=Reports)
    uncounted: int = 0


def published_reviews(listing_id: int, terms: Advertised) -> Published:
    """Those of a listing that advertises these terms. Four queries, all answered from one index."""
    shown = (Review.listing_id == listing_id, Review.status == ReviewStatus.PUBLISHED)
    counted = (*shown, Review.level.in_(COUNTED_LEVELS), Review.published_at.is_not(None))
    uncounted = select(func.count()).where(*shown, Review.level.not_in(COUNTED_LEVELS))
    return Published(_by_day(counted), _reports(counted, terms), db.session.scalar(uncounted) or 0)


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


def _reports(counted: tuple[ColumnElement[bool], ...], terms: Advertised) -> Reports:
    found = Reports()
    timed = and_(
        Review.real_time.is_not(None), Review.real_time_unit.in_(comparable_units(terms.time_unit))
    ).label("timed")
    priced = (Review.real_cost.is_not(None), Review.real_currency == terms.currency)
    cost_column: Any = Review.real_cost
    costs = select(cost_column, timed, func.count()).where(*counted, *priced)
    both = 0
    for cost, has_time, count in db.session.execute(costs.group_by(Review.real_cost, timed)):
        found.costs[cost] += count
        both += count if has_time else 0
    unit: Any = Review.real_time_unit
    times = select(Review.real_time, unit, func.count()).where(*counted, timed)
    for amount, row_unit, count in db.session.execute(times.group_by(Review.real_time, unit)):
        found.times[_in_terms(amount, row_unit, terms)] += count
    return Reports(found.costs, found.times, both)


def _in_terms(amount: int, unit: str, terms: Advertised) -> Fraction:
    time = in_unit(amount, unit, terms.time_unit or "")
    assert time is not None  # only comparable units were asked for
    return time
