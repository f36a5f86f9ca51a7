from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reviews.ratings.rules import (
    MOST_PLACES,
    ReportSums,
    in_unit,
    report_sums,
    rounded,
    upper_quote,
)
from tests.reviews.summing import reports_of


@dataclass(frozen=True)
class Told:
    real_cost: int | None = None
    real_currency: str | None = None
    real_time: int | None = None
    real_time_unit: str | None = None


@dataclass(frozen=True)
class Terms:
    cost_basis: str = "fixed"
    fee_min: int | None = 200
    fee_max: int | None = None
    currency: str | None = "MXN"
    time_max: int | None = 14
    time_unit: str | None = "days"


def sums_of(rows: list[Told], terms: Terms) -> ReportSums:
    return report_sums(reports_of(rows, terms), terms)


def costs(*values: int, currency: str = "MXN") -> list[Told]:
    return [Told(real_cost=value, real_currency=currency) for value in values]


def times(*values: int, unit: str = "days") -> list[Told]:
    return [Told(real_time=value, real_time_unit=unit) for value in values]


def test_below_three_reports_nothing_is_said() -> None:
    assert sums_of([*costs(100, 200), *times(3, 4)], Terms()) == ReportSums()


def test_medians_take_the_middle_and_round_halves_up() -> None:
    assert sums_of(costs(100, 300, 200), Terms()).reported_cost == 200
    assert sums_of(costs(100, 200, 301, 400), Terms()).reported_cost == 251
    assert rounded(2.5) == 3


def test_other_currencies_are_no_reports() -> None:
    told = costs(100, 200) + costs(9, 9, 9, currency="EUR")
    assert sums_of(told, Terms()) == ReportSums()
    assert sums_of(told, Terms(currency=None)) == ReportSums()


def test_times_are_converted_within_their_family_only() -> None:
    assert in_unit(2, "weeks", "days") == 14
    assert in_unit(90, "minutes", "hours") == Fraction(3, 2)
    assert in_unit(1, "months", "days") == 30
    assert in_unit(5, "days", "business_days") is None
    assert in_unit(5, "hours", "days") is None
    mixed = times(10, 14) + times(3, unit="weeks") + times(1, 1, 1, unit="business_days")
    sums = sums_of(mixed, Terms())
    assert (sums.reported_time, sums.reported_count) == (14, 3)
    assert (sums.timed_count, sums.on_time) == (3, 2)


def test_a_short_time_is_never_said_to_be_none() -> None:
    assert sums_of(times(3, 4, 5), Terms(time_unit="months")).reported_time == 1


def test_the_count_is_of_reviews_in_a_median_that_is_shown() -> None:
    both = [Told(real_cost=5, real_currency="MXN", real_time=3, real_time_unit="days") for _ in range(2)]
    sums = sums_of([*both, *costs(7), *times(1)], Terms())
    assert (sums.reported_cost, sums.reported_time, sums.reported_count) == (5, 3, 4)


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
    assert sums.reported_cost == 175


def test_a_listing_without_a_time_has_nobody_on_time() -> None:
    sums = sums_of(times(1, 2, 3), Terms(time_max=None, time_unit=None))
    assert (sums.timed_count, sums.on_time, sums.reported_time) == (0, 0, None)


def test_a_quote_ends_where_the_basis_says() -> None:
    assert upper_quote(Terms()) == 200
    assert upper_quote(Terms("range", 100, 300)) == 300
    assert upper_quote(Terms("from")) is None


told = st.builds(
    Told,
    real_cost=st.integers(0, 10**13),
    real_currency=st.sampled_from(["MXN", "EUR"]),
    real_time=st.integers(1, 100_000),
    real_time_unit=st.sampled_from(["days", "weeks", "business_days"]),
)


@given(st.lists(told, max_size=120))
def test_the_sums_are_those_written_out(rows: list[Told]) -> None:
    sums = sums_of(rows, Terms())
    paid = [row.real_cost for row in rows if row.real_currency == "MXN" and row.real_cost is not None]
    days = [
        (row.real_time or 0) * (7 if row.real_time_unit == "weeks" else 1)
        for row in rows
        if row.real_time_unit != "business_days"
    ]
    for values, middle, count, within, most, kind in (
        (paid, sums.reported_cost, sums.priced_count, sums.within_quote, 200, "cost"),
        (days, sums.reported_time, sums.timed_count, sums.on_time, 14, "time"),
    ):
        places = sums.report_values.get(kind, [])
        if len(values) < 3:
            assert (middle, count, within, places) == (None, 0, 0, [])
            continue
        assert middle == rounded(Fraction(median(Fraction(value) for value in values)))
        assert (count, within) == (len(values), sum(value <= most for value in values))
        assert sum(number for _, number in places) == len(values)
        assert len(places) <= MOST_PLACES
        assert [value for value, _ in places] == sorted({value for value, _ in places})
        assert min(values) - 1 <= places[0][0] <= places[-1][0] <= max(values) + 1
