from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.public.pages.range_plot import MAX_DOTS, MAX_STEPS, axis, plot, report_plots
from tests.public.offering import offer

amounts = st.floats(0, 10**9, allow_nan=False)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (11, 22, (10, 2.5, 5)),
        (5, 22, (0, 5, 5)),
        (3800, 4900, (3750, 250, 5)),
        (4200, 4200, (4000, 1000, 1)),
        (3000, 3000, (2000, 1000, 1)),
        (0, 0, (0, 0.2, 1)),
    ],
)
def test_an_axis_has_round_marks(low: float, high: float, expected: tuple[float, float, int]) -> None:
    assert axis(low, high) == expected


@given(amounts, amounts)
def test_an_axis_holds_both_values(one: float, other: float) -> None:
    low, high = sorted((one, other))
    start, step, steps = axis(low, high)
    assert start <= low + step * 1e-6
    assert start + step * steps >= high * (1 - 1e-6)
    assert steps <= MAX_STEPS + 2


@given(
    st.lists(
        st.tuples(amounts, st.integers(1, 5000)), min_size=1, max_size=40, unique_by=lambda place: place[0]
    ),
    amounts,
    amounts,
)
def test_everything_is_within_the_plot(places: list[tuple[float, int]], one: float, other: float) -> None:
    places.sort()
    low, high = sorted((one, other))
    drawn = plot(places, places[len(places) // 2][0], low, high)
    assert drawn is not None
    assert drawn.advertised is not None
    inside = (
        0,
        *(x for x, _ in drawn.dots),
        *drawn.span,
        drawn.median,
        drawn.advertised[0],
        sum(drawn.advertised),
    )
    assert all(-0.01 <= x <= 100.02 for x in inside)
    assert all(0 < y <= drawn.floor for _, y in drawn.dots)
    assert len(drawn.dots) <= len(places) * MAX_DOTS
    assert len(drawn.dots) * drawn.per_dot >= sum(count for _, count in places)


def test_what_has_no_upper_end_draws_no_bar() -> None:
    drawn = plot([(3, 2), (4, 1)], 3, 3, None)
    assert drawn is not None
    assert drawn.advertised is None
    assert drawn.per_dot == 1


def test_without_reports_there_is_no_drawing() -> None:
    assert plot([], 0, 1, 2) is None


def test_what_is_advertised_is_drawn_in_the_unit_of_the_reports() -> None:
    told = {"reported_time": 10, "reported_time_unit": "business_days", "report_values": {"time": [[10, 3]]}}
    drawn = report_plots(offer(time_unit="weeks", time_min=2, time_max=2, **told))["time"]
    assert drawn is not None
    assert drawn.advertised is not None
    assert drawn.advertised[0] < drawn.median == drawn.span[0] <= sum(drawn.advertised)


def test_a_price_in_other_money_than_the_reports_is_not_drawn() -> None:
    told = {"reported_cost": 5000, "reported_currency": "MXN", "report_values": {"cost": [[5000, 3]]}}
    same = report_plots(offer(currency="MXN", fee_min=4000, **told))["cost"]
    other = report_plots(offer(currency="EUR", fee_min=4000, **told))["cost"]
    assert same is not None
    assert other is not None
    assert (same.advertised is None, other.advertised is None) == (False, True)
