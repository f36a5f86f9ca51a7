"""Structured data for search engines: breadcrumbs, and an offer with the rating of its counted reviews. Pure.

Vocabulary: schema.org `BreadcrumbList`, `Service`, `Offer`, `AggregateRating`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marketplace.public.offers.models import Offer
from marketplace.values.amounts import from_minor

CONTEXT = "https://schema.org"


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Breadcrumbs from (name, absolute address), outermost first."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(trail, start=1)
        ],
    }


def service(offer: Offer, procedure: str, address: str) -> dict[str, Any]:
    """A listing as a service, with its rating if it has counted reviews and its provider has no warning."""
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Service",
        "name": procedure,
        "url": address,
        "provider": {"@type": "Organization", "name": offer.provider_name, "url": offer.website},
    }
    if (
        offer.fee_min is not None
        and offer.currency is not None
        and offer.cost_basis in ("fixed", "from", "range")
    ):
        data["offers"] = _price(offer, offer.fee_min, offer.currency)
    if offer.rating_average is not None and offer.warned_at is None:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(offer.rating_average, 2),
            "reviewCount": offer.review_count,
            "bestRating": 5,
            "worstRating": 1,
        }
    return data


def _price(offer: Offer, fee: int, currency: str) -> dict[str, Any]:
    if offer.cost_basis == "fixed":
        return {"@type": "Offer", "price": from_minor(fee, currency), "priceCurrency": currency}
    price = {"@type": "PriceSpecification", "minPrice": from_minor(fee, currency), "priceCurrency": currency}
    if offer.fee_max is not None:
        price["maxPrice"] = from_minor(offer.fee_max, currency)
    return {"@type": "Offer", "priceCurrency": currency, "priceSpecification": price}
