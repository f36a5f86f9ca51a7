"""The sums of a listing's reviews reckoned row by row, in plain Python: what the database's counting must come to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Any

from marketplace.reviews.ratings.queries import Published
from marketplace.reviews.ratings.rules import Reports, in_unit, rounded, upper_quote
from marketplace.reviews.ratings.weights import EPOCH, HALF_LIFE_DAYS

COUNTED = ("confirmed", "invited", "documented")


def time_in(row: Any, terms: Any) -> Fraction | None:
    """What a review says of the time, in the listing's unit."""
    if row.real_time is None or row.real_time_unit is None or terms.time_unit is None:
        return None
    return in_unit(row.real_time, row.real_time_unit, terms.time_unit)


def cost_in(row: Any, terms: Any) -> int | None:
    """What a review says of the cost, in the listing's currency."""
    return row.real_cost if terms.currency is not None and row.real_currency == terms.currency else None


def reports_of(counted: Iterable[Any], terms: Any) -> Reports:
    """What these reviews report, counted one by one."""
    told = [(cost_in(row, terms), time_in(row, terms)) for row in counted]
    return Reports(
        Counter(cost for cost, _ in told if cost is not None),
        Counter(time for _, time in told if time is not None),
        sum(cost is not None and time is not None for cost, time in told),
    )


def published_of(rows: Iterable[Any], terms: Any) -> Published:
    """These published reviews, counted one by one."""
    rows = list(rows)
    counted = [row for row in rows if row.level in COUNTED]
    days: Counter[tuple[date, int, bool]] = Counter(
        (row.published_at.date(), row.rating, row.level == "invited") for row in counted
    )
    return Published(days, reports_of(counted, terms), len(rows) - len(counted))


def sums_by_hand(rows: Iterable[Any], terms: Any) -> dict[str, Any]:
    """A listing's columns from its published reviews, without anything counted together."""
    rows = list(rows)
    counted = [row for row in rows if row.level in COUNTED]
    weights = [2 ** ((row.published_at.date() - EPOCH).days / HALF_LIFE_DAYS) for row in counted]
    old = [weight for weight, row in zip(weights, counted, strict=True) if row.level == "invited"]
    invited = [row.rating for row in counted if row.level == "invited"]
    costs = [cost for row in counted if (cost := cost_in(row, terms)) is not None]
    times = [time for row in counted if (time := time_in(row, terms)) is not None]
    priced, timed = len(costs) >= 3, len(times) >= 3
    cost, taken = _middle(costs), _middle(times)
    quote = upper_quote(terms)
    return {
        "review_count": len(counted),
        "uncounted_count": len(rows) - len(counted),
        "rating_sum": sum(row.rating for row in counted),
        "rating_average": _stars([row.rating for row in counted if row.level != "invited"], invited),
        "invited_weight": math.fsum(old),
        "invited_weighted": math.fsum(w * rating for w, rating in zip(old, invited, strict=True)),
        "rating_weight": math.fsum(weights),
        "rating_weighted": math.fsum(w * row.rating for w, row in zip(weights, counted, strict=True)),
        "reported_cost": cost,
        "reported_time": 1 if taken == 0 and any(times) else taken,
        "reported_count": sum(
            (priced and cost_in(row, terms) is not None) or (timed and time_in(row, terms) is not None)
            for row in counted
        ),
        "priced_count": len(costs) if priced and quote is not None else 0,
        "within_quote": sum(value <= quote for value in costs) if priced and quote is not None else 0,
        "timed_count": len(times) if timed and terms.time_max is not None else 0,
        "on_time": sum(value <= terms.time_max for value in times)
        if timed and terms.time_max is not None
        else 0,
    }


def _stars(proven: list[int], invited: list[int]) -> float | None:
    """Invited reviews half each, and together at most a quarter of the proven ones and one more."""
    if not proven and not invited:
        return None
    each = min(Fraction(1, 2), Fraction(len(proven) + 4, 4 * len(invited))) if invited else Fraction(0)
    return float((sum(proven) + each * sum(invited)) / (len(proven) + each * len(invited)))


def _middle(values: Sequence[int | Fraction]) -> int | None:
    return rounded(Fraction(median(map(Fraction, values)))) if len(values) >= 3 else None
