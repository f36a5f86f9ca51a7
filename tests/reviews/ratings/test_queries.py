from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.reviews.models import LEVELS
from marketplace.reviews.ratings.queries import Published, published_reviews
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.values.exchange import DatedRates
from tests.factories import make_listing, make_review, make_topic, make_user
from tests.reviews.summing import published_of, sums_by_hand


def told(chance: random.Random) -> dict[str, Any]:
    cost, time = chance.choice((None, 100, 250, 300)), chance.choice((None, 1, 2, 15))
    return {
        "rating": chance.randint(1, 5),
        "level": chance.choice(LEVELS),
        "status": chance.choice(("published", "published", "published", "hidden")),
        "published_at": datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(9 * 24 * 60)),
        "real_cost": cost,
        "real_currency": None if cost is None else chance.choice(("MXN", "MXN", "EUR")),
        "real_time": time,
        "real_time_unit": None if time is None else chance.choice(("days", "weeks", "business_days")),
        "experience_on": date(2026, chance.choice((1, 2)), 1),
    }


@pytest.mark.parametrize(
    "terms", [{"time_unit": "days"}, {"currency": None, "cost_basis": "on_request", "fee_min": None}]
)
def test_what_the_database_counts_is_what_rows_come_to(app: Flask, terms: dict[str, Any]) -> None:
    chance = random.Random(7)
    topic, author = make_topic(), make_user()
    listing, other = make_listing(topic, **terms), make_listing(topic)
    reviews = [make_review(listing, author, **told(chance)) for _ in range(80)]
    make_review(other, author, real_cost=1, real_currency="MXN")
    shown = [row for row in reviews if row.status == "published"]
    assert published_reviews(listing.id) == published_of(shown)
    expected = sums_by_hand(shown, listing, DatedRates().convert)
    found = recompute_ratings(listing.id)
    assert {name: getattr(found, name) for name in expected} == expected


def test_days_begin_at_midnight_in_utc(app: Flask) -> None:
    listing = make_listing(make_topic())
    last = datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)
    for moment in (last, last + timedelta(microseconds=1)):
        make_review(listing, rating=4, published_at=moment)
    days = published_reviews(listing.id).counted
    assert days == {(last.date(), 4, False): 1, (last.date() + timedelta(days=1), 4, False): 1}


def test_a_listing_nobody_reviewed_has_nothing_published(app: Flask) -> None:
    listing = make_listing(make_topic())
    make_review(listing, status="pending", published_at=None)
    assert published_reviews(listing.id) == Published()
