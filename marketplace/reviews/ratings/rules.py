"""Pure: what clients reported, put beside what is advertised.

Reports stay what they are whatever the provider does to its listing afterwards: a median is shown in the unit and currency
that most of its reports were written in, the others converted (units by `UNIT_MINUTES`, currencies at the rate of the day of
the experience), and a report is held against the terms that were published on that day. Costs are without official fees.
Below three reports nothing is said, so that nobody's single case stands there. Equal values come counted: a listing may have
thousands.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from marketplace.values.timeframe import UNIT_MINUTES

REPORTS_NEEDED = 3
MOST_PLACES = 40


class Advertised(Protocol):
    """What is looked at in a listing's terms."""

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


TermsOn = Callable[[date], Advertised]
# Minor units, from a currency, into a currency, at the rates of a day; None where one is missing.
Convert = Callable[[int, str, str, date], int | None]


@dataclass(frozen=True, slots=True)
class Reports:
    """What counted reviews report, by value: how many say so. `costs` are (day of the experience, minor units, currency),
    `times` (day, amount, unit); `reviews` have one of the two or both."""

    costs: Counter[tuple[date, int, str]] = field(default_factory=Counter)
    times: Counter[tuple[date, int, str]] = field(default_factory=Counter)
    reviews: int = 0


@dataclass(frozen=True, slots=True)
class ReportSums:
    """What the reports come to.

    `reported_cost` (minor units of `reported_currency`) is the median of `cost_reports` reports, `reported_time` (in
    `reported_time_unit`) of `time_reports`; None below three. `reported_count` reviews report one or both. `reported_times`
    has all times as (amount, unit, how many), for the median of a topic.

    Of `priced_count` reports that the terms then published set an upper end for, `within_quote` cost at most that; of
    `timed_count` `on_time` took at most as long. Neither is shown below three. `report_values` has the values behind the
    medians, for drawing, as (value, how many) in rising order, in at most 40 places, and by currency how many costs were
    `converted` and how many could not be (`unrated`).
    """

    reported_count: int = 0
    reported_cost: int | None = None
    reported_currency: str | None = None
    cost_reports: int = 0
    priced_count: int = 0
    within_quote: int = 0
    reported_time: int | None = None
    reported_time_unit: str | None = None
    time_reports: int = 0
    timed_count: int = 0
    on_time: int = 0
    reported_times: list[list[Any]] = field(default_factory=list)
    report_values: dict[str, Any] = field(default_factory=dict)


def report_sums(reports: Reports, terms_on: TermsOn, convert: Convert) -> ReportSums:
    """What is reported, each report beside the terms of its day."""
    told: Counter[tuple[int, str]] = Counter()
    for (_, amount, unit), count in reports.times.items():
        told[amount, unit] += count
    times = sorted((amount, unit, count) for (amount, unit), count in told.items())
    time, time_unit = median_time(times)
    on_time = _time_verdicts(reports.times, terms_on)
    currency = _commonest((code, count) for (_, _, code), count in reports.costs.items())
    costs: Counter[Fraction] = Counter()
    converted: Counter[str] = Counter()
    unrated: Counter[str] = Counter()
    for (day, minor, code), count in reports.costs.items():
        paid = convert(minor, code, currency, day)
        if paid is None:
            unrated[code] += count
            continue
        costs[Fraction(paid)] += count
        if code != currency:
            converted[code] += count
    cost = median_of(costs)
    within_quote = _cost_verdicts(reports.costs, terms_on, convert)
    values: dict[str, Any] = {
        "cost": _places(costs),
        "time": _places(_times_in(time_unit, times)),
        "converted": dict(sorted(converted.items())),
        "unrated": dict(sorted(unrated.items())),
    }
    return ReportSums(
        reported_count=reports.reviews,
        reported_cost=None if cost is None else rounded(cost),
        reported_currency=None if cost is None else currency,
        cost_reports=costs.total(),
        priced_count=within_quote.total(),
        within_quote=within_quote[True],
        reported_time=time,
        reported_time_unit=time_unit,
        time_reports=told.total(),
        timed_count=on_time.total(),
        on_time=on_time[True],
        reported_times=[list(row) for row in times],
        report_values={name: found for name, found in values.items() if found},
    )


