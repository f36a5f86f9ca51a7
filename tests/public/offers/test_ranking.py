"""The earned order: what raises a listing, what never does, and what leaves the table."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.public.offers import ranking
from marketplace.public.offers.models import Offer
from marketplace.reviews.ratings.queries import Published
from marketplace.reviews.ratings.services import rating_sums
from tests.clock import START
from tests.public.offering import TODAY, offer, on_request
from tests.reviews.summing import at_par

Reviews = list[tuple[int, int, bool]]  # stars, days ago, whether it is invited
REVIEWS = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3000), st.booleans()), max_size=40)
SOON = st.integers(0, 2000)
SUMS = (
    *("review_count", "rating_average", "rating_weight", "rating_weighted"),
    *("invited_weight", "invited_weighted"),
)


def reviewed(reviews: Reviews, base: Offer | None = None) -> Offer:
    base = base or offer(listing_id=1)
    counted = Counter((TODAY - timedelta(days=age), stars, invited) for stars, age, invited in reviews)
    sums = rating_sums(Published(counted), lambda day: base, at_par)
    return replace(base, **{name: getattr(sums, name) for name in SUMS})


def proven(*reviews: tuple[int, int]) -> Reviews:
    return [(stars, age, False) for stars, age in reviews]


def score(reviews: Reviews, today: date = TODAY) -> float:
    return ranking.score(reviewed(reviews), today)


@settings(deadline=None)
@given(REVIEWS.filter(bool), st.data())
def test_a_better_rating_never_lowers_a_listing(reviews: Reviews, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(reviews) - 1))
    stars, age, invited = reviews[place]
    better = [*reviews[:place], (data.draw(st.integers(stars, 5)), age, invited), *reviews[place + 1 :]]
    assert score(better) >= score(reviews) - 1e-9


@settings(deadline=None)
@given(REVIEWS, st.integers(0, 3000), SOON, st.booleans())
def test_one_more_five_star_review_never_lowers_a_listing(
    reviews: Reviews, age: int, later: int, invited: bool
) -> None:
    today = TODAY + timedelta(days=later)
    assert score([*reviews, (5, age, invited)], today) >= score(reviews, today) - 1e-9


@settings(deadline=None)
@given(REVIEWS, st.integers(0, 50))
def test_reviews_that_are_not_counted_change_nothing(reviews: Reviews, uncounted: int) -> None:
    listing = reviewed(reviews)
    assert ranking.score(replace(listing, uncounted_count=uncounted), TODAY) == ranking.score(listing, TODAY)


@settings(deadline=None)
@given(REVIEWS)
def test_money_changes_nothing(reviews: Reviews) -> None:
    listing = reviewed(reviews)
    assert ranking.score(replace(listing, sponsored=True, fee_min=1), TODAY) == ranking.score(listing, TODAY)


@settings(deadline=None)
@given(st.lists(st.integers(4, 5), min_size=40, max_size=60), st.integers(0, 300))
def test_one_five_star_review_cannot_beat_forty_good_ones(stars: list[int], age: int) -> None:
    complete = offer(
        service="word " * 12, official_fee_kind="included", time_from="order", cost_basis="fixed"
    )
    bare = on_request(confirmed_at=START - timedelta(days=269), time_min=None, time_unit=None)
    one = ranking.score(reviewed(proven((5, 0)), complete), TODAY)
    assert ranking.score(reviewed(proven(*((number, age) for number in stars)), bare), TODAY) > one


@settings(deadline=None)
@given(REVIEWS, SOON)
def test_the_score_stays_within_its_bounds(reviews: Reviews, later: int) -> None:
    today = TODAY + timedelta(days=later)
    low = 1 - ranking.CAUTION / ranking.PRIOR_WEIGHT**0.5
    assert low <= score(reviews, today) <= 5 + ranking.FRESHNESS_BONUS + ranking.COMPLETENESS_BONUS


def test_recent_reviews_weigh_more() -> None:
    assert score(proven((5, 0), (1, 900))) > score(proven((5, 900), (1, 0)))
    assert score(proven((5, 0)) * 5) > score(proven((5, 2000)) * 5)


@settings(deadline=None)
@given(REVIEWS, st.integers(1, 60))
def test_an_invited_review_never_gains_more_than_a_proven_one(reviews: Reviews, count: int) -> None:
    invited, shown = [(5, 0, True)] * count, [(5, 0, False)] * count
    assert score([*reviews, *invited]) <= score([*reviews, *shown]) + 1e-9


@settings(deadline=None)
@given(st.integers(1, 500), st.integers(0, 400))
def test_however_many_are_invited_they_count_as_one_review_at_most(count: int, age: int) -> None:
    assert score([(5, age, True)] * count) <= score(proven((5, 0))) + 1e-9


@settings(deadline=None)
@given(st.lists(REVIEWS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_the_rows(
    several: list[Reviews], random: st.DataObject
) -> None:
    listings = [
        reviewed(reviews, offer(listing_id=number)) for number, reviews in enumerate(several, start=1)
    ]
    mixed = list(listings)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert ranking.earned_order(mixed, TODAY) == ranking.earned_order(listings, TODAY)


def test_equal_scores_take_turns_by_day_and_better_ones_stay_before_them() -> None:
    listings = [offer(listing_id=number) for number in (3, 1, 2)]
    best = reviewed(proven((5, 1), (5, 2), (5, 3)), offer(listing_id=9))
    days = [TODAY + timedelta(days=number) for number in range(4)]
    orders = [[item.listing_id for item in ranking.earned_order([*listings, best], day)] for day in days]
    assert {order[0] for order in orders} == {9}
    assert [order[1] for order in orders[:3]] in ([1, 2, 3], [2, 3, 1], [3, 1, 2]), "each has its day"
    assert orders[3] == orders[0]
    assert ranking.earned_order([best, *listings[::-1]], TODAY) == ranking.earned_order(
        [*listings, best], TODAY
    )


@pytest.mark.parametrize(("age", "expected"), [(None, 0.0), (0, 1.0), (135, 0.5), (270, 0.0), (900, 0.0)])
def test_freshness_falls_to_nothing_when_a_listing_leaves_the_table(age: int | None, expected: float) -> None:
    assert ranking.freshness(age) == expected


def test_what_is_confirmed_in_the_future_is_fresh_today() -> None:
    assert ranking.age_days(START + timedelta(days=3), TODAY) == 0


def test_completeness_is_the_share_of_facts_stated() -> None:
    nothing = on_request(time_min=None, time_max=None, time_unit=None)
    everything = offer(service="word " * 12, official_fee_kind="included", time_from="order")
    assert ranking.completeness(nothing) == 0
    assert ranking.completeness(everything) == 1
    assert ranking.completeness(replace(everything, service="Short.")) == 0.8
    assert ranking.score(everything, TODAY) - ranking.score(
        replace(everything, service=""), TODAY
    ) == pytest.approx(ranking.COMPLETENESS_BONUS / 5)


@pytest.mark.parametrize(
    ("age", "dimmed", "shown"),
    [(0, False, True), (179, False, True), (180, True, True), (269, True, True), (270, True, False)],
)
def test_a_listing_is_dimmed_after_180_days_and_leaves_after_270(age: int, dimmed: bool, shown: bool) -> None:
    listing = offer(confirmed_at=START - timedelta(days=age))
    assert (ranking.is_dimmed(listing, TODAY), ranking.in_table(listing, TODAY)) == (dimmed, shown)
    assert list(ranking.earned_order([listing], TODAY)) == ([listing] if shown else [])


def test_what_nobody_ever_confirmed_never_grows_stale() -> None:
    listing = offer(provider_status="unclaimed", confirmed_at=None)
    later = TODAY + timedelta(days=4000)
    assert (ranking.is_dimmed(listing, later), ranking.in_table(listing, later)) == (False, True)


def test_days_are_those_of_utc() -> None:
    late = START.replace(hour=23, minute=59)
    assert ranking.age_days(late, TODAY + timedelta(days=1)) == 1


def test_only_paid_offers_of_providers_in_good_standing_with_fresh_data_are_featured() -> None:
    old = START - timedelta(days=ranking.EXPIRY_DAYS)
    offers = [
        offer(stars=[5]),
        offer(placement_id=2),
        offer(placement_id=3, provider_status="unclaimed"),
        offer(placement_id=4, confirmed_at=old),
    ]
    assert [(found.placement_id, found.sponsored) for found in ranking.featured_offers(offers, TODAY)] == [
        (2, True)
    ]


@given(st.integers(0, 6), st.integers(0, 400))
def test_the_rotation_shows_everyone_and_puts_another_one_first_every_day(count: int, days: int) -> None:
    items, day = list(range(count)), TODAY + timedelta(days=days)
    assert sorted(ranking.rotate_daily(items, day)) == items
    firsts = [ranking.rotate_daily(items, day + timedelta(days=step))[:1] for step in range(count)]
    assert sorted(firsts) == [[item] for item in items]
