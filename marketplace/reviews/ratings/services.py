"""The sums of its published reviews that are stored on a listing.

A counted review published on day d weighs 2^((d − EPOCH) / HALF_LIFE_DAYS), relative to a fixed day, so that the sums
need no daily update: today's weights are the stored sums times 2^(−(today − EPOCH) / HALF_LIFE_DAYS). Days are UTC.
A double holds weights of days up to 1,500 years from the epoch, and beside a review of today one that is 50 half-lives
(74 years) old still counts to the last bit. Sums are `math.fsum`, exact before one rounding, so that no order of rows
changes them.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select, update

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.ratings.queries import Published, published_reviews
from marketplace.reviews.ratings.rules import Advertised, ReportSums, report_sums

EPOCH = date(2026, 1, 1)
HALF_LIFE_DAYS = 540


@dataclass(frozen=True, slots=True)
class RatingSums(ReportSums):
    """The columns of a listing that its reviews make.

    `review_count` published counted reviews with the sum `rating_sum`; `uncounted_count` published ones that do not count;
    `rating_weight` and `rating_weighted` the decayed sums of 1 and of the rating; and what clients report.
    """

    review_count: int = 0
    uncounted_count: int = 0
    rating_sum: int = 0
    rating_weight: float = 0.0
    rating_weighted: float = 0.0


def weight_of(published_on: date) -> float:
    """What a review published on this day weighs, relative to one published on the epoch."""
    return float(2.0 ** ((published_on - EPOCH).days / HALF_LIFE_DAYS))


def rating_sums(published: Published, terms: Advertised) -> RatingSums:
    """The sums over the published reviews of a listing that advertises these terms."""
    weights: list[float] = []
    weighted: list[float] = []
    for (day, rating), count in published.counted.items():
        weight = weight_of(day)
        weights += [weight] * count
        weighted += [weight * rating] * count
    return RatingSums(
        review_count=published.counted.total(),
        uncounted_count=published.uncounted,
        rating_sum=sum(rating * count for (_, rating), count in published.counted.items()),
        rating_weight=math.fsum(weights),
        rating_weighted=math.fsum(weighted),
        **asdict(report_sums(published.reports, terms)),
    )


def recompute_ratings(listing_id: int) -> RatingSums:
    """Recompute a listing's sums from its reviews, in the caller's transaction.

    Locks the listing first: of two reviews published at once, the second sees the first.
    """
    db.session.flush()
    terms = db.session.execute(
        select(
            Listing.cost_basis,
            Listing.fee_min,
            Listing.fee_max,
            Listing.currency,
            Listing.time_max,
            Listing.time_unit,
        )
        .where(Listing.id == listing_id)
        .with_for_update(key_share=True)
    ).one()
    sums = rating_sums(published_reviews(listing_id, terms), terms)
    db.session.execute(update(Listing).where(Listing.id == listing_id).values(**asdict(sums)))
    return sums


def recompute_after_term_change(sender: type[Listing], *, listing: Listing) -> None:
    """What clients reported is compared with other terms now: recompute the sums of a listing that has counted reviews. Part
    of the caller's transaction; the caller invalidates the pages."""
    if listing.review_count:
        recompute_ratings(listing.id)
