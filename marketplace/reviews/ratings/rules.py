"""Pure: what clients reported, put beside what is advertised.

Reports stay what they are whatever the provider does to its listing afterwards: a median is shown in the unit and currency
that most of its reports were written in, the others converted (units by `UNIT_MINUTES`, currencies at the rate of the day of
the experience), and a report is held against the terms that were published on that day. Costs are without official fees.
Reports of invited reviews count as little as their stars do (`weights`), or ten mailboxes would buy a median. Nothing is
said before the reports count for three, so that nobody's single case stands there. Equal values come counted: a listing may
have thousands.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple, Protocol, TypeVar

from marketplace.reviews.ratings.weights import invited_part
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
Report = tuple[date, int, str, bool]
Weights = Mapping[Fraction, Fraction]
Key = TypeVar("Key")
# Minor units, from a currency, into a currency, at the rates of a day; None where one is missing.
Convert = Callable[[int, str, str, date], int | None]


@dataclass(frozen=True, slots=True)
class Reports:
    """What counted reviews report, by value: how many say so. `costs` are (day of the experience, minor units, currency,
    whether invited), `times` (day, amount, unit, whether invited); `reviews` have one of the two or both."""

    costs: Counter[Report] = field(default_factory=Counter)
    times: Counter[Report] = field(default_factory=Counter)
    reviews: int = 0


@dataclass(frozen=True, slots=True)
class ReportSums:
    """What the reports come to.

    `reported_cost` (minor units of `reported_currency`) is the median of `cost_reports` reports, `reported_time` (in
    `reported_time_unit`) of `time_reports`; None before they count for three. `reported_count` reviews report one or both.
    `reported_times` has all times as (amount, unit, how many proven, how many invited), for the median of a topic.

    `priced_count` reports are of days on which the terms set an upper end, and `within_quote` of them cost at most that;
    `timed_count` are of days on which they stated a time, and `on_time` took at most as long. `report_values` has the values
    behind the medians, for drawing, as (value, how many) in rising order, in at most 40 places; the shares `on_time` and
    `within_quote`, weighed as the medians are; and by currency how many costs were `converted` and how many could not be
    (`unrated`).
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
    told: dict[tuple[int, str], list[int]] = {}
    for (_, amount, unit, invited), count in reports.times.items():
        told.setdefault((amount, unit), [0, 0])[invited] += count
    times = sorted((*key, *counts) for key, counts in told.items())
    weighed = weigh_times(times)
    time, time_unit = median_time(weighed)
    costs, cost, currency = _costs(reports.costs, convert)
    on_time = _verdicts(reports.times, terms_on, _took_no_longer)
    within = _verdicts(reports.costs, terms_on, partial(_cost_no_more, convert))
    in_unit = _times_in(time_unit, {key: Fraction(sum(counts)) for key, counts in told.items()})
    paid = {Fraction(minor): Fraction(sum(counts)) for minor, counts in costs.values.items()}
    drawn = {
        "time": _places(in_unit) if time is not None else [],
        "cost": _places(paid) if cost is not None else [],
    }
    shares = {"on_time": _share(on_time), "within_quote": _share(within)}
    apart = {"converted": costs.converted, "unrated": costs.unrated}
    return ReportSums(
        reported_count=reports.reviews,
        reported_cost=cost,
        reported_currency=None if cost is None else currency,
        cost_reports=sum(map(sum, costs.values.values())),
        priced_count=within.total(),
        within_quote=within[True, True] + within[True, False],
        reported_time=time,
        reported_time_unit=time_unit,
        time_reports=reports.times.total(),
        timed_count=on_time.total(),
        on_time=on_time[True, True] + on_time[True, False],
        reported_times=[list(row) for row in times],
        report_values={
            **{name: found for name, found in drawn.items() if found},
            **{name: share for name, share in shares.items() if share is not None},
            **{name: dict(sorted(counts.items())) for name, counts in apart.items() if counts},
        },
    )


def weigh_times(times: Iterable[Sequence[Any]]) -> dict[tuple[int, str], Fraction]:
    """What the times of a listing count, given as (amount, unit, how many proven, how many invited)."""
    return _weigh({(amount, unit): (proven, invited) for amount, unit, proven, invited in times})


def median_time(times: Mapping[tuple[int, str], Fraction]) -> tuple[int | None, str | None]:
    """The median of times given with what they count, in the unit that counts most (of two, the shorter), and that unit;
    nothing before they count for three."""
    unit = _commonest(((unit, weight) for (_, unit), weight in times.items()), UNIT_MINUTES.__getitem__)
    median = median_of(_times_in(unit, times))
    if median is None:
        return None, None
    return max(
        rounded(median), 1 if median > 0 else 0
    ), unit  # "0 weeks" would say that it took no time at all


