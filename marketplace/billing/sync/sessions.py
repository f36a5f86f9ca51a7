"""The Checkout Session of a placement that is being bought: found, adopted, expired; or the slot released without one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, update

from marketplace.billing.alarms import raise_key_alarm
from marketplace.billing.models import Placement
from marketplace.billing.placements.slots import write_fenced
from marketplace.billing.placements.waiting import close_wait, expire_reservation, offer_free_slots
from marketplace.billing.statuses import BUYING, EndReason, PlacementState, WaitState
from marketplace.billing.stripe.amounts import from_stripe
from marketplace.billing.stripe.client import StripeForbidden, StripeRefused
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.stripe.messages import SessionStatus
from marketplace.billing.sync.services import sync_placement
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db

OPEN_FOR = timedelta(minutes=35)  # Stripe demands at least 30 minutes from the arrival of the call
ABANDONED_AFTER = timedelta(minutes=10)  # longer than a buyer's calls can take, retries included


def read_placement(placement_id: int) -> Placement:
    """The placement as it is in the database now. Raises `Conflict` (`checkout_over`) if there is none."""
    placement = db.session.get(Placement, placement_id, populate_existing=True)
    if placement is None:
        raise Conflict("checkout_over")
    return placement


def find_session(placement_id: int, customer: str, gateway: Gateway) -> dict[str, Any] | None:
    """The customer's newest session for a placement that has not expired: an expired one belongs to an earlier attempt."""
    for session in gateway.sessions(customer=customer):
        if session["client_reference_id"] == str(placement_id) and session["status"] != SessionStatus.EXPIRED:
            return session
    return None


def adopt_session(placement_id: int, session: dict[str, Any]) -> bool:
    """pending → held by a session, at the amount that the session charges. False if it is no longer pending. Flushes."""
    placement = read_placement(placement_id)
    if placement.state != PlacementState.PENDING:
        return False
    currency = session["currency"].upper()
    values = {
        "state": PlacementState.HELD,
        "session_id": session["id"],
        "amount": from_stripe(session["amount_subtotal"], currency),
        "currency": currency,
        "session_expires_at": datetime.fromtimestamp(session["expires_at"], tz=placement.created_at.tzinfo),
    }
    return write_fenced(placement_id, placement.version, values)


def release_unopened(placement_id: int, *, reason: str, now: datetime, version: int | None = None) -> bool:
    """Release the slot of a placement that never got a session; a reservation that still runs goes back to `reserved`.
    Flushes.

    With `version`, only if nobody changed the placement since it was read.
    """
    db.session.rollback()
    placement = read_placement(placement_id)
    if placement.state != PlacementState.PENDING or placement.session_id is not None:
        return False
    scope, country = placement.scope, placement.country
    values: dict[str, Any] = {"state": PlacementState.RELEASED, "reason": reason, "ended_at": now}
    reserved = placement.hold_until is not None and placement.hold_until > now
    if reserved:
        # The next attempt has other parameters, for which Stripe rejects a key that it knows.
        values = {"state": PlacementState.RESERVED, "create_params": None, "attempt": placement.attempt + 1}
    if not write_fenced(placement_id, placement.version if version is None else version, values):
        return False
    if reserved:
        return True
    close_wait(placement_id, WaitState.LAPSED)
    offer_free_slots(scope, country, now)
    return True


def finish_or_release(
    placement_id: int, *, gateway: Gateway, now: datetime, skip_recent: bool = False
) -> None:
    """Settle an abandoned call to Stripe: adopt the session that it opened, else release the slot. Commits.

    `skip_recent` leaves a call alone that may still be running: a placement may be much older than its call.
    """
    placement = read_placement(placement_id)
    params, version, dropped = placement.create_params, placement.version, placement.reason
    db.session.rollback()
    if skip_recent and params and params["expires_at"] > (now + OPEN_FOR - ABANDONED_AFTER).timestamp():
        return
    found = find_session(placement_id, params["customer"], gateway) if params else None
    if found is not None:
        adopt_session(placement_id, found)
        db.session.commit()
        sync_placement(placement_id, gateway=gateway, now=now)
    else:
        release_unopened(placement_id, reason=dropped or EndReason.ABANDONED, now=now, version=version)
    db.session.commit()


def cancel_checkout(placement_id: int, *, gateway: Gateway, now: datetime, by_buyer: bool = True) -> bool:
    """End a checkout: Stripe expires the session, or says how it ended. Commits. True if the slot is free now.

    `by_buyer` says that the buyer wants it, and ends a reservation as well.
    """
    if by_buyer:
        _record_cancellation(placement_id, now)
    placement = read_placement(placement_id)
    state, session_id = placement.state, placement.session_id
    db.session.rollback()
    if state == PlacementState.PENDING:
        finish_or_release(placement_id, gateway=gateway, now=now)
        state, session_id = PlacementState.HELD, read_placement(placement_id).session_id
        db.session.rollback()
    if state == PlacementState.HELD and session_id is not None:
        try:
            gateway.expire_session(session_id)
        except StripeRefused:
            pass  # paid or over already, as the next line finds out
        except StripeForbidden as error:  # Stripe expires it in half an hour
            raise_key_alarm(error, now=now)
            db.session.commit()
        sync_placement(placement_id, gateway=gateway, now=now)
        db.session.commit()
    released = read_placement(placement_id).state == PlacementState.RELEASED
    db.session.rollback()
    return released


def _record_cancellation(placement_id: int, now: datetime) -> None:
    db.session.execute(
        update(Placement)
        .where(Placement.id == placement_id, Placement.state.in_(BUYING))
        .values(
            hold_until=case((Placement.hold_until > now, now), else_=Placement.hold_until),
            reason=case((Placement.state == PlacementState.RESERVED, ""), else_=EndReason.DROPPED),
            version=Placement.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    expire_reservation(placement_id, now)
    db.session.commit()


def end_canceled(placement_id: int, *, gateway: Gateway, now: datetime) -> bool:
    """End a placement at once that is cancelled at its period's end; whether it is over. Nothing is refunded. Commits.
    Raises `GatewayError`."""
    placement = read_placement(placement_id)
    subscription = placement.subscription_id if placement.state == PlacementState.CANCELING else None
    db.session.rollback()
    if subscription is not None:
        gateway.cancel_subscription(subscription, f"end:{placement_id}")
        sync_placement(placement_id, gateway=gateway, now=now)
        db.session.commit()
    over = read_placement(placement_id).state == PlacementState.ENDED
    db.session.rollback()
    return over
