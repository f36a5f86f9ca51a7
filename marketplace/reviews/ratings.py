"""The sums kept on a listing: what its published reviews come to. Pure rules, and one function that recomputes from rows.

A counted review published on day d weighs 2^((d − EPOCH) / HALF_LIFE_DAYS), relative to a fixed day, so that the sums
need no daily update: today's weights are the stored sums times 2^(−(today − EPOCH) / HALF_LIFE_DAYS). Days are UTC.
A double holds weights of days up to 1,500 years from the epoch, and beside a review of today one that is 50 half-lives
(74 years) old still counts to the last bit. Sums are `math.fsum`, exact before one rounding, so that no order of rows
changes them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from fractions import Fraction
from statistics import median
from typing import Any, Protocol

from sqlalchemy import select, update

from marketplace.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.models import COUNTED_LEVELS, Review

EPOCH = date(2026, 1, 1)
HALF_LIFE_DAYS = 540
REPORTS_NEEDED = 3
# Units that are converted into each other, in the smallest of the family; a month counts as 30 days. Business days stand
# alone: how many days they are depends on the holidays.
UNIT_FAMILIES: tuple[dict[str, int], ...] = (
    {"minutes": 1, "hours": 60},
    {"days": 1, "weeks": 7, "months": 30},
    {"business_days": 1},
)


class Reported(Protocol):
    """What the sums look at in a published review."""

    @property
    def rating(self) -> int: ...
    @property
    def level(self) -> str: ...
    @property
    def published_at(self) -> datetime | None: ...
    @property
    def real_cost(self) -> int | None: ...
    @property
    def real_currency(self) -> str | None: ...
    @property
    def real_time(self) -> int | None: ...
    @property
    def real_time_unit(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class RatingSums:
    """The rating columns of a listing.

    `review_count` published counted reviews with the sum `rating_sum`; `uncounted_count` published ones that do not count;
    `rating_weight` and `rating_weighted` the decayed sums of 1 and of the rating. `reported_cost` (minor units of the
    listing's currency) and `reported_time` (the listing's unit) are medians, None below three reports; `reported_count` is
    how many reviews enter a median that is shown, 0 where none is.
    """

    review_count: int = 0
    uncounted_count: int = 0
    rating_sum: int = 0
    rating_weight: float = 0.0
    rating_weighted: float = 0.0
    reported_count: int = 0
    reported_cost: int | None = None
    reported_time: int | None = None


def weight_of(published_on: date) -> float:
    """What a review published on this day weighs, relative to one published on the epoch."""
    return float(2.0 ** ((published_on - EPOCH).days / HALF_LIFE_DAYS))


def rounded(value: float | Fraction) -> int:
    """The nearest integer, halves up."""
    return math.floor(Fraction(value) + Fraction(1, 2))


def in_unit(amount: int, unit: str, wanted: str) -> Fraction | None:
    """A time in another unit of its family; None where the units cannot be compared."""
    for family in UNIT_FAMILIES:
        if unit in family and wanted in family:
            return Fraction(amount * family[unit], family[wanted])
    return None


def rating_sums(published: Iterable[Reported], currency: str | None, time_unit: str | None) -> RatingSums:
    """The sums over the published reviews of a listing that is priced in `currency` and timed in `time_unit`."""
    rows = list(published)
    counted = [row for row in rows if row.level in COUNTED_LEVELS and row.published_at is not None]
    weights = [weight_of(row.published_at.date()) for row in counted if row.published_at is not None]
    return RatingSums(
        review_count=len(counted),
        uncounted_count=sum(row.level not in COUNTED_LEVELS for row in rows),
        rating_sum=sum(row.rating for row in counted),
        rating_weight=math.fsum(weights),
        rating_weighted=math.fsum(weight * row.rating for weight, row in zip(weights, counted, strict=True)),
        **_reported(counted, currency, time_unit),
    )


def _reported(counted: list[Reported], currency: str | None, time_unit: str | None) -> dict[str, Any]:
    costs = {
        number: row.real_cost
        for number, row in enumerate(counted)
        if row.real_cost is not None and row.real_currency == currency
    }
    times = {
        number: took
        for number, row in enumerate(counted)
        if (took := _comparable_time(row, time_unit)) is not None
    }
    cost, time = _median(list(costs.values())), _median(list(times.values()))
    if time == 0 and any(times.values()):
        time = 1  # "0 weeks" would say that it took no time at all
    entering = {*(costs if cost is not None else ()), *(times if time is not None else ())}
    return {"reported_count": len(entering), "reported_cost": cost, "reported_time": time}


def _comparable_time(row: Reported, wanted: str | None) -> Fraction | None:
    if row.real_time is None or row.real_time_unit is None or wanted is None:
        return None
    return in_unit(row.real_time, row.real_time_unit, wanted)


def _median(values: Sequence[int | Fraction]) -> int | None:
    if len(values) < REPORTS_NEEDED:
        return None
    return rounded(Fraction(median(Fraction(value) for value in values)))


def recompute_ratings(listing_id: int) -> RatingSums:
    """Write a listing's sums anew from its reviews, in the caller's transaction.

    Locks the listing first: of two reviews published at once, the second sees the first. Whoever changes a listing's
    currency or unit of time calls this too.
    """
    db.session.flush()
    terms = db.session.execute(
        select(Listing.currency, Listing.time_unit)
        .where(Listing.id == listing_id)
        .with_for_update(key_share=True)
    ).one()
    sums = rating_sums(_published(listing_id), terms.currency, terms.time_unit)
    db.session.execute(update(Listing).where(Listing.id == listing_id).values(**asdict(sums)))
    return sums


def _published(listing_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(
            Review.rating,
            Review.level,
            Review.published_at,
            Review.real_cost,
            Review.real_currency,
            Review.real_time,
            Review.real_time_unit,
        ).where(Review.listing_id == listing_id, Review.status == "published")
    ).all()
