"""The recommended order: pure functions of stored sums and the day. Payment has no influence.

The score of a listing is the lower bound of a Bayesian mean of its counted ratings, plus small bonuses for freshness and
completeness:

    mean  = (PRIOR_WEIGHT · PRIOR_MEAN + Σ wᵢ·rᵢ) / (PRIOR_WEIGHT + Σ wᵢ)      wᵢ = cᵢ · 2^(−ageᵢ / HALF_LIFE_DAYS)
    lower = mean − CAUTION / √(PRIOR_WEIGHT + Σ wᵢ)
    score = lower + FRESHNESS_BONUS · (1 − age / EXPIRY_DAYS) + COMPLETENESS_BONUS · (facts stated / facts asked)

What a review counts (cᵢ) depends on how it was proven: `reviews.ratings.weights`. The normal approximation with a fixed
spread keeps the score monotone: a better rating never lowers it. `/about/ranking/` shows these numbers from here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from marketplace.listings.freshness import DIMMED_AFTER, GONE_AFTER
from marketplace.providers.models import ProviderStatus
from marketplace.public.offers.models import Offer
from marketplace.reviews.ratings.weights import Group, combined, decay

PRIOR_MEAN = 3.5
PRIOR_WEIGHT = 5.0
CAUTION = 1.0
FRESHNESS_BONUS = 0.15
COMPLETENESS_BONUS = 0.15
DIMMED_DAYS = DIMMED_AFTER.days
EXPIRY_DAYS = GONE_AFTER.days
SERVICE_WORDS = 12


Item = TypeVar("Item")


def lower_bound(weight: float, weighted: float) -> float:
    """Lower bound of the Bayesian mean of ratings with total weight `weight` and weighted sum `weighted`."""
    total = PRIOR_WEIGHT + weight
    return (PRIOR_WEIGHT * PRIOR_MEAN + weighted) / total - CAUTION / math.sqrt(total)


def counted(offer: Offer, today: date) -> Group[float]:
    """What the reviews of a listing count on a day, together."""
    factor = decay(today)
    invited = Group(offer.invited_weight * factor, offer.invited_weighted * factor)
    # All reviews may be invited ones: what is left of rounding is no weight.
    proven = Group(
        max(0.0, offer.rating_weight * factor - invited.weight),
        max(0.0, offer.rating_weighted * factor - invited.weighted),
    )
    return combined(proven, invited)


def cautious_rating(offer: Offer, today: date) -> float:
    """The part of the score that reviews make: one five-star review does not beat forty good ones."""
    return lower_bound(*counted(offer, today))


def age_days(confirmed_at: datetime | None, today: date) -> int | None:
    """Days since the provider last confirmed the data; None if it never did (rows imported from a guide's file)."""
    return None if confirmed_at is None else max(0, (today - confirmed_at.date()).days)


def freshness(age: int | None) -> float:
    """1 for data confirmed today, falling to 0 at `EXPIRY_DAYS`; 0 if never confirmed."""
    return 0.0 if age is None else max(0.0, 1 - age / EXPIRY_DAYS)


def completeness(offer: Offer) -> float:
    """The share of the five facts that the listing states: service, cost, official fees, time, and when the time starts."""
    stated = (
        len(offer.service.split()) >= SERVICE_WORDS,
        offer.cost_basis != "on_request",
        offer.official_fee_kind != "unknown",
        offer.time_min is not None,
        offer.time_from is not None,
    )
    return sum(stated) / len(stated)


def score(offer: Offer, today: date) -> float:
    """The score of a listing on a day."""
    bonus = FRESHNESS_BONUS * freshness(age_days(offer.confirmed_at, today))
    return cautious_rating(offer, today) + bonus + COMPLETENESS_BONUS * completeness(offer)


def in_table(offer: Offer, today: date) -> bool:
    """Whether the listing is still in the table: its data must not have been confirmed too long ago."""
    age = age_days(offer.confirmed_at, today)
    return age is None or age < EXPIRY_DAYS


def is_dimmed(offer: Offer, today: date) -> bool:
    """Whether the row is dimmed because its data have not been confirmed for a long time."""
    age = age_days(offer.confirmed_at, today)
    return age is not None and age >= DIMMED_DAYS


def earned_order(offers: Iterable[Offer], today: date) -> list[Offer]:
    """The listings of a table, best first. Equal scores take turns: each day another of them comes first."""
    scored = [(-round(score(offer, today), 9), offer) for offer in offers if in_table(offer, today)]
    scored.sort(key=lambda pair: (pair[0], pair[1].listing_id))
    tied = groupby(scored, key=lambda pair: pair[0])
    return [offer for _, equal in tied for _, offer in rotate_daily(list(equal), today)]


def featured_offers(offers: Sequence[Offer], today: date) -> list[Offer]:
    """The offers with a featured placement, in the day's rotation, each marked `sponsored`.

    Suspended and unclaimed providers are left out, and so are listings too old for the table.
    """
    paid = [
        replace(offer, sponsored=True)
        for offer in offers
        if offer.placement_id is not None
        and offer.provider_status == ProviderStatus.ACTIVE
        and in_table(offer, today)
    ]
    return rotate_daily(sorted(paid, key=lambda offer: offer.placement_id or 0), today)


def rotate_daily(items: Sequence[Item], today: date) -> list[Item]:
    """The items, starting at a different one each day, so that none stays at the top."""
    start = today.toordinal() % len(items) if items else 0
    return [*items[start:], *items[:start]]


def featured_first(offers: Sequence[Offer], today: date) -> list[Offer]:
    """The featured offers in the day's rotation, then the others in the given order, each listing once."""
    featured = featured_offers(offers, today)
    ids = {offer.listing_id for offer in featured}
    return [*featured, *(offer for offer in offers if offer.listing_id not in ids)]
