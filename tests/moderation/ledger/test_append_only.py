"""What is only added to: the log, its chain, decisions, receipts and payments. The database itself refuses the rest."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from marketplace.billing.ledger import Entry, record_entries
from marketplace.billing.models import PaymentEntry
from marketplace.core.extensions import db
from marketplace.moderation.ledger.services import seal_log
from marketplace.moderation.models import Decision, LogEntry, LogSeal
from marketplace.reviews.models import Review
from marketplace.reviews.receipts.models import Receipt
from tests.factories import NOON, make_listing, make_placement, make_topic, make_user
from tests.moderation.deciding import move
from tests.moderation.decisions.test_undoing import choose
from tests.moderation.waiting import waiting_review

MODELS: dict[str, Any] = {
    "action_log": LogEntry,
    "action_log_seal": LogSeal,
    "decision": Decision,
    "receipt": Receipt,
    "payment_entry": PaymentEntry,
}
# A column of each table that somebody might want to be another, and the columns that are unique.
WANTED = {
    "action_log": ("ground", ()),
    "action_log_seal": ("sealed_at", ("position", "entry_id", "previous", "digest")),
    "decision": ("statement", ()),
    "receipt": ("body", ("decision_id",)),
    "payment_entry": ("currency", ("stripe_id",)),
}


@pytest.fixture
def filled(app: Flask) -> None:
    """A row in each of the tables."""
    placement = make_placement(make_listing(make_topic()))
    ids = {"stripe_id": "ch_1", "charge_id": "ch_1", "placement_id": placement.id}
    db.session.add(
        PaymentEntry(**ids, kind="payment", amount=1, currency="EUR", occurred_at=NOON, booked_at=NOON)
    )
    move("review", waiting_review(make_user()), "reject", "same_text")
    seal_log(now=NOON)
    db.session.commit()


def rows(table: str) -> list[dict[str, Any]]:
    db.session.rollback()
    return [dict(row) for row in db.session.execute(select(MODELS[table].__table__)).mappings()]


def _another(value: Any) -> str:
    """Another value of the same type, in SQL."""
    return "'another'" if isinstance(value, str) else str((value or 0) + 1000)


def is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def refused(statement: str, **values: Any) -> None:
    with pytest.raises(DBAPIError, match="can only be added to"):
        db.session.execute(text(statement), values)
    db.session.rollback()


@pytest.mark.parametrize("table", MODELS)
def test_a_row_is_neither_changed_nor_deleted(filled: None, table: str) -> None:
    before = rows(table)
    wanted = WANTED[table][0]
    other = f"{wanted} + INTERVAL '1 day'" if wanted == "sealed_at" and is_postgresql() else "'x'"
    refused(f"UPDATE {table} SET {wanted} = {other}")
    refused(f"DELETE FROM {table}")
    if is_postgresql():
        refused(f"TRUNCATE {table} CASCADE")
    else:
        refused(f"UPDATE OR REPLACE {table} SET {wanted} = {other}")
    assert rows(table) == before != []


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("table", MODELS)
def test_a_row_is_not_replaced_by_its_key_or_by_what_is_unique(
    filled: None, table: str, recursive: str
) -> None:
    if is_postgresql():
        return  # no statement of PostgreSQL replaces a row without updating it
    before = rows(table)
    wanted, unique = WANTED[table]
    columns = list(before[0])
    db.session.execute(text(f"PRAGMA recursive_triggers={recursive}"))
    for kept in (key for key in ("id", *unique) if key in columns):
        # The same row again with another word; of what is unique, all is new but one column.
        new = {name: _another(before[0][name]) for name in ({"id", *unique} & set(columns)) - {kept}}
        taken = ", ".join("'x'" if name == wanted else new.get(name, name) for name in columns)
        for replace in ("INSERT OR REPLACE", "REPLACE"):
            statement = f"{replace} INTO {table} ({', '.join(columns)}) SELECT {taken} FROM {table}"
            if (table, kept) == (
                "payment_entry",
                "stripe_id",
            ):  # booked twice is no error, and changes nothing
                db.session.execute(text(statement))
                db.session.commit()
            else:
                refused(statement)
            assert rows(table) == before


def test_a_decision_moves_from_pending_to_what_became_of_it_once(app: Flask) -> None:
    decision = choose("review", waiting_review(), "publish", make_user("moderator"))
    given = {"id": decision.id}
    for change in ("version = 2", "statement = 'x'", "actor_id = 999999", "decided_at = effective_at"):
        refused(f"UPDATE decision SET {change} WHERE id = :id", **given)
    db.session.execute(text("UPDATE decision SET state = 'lapsed', is_unread = true WHERE id = :id"), given)
    db.session.execute(text("UPDATE decision SET is_unread = false, actor_id = NULL WHERE id = :id"), given)
    db.session.commit()
    for state in ("pending", "effective", "undone"):
        refused(f"UPDATE decision SET state = '{state}' WHERE id = :id", **given)


def test_a_pending_decision_is_not_replaced_by_another_on_its_subject(app: Flask) -> None:
    choose("review", waiting_review(), "publish", make_user("moderator"))
    if is_postgresql():
        return
    columns = [name for name in rows("decision")[0] if name != "id"]
    names = ", ".join(columns)
    refused(f"INSERT OR REPLACE INTO decision ({names}) SELECT {names} FROM decision")


@pytest.mark.parametrize("gone", ["user", "review"])
def test_a_receipt_goes_with_its_author_or_its_review(filled: None, gone: str) -> None:
    receipt = db.session.scalars(select(Receipt)).one()
    number = receipt.user_id if gone == "user" else receipt.review_id
    table = Review.__table__.name if gone == "review" else '"user"'
    db.session.execute(text(f"DELETE FROM {table} WHERE id = :id"), {"id": number})
    db.session.commit()
    assert rows("receipt") == []


def test_a_payment_is_booked_once_and_told_apart(filled: None) -> None:
    placement = db.session.scalars(select(PaymentEntry.placement_id)).one()
    known = Entry("ch_1", "ch_1", None, "payment", 5, "EUR", NOON)
    new = Entry("ch_2", "ch_2", None, "payment", 5, "EUR", NOON)
    assert record_entries(placement, [known, new], now=NOON) == [new]