def median_time(times: Iterable[tuple[int, str, int]]) -> tuple[int | None, str | None]:
    """The median of times given as (amount, unit, how many), in the unit that most of them are in (of two, the shorter), and
    that unit; nothing below three."""
    times = list(times)
    unit = _commonest(((own, count) for _, own, count in times), UNIT_MINUTES.__getitem__)
    median = median_of(_times_in(unit, times))
    if median is None:
        return None, None
    return max(
        rounded(median), 1 if median > 0 else 0
    ), unit  # "0 weeks" would say that it took no time at all


def median_of(values: Counter[Fraction]) -> Fraction | None:
    """The median of counted values; None below three."""
    count = values.total()
    return None if count < REPORTS_NEEDED else (_at(values, (count - 1) // 2) + _at(values, count // 2)) / 2


def rounded(value: float | Fraction) -> int:
    """The nearest integer, halves up."""
    return math.floor(Fraction(value) + Fraction(1, 2))


def upper_quote(terms: Advertised) -> int | None:
    """The most that the service costs as advertised, in minor units; None where nothing says so ("from", hourly, on
    request)."""
    if terms.cost_basis == "free":
        return 0
    return {"fixed": terms.fee_min, "range": terms.fee_max}.get(terms.cost_basis)


def _commonest(counts: Iterable[tuple[str, int]], length: Callable[[str], Any] = str) -> str:
    """The name with the highest count; of several the first by `length`."""
    total: Counter[str] = Counter()
    for name, count in counts:
        total[name] += count
    return min(total, key=lambda name: (-total[name], length(name)), default="")


def _times_in(unit: str | None, times: Iterable[tuple[int, str, int]]) -> Counter[Fraction]:
    found: Counter[Fraction] = Counter()
    for amount, own, count in times:
        found[Fraction(amount * UNIT_MINUTES[own], UNIT_MINUTES[unit or own])] += count
    return found


def _time_verdicts(times: Mapping[tuple[date, int, str], int], terms_on: TermsOn) -> Counter[bool]:
    """How many took at most as long as advertised then, and how many longer."""
    found: Counter[bool] = Counter()
    for (day, amount, unit), count in times.items():
        terms = terms_on(day)
        if terms.time_max is not None and terms.time_unit is not None:
            most = terms.time_max * UNIT_MINUTES[terms.time_unit]
            found[amount * UNIT_MINUTES[unit] <= most] += count
    return found


def _cost_verdicts(
    costs: Mapping[tuple[date, int, str], int], terms_on: TermsOn, convert: Convert
) -> Counter[bool]:
    """How many cost at most what was advertised then, and how many more."""
    found: Counter[bool] = Counter()
    for (day, minor, code), count in costs.items():
        terms = terms_on(day)
        most = upper_quote(terms)
        paid = convert(minor, code, terms.currency or code, day)
        if most is not None and paid is not None:
            found[paid <= most] += count
    return found


def _at(values: Counter[Fraction], place: int) -> Fraction:
    """The value at a place of them all in rising order."""
    for value, count in sorted(values.items()):
        place -= count
        if place < 0:
            return value
    raise IndexError(place)


def _places(values: Counter[Fraction]) -> list[list[float]]:
    """The values with how often each is there; where they are too many, gathered in the middle of equal steps."""
    if values.total() < REPORTS_NEEDED:
        return []
    counts = values
    if len(counts) > MOST_PLACES:
        low, high = min(counts), max(counts)
        step = (high - low) / MOST_PLACES
        gathered: Counter[Fraction] = Counter()
        for value, count in counts.items():
            place = min(int((value - low) / step), MOST_PLACES - 1)
            gathered[low + step * (2 * place + 1) / 2] += count
        counts = gathered
    return [[round(float(value), 2), count] for value, count in sorted(counts.items())]
