"""Another account or mode of Stripe: what was bought with one is not sent to another, nor shown beside it.

A placement of another account is parked: it gives its slot up, ends with the reason `account`, and is left alone. When its
account returns, as after a test key was set by mistake, it gets its state back where a slot is free, and Stripe is asked
as ever. Rows from before accounts were kept belong to the present one if Stripe knows them there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from marketplace.billing.alarms import raise_alarm
from marketplace.billing.models import Placement, PlacementPrice
from marketplace.billing.placements.notifications import notify_members
from marketplace.billing.placements.scopes import invalidate_scope
from marketplace.billing.placements.slots import NoFreeSlot, VersionConflict, retake_slot, write_fenced
from marketplace.billing.placements.visibility import refresh_visibility
from marketplace.billing.placements.waiting import close_wait, offer_free_slots
from marketplace.billing.statuses import LIVE, PAID, AlarmKind, EndReason, PlacementState, WaitState
from marketplace.billing.stripe.client import StripeMissing
from marketplace.billing.stripe.gateway import Gateway
from marketplace.core.extensions import db


def is_present(account: str, present: str) -> bool:
    """Whether ids kept under `account` are those of the present one. Where one of the two is not known by its id, the mode
    decides."""
    name, _, mode = account.rpartition(":")
    present_name, _, present_mode = present.rpartition(":")
    return mode == present_mode and (name == present_name or not (name and present_name))


def settle_accounts(gateway: Gateway, now: datetime) -> int:
    """Park what is live and of another account, give back what was parked and is of the present one, and find out to whom
    old rows belong. Commits; returns how many are parked. Raises `GatewayError`."""
    db.session.rollback()  # Stripe may be asked
    present = gateway.account()
    _adopt_old_rows(present, gateway)
    rows = db.session.execute(
        select(Placement.id, Placement.account).where(Placement.state.in_(LIVE), Placement.account != "")
    ).all()
    for placement_id, account in rows:
        if not is_present(account, present):
            _park(placement_id, now)
    parked = db.session.execute(
        select(Placement.id, Placement.account).where(Placement.parked_state.is_not(None))
    ).all()
    for placement_id, account in parked:
        if is_present(account, present):
            _give_back(placement_id, now)
    db.session.commit()
    waits = select(Placement.account).where(Placement.parked_state.is_not(None))
    count = sum(not is_present(account, present) for account in db.session.scalars(waits))
    db.session.rollback()
    return count


def _adopt_old_rows(present: str, gateway: Gateway) -> None:
    """What has ids at Stripe, and no account yet."""
    old = select(Placement.id, Placement.session_id, Placement.subscription_id).where(
        Placement.state.in_(LIVE), Placement.account == "", Placement.session_id.is_not(None)
    )
    rows = db.session.execute(old).all()
    db.session.rollback()
    for placement_id, session_id, subscription_id in rows:
        known = _knows(gateway, str(session_id), subscription_id)
        account = present if known else f"unknown:{'test' if gateway.livemode else 'live'}"
        mine = update(Placement).where(Placement.id == placement_id, Placement.account == "")
        db.session.execute(mine.values(account=account).execution_options(synchronize_session=False))
        db.session.commit()


def _knows(gateway: Gateway, session_id: str, subscription_id: str | None) -> bool:
    try:
        gateway.subscription(subscription_id) if subscription_id else gateway.session(session_id)
    except StripeMissing:
        return False
    return True


def _park(placement_id: int, now: datetime) -> None:
    placement = db.session.get(Placement, placement_id, populate_existing=True)
    if placement is None or placement.state not in LIVE:
        return
    was_paid, scope, country = placement.is_paid, placement.scope, placement.country
    values: dict[str, Any] = {"reason": EndReason.ACCOUNT, "ended_at": now}
    if was_paid:
        values |= {"state": PlacementState.ENDED, "parked_state": placement.state}
    else:  # nothing was paid: whoever buys begins anew
        values |= {"state": PlacementState.RELEASED}
    if not write_fenced(placement_id, placement.version, values):
        return
    close_wait(placement_id, WaitState.LEFT if was_paid else WaitState.LAPSED)
    if was_paid:
        invalidate_scope(scope)
        raise_alarm(AlarmKind.OTHER_ACCOUNT, f"placement {placement_id}", now=now, placement_id=placement_id)
    offer_free_slots(scope, country, now)
    db.session.commit()


def _give_back(placement_id: int, now: datetime) -> None:
    placement = db.session.get(Placement, placement_id, populate_existing=True)
    if placement is None or placement.parked_state is None:
        return
    price = db.session.get(PlacementPrice, placement.country)
    values = {"state": placement.parked_state, "parked_state": None, "reason": "", "ended_at": None}
    try:
        retake_slot(
            placement_id,
            placement.version,
            placement.scope,
            price.slots(placement.scope) if price else 0,
            values,
        )
    except (NoFreeSlot, VersionConflict):
        db.session.rollback()
        raise_alarm(AlarmKind.OTHER_ACCOUNT, f"placement {placement_id}", now=now, placement_id=placement_id)
        db.session.commit()
        return
    placement = db.session.get(Placement, placement_id, populate_existing=True)
    assert placement is not None
    if placement.state in PAID:
        invalidate_scope(placement.scope)
        refresh_visibility(placement, now)
        if not placement.hidden:
            notify_members(placement, "shown_again", key=f"account:{placement.version}")
    db.session.commit()
