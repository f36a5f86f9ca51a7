"""The ledger: entries are only added, and their sums are Stripe's own."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from marketplace.billing.ledger import Entry, income, ledger_rows, record_entries, recorded_ids
from marketplace.billing.models import PaymentEntry
from marketplace.core.extensions import db
from tests.billing.shop import Shop
from tests.standin import client_of


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payment_entry SET amount = 1",
        "UPDATE payment_entry SET placement_id = placement_id",
        "DELETE FROM payment_entry",
        "DELETE FROM payment_entry WHERE amount > 0",
    ],
)
def test_the_database_refuses_every_change_of_the_books(shop: Shop, statement: str) -> None:
    shop.buy()
    with pytest.raises(DatabaseError):
        db.session.execute(text(statement))
    db.session.rollback()
    assert shop.entries() == [("payment", 4900)]


def test_a_line_is_booked_once(shop: Shop) -> None:
    placement = shop.buy()
    entry = db.session.query(PaymentEntry).one()
    again = Entry(**{field.name: getattr(entry, field.name) for field in fields(Entry)})
    assert record_entries(placement.id, [again], now=shop.clock()) == []
    assert recorded_ids([entry.stripe_id, "ch_none"]) == {entry.stripe_id}


def everything(listing: Any) -> list[Any]:
    return list(listing.auto_paging_iter())


def sums_at_stripe(shop: Shop) -> tuple[int, int, int]:
    """Payments, refunds and disputes by Stripe's own lists."""
    v1 = client_of(shop.stripe).v1
    payments = sum(one.amount for one in everything(v1.charges.list()) if one.status == "succeeded")
    refunds = sum(one.amount for one in everything(v1.refunds.list()) if one.status == "succeeded")
    disputes = sum(
        one.amount
        for one in everything(v1.disputes.list())
        if one.status != "won" and not one.status.startswith("warning")
    )
    return payments, -refunds, -disputes


def test_the_sums_of_the_books_are_those_of_stripe(shop: Shop) -> None:
    sellers = [shop.seller, shop.new_seller(), shop.new_seller()]
    running = [shop.buy(one) for one in sellers]
    passes = [shop.buy(one, kind="pass", country=True) for one in sellers]
    charge = {one["payment_intent"]: one["id"] for one in shop.objects("charge")}
    shop.stripe.renew(running[0].subscription_id)
    shop.stripe.renew(running[1].subscription_id, ok=False)
    shop.stripe.refund(charge[passes[0].payment_intent_id], 1500)
    failing = shop.stripe.refund(charge[passes[1].payment_intent_id], 700)
    shop.stripe.fail_refund(failing["id"])
    shop.stripe.refund(charge[passes[1].payment_intent_id])
    lost = shop.stripe.dispute(charge[passes[2].payment_intent_id])
    shop.stripe.close_dispute(lost["id"], won=False)
    won = shop.stripe.dispute(shop.objects("charge")[0]["id"])
    shop.stripe.close_dispute(won["id"], won=True)
    shop.stripe.dispute(shop.objects("charge")[1]["id"], inquiry=True)
    shop.deliver(order="shuffle", seed=3, drop=0.4, repeat=2)
    shop.reconcile()
    db.session.rollback()
    theirs = sums_at_stripe(shop)
    ours = income()
    assert len(ours) == 1
    assert (ours[0].payments, ours[0].refunds, ours[0].disputes) == theirs
    assert ours[0].net == sum(theirs) == sum(amount for _kind, amount in shop.entries())
    assert (ours[0].month, ours[0].country, ours[0].currency) == ("2026-11", "mexico", "EUR")


def test_months_are_apart_in_utc(shop: Shop) -> None:
    shop.buy(kind="pass")
    shop.pass_time(timedelta(days=31))
    shop.work()
    shop.buy(kind="pass")
    assert [(one.month, one.payments) for one in income()] == [("2026-12", 6000), ("2026-11", 6000)]


def test_the_lines_come_in_batches_oldest_first(shop: Shop) -> None:
    for seller in (shop.seller, shop.new_seller(), shop.new_seller()):
        shop.buy(seller)
    found = list(ledger_rows(batch=2))
    assert [one.id for one in found] == sorted(one.id for one in found)
    assert {(one.amount, one.country) for one in found} == {(4900, "mexico")}
    assert len(found) == 3
