"""One listing as an offer, several by their numbers, a provider's, and the website behind one."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.public.offers.queries import listing_offer, offers_by_id, provider_offers, website_of
from tests.factories import make_listing, make_provider, make_topic
from tests.public.offering import TODAY

NUMBERS_OF_NOTHING = [0, -1, 999, 2**31 - 1, 2**31, 2**63, 10**30]


def test_a_listing_is_found_by_topic_and_provider(app: Flask) -> None:
    listing = make_listing(make_topic())
    found = listing_offer(listing.topic_id, listing.provider.slug, TODAY)
    assert found.listing_id == listing.id
    for topic_id, slug in ((make_topic().id, listing.provider.slug), (listing.topic_id, "nobody")):
        with pytest.raises(NotFound):
            listing_offer(topic_id, slug, TODAY)


def test_a_listing_that_is_not_shown_is_not_found(app: Flask) -> None:
    topic = make_topic()
    paused, hidden = (
        make_listing(topic, status="paused"),
        make_listing(topic, make_provider(status="suspended")),
    )
    for listing in (paused, hidden):
        with pytest.raises(NotFound):
            listing_offer(topic.id, listing.provider.slug, TODAY)
        with pytest.raises(NotFound):
            offers_by_id([listing.id], TODAY)
        with pytest.raises(NotFound):
            website_of(listing.id)


def test_several_come_in_the_order_asked(app: Flask) -> None:
    one, other, third = (make_listing(make_topic()) for _ in range(3))
    found = offers_by_id([third.id, one.id, other.id], TODAY)
    assert [listing.listing_id for listing in found] == [third.id, one.id, other.id]


@pytest.mark.parametrize("number", NUMBERS_OF_NOTHING)
def test_a_number_of_nothing_is_not_found(app: Flask, number: int) -> None:
    listing = make_listing(make_topic())
    with pytest.raises(NotFound):
        offers_by_id([listing.id, number], TODAY)
    with pytest.raises(NotFound):
        website_of(number)


def test_a_provider_has_its_shown_offers_by_topic(app: Flask) -> None:
    provider = make_provider()
    listings = [make_listing(make_topic(), provider) for _ in range(3)]
    make_listing(make_topic(), provider, status="draft")
    make_listing(make_topic())
    assert [found.listing_id for found in provider_offers(provider.id, TODAY)] == [
        listing.id for listing in listings
    ]


def test_the_website_behind_a_listing_is_an_http_address(app: Flask) -> None:
    assert website_of(make_listing(make_topic()).id).startswith("https://provider")
    for website in ("", "javascript:alert(1)", "//evil.example"):
        listing = make_listing(make_topic(), make_provider(website=website))
        with pytest.raises(NotFound):
            website_of(listing.id)
