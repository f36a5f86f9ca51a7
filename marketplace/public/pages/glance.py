"""The summary above a guide's table: number of providers, lowest cost, usual time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from marketplace.public.offers.models import Offer
from marketplace.public.offers.rules import comparable_cost
from marketplace.reviews.ratings.rules import REPORTS_NEEDED
from marketplace.values.rates import Rate


@dataclass(frozen=True, slots=True)
class Glance:
    """`cheapest` is the offer with the lowest upper fee. Times are medians in the unit that most offers use."""

    providers: int
    cheapest: Offer | None
    time_min: int | None
    time_max: int | None
    time_unit: str | None
    reported_time: int | None
    reported_unit: str | None
    reports: int


def glance(offers: Sequence[Offer], currency: str, rates: Mapping[str, Rate]) -> Glance:
    """Summarize the offers of a table."""
    priced = [
        (cost, offer) for offer in offers if (cost := comparable_cost(offer, currency, rates)) is not None
    ]
    cheapest = min(priced, key=lambda pair: (pair[0], pair[1].listing_id))[1] if priced else None
    unit = _most_common(offer.time_unit for offer in offers)
    timed = [offer for offer in offers if offer.time_unit == unit and offer.time_min is not None]
    reporting = [
        offer
        for offer in offers
        if offer.reported_count >= REPORTS_NEEDED and offer.reported_time is not None
    ]
    reported_unit = _most_common(offer.time_unit for offer in reporting)
    reported = [offer for offer in reporting if offer.time_unit == reported_unit]
    return Glance(
        providers=len(offers),
        cheapest=cheapest,
        time_min=_median(offer.time_min for offer in timed),
        time_max=_median(offer.time_max for offer in timed),
        time_unit=unit,
        reported_time=_median(offer.reported_time for offer in reported),
        reported_unit=reported_unit,
        reports=sum(offer.reported_count for offer in reported),
    )


def _most_common(units: Iterable[str | None]) -> str | None:
    counted = Counter(unit for unit in units if unit)
    return counted.most_common(1)[0][0] if counted else None


def _median(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return median_low(known) if known else None
