from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reviews.ratings.rules import (
    MOST_PLACES,
    ReportSums,
    median_time,
    report_sums,
    rounded,
    upper_quote,
)
from tests.reviews.summing import at_par, reports_of, sums_by_hand

DAY, NEXT = date(2026, 10, 1), date(2026, 11, 1)


@dataclass(frozen=True)
class Told:
    real_cost: int | None = None
    real_currency: str | None = None
    real_time: int | None = None
    real_time_unit: str | None = None
    experience_on: date = DAY
    level: str = "documented"
    rating: int = 5
    published_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Terms:
    cost_basis: str = "fixed"
    fee_min: int | None = 200
    fee_max: int | None = None
    currency: str | None = "MXN"
    time_max: int | None = 14
    time_unit: str | None = "days"


def sums_of(rows: list[Told], terms: Terms, later: Terms | None = None) -> ReportSums:
    """With `later`, those are the terms from November on."""
    return report_sums(reports_of(rows), lambda day: later if later and day >= NEXT else terms, at_par)


def costs(*values: int, currency: str = "MXN", **told: Any) -> list[Told]:
    return [Told(real_cost=value, real_currency=currency, **told) for value in values]


def times(*values: int, unit: str = "days", **told: Any) -> list[Told]:
    return [Told(real_time=value, real_time_unit=unit, **told) for value in values]


def counted(*rows: tuple[int, str, int]) -> dict[tuple[int, str], Fraction]:
    return {(amount, unit): Fraction(count) for amount, unit, count in rows}


def test_below_three_reports_nothing_is_said() -> None:
    sums = sums_of([*costs(100, 200), *times(3, 4)], Terms())
    assert (sums.reported_cost, sums.reported_currency) == (None, None)
    assert (sums.reported_time, sums.reported_time_unit) == (None, None)
    assert sums.report_values == {}, "no share either"
    assert (sums.cost_reports, sums.time_reports, sums.reported_count) == (2, 2, 4)
    assert sums_of([], Terms()) == ReportSums()


def test_medians_take_the_middle_and_round_halves_up() -> None:
    assert sums_of(costs(100, 300, 200), Terms()).reported_cost == 200
    assert sums_of(costs(100, 200, 301, 400), Terms()).reported_cost == 251
    assert rounded(2.5) == 3


def test_costs_are_shown_in_the_currency_of_most_reports_whatever_the_listing_advertises() -> None:
    told = costs(100, 200, 300) + costs(400, 500, currency="EUR")
    for terms in (Terms(), Terms(currency="EUR"), Terms("on_request", None, currency=None)):
        sums = sums_of(told, terms)
        assert (sums.reported_cost, sums.reported_currency, sums.cost_reports) == (300, "MXN", 5)
        assert sums.report_values["converted"] == {"EUR": 2}


def test_a_cost_without_a_rate_is_counted_and_named() -> None:
    sums = sums_of([*costs(100, 200, 300), *costs(9, 9, currency="ARS")], Terms())
    assert (sums.reported_cost, sums.cost_reports, sums.priced_count) == (200, 3, 3)
    assert sums.report_values["unrated"] == {"ARS": 2}
    assert sums.reported_count == 5


def test_times_in_any_unit_are_compared_and_shown_in_the_unit_of_most() -> None:
    mixed = times(10, 14) + times(3, unit="weeks") + times(1, 20, 21, unit="business_days")
    sums = sums_of(mixed, Terms())
    assert (sums.reported_time, sums.reported_time_unit, sums.time_reports) == (13, "business_days", 6)
    assert (sums.timed_count, sums.on_time) == (6, 3)
    assert sums_of(mixed, Terms(time_max=4, time_unit="weeks")).reported_time == 13
    assert sums_of(mixed, Terms(time_max=4, time_unit="weeks")).on_time == 5


@pytest.mark.parametrize(
    ("one", "other"),
    [((5, "business_days"), (1, "weeks")), ((7, "days"), (1, "weeks")), ((24, "hours"), (1, "days"))],
)
def test_units_are_compared_by_the_published_factors(one: tuple[int, str], other: tuple[int, str]) -> None:
    for told, promised in ((one, other), (other, one)):
        terms = Terms(time_max=promised[0], time_unit=promised[1])
        assert sums_of(times(told[0], unit=told[1]), terms).on_time == 1
        assert sums_of(times(told[0] + 1, unit=told[1]), terms).on_time == 0


def test_a_month_is_a_twelfth_of_a_year() -> None:
    month = Terms(time_max=1, time_unit="months")
    assert sums_of(times(30, 31), month).on_time == 1
    assert median_time(counted((12, "months", 3), (1, "days", 1))) == (12, "months")


def test_of_two_units_used_alike_the_shorter_is_shown() -> None:
    assert median_time(counted((2, "weeks", 2), (14, "days", 2))) == (14, "days")
    assert median_time(counted((2, "weeks", 2))) == (None, None)


def test_a_short_time_is_never_said_to_be_none() -> None:
    assert median_time(counted((1, "weeks", 2), (1, "hours", 1), (1, "minutes", 1), (2, "hours", 1))) == (
        2,
        "hours",
    )
    assert median_time(counted((9, "months", 3), (1, "hours", 2), (1, "minutes", 2))) == (1, "months")


