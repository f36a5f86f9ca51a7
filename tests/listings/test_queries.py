"""A provider's listings on the desk."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from marketplace.listings.models import Listing, ListingStatus
from marketplace.listings.queries import NEEDS, count_listings, desk_listings, status_counts
from marketplace.listings.services import edit_listing
from tests.factories import NOON, make_guide, make_listing, make_provider, make_topic, make_user
from tests.listings.making import TERMS


def test_what_needs_somebody_comes_first_and_can_be_asked_for(app: Flask) -> None:
    member = make_user()
    provider = make_provider(member)
    statuses: dict[str, Listing] = {
        status: make_listing(make_topic(), provider, status=status) for status in list(ListingStatus)
    }
    old = make_listing(make_topic(), provider, confirmed_at=NOON - timedelta(days=151))
    refused = make_listing(make_topic(), provider)
    edit_listing(actor=member, listing=refused, terms=TERMS, now=NOON)
    assert refused.edit is not None
    refused.edit.status = "rejected"
    make_listing(make_topic())
    found = desk_listings(provider, now=NOON)
    assert list(found[:3]) == [statuses[ListingStatus.REJECTED], old, refused]
    assert len(found) == len(ListingStatus) + 2
    assert list(desk_listings(provider, now=NOON, show=NEEDS)) == [
        statuses[ListingStatus.REJECTED],
        old,
        refused,
    ]
    assert count_listings(provider, now=NOON, show=NEEDS) == 3
    assert list(desk_listings(provider, now=NOON, show="draft")) == [statuses[ListingStatus.DRAFT]]
    assert status_counts(provider)["published"] == 3


def test_listings_are_found_by_words_of_their_guides_in_any_language(app: Flask) -> None:
    provider, topic = make_provider(), make_topic(languages=())
    make_guide(topic, "en", "card", title="Card", search_text="health card")
    make_guide(topic, "es", "tarjeta", title="Tarjeta", search_text="tarjeta sanitaria")
    listing = make_listing(topic, provider)
    make_listing(make_topic(), provider)
    assert list(desk_listings(provider, now=NOON, text="SANITARIA tarjeta")) == [listing]
    assert count_listings(provider, now=NOON, text="100%") == 0


def test_listings_come_in_pages(app: Flask) -> None:
    provider = make_provider()
    made = [make_listing(make_topic(), provider) for _ in range(5)]
    assert list(desk_listings(provider, now=NOON, limit=2, offset=4)) == made[4:]
