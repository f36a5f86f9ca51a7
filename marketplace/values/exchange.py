"""Reference rates that the ECB lacks: a table fed by `marketplace rates import`, beside the ECB's that ship."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import Date, Numeric, String, select
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.extensions import db
from marketplace.core.revisions import raise_site_revision
from marketplace.values.rates import Rate, ecb_rates


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
