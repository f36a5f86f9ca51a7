"""The sums of a listing's reviews reckoned row by row, in plain Python: what the database's counting must come to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Any

from marketplace.reviews.ratings.queries import Published
from marketplace.reviews.ratings.rules import Reports, rounded
from marketplace.reviews.ratings.weights import EPOCH, HALF_LIFE_DAYS

COUNTED = ("confirmed", "invited", "documented")
DAY = 24 * 60
MINUTES = {
    "minutes": 1,
    "hours": 60,
    "days": DAY,
    "business_days": 7 * DAY // 5,
    "weeks": 7 * DAY,
    "months": 1461 * DAY // 48,
}


Into = Callable[[int, str, str, date], int | None]


def at_par(minor: int, source: str, target: str, day: date) -> int | None:
    """Every currency is worth the same; ARS has no rate."""
    return None if "ARS" in (source, target) and source != target else minor


def reports_of(counted: Iterable[Any]) -> Reports:
    """What these reviews report, counted one by one."""
    rows = [row for row in counted if row.real_cost is not None or row.real_time is not None]
    return Reports(
        Counter(
            (r.experience_on, r.real_cost, r.real_currency, r.level == "invited")
            for r in rows
            if r.real_cost is not None
        ),
        Counter(
            (r.experience_on, r.real_time, r.real_time_unit, r.level == "invited")
            for r in rows
            if r.real_time is not None
        ),
        len(rows),
    )


def published_of(rows: Iterable[Any]) -> Published:
    """These published reviews, counted one by one."""
    rows = list(rows)
    counted = [row for row in rows if row.level in COUNTED]
    days: Counter[tuple[date, int, bool]] = Counter(
        (row.published_at.date(), row.rating, row.level == "invited") for row in counted
    )
    return Published(days, reports_of(counted), len(rows) - len(counted))


def sums_by_hand(rows: Iterable[Any], terms: Any, into: Into = at_par) -> dict[str, Any]:
    """A listing's columns from its published reviews, without anything counted together."""
    rows = list(rows)
    counted = [row for row in rows if row.level in COUNTED]
    weights = [2 ** ((row.published_at.date() - EPOCH).days / HALF_LIFE_DAYS) for row in counted]
    old = [weight for weight, row in zip(weights, counted, strict=True) if row.level == "invited"]
    invited = [row.rating for row in counted if row.level == "invited"]
    costs = [
        (r.real_cost, r.real_currency, r.experience_on, r.level) for r in counted if r.real_cost is not None
    ]
    times = [(r.real_time, r.real_time_unit, r.level) for r in counted if r.real_time is not None]
    unit = usual([(own, level) for _, own, level in times], MINUTES.__getitem__)
    currency = usual([(own, level) for _, own, _, level in costs], str)
    paid = [
        (Fraction(minor), level)
        for cost, own, day, level in costs
        if (minor := into(cost, own, currency, day)) is not None
    ]
    took = [(Fraction(amount * MINUTES[own], MINUTES[unit or own]), level) for amount, own, level in times]
    middle, cost = weighed_middle(took), weighed_middle(paid)
    quote = {"free": 0, "fixed": terms.fee_min, "range": terms.fee_max}.get(terms.cost_basis)
    held = [
        minor <= quote
        for cost, own, day, _ in costs
        if quote is not None and (minor := into(cost, own, terms.currency or own, day)) is not None
    ]
    return {
        "review_count": len(counted),
        "uncounted_count": len(rows) - len(counted),
        "rating_sum": sum(row.rating for row in counted),
        "rating_average": _stars([row.rating for row in counted if row.level != "invited"], invited),
        "invited_weight": math.fsum(old),
        "invited_weighted": math.fsum(w * rating for w, rating in zip(old, invited, strict=True)),
        "rating_weight": math.fsum(weights),
        "rating_weighted": math.fsum(w * row.rating for w, row in zip(weights, counted, strict=True)),
        "reported_count": sum(row.real_cost is not None or row.real_time is not None for row in counted),
        "reported_cost": None if cost is None else rounded(cost),
        "reported_currency": None if cost is None else currency,
        "cost_reports": len(paid),
        "priced_count": len(held),
        "within_quote": sum(held),
        "reported_time": None if middle is None else max(rounded(middle), 1 if middle > 0 else 0),
        "reported_time_unit": None if middle is None else unit,
        "time_reports": len(took),
        "timed_count": len(took) if terms.time_max is not None else 0,
        "on_time": sum(
            amount * MINUTES[own] <= (terms.time_max or 0) * MINUTES[terms.time_unit or own]
            for amount, own, _ in times
        )
        if terms.time_max is not None
        else 0,
    }


def parts(levels: Sequence[str]) -> list[Fraction]:
    """What each of these counts: invited ones half, together at most a quarter of the others and one more."""
    proven, invited = sum(level != "invited" for level in levels), levels.count("invited")
    part = min(Fraction(1, 2), Fraction(proven + 4, 4 * invited)) if invited else Fraction(0)
    return [part if level == "invited" else Fraction(1) for level in levels]


def usual(names: Sequence[tuple[str, str]], length: Callable[[str], Any]) -> str:
    """Of names with levels the one that counts most; of several the first by `length`."""
    weights = parts([level for _, level in names])
    total = {
        name: sum(weight for weight, (own, _) in zip(weights, names, strict=True) if own == name)
        for name, _ in names
    }
    return min(total, key=lambda name: (-total[name], length(name)), default="")


def weighed_middle(values: Sequence[tuple[Fraction, str]]) -> Fraction | None:
    """The median of values with levels: each is put down as often as it counts. None before they count for three."""
    weights = parts([level for _, level in values])
    if sum(weights) < 3:
        return None
    common = math.lcm(*(weight.denominator for weight in weights))
    written = [
        value for weight, (value, _) in zip(weights, values, strict=True) for _ in range(int(weight * common))
    ]
    return Fraction(median(written))


def _stars(proven: list[int], invited: list[int]) -> float | None:
    """Invited reviews half each, and together at most a quarter of the proven ones and one more."""
    if not proven and not invited:
        return None
    each = min(Fraction(1, 2), Fraction(len(proven) + 4, 4 * len(invited))) if invited else Fraction(0)
    return float((sum(proven) + each * sum(invited)) / (len(proven) + each * len(invited)))
