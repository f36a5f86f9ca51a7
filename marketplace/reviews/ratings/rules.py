"""Pure: what clients reported, put beside what is advertised.

Costs enter in the currency of the listing, without official fees; times where they can be told in its unit. Below three
reports nothing is said, so that nobody's single case stands there. Equal values come counted: a listing may have thousands.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

REPORTS_NEEDED = 3
# Units that are converted into each other, in the smallest of the family; a month counts as 30 days. Business days stand
# alone: how many days they are depends on the holidays.
UNIT_FAMILIES: tuple[dict[str, int], ...] = (
    {"minutes": 1, "hours": 60},
    {"days": 1, "weeks": 7, "months": 30},
    {"business_days": 1},
)
MOST_PLACES = 40

Value = int | Fraction
Values = Counter[int] | Counter[Fraction]


class Advertised(Protocol):
    """What is looked at in a listing."""

    @property
    def cost_basis(self) -> str: ...
    @property
    def fee_min(self) -> int | None: ...
    @property
    def fee_max(self) -> int | None: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def time_max(self) -> int | None: ...
    @property
    def time_unit(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Reports:
    """What counted reviews report, by value: how many say so. `costs` in minor units of the listing's currency, `times` in
    its unit; `both` reviews have one of each."""

    costs: Counter[int] = field(default_factory=Counter)
    times: Counter[Fraction] = field(default_factory=Counter)
    both: int = 0


@dataclass(frozen=True, slots=True)
class ReportSums:
    """What the reports come to. `reported_cost` (minor units of the listing's currency) and `reported_time` (the listing's
    unit) are medians, None below three reports; `reported_count` is how many reviews enter a median that is shown.

    Of `priced_count` reports `within_quote` cost at most what is advertised, of `timed_count` `on_time` took at most as
    long; 0 below three reports, or where nothing advertised sets an upper end. `report_values` are the values behind
    the medians, for drawing: (value, how many) in rising order, in at most 40 places.
    """

    reported_count: int = 0
    reported_cost: int | None = None
    reported_time: int | None = None
    priced_count: int = 0
    within_quote: int = 0
    timed_count: int = 0
    on_time: int = 0
    report_values: dict[str, list[list[float]]] = field(default_factory=dict)


def rounded(value: float | Fraction) -> int:
    """The nearest integer, halves up."""
    return math.floor(Fraction(value) + Fraction(1, 2))


def comparable_units(unit: str | None) -> tuple[str, ...]:
    """The units that times can be converted from into this one."""
    return next((tuple(family) for family in UNIT_FAMILIES if unit in family), ())


def in_unit(amount: int, unit: str, wanted: str) -> Fraction | None:
    """A time in another unit of its family; None where the units cannot be compared."""
    for family in UNIT_FAMILIES:
        if unit in family and wanted in family:
            return Fraction(amount * family[unit], family[wanted])
    return None


def upper_quote(terms: Advertised) -> int | None:
    """The most that the service costs as advertised, in minor units; None where nothing says so ("from", hourly, on
    request)."""
    if terms.cost_basis == "free":
        return 0
    return {"fixed": terms.fee_min, "range": terms.fee_max}.get(terms.cost_basis)


def report_sums(reports: Reports, terms: Advertised) -> ReportSums:
    """What is reported beside the terms."""
    costs, times = reports.costs, reports.times
    cost, time = _median(costs), _median(times)
    if time == 0 and any(times):
        time = 1  # "0 weeks" would say that it took no time at all
    priced, within = _share(costs, upper_quote(terms))
    timed, on_time = _share(times, terms.time_max)
    places = {"cost": _places(costs), "time": _places(times)}
    return ReportSums(
        reported_count=_entering(reports),
        reported_cost=cost,
        reported_time=time,
        priced_count=priced,
        within_quote=within,
        timed_count=timed,
        on_time=on_time,
        report_values={kind: found for kind, found in places.items() if found},
    )


def _entering(reports: Reports) -> int:
    shown = [
        count for values in (reports.costs, reports.times) if (count := values.total()) >= REPORTS_NEEDED
    ]
    return sum(shown) - (reports.both if len(shown) == 2 else 0)


def _median(values: Values) -> int | None:
    count = values.total()
    if count < REPORTS_NEEDED:
        return None
    return rounded(Fraction(_at(values, (count - 1) // 2) + _at(values, count // 2)) / 2)


def _at(values: Values, place: int) -> Value:
    """The value at a place of them all in rising order."""
    rising: list[tuple[Value, int]] = sorted(values.items())
    for value, count in rising:
        place -= count
        if place < 0:
            return value
    raise IndexError(place)


def _share(values: Values, most: int | None) -> tuple[int, int]:
    count = values.total()
    if most is None or count < REPORTS_NEEDED:
        return 0, 0
    return count, sum(number for value, number in values.items() if value <= most)


def _places(values: Values) -> list[list[float]]:
    """The values with how often each is there; where they are too many, gathered in the middle of equal steps."""
    if values.total() < REPORTS_NEEDED:
        return []
    counts: Counter[Value] = Counter(values)
    if len(counts) > MOST_PLACES:
        low, high = min(counts), max(counts)
        step = Fraction(high - low) / MOST_PLACES
        gathered: Counter[Value] = Counter()
        for value, count in counts.items():
            place = min(int((value - low) / step), MOST_PLACES - 1)
            gathered[low + step * (2 * place + 1) / 2] += count
        counts = gathered
    return [[round(float(value), 2), count] for value, count in sorted(counts.items())]
