"""What a review counts: proven ones fully, invited ones half and together never much, old ones less."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reviews.ratings.weights import (
    EPOCH,
    HALF_LIFE_DAYS,
    INVITED_ALLOWANCE,
    INVITED_SHARE,
    INVITED_WEIGHT,
    Group,
    average_rating,
    combined,
    decay,
    weight_of,
)

weights = st.floats(0, 1e6)
stars = st.dictionaries(st.integers(1, 5), st.integers(1, 60)).map(Counter)


def test_weights_double_in_a_half_life() -> None:
    assert weight_of(EPOCH) == 1
    assert weight_of(EPOCH + timedelta(days=HALF_LIFE_DAYS)) == 2
    assert weight_of(EPOCH - timedelta(days=HALF_LIFE_DAYS)) == 0.5


def test_weights_stay_finite_in_a_thousand_years() -> None:
    assert 0 < weight_of(date(1026, 1, 1)) < weight_of(date(3026, 1, 1)) < math.inf


def test_decay_takes_the_weight_of_a_day_back_to_one() -> None:
    later = EPOCH + timedelta(days=1234)
    assert weight_of(later) * decay(later) == pytest.approx(1)


@pytest.mark.parametrize(
    ("proven", "invited", "counts"),
    [(0, 1, 0.5), (0, 2, 1), (0, 50, 1), (10, 4, 2), (10, 7, 3.5), (10, 50, 3.5), (3, 10, 1.75)],
)
def test_invited_reviews_count_half_and_together_never_much(proven: int, invited: int, counts: float) -> None:
    total = combined(Group(proven, proven * 4), Group(invited, invited * 5))
    assert total == pytest.approx((proven + counts, proven * 4 + counts * 5))


def test_the_worst_listing_with_ten_invited_reviews_is_not_the_best() -> None:
    three = Counter({1: 1, 3: 2})
    assert average_rating(three, Counter()) == pytest.approx(7 / 3)
    assert average_rating(three, Counter({5: 10})) == pytest.approx((7 + 1.75 * 5) / 4.75)
    assert average_rating(Counter(), Counter({5: 10})) == 5
    assert average_rating(Counter(), Counter()) is None


@given(weights, weights)
def test_invited_reviews_never_count_more_than_the_rule_allows(proven: float, invited: float) -> None:
    counts = combined(Group(proven, proven), Group(invited, invited)).weight - proven
    room = 1e-9 * (1 + proven)
    assert counts <= INVITED_WEIGHT * invited + room
    assert counts <= INVITED_SHARE * proven + INVITED_ALLOWANCE + room
    assert counts <= proven + INVITED_ALLOWANCE + room


@given(stars, stars)
def test_the_stars_stay_between_the_worst_and_the_best(proven: Counter[int], invited: Counter[int]) -> None:
    found = average_rating(proven, invited)
    everything = [*proven, *invited]
    if not everything:
        assert found is None
    else:
        assert found is not None
        assert min(everything) - 1e-9 <= found <= max(everything) + 1e-9


@given(stars, stars.filter(bool), st.integers(2, 50))
def test_more_mailboxes_gain_nothing_once_the_group_is_full(
    proven: Counter[int], invited: Counter[int], times: int
) -> None:
    full = Counter({rating: count * 100 * (2 + proven.total()) for rating, count in invited.items()})
    more = Counter({rating: count * times for rating, count in full.items()})
    assert average_rating(proven, more) == pytest.approx(average_rating(proven, full))
