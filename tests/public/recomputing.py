"""Every figure of the public pages, worked out anew from all rows of the raw tables in plain Python: nothing of the
program's queries, sums or rules is used, only how it writes an amount or a time in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from statistics import median
from types import SimpleNamespace
from typing import Any

from currency_converter import CurrencyConverter

from marketplace.core.extensions import db
from marketplace.values.money import format_cost, format_money, format_percent, format_rating
from marketplace.values.timeframe import format_timeframe
from tests.public.site import folded

Row = SimpleNamespace
TABLES = (
    "topic",
    "guide",
    "provider",
    "listing",
    "listing_terms",
    "review",
    "exchange_rate",
    "currency_exponent",
)
SHOWN_PROVIDERS = ("active", "unclaimed")
PROVEN, INVITED = ("documented", "confirmed"), "invited"
DAY = 24 * 60
MINUTES = {"minutes": 1, "hours": 60, "days": DAY, "business_days": DAY * 7 / 5, "weeks": DAY * 7}
MINUTES["months"] = DAY * 365.25 / 12


@cache
def _ecb() -> dict[str, dict[date, Decimal | None]]:
    rates: dict[str, dict[date, Decimal | None]] = CurrencyConverter(decimal=True)._rates
    return rates


@dataclass
class Told:
    """What a listing's counted reviews come to."""

    counted: list[Row]
    uncounted: int
    costs: list[tuple[int, str]] = field(default_factory=list)
    currency: str = ""
    converted: Counter[str] = field(default_factory=Counter)
    unrated: Counter[str] = field(default_factory=Counter)
    within: list[tuple[bool, str]] = field(default_factory=list)
    times: list[tuple[int, str, str]] = field(default_factory=list)
    on_time: list[tuple[bool, str]] = field(default_factory=list)

    @property
    def reporting(self) -> int:
        """How many of them report something."""
        return sum(row.real_cost is not None or row.real_time is not None for row in self.counted)


