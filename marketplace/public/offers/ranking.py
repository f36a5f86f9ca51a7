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
from typing import Protocol, TypeVar

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


class Ranked(Protocol):
    """The fields of a listing that its score depends on."""

    @property
    def listing_id(self) -> int: ...
    @property
    def service(self) -> str: ...
    @property
    def cost_basis(self) -> str: ...
    @property
    def official_fee_kind(self) -> str: ...
    @property
    def time_min(self) -> int | None: ...
    @property
    def time_from(self) -> str | None: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def rating_weight(self) -> float: ...
    @property
    def rating_weighted(self) -> float: ...
    @property
    def invited_weight(self) -> float: ...
    @property
    def invited_weighted(self) -> float: ...


RankedItem = TypeVar("RankedItem", bound=Ranked)
Item = TypeVar("Item")


def lower_bound(weight: float, weighted: float) -> float:
    """Lower bound of the Bayesian mean of ratings with total weight `weight` and weighted sum `weighted`."""
    total = PRIOR_WEIGHT + weight
    return (PRIOR_WEIGHT * PRIOR_MEAN + weighted) / total - CAUTION / math.sqrt(total)


def counted(item: Ranked, today: date) -> Group[float]:
    """What the reviews of a listing count on a day, together."""
    factor = decay(today)
    invited = Group(item.invited_weight * factor, item.invited_weighted * factor)
    everything = Group(item.rating_weight * factor, item.rating_weighted * factor)
    # All reviews may be invited ones: what is left of rounding is no weight.
    proven = Group(
        max(0.0, everything.weight - invited.weight), max(0.0, everything.weighted - invited.weighted)
    )
    return combined(proven, invited)


def cautious_rating(item: Ranked, today: date) -> float:
    """The part of the score that reviews make: one five-star review does not beat forty good ones."""
    return lower_bound(*counted(item, today))


def age_days(confirmed_at: datetime | None, today: date) -> int | None:
    """Days since the provider last confirmed the data; None if it never did (rows imported from a guide's file)."""
    return None if confirmed_at is None else max(0, (today - confirmed_at.date()).days)


def freshness(age: int | None) -> float:
    """1 for data confirmed today, falling to 0 at `EXPIRY_DAYS`; 0 if never confirmed."""
    return 0.0 if age is None else max(0.0, 1 - age / EXPIRY_DAYS)


def completeness(item: Ranked) -> float:
    """The share of the five facts that the listing states: service, cost, official fees, time, and when the time starts."""
    stated = (
        len(item.service.split()) >= SERVICE_WORDS,
        item.cost_basis != "on_request",
        item.official_fee_kind != "unknown",
        item.time_min is not None,
        item.time_from is not None,
    )
    return sum(stated) / len(stated)


def score(item: Ranked, today: date) -> float:
    """The score of a listing on a day."""
    bonus = FRESHNESS_BONUS * freshness(age_days(item.confirmed_at, today))
    return cautious_rating(item, today) + bonus + COMPLETENESS_BONUS * completeness(item)


def in_table(item: Ranked, today: date) -> bool:
    """Whether the listing is still in the table: its data must not have been confirmed too long ago."""
    age = age_days(item.confirmed_at, today)
    return age is None or age < EXPIRY_DAYS


def is_dimmed(item: Ranked, today: date) -> bool:
    """Whether the row is dimmed because its data have not been confirmed for a long time."""
    age = age_days(item.confirmed_at, today)
    return age is not None and age >= DIMMED_DAYS


def earned_order(items: Iterable[RankedItem], today: date) -> Sequence[RankedItem]:
    """The listings of a table, best first; equal scores in the order of creation."""
    shown = [item for item in items if in_table(item, today)]
    return sorted(shown, key=lambda item: (-round(score(item, today), 9), item.listing_id))


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
    """The items, starting at a different one each day, so that none can buy the first position."""
    start = today.toordinal() % len(items) if items else 0
    return [*items[start:], *items[:start]]


def featured_first(offers: Sequence[Offer], today: date) -> list[Offer]:
    """The featured offers in the day's rotation, then the others in the given order, each listing once."""
    featured = featured_offers(offers, today)
    ids = {offer.listing_id for offer in featured}
    return [*featured, *(offer for offer in offers if offer.listing_id not in ids)]
