"""The rows of a comparison: which values are the same and which are best. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from marketplace.public.offers.models import Offer
from marketplace.public.offers.rules import comparable_cost, longest_minutes, total_cost
from marketplace.reviews.ratings.rules import REPORTS_NEEDED
from marketplace.values.rates import Rate, convert


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `kind` selects how the template shows a value. `best` are the positions of the best values: none if fewer
    than two can be compared or all are equal. `same` is whether all values are equal."""

    kind: str
    best: frozenset[int]
    same: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading."""

    kind: str
    rows: tuple[Row, ...]


def compare_offers(offers: Sequence[Offer], currency: str, rates: Mapping[str, Rate]) -> tuple[Group, ...]:
    """Compare two to four offers. Ranges are compared by their upper end."""

    def cost(offer: Offer) -> float | None:
        return comparable_cost(offer, currency, rates)

    def together(offer: Offer) -> float | None:
        return total_cost(offer, currency, rates)

    return (
        Group(
            "cost",
            (
                _row(offers, "service", _cost_facts, best=cost),
                _row(offers, "official_fees", lambda o: (o.official_fee_kind, o.official_fee, o.currency)),
                _row(
                    offers,
                    "together",
                    lambda o: (_cost_facts(o), o.official_fee_kind, o.official_fee),
                    best=together,
                ),
                _row(
                    offers,
                    "reported_cost",
                    _reported_cost,
                    best=lambda o: _reported_minor(o, currency, rates),
                ),
            ),
        ),
        Group(
            "time",
            (
                _row(offers, "advertised_time", _time_facts, best=longest_minutes),
                _row(offers, "reported_time", _reported_time),
            ),
        ),
        Group(
            "trust",
            (
                _row(
                    offers,
                    "rating",
                    lambda o: o.rating_average,
                    best=lambda o: None if o.rating_average is None else -o.rating_average,
                ),
                _row(offers, "counted_reviews", lambda o: (o.review_count, o.uncounted_count)),
                _row(offers, "languages", lambda o: o.languages),
                _row(offers, "data_confirmed", lambda o: o.confirmed_at and o.confirmed_at.date()),
            ),
        ),
    )


def _cost_facts(offer: Offer) -> object:
    return (offer.cost_basis, offer.fee_min, offer.fee_max, offer.currency)


def _time_facts(offer: Offer) -> object:
    return (offer.time_min, offer.time_max, offer.time_unit, offer.time_from)


def _reported_cost(offer: Offer) -> object:
    return (offer.reported_cost, offer.currency) if offer.reported_count >= REPORTS_NEEDED else None


def _reported_time(offer: Offer) -> object:
    return (offer.reported_time, offer.time_unit) if offer.reported_count >= REPORTS_NEEDED else None


def _reported_minor(offer: Offer, currency: str, rates: Mapping[str, Rate]) -> int | None:
    if offer.reported_count < REPORTS_NEEDED or offer.reported_cost is None or offer.currency is None:
        return None
    converted = convert(offer.reported_cost, offer.currency, currency, rates)
    return converted.minor if converted else None


def _row(
    offers: Sequence[Offer],
    kind: str,
    facts: Callable[[Offer], object],
    best: Callable[[Offer], float | None] | None = None,
) -> Row:
    values = [facts(offer) for offer in offers]
    same = all(value == values[0] for value in values)
    winners: frozenset[int] = frozenset()
    if best is not None:
        measured = {index: value for index, offer in enumerate(offers) if (value := best(offer)) is not None}
        if len(measured) > 1 and len(set(measured.values())) > 1:
            lowest = min(measured.values())
            winners = frozenset(index for index, value in measured.items() if value == lowest)
    return Row(kind, winners, same)
