"""The rows of a comparison: which values are the same and which are best. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from marketplace.public.offers.models import Offer
from marketplace.public.offers.rules import comparable_cost, longest_minutes, total_cost
from marketplace.values.rates import Rate, convert

Facts = Callable[[Offer], object]
Measure = Callable[[Offer], float | None]


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

    def row(kind: str, facts: Facts, best: Measure | None = None) -> Row:
        values = [facts(offer) for offer in offers]
        best_ones = frozenset[int]() if best is None else _lowest([best(offer) for offer in offers])
        return Row(kind, best_ones, all(value == values[0] for value in values))

    cost = (
        row("service", _cost_facts, lambda o: comparable_cost(o, currency, rates)),
        row("official_fees", lambda o: (o.official_fee_kind, o.official_fee, o.currency)),
        row("together", _fee_facts, lambda o: total_cost(o, currency, rates)),
        row(
            "reported_cost",
            lambda o: (o.reported_cost, o.reported_currency, o.cost_reports),
            lambda o: _reported_minor(o, currency, rates),
        ),
    )
    time = (
        row("advertised_time", _time_facts, longest_minutes),
        row("reported_time", lambda o: (o.reported_time, o.reported_time_unit, o.time_reports)),
    )
    trust = (
        row(
            "rating",
            lambda o: o.rating_average,
            lambda o: None if o.rating_average is None else -o.rating_average,
        ),
        row("counted_reviews", lambda o: (o.review_count, o.uncounted_count)),
        row("languages", lambda o: o.languages),
        row("data_confirmed", lambda o: o.confirmed_at and o.confirmed_at.date()),
    )
    return Group("cost", cost), Group("time", time), Group("trust", trust)


def _cost_facts(offer: Offer) -> object:
    return (offer.cost_basis, offer.fee_min, offer.fee_max, offer.currency)


def _fee_facts(offer: Offer) -> object:
    return (_cost_facts(offer), offer.official_fee_kind, offer.official_fee)


def _time_facts(offer: Offer) -> object:
    return (offer.time_min, offer.time_max, offer.time_unit, offer.time_from)


def _reported_minor(offer: Offer, currency: str, rates: Mapping[str, Rate]) -> int | None:
    if offer.reported_cost is None or offer.reported_currency is None:
        return None
    converted = convert(offer.reported_cost, offer.reported_currency, currency, rates)
    return converted.minor if converted else None


def _lowest(values: Sequence[float | None]) -> frozenset[int]:
    """The positions of the lowest value; none if fewer than two are known or all are equal."""
    known = [value for value in values if value is not None]
    if len(set(known)) < 2:
        return frozenset()
    return frozenset(index for index, value in enumerate(values) if value == min(known))
