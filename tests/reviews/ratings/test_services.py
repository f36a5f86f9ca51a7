from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.listings.services import edit_listing
from marketplace.listings.terms import terms_of
from marketplace.reviews.ratings.rules import report_sums
from marketplace.reviews.ratings.services import RatingSums, rating_sums, recompute_ratings
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user
from tests.reviews.summing import published_of, reports_of


@dataclass(frozen=True)
class Told:
    rating: int = 5
    level: str = "documented"
    published_at: datetime | None = datetime(2026, 1, 1, tzinfo=UTC)
    real_cost: int | None = None
    real_currency: str | None = None
    real_time: int | None = None
    real_time_unit: str | None = None


@dataclass(frozen=True)
class Terms:
    cost_basis: str = "fixed"
    fee_min: int | None = 420000
    fee_max: int | None = None
    currency: str | None = "MXN"
    time_max: int | None = 18
    time_unit: str | None = "days"


def sums_of(told: list[Told]) -> RatingSums:
    return rating_sums(published_of(told, Terms()), Terms())


def test_a_listing_without_reviews_has_empty_sums() -> None:
    assert sums_of([]) == RatingSums()


def test_unverified_reviews_are_shown_but_enter_nothing() -> None:
    told = [Told(rating=4), Told(rating=1, level="unverified", real_cost=1, real_currency="MXN")]
    sums = sums_of(told)
    assert (sums.review_count, sums.uncounted_count, sums.rating_sum) == (1, 1, 4)
    assert (sums.rating_weight, sums.rating_weighted) == (1.0, 4.0)


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
    assert sums_of(told) == sums_of(shuffled)


@given(st.lists(told_strategy, max_size=12))
def test_sums_equal_the_formula_written_out(told: list[Told]) -> None:
    sums = sums_of(told)
    counted = [one for one in told if one.level != "unverified"]
    ages = [(one.published_at.date() - date(2026, 1, 1)).days for one in counted if one.published_at]
    assert sums.review_count + sums.uncounted_count == len(told)
    assert sums.rating_sum == sum(one.rating for one in counted)
    assert sums.rating_weight == pytest.approx(sum(2 ** (age / 540) for age in ages))
    assert sums.rating_weighted == pytest.approx(
        sum(one.rating * 2 ** (age / 540) for age, one in zip(ages, counted, strict=True))
    )
    reported = report_sums(reports_of(counted, Terms()), Terms())
    assert {name: getattr(sums, name) for name in reported.__slots__} == asdict(reported)


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
    assert (kept.priced_count, kept.within_quote, kept.timed_count, kept.on_time) == (3, 2, 3, 3)
    assert kept.report_values == {"cost": [[400000, 1], [410000, 1], [500000, 1]], "time": [[15, 3]]}
    assert (kept.rating_weight, kept.rating_weighted) == (sums.rating_weight, sums.rating_weighted)


def test_sums_of_another_listing_stay(app: Flask) -> None:
    topic = make_topic()
    listing, other = make_listing(topic), make_listing(topic)
    make_review(listing)
    make_review(other)
    recompute_ratings(listing.id)
    db.session.commit()
    assert db.session.get_one(Listing, other.id).review_count == 0


def test_a_listing_that_is_not_live_is_compared_anew_as_soon_as_its_terms_change(app: Flask) -> None:
    owner = make_user()
    listing = make_listing(make_topic(), make_provider(owner))
    for cost in (400000, 410000, 430000):
        make_review(listing, real_cost=cost, real_currency="MXN")
    recompute_ratings(listing.id)
    listing.status = "withdrawn"
    db.session.flush()
    assert listing.within_quote == 2
    terms = replace(terms_of(listing), fee_min=430000)
    edit_listing(actor=owner, listing=listing, terms=terms, now=NOON)
    assert (listing.priced_count, listing.within_quote) == (3, 3)
    edit_listing(actor=owner, listing=listing, terms=replace(terms, currency="EUR"), now=NOON)
    assert (listing.priced_count, listing.reported_cost, listing.report_values) == (0, None, {})


def test_a_listing_without_counted_reviews_is_left_alone(app: Flask) -> None:
    owner = make_user()
    listing = make_listing(make_topic(), make_provider(owner), status="draft")
    make_review(listing, level="unverified")
    edit_listing(actor=owner, listing=listing, terms=replace(terms_of(listing), fee_min=1), now=NOON)
    assert listing.uncounted_count == 0
