"""The worked example of `/about/ranking/`: two invented listings, scored with the functions that order the tables. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from marketplace.public.offers import ranking
from marketplace.reviews.ratings.services import weight_of


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
    return _example(1, 5.0, today), _example(40, 4.6, today)


def _example(reviews: int, rating: float, today: date) -> Example:
    weight = reviews * weight_of(today) * ranking.decay(today)
    bound = ranking.lower_bound(weight, weight * rating)
    doubt = ranking.CAUTION / math.sqrt(ranking.PRIOR_WEIGHT + weight)
    freshness = ranking.FRESHNESS_BONUS * ranking.freshness(0)
    score = bound + freshness + ranking.COMPLETENESS_BONUS
    return Example(reviews, rating, bound + doubt, doubt, bound, freshness, ranking.COMPLETENESS_BONUS, score)
