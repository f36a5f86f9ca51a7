"""The summary above a guide's table: number of providers, lowest cost, advertised and reported time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from marketplace.public.offers.models import Offer
from marketplace.public.offers.rules import comparable_cost
from marketplace.reviews.ratings.rules import median_time, rounded, weigh_times
from marketplace.values.rates import Rate
from marketplace.values.timeframe import UNIT_MINUTES


@dataclass(frozen=True, slots=True)
class Glance:
    """`cheapest` is the offer with the lowest upper fee. The advertised time is the median of the ends of `timed` offers, in
    the unit that most of them have; the reported time the median of all `reports` of all offers, None before they count for
    three."""

    providers: int
    cheapest: Offer | None
    time_min: int | None
    time_max: int | None
    time_unit: str | None
    timed: int
    reported_time: int | None
    reported_unit: str | None
    reports: int


def glance(offers: Sequence[Offer], currency: str, rates: Mapping[str, Rate]) -> Glance:
    """Summarize the offers of a table."""
    costs = [(comparable_cost(offer, currency, rates), offer.listing_id, offer) for offer in offers]
    priced = [(cost, number, offer) for cost, number, offer in costs if cost is not None]
    timed = [
        (offer.time_min, offer.time_max, offer.time_unit)
        for offer in offers
        if offer.time_min is not None and offer.time_max is not None and offer.time_unit is not None
    ]
    counted = Counter(unit for _, _, unit in timed)
    unit = min(counted, key=lambda unit: (-counted[unit], UNIT_MINUTES[unit]), default=None)
    weighed: dict[tuple[int, str], Fraction] = {}
    for offer in offers:
        for key, weight in weigh_times(offer.reported_times).items():
            weighed[key] = weighed.get(key, Fraction(0)) + weight
    reported, reported_unit = median_time(weighed)
    return Glance(
        providers=len(offers),
        cheapest=min(priced, key=lambda row: row[:2])[2] if priced else None,
        time_min=_middle([(low, own) for low, _, own in timed], unit),
        time_max=_middle([(high, own) for _, high, own in timed], unit),
        time_unit=unit,
        timed=len(timed),
        reported_time=reported,
        reported_unit=reported_unit,
        reports=sum(offer.time_reports for offer in offers),
    )


def _middle(times: Sequence[tuple[int, str]], unit: str | None) -> int | None:
    """The median of times in a unit, at least 1 unless it is none."""
    if unit is None:
        return None
    found = Fraction(
        median(Fraction(amount * UNIT_MINUTES[own], UNIT_MINUTES[unit]) for amount, own in times)
    )
    return max(rounded(found), 1 if found > 0 else 0)
