"""What search engines are told is true to the page."""

from __future__ import annotations

import json
from typing import Any

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.ratings.services import recompute_ratings
from tests.clients import Client
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic


def told(client: Client, address: str) -> dict[str, Any]:
    """What a page tells machines, by type."""
    scripts = client.page(address).all("script", type="application/ld+json")
    entries = [json.loads(script.text or "") for script in scripts]
    return {entry["@type"]: entry for entry in entries}


def told_of(client: Client, listing: Listing) -> dict[str, Any]:
    recompute_ratings(listing.id)
    db.session.commit()
    return told(client, f"/guides/mexico/{listing.topic.guides[0].stem}/{listing.provider.slug}/")


def test_structured_data_have_the_price_and_counted_reviews_only(client: Client) -> None:
    listing = make_listing(make_topic(), make_provider(name="Sol & <b>Sombra</b>"))
    make_review(listing, rating=4)
    make_review(listing, rating=1, level="unverified")
    found = told_of(client, listing)
    assert found["Service"]["provider"]["name"] == "Sol & <b>Sombra</b>"
    assert found["Service"]["aggregateRating"]["ratingValue"] == 4.0
    assert found["Service"]["aggregateRating"]["reviewCount"] == 1
    assert found["Service"]["offers"]["price"] == "4200"
    assert [item["position"] for item in found["BreadcrumbList"]["itemListElement"]] == [1, 2, 3, 4]


def test_structured_data_of_a_provider_with_a_warning_have_no_rating(client: Client) -> None:
    listing = make_listing(make_topic(), make_provider(warned_at=NOON))
    make_review(listing)
    service = told_of(client, listing)["Service"]
    assert "aggregateRating" not in service
    assert service["offers"]["price"] == "4200"


def test_structured_data_without_counted_reviews_have_no_rating(client: Client) -> None:
    listing = make_listing(make_topic(), cost_basis="range", fee_max=480000)
    service = told_of(client, listing)["Service"]
    assert "aggregateRating" not in service
    assert service["offers"]["priceSpecification"]["maxPrice"] == "4800"


def test_an_unclaimed_listing_has_no_structured_data(client: Client) -> None:
    assert "Service" not in told_of(client, make_listing(make_topic(), make_provider(status="unclaimed")))


def test_a_guide_has_breadcrumbs(client: Client) -> None:
    topic = make_topic()
    db.session.commit()
    path = f"/guides/mexico/{topic.guides[0].stem}/"
    addresses = [item["item"] for item in told(client, path)["BreadcrumbList"]["itemListElement"]]
    assert addresses[0] == "http://127.0.0.1:8000/"
    assert addresses[-1].endswith(path)
