"""Slots: taken by an insert that the database lets only one of several buyers make, never by counting first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.billing.models import Placement
from marketplace.billing.statuses import LIVE
from marketplace.core.extensions import db, insert_into


class Full(Exception):
    """No slot is free."""


class Raced(Exception):
    """Somebody changed the placement since it was read."""


def take_slot(*, slots: int, now: datetime, **values: Any) -> int | None:
    """Insert a live placement into the first free slot of `values["scope"]`; its id, or None where none is free or the
    provider has a live placement there already."""
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
    """Make a released placement live again with `values`, in a free slot. Raises `Full` where none is free, `Raced` where
    the placement was changed since `version` was read."""
    taken = _taken(scope)
    for number in slots_to_sell(taken, slots):
        if number in taken:
            continue
        try:
            with db.session.begin_nested():
                if not write_fenced(placement_id, version, {**values, "slot_no": number}):
                    raise Raced
                return
        except IntegrityError:  # somebody took it meanwhile, or the provider has another one here
            continue
    # What fills the slots may be this very placement, made live by somebody else: only who finds it as it was may judge.
    if db.session.scalar(select(Placement.version).where(Placement.id == placement_id)) != version:
        raise Raced
    raise Full


def _taken(scope: str) -> set[int]:
    live = select(Placement.slot_no).where(Placement.scope == scope, Placement.state.in_(LIVE))
    return set(db.session.scalars(live))


def slots_to_sell(taken: set[int], slots: int) -> range:
    """The numbers to sell, 1 to some `last`: as many as leave room for those that run above it since there were more slots.

    The database keeps each number to one, so that up to `last` no more than `last` are live, whoever else sells at once.
    """
    last = slots
    while last and last + sum(number > last for number in taken) > slots:
        last -= 1
    return range(1, last + 1)


def write_fenced(placement_id: int, version: int, values: dict[str, Any]) -> bool:
    """Change a placement if nobody did since `version` was read; False if somebody did."""
    statement = (
        update(Placement)
        .where(Placement.id == placement_id, Placement.version == version)
        .values(**values, version=version + 1)
        .returning(Placement.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(statement).first() is not None


def free_slots(scope: str, slots: int) -> int:
    """How many slots of a scope nobody has or holds."""
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
    """The provider's live placement of a scope, read anew."""
    return db.session.scalar(
        select(Placement)
        .where(Placement.scope == scope, Placement.provider_id == provider_id, Placement.state.in_(LIVE))
        .execution_options(populate_existing=True)
    )
