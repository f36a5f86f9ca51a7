"""The sums of its published reviews that are stored on a listing.

Sums are `math.fsum`, exact before one rounding, so that no order of rows changes them.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select, update

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.ratings.queries import Published, published_reviews
from marketplace.reviews.ratings.rules import Advertised, ReportSums, report_sums
from marketplace.reviews.ratings.weights import Group, average_rating, weight_of


@dataclass(frozen=True, slots=True)
class RatingSums(ReportSums):
    """The columns of a listing that its reviews make.

    `review_count` published counted reviews with the sum `rating_sum` and the average `rating_average` (the stars beside
    the listing, invited reviews weighing less); `uncounted_count` published ones that do not count. `rating_weight` and
    `rating_weighted` are the decayed sums of 1 and of the rating over all counted reviews, `invited_weight` and
    `invited_weighted` those over the invited ones among them, all as if each counted fully. And what clients report.
    """

    review_count: int = 0
    uncounted_count: int = 0
    rating_sum: int = 0
    rating_average: float | None = None
    rating_weight: float = 0.0
    rating_weighted: float = 0.0
    invited_weight: float = 0.0
    invited_weighted: float = 0.0


def rating_sums(published: Published, terms: Advertised) -> RatingSums:
    """The sums over the published reviews of a listing that advertises these terms."""
    by_rating: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    for (_, rating, invited), count in published.counted.items():
        by_rating[invited][rating] += count
    everything = _decayed(published.counted)
    invited_ones = _decayed(Counter({key: count for key, count in published.counted.items() if key[2]}))
    return RatingSums(
        review_count=published.counted.total(),
        uncounted_count=published.uncounted,
        rating_sum=sum(rating * count for (_, rating, _), count in published.counted.items()),
        rating_average=average_rating(*by_rating),
        rating_weight=everything.weight,
        rating_weighted=everything.weighted,
        invited_weight=invited_ones.weight,
        invited_weighted=invited_ones.weighted,
        **asdict(report_sums(published.reports, terms)),
    )


def _decayed(reviews: Counter[tuple[date, int, bool]]) -> Group[float]:
    weights: list[float] = []
    weighted: list[float] = []
    for (day, rating, _), count in reviews.items():
        weight = weight_of(day)
        weights += [weight] * count
        weighted += [weight * rating] * count
    return Group(math.fsum(weights), math.fsum(weighted))


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
