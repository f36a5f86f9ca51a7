"""Plots of what is advertised against what clients reported, on one axis. Pure: numbers in, percentages out.

The axis has round numbers at equal steps (1, 2, 2.5 or 5 times a power of ten). It begins at zero if the smallest value is
less than half of the largest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.i18n.currencies import currency_digits
from marketplace.public.offers.models import Offer
from marketplace.values.timeframe import UNIT_MINUTES

MAX_STEPS = 5
MAX_DOTS = 6  # in one stack
DOT_HEIGHT = 9
BASE_HEIGHT = 26
MIN_BAR = 1.3  # percent: a fixed cost is drawn as a bar too


@dataclass(frozen=True, slots=True)
class Plot:
    """Horizontal positions in percent of the width, heights in pixels.

    `ticks` are (position, value). `advertised` is (start, width), or None if the advertised value is open-ended. `dots` are
    (position, pixels from the top); each stands for up to `per_dot` reports. `span` goes from the smallest to the largest
    report.
    """

    ticks: tuple[tuple[float, float], ...]
    advertised: tuple[float, float] | None
    dots: tuple[tuple[float, int], ...]
    per_dot: int
    span: tuple[float, float]
    median: float
    height: int

    @property
    def last(self) -> float:
        """The value at the end of the axis."""
        return self.ticks[-1][1]

    @property
    def floor(self) -> int:
        """The position of the lowest dots, in pixels from the top."""
        return self.height - BASE_HEIGHT


def report_plots(offer: Offer) -> dict[str, Plot | None]:
    """Plots of the reported cost (in whole units of its currency) and the reported time (in its unit)."""
    return {"cost": _cost_plot(offer), "time": _time_plot(offer)}


def _cost_plot(offer: Offer) -> Plot | None:
    if offer.reported_cost is None or offer.reported_currency is None:
        return None
    low, high = offer.fee_min, offer.fee_max if offer.cost_basis == "range" else offer.fee_min
    if offer.cost_basis == "free":
        low = high = 0
    elif offer.cost_basis not in ("fixed", "range") or offer.currency != offer.reported_currency:
        low = high = None  # open-ended, a rate by the hour, or other money than the axis has
    scale = 10 ** currency_digits(offer.reported_currency)
    ends = [None if end is None else end / scale for end in (low, high)]
    places = [(value / scale, count) for value, count in offer.report_values.get("cost", ())]
    return plot(places, offer.reported_cost / scale, *ends)


def _time_plot(offer: Offer) -> Plot | None:
    if offer.reported_time is None or offer.reported_time_unit is None:
        return None
    factor = UNIT_MINUTES[offer.time_unit or "days"] / UNIT_MINUTES[offer.reported_time_unit]
    ends = [None if end is None else end * factor for end in (offer.time_min, offer.time_max)]
    return plot(offer.report_values.get("time", ()), offer.reported_time, *ends)


def plot(
    places: Sequence[Sequence[float]], middle: float, low: float | None, high: float | None
) -> Plot | None:
    """A plot of reports, given as (value, number) in ascending order, and their median, beside the advertised range from
    `low` to `high`. None without reports."""
    if not places:
        return None
    ends = [value for value in (low, high) if value is not None]
    start, step, steps = axis(min(places[0][0], middle, *ends), max(places[-1][0], middle, *ends))

    def at(value: float) -> float:
        return round(100 * (value - start) / (step * steps), 2)

    per_dot = math.ceil(max(count for _, count in places) / MAX_DOTS)
    stacks = [(at(value), math.ceil(count / per_dot)) for value, count in places]
    height = BASE_HEIGHT + DOT_HEIGHT * max(dots for _, dots in stacks)
    return Plot(
        ticks=tuple(
            (round(100 * number / steps, 2), round(start + step * number, 6)) for number in range(steps + 1)
        ),
        advertised=_bar(at(low), at(high)) if low is not None and high is not None else None,
        dots=tuple(
            (x, height - BASE_HEIGHT - DOT_HEIGHT * level) for x, dots in stacks for level in range(dots)
        ),
        per_dot=per_dot,
        span=(stacks[0][0], stacks[-1][0]),
        median=at(middle),
        height=height,
    )


def axis(low: float, high: float) -> tuple[float, float, int]:
    """The start, the step and the number of steps of an axis that covers both values."""
    if low < high / 2:
        low = 0
    step = _round_step((high - low) / MAX_STEPS or max(abs(high), 1) / MAX_STEPS)
    start = math.floor(low / step) * step
    if low == start > 0:
        start -= step  # leaves a margin
    return start, step, max(1, math.ceil((high - start) / step - 1e-9))


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= least * (1 - 1e-9))


def _bar(start: float, end: float) -> tuple[float, float]:
    width = max(end - start, MIN_BAR)
    return round(min(max(start - (width - (end - start)) / 2, 0), 100 - width), 2), round(width, 2)
