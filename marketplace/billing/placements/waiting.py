"""The waiting list of a full scope: a position, one email when a slot is free, and 24 hours to take it.

A free slot is kept for the first provider who can use it by a placement in the state `reserved`. It is inserted in the
transaction that frees the slot, so nobody else can take the slot and it is never sold twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from marketplace.accounts.models import User
from marketplace.billing.models import Placement, PlacementPrice, PlacementWait
from marketplace.billing.placements.notifications import notify_members
from marketplace.billing.placements.scopes import PlacementOrder, topic_of
from marketplace.billing.placements.slots import free_slots, live_placement, take_slot
from marketplace.billing.placements.visibility import can_be_shown
from marketplace.billing.statuses import OPEN_WAITS, EndReason, PlacementKind, PlacementState, WaitState
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db, insert_into
from marketplace.core.jobs.queue import enqueue
from marketplace.providers.membership import require_member

RESERVATION_TTL = timedelta(hours=24)


def join_waiting_list(*, actor: User, order: PlacementOrder, kind: str, now: datetime) -> PlacementWait:
    """Wait for a slot; an earlier entry is kept. Raises `NotFound` for a stranger, `Invalid` (`kind_unknown`), `Conflict`:
    `slot_free` if a slot can be bought now, `placement_live` if the provider already has one there."""
    require_member(actor, order.provider)
    if kind not in list(PlacementKind):
        raise Invalid("kind_unknown", "kind")
    price = db.session.get(PlacementPrice, order.country)
    if price is None:
        raise NotFound
    if live_placement(order.scope, order.provider.id) is not None:
        raise Conflict("placement_live")
    if free_slots(order.scope, price.slots(order.scope)):
        raise Conflict("slot_free")
    db.session.execute(
        insert_into(PlacementWait)
        .values(kind=kind, state=WaitState.WAITING, created_at=now, **order.columns)
        .on_conflict_do_nothing()
    )
    entry = open_wait(order.scope, order.provider.id)
    assert entry is not None
    return entry


def open_wait(scope: str, provider_id: int) -> PlacementWait | None:
    """The provider's open entry of a scope."""
    return db.session.scalar(
        select(PlacementWait).where(
            PlacementWait.scope == scope,
            PlacementWait.provider_id == provider_id,
            PlacementWait.state.in_(OPEN_WAITS),
        )
    )


def position(entry: PlacementWait) -> int:
    """The position in the list, from 1."""
    ahead = select(func.count()).where(
        PlacementWait.scope == entry.scope,
        PlacementWait.state == WaitState.WAITING,
        PlacementWait.id < entry.id,
    )
    return 1 + (db.session.scalar(ahead) or 0)


def leave_waiting_list(*, actor: User, entry: PlacementWait) -> None:
    """Leave the waiting list. Raises `NotFound` for a stranger."""
    require_member(actor, entry.provider)
    if entry.state == WaitState.WAITING:
        entry.state = WaitState.LEFT
        db.session.flush()


def offer_free_slots(scope: str, country: str, now: datetime) -> int:
    """Reserve each free slot of a scope for the next waiting provider who can use it, and email them; how many were
    reserved.

    Call it in the transaction that frees a slot, after the flush.
    """
    price = db.session.get(PlacementPrice, country)
    if price is None:
        return 0
    offered = 0
    waiting = select(PlacementWait).where(
        PlacementWait.scope == scope, PlacementWait.state == WaitState.WAITING
    )
    for entry in db.session.scalars(waiting.order_by(PlacementWait.id)).all():
        if not free_slots(scope, price.slots(scope)):
            break
        kind = next((one for one in (entry.kind, *PlacementKind) if price.amount(one) is not None), None)
        if kind is None or not can_be_shown(entry.provider_id, entry.listing_id, country, now):
            continue
        placement_id = _reserve(entry, price, kind, now)
        if placement_id is not None:
            _offer(entry, placement_id, now)
            offered += 1
    return offered


def _reserve(entry: PlacementWait, price: PlacementPrice, kind: str, now: datetime) -> int | None:
    return take_slot(
        slots=price.slots(entry.scope),
        now=now,
        scope=entry.scope,
        provider_id=entry.provider_id,
        listing_id=entry.listing_id,
        country=entry.country,
        kind=kind,
        amount=price.amount(kind),
        currency=price.currency,
        state=PlacementState.RESERVED,
        hold_until=now + RESERVATION_TTL,
    )


def _offer(entry: PlacementWait, placement_id: int, now: datetime) -> None:
    until = now + RESERVATION_TTL
    entry.state, entry.placement_id = WaitState.OFFERED, placement_id
    db.session.flush()
    placement = db.session.get(Placement, placement_id)
    assert placement is not None
    notify_members(placement, "slot_free", end=until, key="1")
    enqueue("billing.lapse", {"placement": placement_id}, run_at=until, key=f"billing.lapse:{placement_id}")


def expire_reservation(placement_id: int, now: datetime) -> bool:
    """End a reservation whose time is up, and offer the slot to the next provider; False if there is nothing to end."""
    statement = (
        update(Placement)
        .where(
            Placement.id == placement_id,
            Placement.state == PlacementState.RESERVED,
            Placement.hold_until <= now,
        )
        .values(
            state=PlacementState.RELEASED,
            reason=EndReason.LAPSED,
            ended_at=now,
            version=Placement.version + 1,
        )
        .returning(Placement.scope, Placement.country)
        .execution_options(synchronize_session=False)
    )
    ended = db.session.execute(statement).first()
    if ended is None:
        return False
    close_wait(placement_id, WaitState.LAPSED)
    offer_free_slots(ended.scope, ended.country, now)
    return True


def close_wait(placement_id: int, state: WaitState) -> None:
    """Close the waiting entry of a reservation as `taken`, `lapsed` or `left`."""
    db.session.execute(
        update(PlacementWait)
        .where(PlacementWait.placement_id == placement_id, PlacementWait.state == WaitState.OFFERED)
        .values(state=state)
        .execution_options(synchronize_session=False)
    )


def close_waits(scope: str, provider_id: int) -> None:
    """Close a provider's entry of a scope once it has a placement there, offered or not."""
    db.session.execute(
        update(PlacementWait)
        .where(
            PlacementWait.scope == scope,
            PlacementWait.provider_id == provider_id,
            PlacementWait.state.in_(OPEN_WAITS),
        )
        .values(state=WaitState.TAKEN)
        .execution_options(synchronize_session=False)
    )


def offer_all_free_slots(now: datetime, country: str | None = None) -> None:
    """Offer free slots to waiting providers, in one country or in all: after more slots were added, or when a provider
    joined the list, or became eligible, while a slot was free."""
    query = select(PlacementWait.country, PlacementWait.scope).where(PlacementWait.state == WaitState.WAITING)
    if country is not None:
        query = query.where(PlacementWait.country == country)
    places = {tuple(row) for row in db.session.execute(query)}
    for where, scope in sorted(places, key=lambda place: (topic_of(place[1]) or 0, place[1])):
        offer_free_slots(scope, where, now)
