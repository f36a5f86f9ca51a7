"""Offers for tests of the pure rules."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from marketplace.public.offers.models import Offer
from marketplace.reviews.ratings.weights import weight_of
from marketplace.values.rates import Rate
from tests.clock import START

TODAY = START.date()
RATES = {
    "EUR": Rate("EUR", TODAY, Decimal(1), "ECB"),
    "MXN": Rate("MXN", TODAY, Decimal(20), "ECB"),
    "JPY": Rate("JPY", TODAY, Decimal(150), "ECB"),
}
_numbers = itertools.count(1)


def offer(**values: Any) -> Offer:
    """A fixed 100.00 EUR in 3 to 5 days by a provider without reviews; `stars` adds counted reviews of today."""
    number = next(_numbers)
    stars = values.pop("stars", ())
    weight = weight_of(TODAY)
    defaults: dict[str, Any] = {
        "listing_id": number,
        "topic_id": 1,
        "provider_id": number,
        "provider_slug": f"provider-{number}",
        "provider_name": f"Provider {number}",
        "provider_status": "active",
        "website": f"https://p{number}.example/",
        "host": f"p{number}.example",
        "referral": False,
        "service": "We do it.",
        "cost_basis": "fixed",
        "fee_min": 10000,
        "fee_max": None,
        "currency": "EUR",
        "official_fee_kind": "unknown",
        "official_fee": None,
        "time_min": 3,
        "time_max": 5,
        "time_unit": "days",
        "time_from": None,
        "languages": ("en",),
        "confirmed_at": START,
        "published_at": START,
        "review_count": len(stars),
        "uncounted_count": 0,
        "rating_average": sum(stars) / len(stars) if stars else None,
        "rating_weight": weight * len(stars),
        "rating_weighted": weight * sum(stars),
        "invited_weight": 0.0,
        "invited_weighted": 0.0,
    }
    return Offer(**{**defaults, **values})


def on_request(**values: Any) -> Offer:
    """An offer that states no cost."""
    return offer(cost_basis="on_request", fee_min=None, currency=None, **values)


def free(**values: Any) -> Offer:
    """An offer that costs nothing."""
    return offer(cost_basis="free", fee_min=None, currency=None, **values)
