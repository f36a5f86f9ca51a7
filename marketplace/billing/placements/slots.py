"""Slots: taken by an insert that the database allows only one of several buyers, never by counting first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.billing.models import Placement
from marketplace.billing.statuses import LIVE
from marketplace.core.extensions import db, insert_into


class NoFreeSlot(Exception):
    """No slot is free."""


class VersionConflict(Exception):
    """The placement was changed since it was read."""


def take_slot(*, slots: int, now: datetime, **values: Any) -> int | None:
    """Insert a live placement into the first free slot of `values["scope"]`. Returns its id, or None if no slot is free or
    the provider already has a live placement there."""
    for number in slots_to_sell(_taken(values["scope"]), slots):
        taken = db.session.execute(
            insert_into(Placement)
            .values(**values, slot_no=number, reason="", hidden="", attempt=1, version=1, created_at=now)
            .on_conflict_do_nothing()
            .returning(Placement.id)
        ).first()
        if taken is not None:
            return int(taken.id)
    return None


def retake_slot(placement_id: int, version: int, scope: str, slots: int, values: dict[str, Any]) -> None:
    """Make a released placement live again with `values`, in a free slot. Raises `NoFreeSlot`, and `VersionConflict` if the
    placement was changed since `version` was read."""
    taken = _taken(scope)
    for number in slots_to_sell(taken, slots):
        if number in taken:
            continue
        try:
            with db.session.begin_nested():
                if not write_fenced(placement_id, version, {**values, "slot_no": number}):
                    raise VersionConflict
                return
        except IntegrityError:  # taken meanwhile, or the provider has another one here
            continue
    # This very placement may fill a slot, made live by another worker: only an unchanged version proves that none is free.
    if db.session.scalar(select(Placement.version).where(Placement.id == placement_id)) != version:
        raise VersionConflict
    raise NoFreeSlot


def _taken(scope: str) -> set[int]:
    live = select(Placement.slot_no).where(Placement.scope == scope, Placement.state.in_(LIVE))
    return set(db.session.scalars(live))


def slots_to_sell(taken: set[int], slots: int) -> range:
    """The slot numbers to sell, from 1 to some `last`. Placements above it, from when there were more slots, count too.

    Each number is unique among live placements, so concurrent sales never put more than `last` of them up to `last`.
    """
    last = slots
    while last and last + sum(number > last for number in taken) > slots:
        last -= 1
    return range(1, last + 1)


def write_fenced(placement_id: int, version: int, values: dict[str, Any]) -> bool:
    """Change a placement unless it was changed since `version` was read; False if it was."""
    statement = (
        update(Placement)
        .where(Placement.id == placement_id, Placement.version == version)
        .values(**values, version=version + 1)
        .returning(Placement.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(statement).first() is not None


def free_slots(scope: str, slots: int) -> int:
    """How many slots of a scope are free."""
    return max(0, slots - taken_slots([scope]).get(scope, 0))


def taken_slots(scopes: list[str]) -> dict[str, int]:
    """How many slots of each scope are taken."""
    rows = db.session.execute(
        select(Placement.scope, func.count())
        .where(Placement.scope.in_(scopes), Placement.state.in_(LIVE))
        .group_by(Placement.scope)
    )
    return {scope: count for scope, count in rows}


def live_placement(scope: str, provider_id: int) -> Placement | None:
    """The provider's live placement of a scope, as it is in the database now."""
    return db.session.scalar(
        select(Placement)
        .where(Placement.scope == scope, Placement.provider_id == provider_id, Placement.state.in_(LIVE))
        .execution_options(populate_existing=True)
    )
