"""Buying a featured place: take the slot, then open Stripe's Checkout for it, never the other way round.

The slot is committed before Stripe is called, so that two buyers of the last one never both pay. The call's parameters are
stored before it is made: whoever repeats it (a double click, another try after a lost connection, the sweeper) repeats it
exactly, with the same key, and comes to the same session. A hold ends by Stripe's word, not by our clock.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, update

from marketplace.accounts.models import User
from marketplace.billing.alarms import raise_alarm
from marketplace.billing.models import Placement
from marketplace.billing.placements.prices import ensure_price
from marketplace.billing.placements.slots import write_fenced
from marketplace.billing.placements.visibility import can_be_shown
from marketplace.billing.placements.waiting import close_wait, lapse_reservation, offer_free_slots
from marketplace.billing.stripe.errors import (
    StripeBusy,
    StripeMisconfigured,
    StripeRefused,
    StripeTrouble,
    StripeUnknown,
)
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.customers import ensure_customer
from marketplace.billing.sync.services import sync_placement
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db

OPEN_FOR = timedelta(minutes=35)  # Stripe's least is 30 minutes from when the call arrives
SHORTEST_OPEN = timedelta(minutes=31)
ABANDONED_AFTER = timedelta(minutes=10)  # longer than the calls of one buyer can take, repetitions included

BUYING = ("reserved", "pending", "held")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where Checkout sends the buyer back to, its language, and what it, the portal and receipts call the place."""

    success: str
    cancel: str
    language: str
    place: str = ""


def open_checkout(
    placement_id: int, *, actor: User, addresses: Addresses, gateway: Gateway, now: datetime
) -> str:
    """The address of Stripe's page for a placement that is being bought; commits between the calls.

    Raises `Conflict` (`checkout_over`, `not_shown`) where there is nothing to pay any more, or for, and `StripeTrouble`:
    after a refusal that is certain the slot is free again; while nobody knows what happened it stays, and the sweeper
    finds out.
    """
    placement = _read(placement_id)
    if placement.state == "held":
        return _address_again(placement, gateway, now)
    if placement.state not in ("pending", "reserved"):
        raise Conflict("checkout_over")
    if not can_be_shown(placement.provider_id, placement.listing_id, placement.country, now):
        raise Conflict("not_shown")
    try:
        params = _stored_params(placement, actor, addresses, gateway, now)
        session = _create(placement_id, params, gateway, now) if params else None
    except (StripeRefused, StripeBusy, StripeMisconfigured) as trouble:
        release_unopened(placement_id, reason="refused", now=now)
        if isinstance(trouble, StripeMisconfigured):
            raise_alarm("misconfigured", "key", now=now)
        elif isinstance(trouble, StripeRefused):
            raise_alarm("refused", trouble.code or "no code", now=now, placement_id=placement_id)
        db.session.commit()
        raise
    if session is None or not adopt_session(placement_id, session):
        db.session.rollback()  # another call was quicker, or gave it up
        return _address_again(_read(placement_id), gateway, now)
    db.session.commit()
    return str(session["url"] or _address_again(_read(placement_id), gateway, now))


def _read(placement_id: int) -> Placement:
    placement = db.session.get(Placement, placement_id, populate_existing=True)
    if placement is None:
        raise Conflict("checkout_over")
    return placement


def _address_again(placement: Placement, gateway: Gateway, now: datetime) -> str:
    """The open session of a held placement. What Stripe says of it otherwise takes effect at once."""
    placement_id, session_id = placement.id, placement.session_id
    db.session.rollback()
    if session_id is not None:
        session = gateway.session(session_id)
        if session["status"] == "open" and session["url"]:
            return str(session["url"])
        sync_placement(placement_id, gateway=gateway, now=now)
        db.session.commit()
    raise Conflict("checkout_over")


def _stored_params(
    placement: Placement, actor: User, addresses: Addresses, gateway: Gateway, now: datetime
) -> dict[str, Any] | None:
    """The parameters of the call, stored before it is made; those of an earlier try where there was one, None where another
    call came further meanwhile."""
    placement_id, country, kind = placement.id, placement.country, placement.kind
    if placement.create_params is not None and placement.state == "pending":
        return dict(placement.create_params)
    provider_id, version = placement.provider_id, placement.version
    customer = ensure_customer(provider_id, actor, gateway)
    price = ensure_price(country, kind, gateway=gateway)
    params = session_params(placement_id, kind, customer, price, addresses, gateway, now)
    if not write_fenced(placement_id, version, {"create_params": params, "state": "pending"}):
        db.session.rollback()
        found = _read(placement_id)  # a second click was quicker: its call is ours
        if found.create_params is None or found.state != "pending":
            return None
        params = dict(found.create_params)
    db.session.commit()
    return params


def session_params(
    placement_id: int,
    kind: str,
    customer: str,
    price: str,
    addresses: Addresses,
    gateway: Gateway,
    now: datetime,
) -> dict[str, Any]:
    """The parameters of the call that opens Checkout."""
    ours = {"placement_id": str(placement_id)}
    params: dict[str, Any] = {
        "mode": "subscription" if kind == "month" else "payment",
        "customer": customer,
        "client_reference_id": str(placement_id),
        "line_items": [{"price": price, "quantity": 1}],
        "success_url": addresses.success,
        "cancel_url": addresses.cancel,
        "expires_at": int((now + OPEN_FOR).timestamp()),
        "metadata": ours,
        "locale": addresses.language if addresses.language in ("en", "es") else "auto",
    }
    about = {"metadata": ours, **({"description": addresses.place} if addresses.place else {})}
    if kind == "month":  # metadata is not inherited
        params["subscription_data"] = about
    else:
        params["payment_intent_data"] = about
        params["invoice_creation"] = {"enabled": True, "invoice_data": about}
    if gateway.automatic_tax:
        params["automatic_tax"] = {"enabled": True}
        params["customer_update"] = {"address": "auto", "name": "auto"}
        params["tax_id_collection"] = {"enabled": True}
    return params


