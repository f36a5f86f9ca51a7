from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.ratings import (
    EPOCH,
    HALF_LIFE_DAYS,
    RatingSums,
    in_unit,
    rating_sums,
    recompute_ratings,
    rounded,
    weight_of,
)
from tests.factories import make_listing, make_review, make_topic


@dataclass(frozen=True)
class Told:
    rating: int = 5
    level: str = "documented"
    published_at: datetime | None = datetime(2026, 1, 1, tzinfo=UTC)
    real_cost: int | None = None
    real_currency: str | None = None
    real_time: int | None = None
    real_time_unit: str | None = None


def costs(*values: int, currency: str = "MXN") -> list[Told]:
    return [Told(real_cost=value, real_currency=currency) for value in values]


def times(*values: int, unit: str = "days") -> list[Told]:
    return [Told(real_time=value, real_time_unit=unit) for value in values]


def test_a_listing_without_reviews_has_empty_sums() -> None:
    assert rating_sums([], "MXN", "days") == RatingSums()


def test_weights_double_in_a_half_life() -> None:
    assert weight_of(EPOCH) == 1
    assert weight_of(EPOCH + timedelta(days=HALF_LIFE_DAYS)) == 2
    assert weight_of(EPOCH - timedelta(days=HALF_LIFE_DAYS)) == 0.5


def test_weights_stay_finite_in_a_thousand_years() -> None:
    assert 0 < weight_of(date(1026, 1, 1)) < weight_of(date(3026, 1, 1)) < math.inf


def test_unverified_reviews_are_shown_but_enter_nothing() -> None:
    told = [Told(rating=4), Told(rating=1, level="unverified", real_cost=1, real_currency="MXN")]
    sums = rating_sums(told, "MXN", "days")
    assert (sums.review_count, sums.uncounted_count, sums.rating_sum) == (1, 1, 4)
    assert (sums.rating_weight, sums.rating_weighted) == (1.0, 4.0)


def test_below_three_reports_nothing_is_reported() -> None:
    assert rating_sums(costs(100, 200), "MXN", None) == replace(
        rating_sums(costs(100, 200), "MXN", None), reported_count=0, reported_cost=None, reported_time=None
    )


def test_medians_take_the_middle_and_round_halves_up() -> None:
    assert rating_sums(costs(100, 300, 200), "MXN", None).reported_cost == 200
    assert rating_sums(costs(100, 200, 301, 400), "MXN", None).reported_cost == 251
    assert rounded(2.5) == 3


def test_other_currencies_are_no_reports() -> None:
    told = costs(100, 200) + costs(9, 9, 9, currency="EUR")
    sums = rating_sums(told, "MXN", None)
    assert (sums.reported_cost, sums.reported_count) == (None, 0)
    assert rating_sums(told, None, None).reported_cost is None


def test_times_are_converted_within_their_family_only() -> None:
    assert in_unit(2, "weeks", "days") == 14
    assert in_unit(90, "minutes", "hours") == rating_fraction(3, 2)
    assert in_unit(1, "months", "days") == 30
    assert in_unit(5, "days", "business_days") is None
    assert in_unit(5, "hours", "days") is None
    mixed = times(10, 14) + times(3, unit="weeks") + times(1, 1, 1, unit="business_days")
    assert rating_sums(mixed, None, "days").reported_time == 14
    assert rating_sums(mixed, None, "days").reported_count == 3


def rating_fraction(top: int, bottom: int) -> object:
    from fractions import Fraction

    return Fraction(top, bottom)


def test_a_short_time_is_never_said_to_be_none() -> None:
    assert rating_sums(times(3, 4, 5), None, "months").reported_time == 1


def test_the_count_is_of_reviews_in_a_median_that_is_shown() -> None:
    both = [Told(real_cost=5, real_currency="MXN", real_time=3, real_time_unit="days") for _ in range(2)]
    sums = rating_sums([*both, *costs(7), *times(1)], "MXN", "days")
    assert (sums.reported_cost, sums.reported_time, sums.reported_count) == (5, 3, 4)


told_strategy = st.builds(
    Told,
    rating=st.integers(1, 5),
    level=st.sampled_from(["unverified", "confirmed", "invited", "documented"]),
    published_at=st.integers(0, 7000).map(
        lambda days: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days)
    ),
    real_cost=st.integers(0, 10**13),
    real_currency=st.sampled_from(["MXN", "EUR"]),
    real_time=st.integers(1, 1000),
    real_time_unit=st.sampled_from(["days", "weeks", "business_days"]),
)


@given(st.lists(told_strategy, max_size=12), st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_the_order_of_rows(told: list[Told], random: object) -> None:
    shuffled = list(told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rating_sums(told, "MXN", "days") == rating_sums(shuffled, "MXN", "days")


@given(st.lists(told_strategy, max_size=12))
def test_sums_equal_the_formula_written_out(told: list[Told]) -> None:
    sums = rating_sums(told, "MXN", "days")
    counted = [one for one in told if one.level != "unverified"]
    ages = [(one.published_at.date() - date(2026, 1, 1)).days for one in counted if one.published_at]
    assert sums.review_count + sums.uncounted_count == len(told)
    assert sums.rating_sum == sum(one.rating for one in counted)
    assert sums.rating_weight == pytest.approx(sum(2 ** (age / 540) for age in ages))
    assert sums.rating_weighted == pytest.approx(
        sum(one.rating * 2 ** (age / 540) for age, one in zip(ages, counted, strict=True))
    )
    paid = [one.real_cost for one in counted if one.real_currency == "MXN" and one.real_cost is not None]
    assert sums.reported_cost == (math.floor(median(paid) + 0.5) if len(paid) >= 3 else None)


def test_the_sums_are_written_to_the_listing(app: Flask) -> None:
    listing = make_listing(make_topic())
    for cost, unit in ((400000, "business_days"), (410000, "business_days"), (500000, "business_days")):
        make_review(listing, rating=4, real_cost=cost, real_currency="MXN", real_time=15, real_time_unit=unit)
    make_review(listing, level="unverified")
    make_review(listing, status="pending")
    make_review(listing, status="hidden")
    sums = recompute_ratings(listing.id)
    db.session.commit()
    kept = db.session.get_one(Listing, listing.id)
    assert (kept.review_count, kept.uncounted_count, kept.rating_sum) == (3, 1, 12)
    assert (kept.reported_count, kept.reported_cost, kept.reported_time) == (3, 410000, 15)
    assert (kept.rating_weight, kept.rating_weighted) == (sums.rating_weight, sums.rating_weighted)


def test_sums_of_another_listing_stay(app: Flask) -> None:
    topic = make_topic()
    listing, other = make_listing(topic), make_listing(topic)
    make_review(listing)
    make_review(other)
    recompute_ratings(listing.id)
    db.session.commit()
    assert db.session.get_one(Listing, other.id).review_count == 0
