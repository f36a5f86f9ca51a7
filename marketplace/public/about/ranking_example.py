"""The worked example of `/about/ranking/`: invented listings, scored with the functions that order the tables. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime

from marketplace.public.offers import ranking
from marketplace.reviews.ratings.weights import weight_of


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
    invited_weight: float
    invited_weighted: float


@dataclass(frozen=True, slots=True)
class Example:
    """The steps of a score: what the reviews count together, `mean` the Bayesian mean, `doubt` the deduction for
    uncertainty, `bound` the difference; then the two bonuses and the score."""

    reviews: int
    invited: bool
    counts: float
    rating: float
    mean: float
    doubt: float
    bound: float
    freshness: float
    completeness: float
    score: float


def worked_examples(today: date) -> tuple[Example, ...]:
    """A listing with one documented review of five stars, one with forty that average 4.6, and one with twenty invited
    reviews of five stars. Reviews and complete data are of today."""
    return (
        _example(1, 5.0, 1, today),
        _example(40, 4.6, 2, today),
        _example(20, 5.0, 3, today, invited=True),
    )


def _example(reviews: int, rating: float, listing_id: int, today: date, *, invited: bool = False) -> Example:
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
        invited_weight=weight if invited else 0.0,
        invited_weighted=weight * rating if invited else 0.0,
    )
    counts = ranking.counted(listing, today).weight
    bound = ranking.cautious_rating(listing, today)
    doubt = ranking.CAUTION / math.sqrt(ranking.PRIOR_WEIGHT + counts)
    return Example(
        reviews=reviews,
        invited=invited,
        counts=counts,
        rating=rating,
        mean=bound + doubt,
        doubt=doubt,
        bound=bound,
        freshness=ranking.FRESHNESS_BONUS * ranking.freshness(ranking.age_days(listing.confirmed_at, today)),
        completeness=ranking.COMPLETENESS_BONUS * ranking.completeness(listing),
        score=ranking.score(listing, today),
    )
