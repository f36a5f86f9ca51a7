"""A comparison: what is the same, what is best."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.public.compare.rules import Row, compare_offers
from marketplace.public.offers.models import Offer
from marketplace.public.offers.rules import total_cost
from tests.public.offering import RATES, free, offer, on_request


def rows(*offers: Offer) -> dict[str, Row]:
    return {row.kind: row for group in compare_offers(offers, "EUR", RATES) for row in group.rows}


def test_every_fact_has_its_row_under_three_headings() -> None:
    groups = compare_offers([offer(), offer()], "EUR", RATES)
    assert {group.kind: [row.kind for row in group.rows] for group in groups} == {
        "cost": ["service", "official_fees", "together", "reported_cost"],
        "time": ["advertised_time", "reported_time"],
        "trust": ["rating", "counted_reviews", "languages", "data_confirmed"],
    }


def test_equal_offers_are_the_same_and_none_is_best() -> None:
    found = rows(offer(), offer(), offer())
    assert all(row.same and not row.best for row in found.values())


def test_the_lowest_cost_is_best_and_a_range_counts_by_its_upper_end() -> None:
    found = rows(offer(fee_min=9000), offer(cost_basis="range", fee_min=100, fee_max=12000), on_request())
    assert found["service"].best == {0}
    assert not found["service"].same


def test_all_that_share_the_best_value_are_marked() -> None:
    found = rows(offer(fee_min=5000), offer(currency="MXN", fee_min=100000), offer())
    assert found["service"].best == {0, 1}


def test_one_comparable_value_alone_is_not_best() -> None:
    found = rows(offer(), on_request(), offer(currency="ARS"), offer(cost_basis="hourly"))
    assert found["service"].best == frozenset()
    assert not found["service"].same


def test_the_shortest_time_and_the_highest_rating_are_best() -> None:
    found = rows(
        offer(time_max=9, stars=[5]), offer(time_unit="weeks", time_min=1, time_max=1, stars=[4]), offer()
    )
    assert found["advertised_time"].best == {2}
    assert found["rating"].best == {0}
    assert found["counted_reviews"].best == frozenset()


def test_reported_costs_are_compared_in_one_currency() -> None:
    dear, cheap = (
        {"reported_currency": "EUR", "cost_reports": 3},
        {"reported_currency": "MXN", "cost_reports": 4},
    )
    found = rows(offer(), offer(reported_cost=900, **dear), offer(reported_cost=1000, **cheap))
    assert found["reported_cost"].best == {2}
    assert not found["reported_cost"].same


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"official_fee_kind": "unknown"}, None),
        ({"official_fee_kind": "included"}, 10000),
        ({"official_fee_kind": "extra", "official_fee": 2500}, 12500),
        ({"official_fee_kind": "extra", "official_fee": 20000, "currency": "MXN", "fee_min": 200000}, 11000),
        ({"official_fee_kind": "extra", "official_fee": 1, "currency": "ARS"}, None),
    ],
)
def test_a_total_is_known_only_if_both_fees_are(values: dict[str, Any], expected: int | None) -> None:
    assert total_cost(offer(**values), "EUR", RATES) == expected


def test_a_free_service_costs_its_official_fees() -> None:
    assert total_cost(free(official_fee_kind="included"), "EUR", RATES) == 0
    assert total_cost(on_request(official_fee_kind="included"), "EUR", RATES) is None
