"""The strip above a guide."""

from __future__ import annotations

from marketplace.public.pages.glance import glance
from tests.public.offering import RATES, free, offer, on_request


def test_a_table_without_offers_says_nothing() -> None:
    found = glance([], "EUR", RATES)
    assert (found.providers, found.cheapest, found.time_unit, found.reported_time, found.reports) == (
        *(0, None, None, None, 0),
    )


def test_the_cheapest_has_the_lowest_upper_fee_in_any_currency() -> None:
    cheap = offer(currency="MXN", fee_min=180000)  # 90 euros
    wide = offer(cost_basis="range", fee_min=1, fee_max=50000)
    assert glance([offer(), wide, cheap, on_request()], "EUR", RATES).cheapest == cheap
    assert glance([cheap, free(), offer()], "EUR", RATES).cheapest is not cheap


def test_of_equally_cheap_offers_the_first_made_is_named() -> None:
    first, second = offer(), offer()
    assert glance([second, first], "EUR", RATES).cheapest == first


def test_without_a_comparable_cost_nobody_is_cheapest() -> None:
    offers = [on_request(), offer(currency="ARS"), offer(cost_basis="hourly")]
    assert glance(offers, "EUR", RATES).cheapest is None


def test_the_usual_time_is_the_median_in_the_commonest_unit() -> None:
    offers = [
        offer(time_min=1, time_max=2),
        offer(time_min=3, time_max=9),
        offer(time_min=5, time_max=7),
        offer(time_unit="weeks", time_min=1, time_max=1),
        offer(time_unit=None, time_min=None, time_max=None),
    ]
    found = glance(offers, "EUR", RATES)
    assert (found.time_min, found.time_max, found.time_unit, found.providers) == (3, 7, "days", 5)


def test_reported_times_count_from_three_reports_up() -> None:
    few = offer(reported_count=2, reported_time=1)
    offers = [few, offer(reported_count=3, reported_time=8), offer(reported_count=5, reported_time=6)]
    found = glance(offers, "EUR", RATES)
    assert (found.reported_time, found.reported_unit, found.reports) == (6, "days", 8)
    assert glance([few], "EUR", RATES).reported_time is None