class Truth:
    """The rows as they stand, on a day."""

    def __init__(self, today: date) -> None:
        self.today = today
        tables = db.metadata.tables
        self.rows = {
            name: [Row(**row._mapping) for row in db.session.execute(tables[name].select())]
            for name in TABLES
        }
        db.session.rollback()
        self.digits = {row.currency: row.digits for row in self.rows["currency_exponent"]}
        self.providers = {row.id: row for row in self.rows["provider"]}
        self.topics = {row.id: row for row in self.rows["topic"]}
        self.rate = cache(self._rate)
        self.told = cache(self._told)

    # --- which listings -----------------------------------------------------------------------------------------------

    def shown(self) -> list[Row]:
        """Listings that are offered."""
        return [
            row
            for row in self.rows["listing"]
            if row.status == "published" and self.providers[row.provider_id].status in SHOWN_PROVIDERS
        ]

    def with_page(self) -> list[Row]:
        """Listings that were offered once: their reviews stay."""
        kept = ("published", "paused", "withdrawn", "pending")
        return [row for row in self.rows["listing"] if row.published_at and row.status in kept]

    def in_tables(self) -> list[Row]:
        """Listings that stand in their guide's table."""
        return [row for row in self.shown() if (age := self._age(row)) is None or age < 270]

    def table(self, topic_id: int) -> list[Row]:
        """A topic's listings in the recommended order, by the formula of the page about it."""
        rows = [row for row in self.in_tables() if row.topic_id == topic_id]
        return sorted(rows, key=lambda row: (-round(self.score(row), 9), row.id))

    def _age(self, row: Row) -> int | None:
        return None if row.confirmed_at is None else max(0, (self.today - row.confirmed_at.date()).days)

    # --- ratings ------------------------------------------------------------------------------------------------------

    def bound(self, row: Row) -> float:
        """The lower bound of the Bayesian mean: what reviews make of the score."""
        faded = [
            (2 ** (-(self.today - review.published_at.date()).days / 540), review)
            for review in self.told(row.id).counted
        ]
        weight, weighted = _weighed(faded)
        total = 5 + weight
        return (5 * 3.5 + weighted) / total - 1 / math.sqrt(total)

    def score(self, row: Row) -> float:
        """The bound, freshness and completeness."""
        age = self._age(row)
        fresh = 0.0 if age is None else max(0.0, 1 - age / 270)
        facts = (
            len(row.service.split()) >= 12,
            row.cost_basis != "on_request",
            row.official_fee_kind != "unknown",
            row.time_min is not None,
            row.time_from is not None,
        )
        return self.bound(row) + 0.15 * fresh + 0.15 * sum(facts) / 5

    def stars(self, listing_id: int) -> float | None:
        """The average beside a listing."""
        weight, weighted = _weighed([(1.0, review) for review in self.told(listing_id).counted])
        return weighted / weight if weight else None

    def rating(self, listing_id: int) -> str:
        """The average as a page writes it; nothing without one."""
        stars = self.stars(listing_id)
        return "" if stars is None else format_rating(stars, "en")

    # --- reports ------------------------------------------------------------------------------------------------------

    def _told(self, listing_id: int) -> Told:
        shown = [
            row for row in self.rows["review"] if (row.listing_id, row.status) == (listing_id, "published")
        ]
        counted = [row for row in shown if row.level in (*PROVEN, INVITED)]
        told = Told(counted, len(shown) - len(counted))
        told.currency = _usual([(r.real_currency, r.level) for r in counted if r.real_cost is not None], str)
        for row in counted:
            terms = self._terms(listing_id, row.experience_on)
            if row.real_cost is not None:
                self._take_cost(told, row, terms)
            if row.real_time is not None:
                told.times.append((row.real_time, row.real_time_unit, row.level))
                if terms.time_max is not None:
                    took = row.real_time * MINUTES[row.real_time_unit]
                    told.on_time.append((took <= terms.time_max * MINUTES[terms.time_unit], row.level))
        return told

    def _take_cost(self, told: Told, row: Row, terms: Row) -> None:
        paid = self.convert(row.real_cost, row.real_currency, told.currency, row.experience_on)
        if paid is None:
            told.unrated[row.real_currency] += 1
        else:
            told.costs.append((paid, row.level))
            told.converted[row.real_currency] += row.real_currency != told.currency
        most = {"free": 0, "fixed": terms.fee_min, "range": terms.fee_max}.get(terms.cost_basis)
        held = self.convert(
            row.real_cost, row.real_currency, terms.currency or row.real_currency, row.experience_on
        )
        if most is not None and held is not None:
            told.within.append((held <= most, row.level))

    def _terms(self, listing_id: int, day: date) -> Row:
        """What the listing said on a day: terms hold from the day after they were published."""
        history = [row for row in self.rows["listing_terms"] if row.listing_id == listing_id]
        history.sort(key=lambda row: (row.since, row.id))
        now = next(row for row in self.rows["listing"] if row.id == listing_id)
        return ([row for row in history if row.since.date() < day] or history[:1] or [now])[-1]

    def convert(self, minor: int, source: str, target: str, day: date) -> int | None:
        """At the rates of a day, halves up."""
        if source == target:
            return minor
        one, other = self.rate(source, day), self.rate(target, day)
        if one is None or other is None:
            return None
        exact = Decimal(minor).scaleb(-self.digits[source]) / one * other
        return int(exact.scaleb(self.digits[target]).quantize(Decimal(1), ROUND_HALF_UP))

    def _rate(self, code: str, day: date) -> Decimal | None:
        if code == "EUR":
            return Decimal(1)
        known = {on: rate for on, rate in _ecb().get(code, {}).items() if rate is not None and on <= day}
        ours = [row for row in self.rows["exchange_rate"] if row.currency == code and row.date <= day]
        known |= {row.date: row.rate for row in ours}
        return known[max(known)] if known else None

    # --- what pages write ---------------------------------------------------------------------------------------------

    def glance(self, topic_id: int) -> list[str]:
        """Values and notes above a guide's table."""
        offers = self.table(topic_id)
        if not offers:
            return []
        costs = [(cost, row.id, row) for row in offers if (cost := self._upper(row)) is not None]
        lowest = folded(format_cost(min(costs, key=lambda one: one[:2])[2], "en")) if costs else "On request"
        timed = [row for row in offers if row.time_min is not None]
        said, note = "Not stated", ""
        if timed:
            unit = _usual([(row.time_unit, "") for row in timed], MINUTES.__getitem__)
            low, high = (
                _middle([(getattr(row, name), row.time_unit) for row in timed], unit)
                for name in ("time_min", "time_max")
            )
            said = format_timeframe(low, high, unit, "en")
            note = "one listing" if len(timed) == 1 else f"median of {len(timed)} listings"
        reports = [self.told(row.id).times for row in offers]
        reported = _median_time([time for times in reports for time in _weighed_times(times)])
        count = sum(len(times) for times in reports)
        told = f"median of {count} reports" if reported else "not enough reports yet"
        return [str(len(offers)), lowest, said, note, reported or "–", told]

    def _upper(self, row: Row) -> int | None:
        if row.cost_basis == "free":
            return 0
        if row.cost_basis in ("hourly", "on_request"):
            return None
        fee = row.fee_min if row.fee_max is None else row.fee_max
        return self.convert(fee, row.currency, "EUR", date.max)

    def reported_time(self, listing_id: int) -> tuple[str, int] | None:
        """The median of a listing's times, and how many are in it."""
        times = self.told(listing_id).times
        return (found, len(times)) if (found := _median_time(_weighed_times(times))) else None

    def reported_cost(self, listing_id: int) -> tuple[str, int] | None:
        """The median of a listing's costs, and how many are in it."""
        told = self.told(listing_id)
        weights = _parts([level for _, level in told.costs])
        pairs = [(Fraction(cost), weight) for weight, (cost, _) in zip(weights, told.costs, strict=True)]
        if sum(weights) < 3:
            return None
        return folded(format_money(_rounded(_between(pairs)), told.currency, "en")), len(told.costs)


