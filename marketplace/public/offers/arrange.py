"""Sorting, filtering and converting the offers of a table for one reader's question. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.public.offers.offers import Offer
from marketplace.values.rates import Rate, convert

SORTS = ("recommended", "cost", "time", "rating")
MINUTES = {
    "minutes": 1.0,
    "hours": 60.0,
    "days": 1440.0,
    "business_days": 1440.0 * 7 / 5,
    "weeks": 10080.0,
    "months": 43830.0,
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """An offer's fees in the reader's currency, in its minor units; `missing` is the currency that has no rate."""

    low: int | None
    high: int | None
    currency: str
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader asked of the table."""

    sort: str = "recommended"
    language: str | None = None
    max_cost: int | None = None
    currency: str = "EUR"

    @property
    def is_filtered(self) -> bool:
        """Whether anything was left out on request."""
        return self.language is not None or self.max_cost is not None


def convert_offer(offer: Offer, currency: str, rates: Mapping[str, Rate]) -> Conversion | None:
    """The offer's fees in `currency`; None where it states none or is in that currency already."""
    if offer.fee_min is None or offer.currency is None or offer.currency == currency:
        return None
    low = convert(offer.fee_min, offer.currency, currency, rates)
    if low is None:
        missing = offer.currency if offer.currency not in rates else currency
        return Conversion(None, None, currency, missing=missing)
    high = None if offer.fee_max is None else convert(offer.fee_max, offer.currency, currency, rates)
    return Conversion(low.minor, high.minor if high else None, currency)


def comparable_cost(offer: Offer, currency: str, rates: Mapping[str, Rate]) -> int | None:
    """The upper fee in `currency`'s minor units; None where it cannot be compared."""
    fee = offer.upper_fee
    if fee is None or fee == 0:
        return fee
    converted = convert(fee, offer.currency or currency, currency, rates)
    return converted.minor if converted else None


def longest_minutes(offer: Offer) -> float | None:
    """The longest advertised time in minutes (a business day counts 7/5 days); None where not stated."""
    if offer.time_max is None or offer.time_unit is None:
        return None
    return offer.time_max * MINUTES[offer.time_unit]


def arrange(offers: Sequence[Offer], question: Question, rates: Mapping[str, Rate]) -> list[Offer]:
    """The offers that answer the question, in its order; what cannot be compared comes last, in the earned order."""
    found = [offer for offer in offers if fits(offer, question, rates)]
    if question.sort == "cost":
        return sorted(
            found, key=lambda offer: _last_if_none(comparable_cost(offer, question.currency, rates))
        )
    if question.sort == "time":
        return sorted(found, key=lambda offer: _last_if_none(longest_minutes(offer)))
    if question.sort == "rating":
        return sorted(
            found, key=lambda offer: _last_if_none(-offer.rating if offer.rating is not None else None)
        )
    return found


def fits(offer: Offer, question: Question, rates: Mapping[str, Rate]) -> bool:
    """Whether an offer answers the question, paid for or not."""
    if question.language is not None and question.language not in offer.languages:
        return False
    if question.max_cost is None:
        return True
    cost = comparable_cost(offer, question.currency, rates)
    return cost is not None and cost <= question.max_cost


def _last_if_none(value: float | None) -> tuple[bool, float]:
    return (value is None, value if value is not None else 0.0)


def used_rates(offers: Sequence[Offer], currency: str, rates: Mapping[str, Rate]) -> list[Rate]:
    """The rates that conversions on the page used, for naming them once above the table."""
    converted = {
        offer.currency
        for offer in offers
        if (found := convert_offer(offer, currency, rates)) and found.missing is None
    }
    needed = {*converted, currency} if converted else set()
    return [rate for code, rate in sorted(rates.items()) if code in needed and code != "EUR"]


def rates_date(rates: Sequence[Rate]) -> date | None:
    """The oldest date among rates."""
    return min((rate.date for rate in rates), default=None)