def median_of(values: Weights) -> Fraction | None:
    """The value in the middle of weighed ones, or between the two in the middle; None before they count for three."""
    total = sum(values.values())
    if total < REPORTS_NEEDED:
        return None
    rising, passed = sorted(value for value, weight in values.items() if weight), Fraction(0)
    for value, following in pairwise([*rising, rising[-1]]):
        passed += values[value]
        if passed * 2 >= total:
            return value if passed * 2 > total else (value + following) / 2
    raise AssertionError(total)


def rounded(value: float | Fraction) -> int:
    """The nearest integer, halves up."""
    return math.floor(Fraction(value) + Fraction(1, 2))


def upper_quote(terms: Advertised) -> int | None:
    """The most that the service costs as advertised, in minor units; None where nothing says so ("from", hourly, on
    request)."""
    if terms.cost_basis == "free":
        return 0
    return {"fixed": terms.fee_min, "range": terms.fee_max}.get(terms.cost_basis)


class _Costs(NamedTuple):
    """Costs in one currency: how many proven and how many invited reports of each, and by currency what was converted and
    what could not be."""

    values: dict[int, list[int]]
    converted: Counter[str]
    unrated: Counter[str]


def _costs(reports: Counter[Report], convert: Convert) -> tuple[_Costs, int | None, str]:
    """The costs, their median, and the currency that counts most."""
    by_code: dict[str, list[int]] = {}
    for (_, _, code, invited), count in reports.items():
        by_code.setdefault(code, [0, 0])[invited] += count
    currency = _commonest(_weigh(by_code).items(), str)
    found = _Costs({}, Counter(), Counter())
    for (day, minor, code, invited), count in reports.items():
        paid = convert(minor, code, currency, day)
        if paid is None:
            found.unrated[code] += count
            continue
        found.values.setdefault(paid, [0, 0])[invited] += count
        if code != currency:
            found.converted[code] += count
    median = median_of({Fraction(paid): weight for paid, weight in _weigh(found.values).items()})
    return found, None if median is None else rounded(median), currency


def _weigh(counts: Mapping[Key, Sequence[int]]) -> dict[Key, Fraction]:
    """What things count together, given by how many proven and how many invited reports say so."""
    part = invited_part(*(sum(pair[place] for pair in counts.values()) for place in (0, 1)))
    return {key: proven + part * invited for key, (proven, invited) in counts.items()}


def _commonest(counts: Iterable[tuple[str, Fraction | int]], length: Callable[[str], Any]) -> str:
    """The name that counts most; of several the first by `length`."""
    total: dict[str, Fraction] = {}
    for name, count in counts:
        total[name] = total.get(name, Fraction(0)) + count
    return min(total, key=lambda name: (-total[name], length(name)), default="")


def _times_in(unit: str | None, times: Mapping[tuple[int, str], Fraction]) -> dict[Fraction, Fraction]:
    found: dict[Fraction, Fraction] = {}
    for (amount, own), count in times.items():
        value = Fraction(amount * UNIT_MINUTES[own], UNIT_MINUTES[unit or own])
        found[value] = found.get(value, Fraction(0)) + count
    return found


# How many reports say that a promise was kept, or was not, and whether they are invited.
Verdicts = Counter[tuple[bool, bool]]


def _verdicts(
    reports: Counter[Report], terms_on: TermsOn, kept: Callable[[Advertised, Report], bool | None]
) -> Verdicts:
    """What became of the promises of each report's day; those without one are left out."""
    found: Verdicts = Counter()
    for report, count in reports.items():
        verdict = kept(terms_on(report[0]), report)
        if verdict is not None:
            found[verdict, report[3]] += count
    return found


def _took_no_longer(terms: Advertised, report: Report) -> bool | None:
    _, amount, unit, _ = report
    if terms.time_max is None or terms.time_unit is None:
        return None
    return amount * UNIT_MINUTES[unit] <= terms.time_max * UNIT_MINUTES[terms.time_unit]


def _cost_no_more(convert: Convert, terms: Advertised, report: Report) -> bool | None:
    day, minor, code, _ = report
    most, paid = upper_quote(terms), convert(minor, code, terms.currency or code, day)
    return None if most is None or paid is None else paid <= most


def _share(verdicts: Verdicts) -> float | None:
    """The share of promises kept; None before they count for three."""
    part = invited_part(
        verdicts[True, False] + verdicts[False, False], verdicts[True, True] + verdicts[False, True]
    )
    kept, broken = (verdicts[verdict, False] + part * verdicts[verdict, True] for verdict in (True, False))
    return None if kept + broken < REPORTS_NEEDED else float(kept / (kept + broken))


def _places(values: Weights) -> list[list[float]]:
    """The values with how often each is there; where they are too many, gathered in the middle of equal steps."""
    counts = {value: int(count) for value, count in values.items()}
    if len(counts) > MOST_PLACES:
        low, high = min(counts), max(counts)
        step = (high - low) / MOST_PLACES
        gathered: Counter[Fraction] = Counter()
        for value, count in counts.items():
            place = min(int((value - low) / step), MOST_PLACES - 1)
            gathered[low + step * (2 * place + 1) / 2] += count
        counts = gathered
    return [[round(float(value), 2), count] for value, count in sorted(counts.items())]
