"""What is advertised and what clients reported, placed on one axis for a small drawing. Pure: numbers in, percentages out.

The axis has round numbers at equal steps (1, 2, 2.5 or 5 times a power of ten) and begins at nothing where the least value
is below half of the greatest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.i18n.currencies import currency_digits
from marketplace.public.offers.offers import Offer

MOST_STEPS = 5
MOST_DOTS = 6  # above one another
DOT_HEIGHT = 9
BASE_HEIGHT = 26
THINNEST = 1.3  # per cent: a fixed cost is a bar all the same


@dataclass(frozen=True, slots=True)
class Plot:
    """Positions in per cent of the width. `ticks` are (position, value); `advertised` is (start, width), None where nothing
    sets an end; `dots` are (position, pixels from the top) and stand for up to `per_dot` reports each; `span` reaches from
    the least to the greatest report. Heights in pixels."""

    ticks: tuple[tuple[float, float], ...]
    advertised: tuple[float, float] | None
    dots: tuple[tuple[float, int], ...]
    per_dot: int
    span: tuple[float, float]
    median: float
    height: int

    @property
    def last(self) -> float:
        """The value at the axis's end."""
        return self.ticks[-1][1]

    @property
    def floor(self) -> int:
        """Where the lowest dots stand, in pixels from the top."""
        return self.height - BASE_HEIGHT


def drawings(offer: Offer) -> dict[str, Plot | None]:
    """What clients reported of an offer's cost (in whole units of its currency) and time (in its unit)."""
    low, high = offer.fee_min, offer.fee_max if offer.cost_basis == "range" else offer.fee_min
    if offer.cost_basis == "free":
        low = high = 0
    elif offer.cost_basis not in ("fixed", "range"):
        low = high = None  # nothing sets an end, or it counts hours
    scale = 10 ** currency_digits(offer.currency) if offer.currency else 1
    places = offer.report_values
    return {
        "cost": None
        if offer.reported_cost is None
        else plot(
            [(value / scale, count) for value, count in places.get("cost", ())],
            offer.reported_cost / scale,
            None if low is None else low / scale,
            None if high is None else high / scale,
        ),
        "time": None
        if offer.reported_time is None
        else plot(places.get("time", ()), offer.reported_time, offer.time_min, offer.time_max),
    }


def plot(
    places: Sequence[Sequence[float]], middle: float, low: float | None, high: float | None
) -> Plot | None:
    """The drawing of reports as (value, how many) in rising order, with their median, beside what is advertised from `low`
    to `high`. None without reports."""
    if not places:
        return None
    ends = [value for value in (low, high) if value is not None]
    start, step, steps = axis(min(places[0][0], middle, *ends), max(places[-1][0], middle, *ends))

    def at(value: float) -> float:
        return round(100 * (value - start) / (step * steps), 2)

    per_dot = math.ceil(max(count for _, count in places) / MOST_DOTS)
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
    """Where the axis starts, how far apart its marks are, and how many steps it has: it holds both values."""
    if low < high / 2:
        low = 0
    step = _round_step((high - low) / MOST_STEPS or max(abs(high), 1) / MOST_STEPS)
    start = math.floor(low / step) * step
    if low == start > 0:
        start -= step  # so that nothing sticks to the edge
    return start, step, max(1, math.ceil((high - start) / step - 1e-9))


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= least * (1 - 1e-9))


def _bar(start: float, end: float) -> tuple[float, float]:
    width = max(end - start, THINNEST)
    return round(min(max(start - (width - (end - start)) / 2, 0), 100 - width), 2), round(width, 2)
