"""The strip above a guide: how many providers, from how much, how long. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from marketplace.directory.arrange import comparable_cost
from marketplace.directory.offers import REPORTS_NEEDED, Offer
from marketplace.rates import Rate


@dataclass(frozen=True, slots=True)
class Glance:
    """`cheapest` is the offer with the lowest upper fee; times are in the unit that most offers use."""

    providers: int
    cheapest: Offer | None
    time_min: int | None
    time_max: int | None
    time_unit: str | None
    reported_time: int | None
    reports: int


def glance(offers: Sequence[Offer], currency: str, rates: Mapping[str, Rate]) -> Glance:
    """What the offers have in common: medians of the advertised and reported times in the commonest unit."""
    priced = [
        (cost, offer) for offer in offers if (cost := comparable_cost(offer, currency, rates)) is not None
    ]
    cheapest = min(priced, key=lambda pair: (pair[0], pair[1].listing_id))[1] if priced else None
    units = Counter(offer.time_unit for offer in offers if offer.time_unit)
    unit = units.most_common(1)[0][0] if units else None
    timed = [offer for offer in offers if offer.time_unit == unit and offer.time_min is not None]
    reported = [
        offer for offer in timed if offer.reported_count >= REPORTS_NEEDED and offer.reported_time is not None
    ]
    return Glance(
        providers=len(offers),
        cheapest=cheapest,
        time_min=median_low(o.time_min for o in timed if o.time_min is not None) if timed else None,
        time_max=median_low(o.time_max for o in timed if o.time_max is not None) if timed else None,
        time_unit=unit,
        reported_time=median_low(o.reported_time for o in reported if o.reported_time is not None)
        if reported
        else None,
        reports=sum(offer.reported_count for offer in reported),
    )
