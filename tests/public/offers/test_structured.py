"""What search engines are told is true to the page."""

from __future__ import annotations

import json
from typing import Any

from marketplace.core.extensions import db
from marketplace.reviews.ratings.services import recompute_ratings
from tests.clients import Client
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic
from tests.pages import Page


def _told(page: str) -> dict[str, Any]:
    found = [json.loads(block.text or "") for block in Page(page).all("script", type="application/ld+json")]
    return {entry["@type"]: entry for entry in found}


def test_structured_data_have_the_price_and_counted_reviews_only(client: Client) -> None:
    topic = make_topic()
    listing = make_listing(topic, make_provider(name="Sol & <b>Sombra</b>"))
    make_review(listing, rating=4)
    make_review(listing, rating=1, level="unverified")
    recompute_ratings(listing.id)
    db.session.commit()
    guide = topic.guides[0]
    told = _told(client.get(f"/guides/mexico/{guide.stem}/{listing.provider.slug}/").text)
    assert told["Service"]["provider"]["name"] == "Sol & <b>Sombra</b>"
    assert told["Service"]["aggregateRating"]["ratingValue"] == 4.0
    assert told["Service"]["aggregateRating"]["reviewCount"] == 1
    assert told["Service"]["offers"]["price"] == "4200"
    assert [item["position"] for item in told["BreadcrumbList"]["itemListElement"]] == [1, 2, 3, 4]


def test_structured_data_of_a_provider_with_a_warning_have_no_rating(client: Client) -> None:
    topic = make_topic()
    listing = make_listing(topic, make_provider(warned_at=NOON))
    make_review(listing)
    recompute_ratings(listing.id)
    db.session.commit()
    told = _told(client.get(f"/guides/mexico/{topic.guides[0].stem}/{listing.provider.slug}/").text)
    assert "aggregateRating" not in told["Service"]
    assert told["Service"]["offers"]["price"] == "4200"


def test_structured_data_without_counted_reviews_have_no_rating(client: Client) -> None:
    topic = make_topic()
    listing = make_listing(topic, cost_basis="range", fee_max=480000)
    db.session.commit()
    told = _told(client.get(f"/guides/mexico/{topic.guides[0].stem}/{listing.provider.slug}/").text)
    assert "aggregateRating" not in told["Service"]
    assert told["Service"]["offers"]["priceSpecification"]["maxPrice"] == "4800"


def test_an_unclaimed_listing_has_no_structured_data(client: Client) -> None:
    topic = make_topic()
    listing = make_listing(topic, make_provider(status="unclaimed"))
    db.session.commit()
    told = _told(client.get(f"/guides/mexico/{topic.guides[0].stem}/{listing.provider.slug}/").text)
    assert "Service" not in told


def test_a_guide_has_breadcrumbs(client: Client) -> None:
    topic = make_topic()
    db.session.commit()
    told = _told(client.get(f"/guides/mexico/{topic.guides[0].stem}/").text)
    addresses = [item["item"] for item in told["BreadcrumbList"]["itemListElement"]]
    assert addresses[0] == "http://127.0.0.1:8000/"
    assert addresses[-1].endswith(f"/guides/mexico/{topic.guides[0].stem}/")
