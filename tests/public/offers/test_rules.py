"""Sorting, filtering and converting the offers of a table."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.public.offers.models import Offer
from marketplace.public.offers.rules import (
    Conversion,
    OfferQuery,
    comparable_cost,
    convert_fees,
    filter_and_sort,
    longest_minutes,
    used_rates,
)
from tests.public.offering import RATES, TODAY, free, offer, on_request


def order(offers: list[Offer], **question: Any) -> list[int]:
    arranged = filter_and_sort(offers, OfferQuery(**question), RATES, TODAY)
    return [offers.index(found) for found in arranged]


def test_the_recommended_order_stays_unless_another_is_requested() -> None:
    offers = [offer(fee_min=300), offer(fee_min=100), offer(fee_min=200)]
    assert order(offers) == [0, 1, 2]


def test_by_cost_a_range_counts_by_its_upper_end() -> None:
    offers = [
        offer(cost_basis="range", fee_min=1000, fee_max=9000),
        offer(fee_min=5000),
        offer(cost_basis="from", fee_min=2000),
        free(),
    ]
    assert order(offers, sort="cost") == [3, 2, 1, 0]


def test_what_has_no_comparable_cost_comes_last_in_the_earned_order() -> None:
    offers = [
        on_request(),
        offer(currency="ARS", fee_min=1),
        offer(cost_basis="hourly", fee_min=100),
        offer(fee_min=99999),
    ]
    assert order(offers, sort="cost") == [3, 0, 1, 2]


def test_costs_in_several_currencies_are_compared_at_their_rates() -> None:
    offers = [
        offer(currency="MXN", fee_min=300000),  # 150 euros
        offer(currency="JPY", fee_min=15000),  # 100 euros: no minor units
        offer(currency="EUR", fee_min=12000),
    ]
    assert order(offers, sort="cost") == [1, 2, 0]
    assert [comparable_cost(found, "EUR", RATES) for found in offers] == [15000, 10000, 12000]
    assert comparable_cost(free(), "EUR", {}) == 0


def test_by_time_the_longest_counts_and_business_days_are_longer_than_days() -> None:
    offers = [
        offer(time_unit="business_days", time_min=1, time_max=5),
        offer(time_min=1, time_max=6),
        offer(time_min=None, time_max=None, time_unit=None),
        offer(time_unit="weeks", time_min=1, time_max=1),
        offer(time_unit="months", time_min=1, time_max=1),
        offer(time_unit="hours", time_min=200, time_max=200),
        offer(time_unit="minutes", time_min=5, time_max=5),
    ]
    assert order(offers, sort="time") == [6, 1, 0, 3, 5, 4, 2]
    assert longest_minutes(offers[0]) == 7 * 24 * 60


def test_by_rating_few_reviews_do_not_beat_many_and_equal_ones_keep_the_earned_order() -> None:
    offers = [offer(), offer(stars=[4, 5]), offer(stars=[5]), offer(stars=[4, 5, 4, 5]), offer(stars=[5, 4])]
    assert order(offers, sort="rating") == [3, 1, 4, 2, 0]


def test_a_highest_cost_leaves_out_what_is_dearer_or_not_comparable() -> None:
    offers = [
        offer(fee_min=10000),
        offer(fee_min=10001),
        offer(cost_basis="range", fee_min=1, fee_max=20000),
        offer(cost_basis="hourly", fee_min=1),
        on_request(),
        free(),
        offer(currency="ARS", fee_min=1),
    ]
    assert order(offers, max_cost=10000) == [0, 5]
    assert order(offers, max_cost=0) == [5]


def test_a_language_filters_out_providers_who_do_not_speak_it() -> None:
    offers = [offer(languages=("en", "es")), offer(languages=("en",)), offer(languages=())]
    assert order(offers, language="es") == [0]
    assert order(offers, language="de") == []


def test_a_query_knows_whether_it_filters() -> None:
    assert not OfferQuery(sort="cost", currency="USD").is_filtered
    assert OfferQuery(language="es").is_filtered
    assert OfferQuery(max_cost=0).is_filtered


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"currency": "MXN", "fee_min": 420000}, Conversion(21000, None, "EUR")),
        (
            {"currency": "MXN", "cost_basis": "range", "fee_min": 200000, "fee_max": 400000},
            Conversion(10000, 20000, "EUR"),
        ),
        ({"currency": "ARS"}, Conversion(None, None, "EUR", missing="ARS")),
        ({"currency": "EUR"}, None),
    ],
)
def test_fees_are_converted_into_the_readers_currency(
    values: dict[str, Any], expected: Conversion | None
) -> None:
    assert convert_fees(offer(**values), "EUR", RATES) == expected


def test_a_currency_to_convert_into_may_be_the_one_without_a_rate() -> None:
    found = convert_fees(offer(), "ARS", RATES)
    assert found is not None
    assert (found.low, found.missing) == (None, "ARS")


def test_what_states_no_fee_is_not_converted() -> None:
    assert convert_fees(on_request(), "EUR", RATES) is None
    assert convert_fees(free(), "EUR", RATES) is None


def test_the_rates_named_are_those_that_conversions_used() -> None:
    offers = [offer(currency="MXN"), offer(), offer(currency="ARS")]
    assert [rate.currency for rate in used_rates(offers, "EUR", RATES)] == ["MXN"]
    assert [rate.currency for rate in used_rates(offers, "JPY", RATES)] == ["JPY", "MXN"]
    assert used_rates([offer()], "EUR", RATES) == []
    assert used_rates([offer(currency="ARS")], "JPY", RATES) == [], "nothing was converted"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, 10000),
        ({"cost_basis": "from"}, 10000),
        ({"cost_basis": "range", "fee_max": 20000}, 20000),
        ({"cost_basis": "hourly"}, None),
        ({"cost_basis": "hourly", "fee_max": 20000}, None),
    ],
)
def test_the_fee_that_counts_is_the_upper_one(values: dict[str, Any], expected: int | None) -> None:
    assert offer(**values).upper_fee == expected


def test_free_counts_as_nothing_and_on_request_not_at_all() -> None:
    assert free().upper_fee == 0
    assert on_request().upper_fee is None
