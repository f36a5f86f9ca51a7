"""The sums of its published reviews that are stored on a listing.

Sums are `math.fsum`, exact before one rounding, so that no order of rows changes them.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import enqueue, task
from marketplace.listings.models import Listing
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.listings.terms_history import terms_history, terms_on
from marketplace.reviews.ratings.queries import Published, published_reviews
from marketplace.reviews.ratings.rules import Convert, ReportSums, TermsOn, report_sums
from marketplace.reviews.ratings.weights import Group, average_rating, weight_of
from marketplace.values.exchange import DatedRates

BATCH = 100


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


def rating_sums(published: Published, terms_on: TermsOn, convert: Convert) -> RatingSums:
    """The sums over the published reviews of a listing that advertised these terms."""
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
        **asdict(report_sums(published.reports, terms_on, convert)),
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
    locked = select(Listing.id).where(Listing.id == listing_id).with_for_update(key_share=True)
    db.session.execute(locked).one()
    published = published_reviews(listing_id)
    history = terms_history(listing_id) if published.reports.reviews else []
    sums = rating_sums(published, partial(terms_on, history), DatedRates().convert)
    db.session.execute(update(Listing).where(Listing.id == listing_id).values(**asdict(sums)))
    return sums


@task("ratings.recompute", every=timedelta(days=1))
def recompute_next(payload: dict[str, Any]) -> None:
    """Recompute the listings after `after`, a batch at a time: rates come in, and a release may reckon otherwise."""
    reviewed = (Listing.review_count > 0) | (Listing.uncounted_count > 0)
    query = select(Listing).where(reviewed, Listing.id > payload.get("after", 0)).order_by(Listing.id)
    listings = db.session.scalars(query.limit(BATCH)).all()
    for listing in listings:
        before = {name: getattr(listing, name) for name in RatingSums.__dataclass_fields__}
        if asdict(recompute_ratings(listing.id)) != before:
            invalidate_listing_pages(listing)
    if len(listings) == BATCH:
        enqueue("ratings.recompute", {"after": listings[-1].id})
