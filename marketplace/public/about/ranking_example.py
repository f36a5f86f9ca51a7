"""The worked example of `/about/ranking/`: invented listings, scored with the functions that order the tables. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from marketplace.public.offers import ranking
from marketplace.reviews.ratings.weights import Group, combined, decay, weight_of


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
    return (_example(1, 5.0, today), _example(40, 4.6, today), _example(20, 5.0, today, invited=True))


def _example(reviews: int, rating: float, today: date, *, invited: bool = False) -> Example:
    groups = [Group(0.0, 0.0), Group(0.0, 0.0)]
    weight = reviews * weight_of(today) * decay(today)
    groups[invited] = Group(weight, weight * rating)
    counted = combined(*groups)
    bound = ranking.lower_bound(*counted)
    doubt = ranking.CAUTION / math.sqrt(ranking.PRIOR_WEIGHT + counted.weight)
    freshness, completeness = ranking.FRESHNESS_BONUS, ranking.COMPLETENESS_BONUS
    return Example(
        reviews=reviews,
        invited=invited,
        counts=counted.weight,
        rating=rating,
        mean=bound + doubt,
        doubt=doubt,
        bound=bound,
        freshness=freshness,
        completeness=completeness,
        score=bound + freshness + completeness,
    )