def _create(
    placement_id: int, params: dict[str, Any], gateway: Gateway, now: datetime
) -> dict[str, Any] | None:
    """Open the session. Where nobody knows what came of the call, the customer's sessions tell; only when they hold none is
    it made once more, with a new key: Stripe answers the old one with the error it stored. None where another call came
    further meanwhile."""
    attempt = _read(placement_id).attempt
    db.session.rollback()
    found = None
    try:
        if params["expires_at"] >= (now + SHORTEST_OPEN).timestamp():
            return gateway.create_session(params, f"checkout:{placement_id}:{attempt}")
        # An earlier try whose end would be refused by now: what came of it is not known either.
        found = session_of(placement_id, params["customer"], gateway)
    except StripeUnknown as unknown:
        try:
            found = session_of(placement_id, params["customer"], gateway)
        except StripeTrouble:
            raise unknown from None  # the slot stays held until somebody finds out
    if found is not None:
        return found
    placement = _read(placement_id)
    fresh = {**params, "expires_at": int((now + OPEN_FOR).timestamp())}
    values = {"attempt": attempt + 1, "create_params": fresh}
    if (placement.state, placement.attempt) != ("pending", attempt) or not write_fenced(
        placement_id, placement.version, values
    ):
        return None
    db.session.commit()
    return gateway.create_session(fresh, f"checkout:{placement_id}:{attempt + 1}")


def session_of(placement_id: int, customer: str, gateway: Gateway) -> dict[str, Any] | None:
    """The newest session of a customer that was opened for a placement and is not over without a payment: a reservation's
    earlier try is not this one."""
    for one in gateway.sessions(customer=customer):
        if one["client_reference_id"] == str(placement_id) and one["status"] != "expired":
            return one
    return None


def adopt_session(placement_id: int, session: dict[str, Any]) -> bool:
    """pending → held by a session, at the amount that the session sells at; False where it is not pending any more.
    Flushes."""
    placement = _read(placement_id)
    if placement.state != "pending":
        return False
    values = {
        "state": "held",
        "session_id": session["id"],
        "amount": session["amount_subtotal"],
        "currency": session["currency"].upper(),
        "session_expires_at": datetime.fromtimestamp(session["expires_at"], tz=placement.created_at.tzinfo),
    }
    return write_fenced(placement_id, placement.version, values)


def release_unopened(placement_id: int, *, reason: str, now: datetime, version: int | None = None) -> bool:
    """Free the slot of a placement that never came to a session; a reservation whose time runs goes on. Flushes.

    With `version`, only if nobody changed the placement since that was read.
    """
    db.session.rollback()
    placement = _read(placement_id)
    if placement.state != "pending" or placement.session_id is not None:
        return False
    scope, country = placement.scope, placement.country
    values: dict[str, Any] = {"state": "released", "reason": reason, "ended_at": now}
    reserved = placement.hold_until is not None and placement.hold_until > now
    if reserved:
        # The next try has other parameters, for which Stripe takes no key that it knows.
        values = {"state": "reserved", "create_params": None, "attempt": placement.attempt + 1}
    if not write_fenced(placement_id, placement.version if version is None else version, values):
        return False
    if reserved:
        return True
    close_wait(placement_id, "lapsed")
    offer_free_slots(scope, country, now)
    return True


def finish_or_release(
    placement_id: int, *, gateway: Gateway, now: datetime, spare_calls: bool = False
) -> None:
    """What became of a call whose caller is gone: adopt the session that it opened, else free the slot; commits.
    `spare_calls` leaves one alone that may be under way: the placement may be much older than its call."""
    placement = _read(placement_id)
    params, version, dropped = placement.create_params, placement.version, placement.reason
    db.session.rollback()
    if spare_calls and params and params["expires_at"] > (now + OPEN_FOR - ABANDONED_AFTER).timestamp():
        return
    found = session_of(placement_id, params["customer"], gateway) if params else None
    if found is not None:
        adopt_session(placement_id, found)
        db.session.commit()
        sync_placement(placement_id, gateway=gateway, now=now)
    else:
        release_unopened(placement_id, reason=dropped or "abandoned", now=now, version=version)
    db.session.commit()


def end_hold(placement_id: int, *, gateway: Gateway, now: datetime, give_up: bool = True) -> bool:
    """End what is being bought: Stripe closes the session, or says what became of it meanwhile; commits. True where the slot
    is free now. `give_up` says that the buyer wants it so, and ends a reservation with it."""
    if give_up:
        _give_up(placement_id, now)
    placement = _read(placement_id)
    state, session_id = placement.state, placement.session_id
    db.session.rollback()
    if state == "pending":
        finish_or_release(placement_id, gateway=gateway, now=now)
        state, session_id = "held", _read(placement_id).session_id
        db.session.rollback()
    if state == "held" and session_id is not None:
        with suppress(StripeRefused):  # paid, or over already: the next line finds out
            gateway.expire_session(session_id)
        sync_placement(placement_id, gateway=gateway, now=now)
        db.session.commit()
    released = _read(placement_id).state == "released"
    db.session.rollback()
    return released


def _give_up(placement_id: int, now: datetime) -> None:
    db.session.execute(
        update(Placement)
        .where(Placement.id == placement_id, Placement.state.in_(BUYING))
        .values(
            hold_until=case((Placement.hold_until > now, now), else_=Placement.hold_until),
            reason=case((Placement.state == "reserved", ""), else_="dropped"),
            version=Placement.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    lapse_reservation(placement_id, now)
    db.session.commit()
