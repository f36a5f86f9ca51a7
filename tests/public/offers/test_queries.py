"""Offers as columns: of a topic, a listing, a provider, several by id; and the number of listings by topic."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.listings.models import ListingStatus
from marketplace.providers.models import ProviderStatus
from marketplace.public.offers.queries import (
    listing_offer,
    listing_website,
    listings_by_topic,
    offers_by_id,
    provider_offers,
    select_offers,
    to_offers,
    topic_offers,
)
from tests.clock import START
from tests.conftest import CountQueries
from tests.factories import make_listing, make_provider, make_topic
from tests.public.offering import TODAY

pytestmark = pytest.mark.usefixtures("app")


def test_only_published_listings_of_providers_in_view_are_offers() -> None:
    topic = make_topic()
    for status in list(ListingStatus):
        make_listing(topic, status=status)
    for standing in ProviderStatus:
        make_listing(topic, make_provider(status=standing))
    found = sorted(topic_offers(topic.id, TODAY), key=lambda listing: listing.listing_id)
    assert [listing.provider_status for listing in found] == ["active", "unclaimed", "active"]
    assert [listing.unclaimed for listing in found] == [False, True, False]


def test_a_listing_has_its_own_languages_or_its_providers() -> None:
    topic = make_topic()
    provider = make_provider(languages=["en", "es"])
    make_listing(topic, provider)
    make_listing(topic, languages=["de"])
    make_listing(topic, languages=[])
    spoken = {listing.languages for listing in topic_offers(topic.id, TODAY)}
    assert spoken == {("en", "es"), ("de",), ()}


def test_offers_come_in_the_earned_order_without_the_expired() -> None:
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


def test_offers_of_several_topics_keep_theirs() -> None:
    provider = make_provider()
    topics = [make_topic(), make_topic()]
    for topic in topics:
        make_listing(topic, provider)
    rows = db.session.execute(select_offers(TODAY)).all()
    assert {listing.topic_id for listing in to_offers(rows, TODAY)} == {topic.id for topic in topics}


def test_a_listing_is_found_by_topic_and_provider() -> None:
    listing = make_listing(make_topic())
    found = listing_offer(listing.topic_id, listing.provider.slug, TODAY)
    assert found.listing_id == listing.id
    for topic_id, slug in ((make_topic().id, listing.provider.slug), (listing.topic_id, "nobody")):
        with pytest.raises(NotFound):
            listing_offer(topic_id, slug, TODAY)


def test_a_listing_that_is_not_shown_is_not_found() -> None:
    topic = make_topic()
    removed, hidden = (
        make_listing(topic, status="rejected"),
        make_listing(topic, make_provider(status="suspended")),
    )
    for listing in (removed, hidden):
        with pytest.raises(NotFound):
            listing_offer(topic.id, listing.provider.slug, TODAY)
        assert offers_by_id([listing.id], TODAY) == []
        with pytest.raises(NotFound):
            listing_website(listing.id)


def test_several_offers_come_in_the_given_order() -> None:
    one, other, third = (make_listing(make_topic()) for _ in range(3))
    found = offers_by_id([third.id, one.id, other.id], TODAY)
    assert [listing.listing_id for listing in found] == [third.id, one.id, other.id]


@pytest.mark.parametrize("number", [0, -1, 999, 2**31 - 1])
def test_a_number_of_nothing_is_not_found(number: int) -> None:
    listing = make_listing(make_topic())
    assert [offer.listing_id for offer in offers_by_id([listing.id, number], TODAY)] == [listing.id]
    with pytest.raises(NotFound):
        listing_website(number)


def test_a_provider_has_its_shown_offers_by_topic() -> None:
    provider = make_provider()
    listings = [make_listing(make_topic(), provider) for _ in range(3)]
    make_listing(make_topic(), provider, status="draft")
    make_listing(make_topic())
    assert [found.listing_id for found in provider_offers(provider.id, TODAY)] == [
        listing.id for listing in listings
    ]


def test_the_website_behind_a_listing_is_an_http_address() -> None:
    assert listing_website(make_listing(make_topic()).id).startswith("https://provider")
    for website in ("", "javascript:alert(1)", "//evil.example"):
        listing = make_listing(make_topic(), make_provider(website=website))
        with pytest.raises(NotFound):
            listing_website(listing.id)


def test_topics_count_the_listings_in_their_tables() -> None:
    served, empty = make_topic("peru"), make_topic("peru")
    for age in (None, 0, 180, 269, 270, 900):
        confirmed = None if age is None else START - timedelta(days=age)
        make_listing(served, confirmed_at=confirmed)
    make_listing(served, make_provider(status="removed"))
    make_listing(empty, status="paused")
    chile = make_topic("chile")
    make_listing(chile)
    assert listings_by_topic(TODAY) == {served.id: 4, chile.id: 1}
    assert listings_by_topic(TODAY, "peru") == {served.id: 4}
    assert len(topic_offers(served.id, TODAY)) == 4, "the same rule as the table's"


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_a_listing_leaves_every_page_on_the_same_day(hour: int) -> None:
    topic = make_topic()
    make_listing(topic, confirmed_at=START.replace(hour=hour) - timedelta(days=270))
    assert listings_by_topic(TODAY) == {}
    assert listings_by_topic(TODAY - timedelta(days=1)) == {topic.id: 1}
    assert len(topic_offers(topic.id, TODAY - timedelta(days=1))) == 1
