"""Locking rows that people and moderators change at the same time.

Whoever changes such a row locks it first. On PostgreSQL a decision and an edit would otherwise both read the state before
the other, and text that no moderator saw could go live. On SQLite a transaction that writes has the database to itself.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy.exc import InvalidRequestError

from marketplace.core.database import LARGEST_ID
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db

# FOR NO KEY UPDATE: adding a row that refers to the locked one does not wait.
NO_KEY_UPDATE = {"key_share": True}
Row = TypeVar("Row")


def lock_in_status(row: Any, *statuses: str) -> None:
    """Lock a row that is decided once. Raises `Conflict` (`decided_already`) where its status is another by now."""
    lock_row(row)
    if row.status not in statuses:
        raise Conflict("decided_already", status=row.status)


def find_locked(model: type[Row], row_id: int) -> Row | None:
    """The row with this id, read anew and locked until the transaction ends; None where there is none, also for ids out of
    range."""
    if not 0 < row_id <= LARGEST_ID:
        return None
    return db.session.get(model, row_id, with_for_update=NO_KEY_UPDATE, populate_existing=True)


def lock_row(row: Row) -> Row:
    """Read the row anew and lock it until the transaction ends.

    A model may name a row that everyone locks before its own, as `locked_first`: of an edit its target. An `edit` of the
    row is read anew too. Raises `Conflict` where the row is gone.
    """
    try:
        first: Any = getattr(row, "locked_first", None)
        if first is not None:
            db.session.refresh(first, with_for_update=NO_KEY_UPDATE)
        db.session.refresh(row, with_for_update=NO_KEY_UPDATE)
        edit: Any = getattr(row, "edit", None)
        if edit is not None:
            db.session.refresh(edit)  # it may have been read before the lock
    except InvalidRequestError:
        raise Conflict("gone") from None
    return row
