"""The strip above a guide."""

from __future__ import annotations

from marketplace.public.offers.models import Offer
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


def test_the_advertised_time_is_the_median_of_all_listings_in_the_commonest_unit() -> None:
    offers = [
        offer(time_min=1, time_max=2),
        offer(time_min=3, time_max=9),
        offer(time_min=5, time_max=7),
        offer(time_unit="weeks", time_min=1, time_max=2),
        offer(time_unit=None, time_min=None, time_max=None),
    ]
    found = glance(offers, "EUR", RATES)
    assert (found.time_min, found.time_max, found.time_unit) == (4, 8, "days")
    assert (found.timed, found.providers) == (4, 5)


def test_an_advertised_time_is_never_said_to_be_none() -> None:
    offers = [
        offer(time_unit="weeks", time_min=2, time_max=2),
        offer(time_unit="hours", time_min=1, time_max=1),
    ]
    assert glance(offers, "EUR", RATES).time_unit == "hours"
    weeks = [offer(time_unit="weeks", time_min=2, time_max=2)] * 2
    hours = [
        offer(time_unit="hours", time_min=1, time_max=1),
        offer(time_unit="minutes", time_min=1, time_max=1),
    ]
    found = glance([*weeks, *hours, hours[1]], "EUR", RATES)
    assert (found.time_min, found.time_max, found.time_unit) == (60, 60, "minutes")


def reporting(*times: tuple[int, str, int, int]) -> Offer:
    return offer(reported_times=times, time_reports=sum(row[2] + row[3] for row in times))


def test_the_reported_time_is_the_median_of_all_reports_of_all_listings() -> None:
    """Three listings that are quick in two reports each hide no slow ones: of 16 reports the middle is 30 days."""
    quick = [reporting((2, "days", 1, 0), (1, "days", 1, 0)) for _ in range(3)]
    slow = reporting((30, "days", 4, 0), (31, "days", 6, 0))
    found = glance([*quick, slow, offer()], "EUR", RATES)
    assert (found.reported_time, found.reported_unit, found.reports) == (30, "days", 16)
    mixed = reporting((1, "weeks", 2, 0), (3, "weeks", 2, 0), (10, "business_days", 3, 0))
    found = glance([mixed], "EUR", RATES)
    assert (found.reported_time, found.reported_unit, found.reports) == (2, "weeks", 7)


def test_invited_reports_of_one_listing_do_not_make_the_median_of_all() -> None:
    cheater, honest = reporting((1, "days", 0, 50)), reporting((30, "days", 4, 0))
    found = glance([cheater, honest], "EUR", RATES)
    assert (found.reported_time, found.reports) == (30, 54)


def test_below_three_reports_no_time_is_reported() -> None:
    found = glance([reporting((8, "days", 1, 0)) for _ in range(2)], "EUR", RATES)
    assert (found.reported_time, found.reported_unit, found.reports) == (None, None, 2)
