"""Reference rates that the ECB lacks: a table fed by `marketplace rates import`, beside the ECB's that ship."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Date, Numeric, String, select
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.extensions import db
from marketplace.core.revisions import raise_site_revision
from marketplace.values.rates import STALE, Rate, convert, ecb_history, ecb_rates


class ExchangeRate(db.Model):
    """How much of a currency one euro buys on a day, and who says so."""

    __tablename__ = "exchange_rate"
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    date: Mapped[datetime.date] = mapped_column(Date, primary_key=True)
    rate: Mapped[Decimal] = mapped_column(Numeric(20, 8))
    source: Mapped[str] = mapped_column(String(120))


def current_rates() -> dict[str, Rate]:
    """The newest rate of each currency: the ECB's, or a later one from the table. One query."""
    rates = dict(ecb_rates())
    for row in db.session.scalars(select(ExchangeRate).order_by(ExchangeRate.currency, ExchangeRate.date)):
        known = rates.get(row.currency)
        if known is None or row.date >= known.date:
            rates[row.currency] = Rate(row.currency, row.date, row.rate, row.source)
    return rates


class DatedRates:
    """The rate of a currency on a day: the newest one then, the ECB's or the table's, at most a year old. Each currency is
    looked up once."""

    def __init__(self) -> None:
        self._newest = ecb_rates()["EUR"].date
        self._known: dict[str, list[Rate]] = {}

    def on(self, currency: str, day: datetime.date) -> Rate | None:
        """The rate, or None where there is none."""
        if currency not in self._known:
            stored = db.session.scalars(select(ExchangeRate).where(ExchangeRate.currency == currency))
            ours = [Rate(currency, row.date, row.rate, row.source) for row in stored]
            self._known[currency] = sorted([*ecb_history(currency), *ours], key=lambda rate: rate.date)
        before = bisect_right(self._known[currency], day, key=lambda rate: rate.date)
        rate = self._known[currency][before - 1] if before else None
        return None if rate is None or min(day, self._newest) - rate.date > STALE else rate

    def convert(self, minor: int, source: str, target: str, day: datetime.date) -> int | None:
        """An amount in another currency at the rates of a day; None where one is missing."""
        if source == target:
            return minor
        foreign = {source, target} - {"EUR"}
        rates = {code: rate for code in foreign if (rate := self.on(code, day))}
        converted = convert(minor, source, target, rates)
        return None if converted is None else converted.minor


def save_rates(rates: Iterable[Rate]) -> tuple[int, int]:
    """Store rates by currency and day; returns (created, updated). Every page may show one: the site's revision rises."""
    created = updated = 0
    for rate in rates:
        row = db.session.get(ExchangeRate, (rate.currency, rate.date))
        if row is None:
            row = ExchangeRate(currency=rate.currency, date=rate.date)
            db.session.add(row)
            created += 1
        else:
            updated += (row.rate, row.source) != (rate.per_euro, rate.source)
        row.rate, row.source = rate.per_euro, rate.source
    if created or updated:
        raise_site_revision()
    db.session.flush()
    return created, updated