def test_the_number_under_a_median_is_the_number_in_it() -> None:
    both = [Told(real_cost=5, real_currency="MXN", real_time=3, real_time_unit="days") for _ in range(2)]
    sums = sums_of([*both, *costs(7), *times(1, 9)], Terms())
    assert (sums.reported_cost, sums.cost_reports) == (5, 3)
    assert (sums.reported_time, sums.time_reports) == (3, 4)
    assert sums.reported_count == 5


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms(), (4, 3)),
        (Terms("range", 100, 400), (4, 4)),
        (Terms("free", None, None), (4, 0)),
        (Terms("from"), (0, 0)),
        (Terms("hourly"), (0, 0)),
        (Terms("on_request", None), (0, 0)),
    ],
)
def test_what_is_within_the_quote_depends_on_its_upper_end(terms: Terms, expected: tuple[int, int]) -> None:
    sums = sums_of(costs(100, 150, 200, 201), terms)
    assert (sums.priced_count, sums.within_quote) == expected
    assert (sums.reported_cost, sums.cost_reports) == (175, 4)


def test_a_report_is_held_against_the_terms_of_its_day() -> None:
    told = [*costs(250, 250), *costs(250, experience_on=NEXT), *times(20, 20), *times(20, experience_on=NEXT)]
    dearer = Terms(fee_min=300, time_max=1, time_unit="months")
    sums = sums_of(told, Terms(), dearer)
    assert (sums.priced_count, sums.within_quote) == (3, 1)
    assert (sums.timed_count, sums.on_time) == (3, 1)
    vague = Terms("from", time_max=None, time_unit=None)
    sums = sums_of(told, Terms(), vague)
    assert (sums.cost_reports, sums.priced_count, sums.within_quote) == (3, 2, 0)
    assert (sums.time_reports, sums.timed_count, sums.on_time) == (3, 2, 0)


def test_invited_reports_count_less_and_ten_mailboxes_buy_no_median() -> None:
    slow = times(30, 31, 32, 33)
    bought = times(*[1] * 10, level="invited")
    honest, cheated = sums_of(slow, Terms()), sums_of([*slow, *bought], Terms())
    assert (honest.reported_time, honest.report_values["on_time"]) == (32, 0)
    assert (cheated.reported_time, cheated.time_reports) == (31, 14)
    assert cheated.report_values["on_time"] == pytest.approx(2 / 6)
    alone = sums_of(times(*[1] * 50, level="invited"), Terms())
    assert (alone.reported_time, alone.time_reports, alone.report_values) == (None, 50, {})


def test_a_share_weighs_as_the_median_does() -> None:
    told = [*costs(100, 100, 300), *costs(100, 300, level="invited")]
    assert sums_of(told, Terms()).report_values["within_quote"] == pytest.approx(2.5 / 4)


def test_a_listing_without_a_time_has_nobody_on_time_but_a_median() -> None:
    sums = sums_of(times(1, 2, 3), Terms(time_max=None, time_unit=None))
    assert (sums.timed_count, sums.on_time) == (0, 0)
    assert (sums.reported_time, sums.reported_time_unit, sums.time_reports) == (2, "days", 3)


def test_a_quote_ends_where_the_basis_says() -> None:
    assert upper_quote(Terms()) == 200
    assert upper_quote(Terms("range", 100, 300)) == 300
    assert upper_quote(Terms("from")) is None


told = st.builds(
    Told,
    level=st.sampled_from(["documented", "confirmed", "invited"]),
    real_cost=st.integers(0, 10**13),
    real_currency=st.sampled_from(["MXN", "EUR", "ARS"]),
    real_time=st.integers(1, 10_000),
    real_time_unit=st.sampled_from(["hours", "days", "weeks", "business_days", "months"]),
)


@given(st.lists(told, max_size=120))
def test_the_sums_are_those_written_out(rows: list[Told]) -> None:
    sums = sums_of(rows, Terms())
    expected: dict[str, Any] = sums_by_hand(rows, Terms())
    names = expected.keys() & {field.name for field in fields(ReportSums)}
    assert {name: getattr(sums, name) for name in names} == {name: expected[name] for name in names}
    for kind, shown, count in (
        ("cost", sums.reported_cost, sums.cost_reports),
        ("time", sums.reported_time, sums.time_reports),
    ):
        places = sums.report_values.get(kind, [])
        assert sum(number for _, number in places) == (0 if shown is None else count)
        assert len(places) <= MOST_PLACES
        assert [value for value, _ in places] == sorted({value for value, _ in places})


def test_drawn_values_are_in_the_unit_shown() -> None:
    sums = sums_of([*times(1, 2, unit="weeks"), *times(7)], Terms())
    assert sums.report_values["time"] == [[1.0, 2], [2.0, 1]]
    assert sums.reported_times == [[1, "weeks", 1, 0], [2, "weeks", 1, 0], [7, "days", 1, 0]]
    assert Fraction(sums.reported_time or 0) == 1
