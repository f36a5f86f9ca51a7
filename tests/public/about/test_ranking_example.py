"""The worked example adds up, and comes from the code that orders the tables."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.public.about.ranking_example import Example, worked_examples
from marketplace.public.offers import ranking
from marketplace.reviews.ratings.weights import INVITED_ALLOWANCE

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("example", worked_examples(TODAY))
def test_the_steps_add_up_to_the_score(example: Example) -> None:
    assert example.mean - example.doubt == pytest.approx(example.bound)
    assert example.bound + example.freshness + example.completeness == pytest.approx(example.score)


def test_the_steps_are_those_of_the_formula() -> None:
    one, many, invited = worked_examples(TODAY)
    prior = ranking.PRIOR_WEIGHT * ranking.PRIOR_MEAN
    assert one.mean == pytest.approx((prior + 5) / (ranking.PRIOR_WEIGHT + 1))
    assert many.mean == pytest.approx((prior + 40 * 4.6) / (ranking.PRIOR_WEIGHT + 40))
    assert one.bound == pytest.approx(ranking.lower_bound(1, 5))
    assert many.bound == pytest.approx(ranking.lower_bound(40, 184))
    assert (one.counts, many.counts) == pytest.approx((1, 40))
    assert invited.counts == pytest.approx(INVITED_ALLOWANCE)
    assert invited.bound == pytest.approx(ranking.lower_bound(INVITED_ALLOWANCE, 5 * INVITED_ALLOWANCE))
    assert one.freshness == many.freshness == ranking.FRESHNESS_BONUS
    assert one.completeness == many.completeness == ranking.COMPLETENESS_BONUS


def test_many_good_reviews_rank_above_a_single_perfect_one() -> None:
    one, many, invited = worked_examples(TODAY)
    assert one.rating == invited.rating > many.rating
    assert one.score < many.score
    assert invited.score == pytest.approx(one.score)


def test_the_example_is_the_same_every_day() -> None:
    later = worked_examples(date(2031, 2, 28))
    for then, now in zip(worked_examples(TODAY), later, strict=True):
        assert now.score == pytest.approx(then.score)
