"""Edits that wait for a moderator while the live row stays shown.

A row (a listing, a provider, a review) has at most one edit, as `row.edit`. Versions are the optimistic lock of decisions.
An edit's versions go on where those of the row and of earlier edits ended, so that a decision on one fits no other.

| step | function |
| --- | --- |
| send a change, or send it again | `propose_edit` |
| accept it | copy the values into the row, then `drop_edit` |
| reject it: it stays with the statement until it is sent again or dropped | `reject_edit` |
| take it back | `drop_edit` |
| merge two rows | `move_edit` |
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import String, Text, update
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.core.database import UTCDateTime
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db


class EditStatus(StrEnum):
    """What became of an edit. An accepted one is deleted."""

    PENDING = "pending"
    REJECTED = "rejected"


class WaitingMixin:
    """The columns of what waits for a moderator. `note` is the moderator's statement where it was rejected."""

    status: Mapped[str] = mapped_column(String(10), default=EditStatus.PENDING)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)


Edit = TypeVar("Edit", bound=WaitingMixin)


def propose_edit(
    row: Any, model: type[Edit], values: Mapping[str, Any], *, now: datetime, keeps_place: bool = False
) -> Edit | None:
    """Make values by column wait as the row's edit, with its next version. Values that the row has already drop the edit:
    None is returned. Sending the same twice changes nothing. With `keeps_place`, an edit that waits keeps its place in the
    queue."""
    edit: Edit | None = row.edit
    if _holds(row, values):
        drop_edit(row)
        return None
    if edit is None:
        edit = row.edit = model()
        edit.version = row.version
    elif edit.status == EditStatus.PENDING and _holds(edit, values):
        return edit
    for name, value in values.items():
        setattr(edit, name, value)
    if not (keeps_place and edit.status == EditStatus.PENDING):
        edit.submitted_at = now
    edit.status, edit.note = EditStatus.PENDING, ""
    edit.version += 1
    return edit


def _holds(row: Any, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def reject_edit(edit: Edit, *, note: str) -> Edit:
    """Reject an edit, with the statement that its author reads. Raises `Conflict` where it does not wait."""
    if edit.status != EditStatus.PENDING:
        raise Conflict("decided_already", status=edit.status)
    edit.status, edit.note = EditStatus.REJECTED, note
    edit.version += 1
    db.session.flush()
    return edit


def drop_edit(row: Any) -> None:
    """Delete the row's edit, if there is one; its version is not used again."""
    if row.edit is not None:
        row.version = max(row.version, row.edit.version) + 1
        row.edit = None


def move_edit(source: Any, target: Any, model: Any) -> None:
    """Let the edit of one row wait as that of another, which is to hold what it held. The target's own edit goes before it.
    Flushes."""
    db.session.flush()
    if source.edit is None or target.edit is not None:
        drop_edit(source)
        db.session.flush()
        return
    (key,) = model.__table__.primary_key.columns
    source.version, version = (max(row.version, source.edit.version) + 1 for row in (source, target))
    db.session.expunge(source.edit)
    moved = update(model).where(key == source.id).values({key.name: target.id, "version": version})
    db.session.execute(moved.execution_options(synchronize_session=False))
    db.session.flush()
    for row in (source, target):
        db.session.expire(row, ["edit"])
