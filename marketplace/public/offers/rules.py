"""Filters, sorts, converts and totals the offers of a table. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.public.offers.models import Offer
from marketplace.public.offers.ranking import cautious_rating
from marketplace.values.rates import Rate, convert
from marketplace.values.timeframe import UNIT_MINUTES


class Sort(StrEnum):
    """The orders a reader can choose for a table."""

    RECOMMENDED = "recommended"
    COST = "cost"
    TIME = "time"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Conversion:
    """An offer's fees in minor units of the reader's currency; `missing` is the currency without a rate."""

    low: int | None
    high: int | None
    currency: str
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class OfferQuery:
    """The sort order, filters and currency that a reader chose for a table."""

    sort: Sort = Sort.RECOMMENDED
    language: str | None = None
    max_cost: int | None = None
    currency: str = "EUR"

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is set."""
        return self.language is not None or self.max_cost is not None


def convert_fees(offer: Offer, currency: str, rates: Mapping[str, Rate]) -> Conversion | None:
    """The offer's fees in `currency`; None if it states none or is in that currency already."""
    if offer.fee_min is None or offer.currency is None or offer.currency == currency:
        return None
    low = convert(offer.fee_min, offer.currency, currency, rates)
    if low is None:
        missing = offer.currency if offer.currency not in rates else currency
        return Conversion(None, None, currency, missing=missing)
    high = None if offer.fee_max is None else convert(offer.fee_max, offer.currency, currency, rates)
    return Conversion(low.minor, high.minor if high else None, currency)


def comparable_cost(offer: Offer, currency: str, rates: Mapping[str, Rate]) -> int | None:
    """The upper fee in minor units of `currency`; None if it cannot be compared."""
    fee = offer.upper_fee
    if fee is None or fee == 0:
        return fee
    converted = convert(fee, offer.currency or currency, currency, rates)
    return converted.minor if converted else None


def longest_minutes(offer: Offer) -> int | None:
    """The longest advertised time in minutes; None if not stated."""
    if offer.time_max is None or offer.time_unit is None:
        return None
    return offer.time_max * UNIT_MINUTES[offer.time_unit]


def total_cost(offer: Offer, currency: str, rates: Mapping[str, Rate]) -> int | None:
    """Service and official fees together in `currency`; None if either is not known."""
    service = comparable_cost(offer, currency, rates)
    if service is None or offer.official_fee_kind == "unknown":
        return None
    if offer.official_fee_kind == "included" or not offer.official_fee:
        return service
    extra = convert(offer.official_fee, offer.currency or currency, currency, rates)
    return service + extra.minor if extra else None


def filter_and_sort(
    offers: Sequence[Offer], query: OfferQuery, rates: Mapping[str, Rate], today: date
) -> list[Offer]:
    """The offers that match a query, in its order; offers that cannot be compared come last, in the recommended order."""
    found = [offer for offer in offers if matches(offer, query, rates)]

    def sort_value(offer: Offer) -> float | None:
        if query.sort == Sort.COST:
            return comparable_cost(offer, query.currency, rates)
        if query.sort == Sort.TIME:
            return longest_minutes(offer)
        return -cautious_rating(offer, today) if offer.review_count else None

    def key(offer: Offer) -> tuple[bool, float]:
        value = sort_value(offer)
        return value is None, value or 0.0

    return found if query.sort == Sort.RECOMMENDED else sorted(found, key=key)


def matches(offer: Offer, query: OfferQuery, rates: Mapping[str, Rate]) -> bool:
    """Whether an offer passes the filters. Featured offers must pass them too."""
    if query.language is not None and query.language not in offer.languages:
        return False
    if query.max_cost is None:
        return True
    cost = comparable_cost(offer, query.currency, rates)
    return cost is not None and cost <= query.max_cost


def used_rates(offers: Sequence[Offer], currency: str, rates: Mapping[str, Rate]) -> list[Rate]:
    """The rates that the conversions of a table use, to be named once above it."""
    converted = {
        offer.currency
        for offer in offers
        if (found := convert_fees(offer, currency, rates)) and found.missing is None
    }
    needed = {*converted, currency} if converted else set()
    return [rate for code, rate in sorted(rates.items()) if code in needed and code != "EUR"]
