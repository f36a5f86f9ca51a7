"""The strip above a guide: how many providers, from how much, how long. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from marketplace.public.offers.arrange import comparable_cost
from marketplace.public.offers.offers import Offer
from marketplace.reviews.ratings.rules import REPORTS_NEEDED
from marketplace.values.rates import Rate


@dataclass(frozen=True, slots=True)
class Glance:
    """`cheapest` is the offer with the lowest upper fee; times are in the unit that most of the offers
    with such a time use."""

    providers: int
    cheapest: Offer | None
    time_min: int | None
    time_max: int | None
    time_unit: str | None
    reported_time: int | None
    reported_unit: str | None
    reports: int


def glance(offers: Sequence[Offer], currency: str, rates: Mapping[str, Rate]) -> Glance:
    """What the offers have in common: medians of the advertised and reported times in the commonest unit."""
    priced = [
        (cost, offer) for offer in offers if (cost := comparable_cost(offer, currency, rates)) is not None
    ]
    cheapest = min(priced, key=lambda pair: (pair[0], pair[1].listing_id))[1] if priced else None
    unit = _commonest(offer.time_unit for offer in offers)
    timed = [offer for offer in offers if offer.time_unit == unit and offer.time_min is not None]
    told = [
        offer
        for offer in offers
        if offer.reported_count >= REPORTS_NEEDED and offer.reported_time is not None
    ]
    reported_unit = _commonest(offer.time_unit for offer in told)
    reported = [offer for offer in told if offer.time_unit == reported_unit]
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


def _commonest(units: Iterable[str | None]) -> str | None:
    counted = Counter(unit for unit in units if unit)
    return counted.most_common(1)[0][0] if counted else None


def _median(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return median_low(known) if known else None
