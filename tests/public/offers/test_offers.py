"""Offers: listings as every surface shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.extensions import db
from marketplace.listings.models import STATUSES
from marketplace.providers.models import PROVIDER_STATUSES
from marketplace.public.offers.offers import featured_offers, offer_columns, rotated, to_offers, topic_offers
from marketplace.public.offers.ranking import EXPIRY_DAYS
from tests.clock import START
from tests.conftest import CountQueries
from tests.factories import make_listing, make_provider, make_topic
from tests.public.offering import TODAY, free, offer, on_request


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, 10000),
        ({"cost_basis": "from"}, 10000),
        ({"cost_basis": "range", "fee_max": 20000}, 20000),
        ({"cost_basis": "hourly"}, None),
        ({"cost_basis": "hourly", "fee_max": 20000}, None),
    ],
)
def test_the_fee_that_counts_is_the_upper_one(values: dict[str, Any], expected: int | None) -> None:
    assert offer(**values).upper_fee == expected


def test_free_counts_as_nothing_and_on_request_not_at_all() -> None:
    assert free().upper_fee == 0
    assert on_request().upper_fee is None


def test_a_rating_is_the_plain_average() -> None:
    assert offer(stars=[4, 5]).rating == 4.5
    assert offer().rating is None


def test_only_published_listings_of_providers_in_view_are_offers(app: Flask) -> None:
    topic = make_topic()
    for status in STATUSES:
        make_listing(topic, status=status)
    for status in PROVIDER_STATUSES:
        make_listing(topic, make_provider(status=status))
    found = topic_offers(topic.id, TODAY)
    assert [listing.provider_status for listing in found] == ["active", "unclaimed", "active"]
    assert [listing.unclaimed for listing in found] == [False, True, False]


def test_a_listing_speaks_its_own_languages_or_its_providers(app: Flask) -> None:
    topic = make_topic()
    provider = make_provider(languages=["en", "es"])
    make_listing(topic, provider)
    make_listing(topic, languages=["de"])
    make_listing(topic, languages=[])
    spoken = {listing.languages for listing in topic_offers(topic.id, TODAY)}
    assert spoken == {("en", "es"), ("de",), ()}


def test_offers_come_in_the_earned_order_without_the_expired(app: Flask) -> None:
    topic = make_topic()
    ages = {"old": 200, "gone": 270, "new": 0, "never": None}
    for name, age in ages.items():
        confirmed = None if age is None else START - timedelta(days=age)
        make_listing(topic, make_provider(name=name), confirmed_at=confirmed)
    found = topic_offers(topic.id, TODAY)
    assert [(listing.provider_name, listing.dimmed) for listing in found] == [
        ("new", False),
        ("old", True),
        ("never", False),
    ]


def test_a_table_of_any_size_takes_one_query(app: Flask, count_queries: CountQueries) -> None:
    topic = make_topic()
    for _ in range(15):
        make_listing(topic)
    topic_id = topic.id
    db.session.commit()
    with count_queries(app) as statements:
        assert len(topic_offers(topic_id, TODAY)) == 15
    assert len(statements) == 1


def test_only_paid_offers_of_providers_in_good_standing_with_fresh_data_are_featured() -> None:
    old = START - timedelta(days=EXPIRY_DAYS)
    offers = [
        offer(stars=[5]),
        offer(placement_id=2),
        offer(placement_id=3, provider_status="unclaimed"),
        offer(placement_id=4, confirmed_at=old),
    ]
    assert [(found.placement_id, found.sponsored) for found in featured_offers(offers, TODAY)] == [(2, True)]


@given(st.integers(0, 6), st.integers(0, 400))
def test_the_rotation_shows_everyone_and_puts_another_one_first_every_day(count: int, days: int) -> None:
    items, day = list(range(count)), TODAY + timedelta(days=days)
    assert sorted(rotated(items, day)) == items
    firsts = [rotated(items, day + timedelta(days=step))[:1] for step in range(count)]
    assert sorted(firsts) == [[item] for item in items]


def test_offers_of_several_topics_keep_theirs(app: Flask) -> None:
    provider = make_provider()
    topics = [make_topic(), make_topic()]
    for topic in topics:
        make_listing(topic, provider)
    rows = db.session.execute(offer_columns(TODAY)).all()
    assert {listing.topic_id for listing in to_offers(rows, TODAY)} == {topic.id for topic in topics}
