"""The worked example of `/about/ranking/`: two invented listings, scored with the functions that order the tables. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime

from marketplace.public.offers import ranking
from marketplace.reviews.ratings.services import weight_of


@dataclass(frozen=True, slots=True)
class ExampleListing:
    """The scored fields of an invented listing; see `ranking.Ranked`."""

    listing_id: int
    service: str
    cost_basis: str
    official_fee_kind: str
    time_min: int | None
    time_from: str | None
    confirmed_at: datetime | None
    rating_weight: float
    rating_weighted: float


@dataclass(frozen=True, slots=True)
class Example:
    """The steps of a score: `mean` is the Bayesian mean, `doubt` the deduction for uncertainty, `bound` the difference; then
    the two bonuses and the score."""

    reviews: int
    rating: float
    mean: float
    doubt: float
    bound: float
    freshness: float
    completeness: float
    score: float


def worked_examples(today: date) -> tuple[Example, Example]:
    """A listing with one five-star review, and one with forty that average 4.6. Reviews and complete data are of today."""
    return _example(1, 5.0, 1, today), _example(40, 4.6, 2, today)


def _example(reviews: int, rating: float, listing_id: int, today: date) -> Example:
    weight = reviews * weight_of(today)
    listing = ExampleListing(
        listing_id=listing_id,
        service=" ".join(["word"] * ranking.SERVICE_WORDS),
        cost_basis="fixed",
        official_fee_kind="included",
        time_min=2,
        time_from="order",
        confirmed_at=datetime(today.year, today.month, today.day, tzinfo=UTC),
        rating_weight=weight,
        rating_weighted=weight * rating,
    )
    factor = ranking.decay(today)
    bound = ranking.lower_bound(listing.rating_weight * factor, listing.rating_weighted * factor)
    doubt = ranking.CAUTION / math.sqrt(ranking.PRIOR_WEIGHT + listing.rating_weight * factor)
    return Example(
        reviews=reviews,
        rating=rating,
        mean=bound + doubt,
        doubt=doubt,
        bound=bound,
        freshness=ranking.FRESHNESS_BONUS * ranking.freshness(ranking.age_days(listing.confirmed_at, today)),
        completeness=ranking.COMPLETENESS_BONUS * ranking.completeness(listing),
        score=ranking.score(listing, today),
    )
