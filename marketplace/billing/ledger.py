"""The ledger: payments, refunds and disputes in minor units. Entries are only added, each once, by Stripe's id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from marketplace.billing.models import PaymentEntry, Placement
from marketplace.core.extensions import db, insert_into
from marketplace.guides.models import Topic
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry to record; see `models.PaymentEntry`."""

    stripe_id: str
    charge_id: str
    invoice_id: str | None
    kind: str
    amount: int
    currency: str
    occurred_at: datetime


def record_entries(placement_id: int, lines: Iterable[Entry], *, now: datetime) -> list[Entry]:
    """Add the entries that are not in the ledger yet; returns them."""
    added = []
    for line in lines:
        written = (
            insert_into(PaymentEntry)
            .values(placement_id=placement_id, booked_at=now, **asdict(line))
            .on_conflict_do_nothing()
            .returning(PaymentEntry.id)
        )
        if db.session.execute(written).first() is not None:
            added.append(line)
    return added


def recorded_ids(stripe_ids: Iterable[str]) -> set[str]:
    """Which of these ids of Stripe's are in the ledger."""
    query = select(PaymentEntry.stripe_id).where(PaymentEntry.stripe_id.in_(list(stripe_ids)))
    return set(db.session.scalars(query))


@dataclass(frozen=True, slots=True)
class Income:
    """Sums of a month and country in minor units of a currency."""

    month: str
    country: str
    currency: str
    payments: int
    refunds: int
    disputes: int

    @property
    def net(self) -> int:
        """Payments minus refunds and disputes."""
        return self.payments + self.refunds + self.disputes


def income() -> list[Income]:
    """Income by month (UTC) and country, newest first."""
    month = _month()
    rows = db.session.execute(
        select(
            month, Placement.country, PaymentEntry.currency, PaymentEntry.kind, func.sum(PaymentEntry.amount)
        )
        .join(Placement, Placement.id == PaymentEntry.placement_id)
        .group_by(month, Placement.country, PaymentEntry.currency, PaymentEntry.kind)
    )
    sums: dict[tuple[str, str, str], dict[str, int]] = {}
    for name, country, currency, kind, amount in rows:
        part = kind.partition("_")[0]
        group = sums.setdefault((name, country, currency), {})
        group[part] = group.get(part, 0) + int(amount)
    return [
        Income(*key, group.get("payment", 0), group.get("refund", 0), group.get("dispute", 0))
        for key, group in sorted(sums.items(), key=lambda pair: (pair[0][0], pair[0][1]), reverse=True)
    ]


def income_totals(rows: Iterable[Income]) -> list[Income]:
    """The sums of these rows, one for each currency; `month` and `country` are empty."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        total = sums.setdefault(row.currency, [0, 0, 0])
        for at, amount in enumerate((row.payments, row.refunds, row.disputes)):
            total[at] += amount
    return [Income("", "", currency, *total) for currency, total in sums.items()]


def _month() -> Any:
    if db.session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", PaymentEntry.occurred_at), "YYYY-MM").label("month")
    return func.strftime("%Y-%m", PaymentEntry.occurred_at).label("month")


def ledger_rows(batch: int = 500) -> Iterator[Any]:
    """Every entry, oldest first: (id, occurred_at, kind, amount, currency, country, topic, provider, provider_id,
    placement_id, stripe_id, charge_id, invoice_id); `topic` is the topic's key, None for a country's page."""
    last = 0
    while True:
        rows = db.session.execute(
            select(
                PaymentEntry.id,
                PaymentEntry.occurred_at,
                PaymentEntry.kind,
                PaymentEntry.amount,
                PaymentEntry.currency,
                Placement.country,
                Topic.key.label("topic"),
                Provider.name.label("provider"),
                Placement.provider_id,
                PaymentEntry.placement_id,
                PaymentEntry.stripe_id,
                PaymentEntry.charge_id,
                PaymentEntry.invoice_id,
            )
            .join(Placement, Placement.id == PaymentEntry.placement_id)
            .join(Provider, Provider.id == Placement.provider_id)
            .outerjoin(Listing, Listing.id == Placement.listing_id)
            .outerjoin(Topic, Topic.id == Listing.topic_id)
            .where(PaymentEntry.id > last)
            .order_by(PaymentEntry.id)
            .limit(batch)
        ).all()
        yield from rows
        if len(rows) < batch:
            return
        last = rows[-1].id