def share(verdicts: list[tuple[bool, str]]) -> tuple[str, int] | None:
    """A share of what counts for three or more, and of how many."""
    weights = _parts([level for _, level in verdicts])
    if sum(weights) < 3:
        return None
    kept = sum(weight for weight, (verdict, _) in zip(weights, verdicts, strict=True) if verdict)
    return format_percent(float(kept / sum(weights)), "en"), len(verdicts)


def _parts(levels: list[str]) -> list[Fraction]:
    """What each review or report counts: invited ones half, together at most a quarter of the proven ones and one more."""
    invited = levels.count(INVITED)
    most = Fraction(len(levels) - invited, 4) + 1
    part = min(Fraction(1, 2), most / invited) if invited else Fraction(0)
    return [part if level == INVITED else Fraction(1) for level in levels]


def _weighed_times(times: list[tuple[int, str, str]]) -> list[tuple[int, str, Fraction]]:
    weights = _parts([level for _, _, level in times])
    return [(amount, unit, weight) for weight, (amount, unit, _) in zip(weights, times, strict=True)]


def _between(pairs: list[tuple[Fraction, Fraction]]) -> Fraction:
    """The median of values with weights: from either end, the first value that reaches half of the weight."""
    half = sum(weight for _, weight in pairs) / 2
    low = min(value for value, _ in pairs if sum(w for v, w in pairs if v <= value) >= half)
    high = max(value for value, _ in pairs if sum(w for v, w in pairs if v >= value) >= half)
    return (low + high) / 2


def _weighed(reviews: Iterable[tuple[float, Row]]) -> tuple[float, float]:
    """Weight and weighted ratings: invited ones half, together at most a quarter of the proven ones and one more."""
    proven = [(weight, row.rating) for weight, row in reviews if row.level in PROVEN]
    invited = [(weight, row.rating) for weight, row in reviews if row.level == INVITED]
    sure, asked = sum(weight for weight, _ in proven), sum(weight for weight, _ in invited)
    part = min(0.5, (0.25 * sure + 1) / asked) if asked else 0.0
    weighted = sum(weight * rating for weight, rating in proven)
    return sure + part * asked, weighted + part * sum(weight * rating for weight, rating in invited)


def _usual(names: list[tuple[str, str]], length: Callable[[str], Any]) -> str:
    """Of names with levels the one that counts most."""
    weights = _parts([level for _, level in names])
    return _heaviest([(name, weight) for weight, (name, _) in zip(weights, names, strict=True)], length)


def _heaviest(names: list[tuple[str, Fraction]], length: Callable[[str], Any]) -> str:
    total: dict[str, Fraction] = {}
    for name, weight in names:
        total[name] = total.get(name, Fraction(0)) + weight
    return min(total, key=lambda name: (-total[name], length(name)), default="")


def _median_time(times: list[tuple[int, str, Fraction]]) -> str:
    if sum(weight for _, _, weight in times) < 3:
        return ""
    unit = _heaviest([(own, weight) for _, own, weight in times], MINUTES.__getitem__)
    pairs = [(_in_unit(amount, own, unit), weight) for amount, own, weight in times]
    exact = _between(pairs)
    middle = max(_rounded(exact), 1 if exact > 0 else 0)
    return format_timeframe(middle, middle, unit, "en")


def _in_unit(amount: int, own: str, unit: str) -> Fraction:
    return Fraction(amount) * Fraction(MINUTES[own]) / Fraction(MINUTES[unit])


def _middle(times: list[tuple[int, str]], unit: str) -> int:
    exact = median(_in_unit(amount, own, unit) for amount, own in times)
    return max(_rounded(Fraction(exact)), 1 if exact > 0 else 0)


def _rounded(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))
