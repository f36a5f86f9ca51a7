"""The earned order: pure functions of stored sums and the day. Money never enters.

The score of a listing is the lower bound of a Bayesian mean of its counted ratings, plus small bonuses for freshness and
completeness:

    mean  = (PRIOR_WEIGHT · PRIOR_MEAN + Σ wᵢ·rᵢ) / (PRIOR_WEIGHT + Σ wᵢ)      wᵢ = 2^(−ageᵢ / HALF_LIFE_DAYS)
    lower = mean − CAUTION / √(PRIOR_WEIGHT + Σ wᵢ)
    score = lower + FRESHNESS_BONUS · (1 − age / EXPIRY_DAYS) + COMPLETENESS_BONUS · (facts stated / facts asked)

The normal approximation with a fixed spread keeps the score monotone: a better rating never lowers it. `/about/ranking/`
shows these numbers from here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from marketplace.listings.freshness import DIMMED_AFTER, GONE_AFTER
from marketplace.reviews.ratings.services import EPOCH, HALF_LIFE_DAYS

PRIOR_MEAN = 3.5
PRIOR_WEIGHT = 5.0
CAUTION = 1.0
FRESHNESS_BONUS = 0.15
COMPLETENESS_BONUS = 0.15
DIMMED_DAYS = DIMMED_AFTER.days
EXPIRY_DAYS = GONE_AFTER.days
SERVICE_WORDS = 12


class Ranked(Protocol):
    """What the order looks at."""

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


Item = TypeVar("Item", bound=Ranked)


def decay(today: date) -> float:
    """What turns the stored sums, relative to the epoch, into today's: 2^(−days since the epoch / half-life)."""
    return float(2.0 ** (-(today - EPOCH).days / HALF_LIFE_DAYS))


def lower_bound(weight: float, weighted: float) -> float:
    """Lower bound of the Bayesian mean of ratings with total weight `weight` and weighted sum `weighted`."""
    total = PRIOR_WEIGHT + weight
    return (PRIOR_WEIGHT * PRIOR_MEAN + weighted) / total - CAUTION / math.sqrt(total)


def age_days(confirmed_at: datetime | None, today: date) -> int | None:
    """Days since the provider last confirmed the data; None where nobody ever did (rows found in a guide's file)."""
    return None if confirmed_at is None else max(0, (today - confirmed_at.date()).days)


def freshness(age: int | None) -> float:
    """1 for data confirmed today, falling to 0 at `EXPIRY_DAYS`; 0 where never confirmed."""
    return 0.0 if age is None else max(0.0, 1 - age / EXPIRY_DAYS)


def completeness(item: Ranked) -> float:
    """The share of the five facts asked for that are stated: what one gets, cost, official fees, time, its start."""
    stated = (
        len(item.service.split()) >= SERVICE_WORDS,
        item.cost_basis != "on_request",
        item.official_fee_kind != "unknown",
        item.time_min is not None,
        item.time_from is not None,
    )
    return sum(stated) / len(stated)


def score(item: Ranked, today: date) -> float:
    """The earned score of a listing on a day."""
    factor = decay(today)
    bound = lower_bound(item.rating_weight * factor, item.rating_weighted * factor)
    bonus = FRESHNESS_BONUS * freshness(age_days(item.confirmed_at, today))
    return bound + bonus + COMPLETENESS_BONUS * completeness(item)


def in_table(item: Ranked, today: date) -> bool:
    """Whether the listing still stands in the table: not where its data were last confirmed too long ago."""
    age = age_days(item.confirmed_at, today)
    return age is None or age < EXPIRY_DAYS


def is_dimmed(item: Ranked, today: date) -> bool:
    """Whether the row is dimmed because nobody confirmed its data for long."""
    age = age_days(item.confirmed_at, today)
    return age is not None and age >= DIMMED_DAYS


def earned_order(items: Iterable[Item], today: date) -> Sequence[Item]:
    """The listings of a table, best first; equal scores in the order they were made."""
    shown = [item for item in items if in_table(item, today)]
    return sorted(shown, key=lambda item: (-round(score(item, today), 9), item.listing_id))
