"""Buying a placement: take the slot, then open Stripe's Checkout for it, never the other way round.

The slot is committed before Stripe is called, so that two buyers of the last slot never both pay. The parameters of the call
are stored before it is made. Any retry (a double click, a lost connection, the sweeper) repeats the same call with the same
idempotency key and reaches the same session. Stripe decides when a checkout is over, not our clock.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.billing.alarms import raise_alarm, raise_key_alarm
from marketplace.billing.models import BillingCustomer, Placement
from marketplace.billing.placements.prices import ensure_price
from marketplace.billing.placements.slots import write_fenced
from marketplace.billing.placements.visibility import can_be_shown
from marketplace.billing.statuses import AlarmKind, EndReason, PlacementKind, PlacementState
from marketplace.billing.stripe.client import (
    GatewayError,
    StripeBusy,
    StripeMisconfigured,
    StripeRefused,
    StripeUnknown,
)
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.stripe.messages import SessionStatus
from marketplace.billing.sync.services import sync_placement
from marketplace.billing.sync.sessions import (
    OPEN_FOR,
    adopt_session,
    find_session,
    read_placement,
    release_unopened,
)
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db, insert_into
from marketplace.providers.models import Provider

SHORTEST_OPEN = timedelta(minutes=31)


@dataclass(frozen=True, slots=True)
class ReturnAddresses:
    """Where Checkout sends the buyer back to, its language, and the description shown by Checkout, portal and receipts."""

    success: str
    cancel: str
    language: str
    description: str = ""


def open_checkout(
    placement_id: int, *, actor: User, addresses: ReturnAddresses, gateway: Gateway, now: datetime
) -> str:
    """The address of Stripe's payment page for a placement that is being bought. Commits between the calls.

    Raises `Conflict`: `checkout_over` if there is nothing left to pay, `not_shown` if the placement could not be shown.
    Raises `GatewayError`: after a definite rejection the slot is free again, after an unknown result it stays taken until
    the sweeper finds out.
    """
    placement = read_placement(placement_id)
    if placement.state == PlacementState.HELD:
        return _open_session_url(placement, gateway, now)
    if placement.state not in (PlacementState.PENDING, PlacementState.RESERVED):
        raise Conflict("checkout_over")
    if not can_be_shown(placement.provider_id, placement.listing_id, placement.country, now):
        raise Conflict("not_shown")
    try:
        params = _stored_params(placement, actor, addresses, gateway, now)
        session = _create_session(placement_id, params, gateway, now) if params else None
    except (StripeRefused, StripeBusy, StripeMisconfigured) as error:
        release_unopened(placement_id, reason=EndReason.REFUSED, now=now)
        if isinstance(error, StripeMisconfigured):
            raise_key_alarm(error, now=now)
        elif isinstance(error, StripeRefused):
            raise_alarm(AlarmKind.REFUSED, error.code or "no code", now=now, placement_id=placement_id)
        db.session.commit()
        raise
    if session is None or not adopt_session(placement_id, session):
        db.session.rollback()  # another request was faster, or cancelled the checkout
        return _open_session_url(read_placement(placement_id), gateway, now)
    db.session.commit()
    return str(session["url"] or _open_session_url(read_placement(placement_id), gateway, now))


def _open_session_url(placement: Placement, gateway: Gateway, now: datetime) -> str:
    """The address of a held placement's open session. If Stripe says that it is over, that takes effect at once."""
    placement_id, session_id = placement.id, placement.session_id
    db.session.rollback()
    if session_id is not None:
        session = gateway.session(session_id)
        if session["status"] == SessionStatus.OPEN and session["url"]:
            return str(session["url"])
        sync_placement(placement_id, gateway=gateway, now=now)
        db.session.commit()
    raise Conflict("checkout_over")


def _stored_params(
    placement: Placement, actor: User, addresses: ReturnAddresses, gateway: Gateway, now: datetime
) -> dict[str, Any] | None:
    """The parameters of the call, stored before it is made: those of an earlier attempt if there was one. None if another
    request got further meanwhile."""
    placement_id, country, kind = placement.id, placement.country, placement.kind
    if placement.create_params is not None and placement.state == PlacementState.PENDING:
        return dict(placement.create_params)
    provider_id, version = placement.provider_id, placement.version
    customer = ensure_customer(provider_id, actor, gateway)
    price = ensure_price(country, kind, gateway=gateway)
    params = session_params(placement_id, kind, customer, price, addresses, gateway, now)
    if not write_fenced(placement_id, version, {"create_params": params, "state": PlacementState.PENDING}):
        db.session.rollback()
        found = read_placement(placement_id)  # a second click was faster: we make its call
        if found.create_params is None or found.state != PlacementState.PENDING:
            return None
        params = dict(found.create_params)
    db.session.commit()
    return params


def session_params(
    placement_id: int,
    kind: str,
    customer: str,
    price: str,
    addresses: ReturnAddresses,
    gateway: Gateway,
    now: datetime,
) -> dict[str, Any]:
    """The parameters of the call that opens Checkout."""
    metadata = {"placement_id": str(placement_id)}
    params: dict[str, Any] = {
        "mode": "subscription" if kind == PlacementKind.MONTH else "payment",
        "customer": customer,
        "client_reference_id": str(placement_id),
        "line_items": [{"price": price, "quantity": 1}],
        # Cards, and the wallets that hold them, settle at once: no slot waits days for a bank debit or a voucher.
        "allowed_payment_method_types": ["card"],
        "success_url": addresses.success,
        "cancel_url": addresses.cancel,
        "expires_at": int((now + OPEN_FOR).timestamp()),
        "metadata": metadata,
        "locale": addresses.language if addresses.language in ("en", "es") else "auto",
    }
    # Objects that Checkout creates do not inherit the session's metadata.
    details = {
        "metadata": metadata,
        **({"description": addresses.description} if addresses.description else {}),
    }
    if kind == PlacementKind.MONTH:
        params["subscription_data"] = details
    else:
        params["payment_intent_data"] = details
        params["invoice_creation"] = {"enabled": True, "invoice_data": details}
    if gateway.automatic_tax:
        params["automatic_tax"] = {"enabled": True}
        params["customer_update"] = {"address": "auto", "name": "auto"}
        params["tax_id_collection"] = {"enabled": True}
    return params


def _create_session(
    placement_id: int, params: dict[str, Any], gateway: Gateway, now: datetime
) -> dict[str, Any] | None:
    """Create the session. After an unknown result the customer's sessions are searched. Only if there is none is the call
    repeated, with a new key, since Stripe answers the old one with the stored error. None if another request got further
    meanwhile."""
    attempt = read_placement(placement_id).attempt
    db.session.rollback()
    found = None
    try:
        if params["expires_at"] >= (now + SHORTEST_OPEN).timestamp():
            return gateway.create_session(params, f"checkout:{placement_id}:{attempt}")
        # Stripe would reject the expiry of this earlier attempt by now, and its result is unknown as well.
        found = find_session(placement_id, params["customer"], gateway)
    except StripeUnknown as unknown:
        try:
            found = find_session(placement_id, params["customer"], gateway)
        except GatewayError:
            raise unknown from None  # the slot stays taken until the result is known
    if found is not None:
        return found
    placement = read_placement(placement_id)
    fresh = {**params, "expires_at": int((now + OPEN_FOR).timestamp())}
    values = {"attempt": attempt + 1, "create_params": fresh}
    if (placement.state, placement.attempt) != (PlacementState.PENDING, attempt) or not write_fenced(
        placement_id, placement.version, values
    ):
        return None
    db.session.commit()
    return gateway.create_session(fresh, f"checkout:{placement_id}:{attempt + 1}")


def ensure_customer(provider_id: int, actor: User, gateway: Gateway) -> str:
    """The provider's customer at Stripe, created if there is none. Commits."""
    known = customer_of(provider_id)
    if known is not None:
        db.session.rollback()
        return known
    name = db.session.scalars(select(Provider.name).where(Provider.id == provider_id)).one()
    email = actor.email
    db.session.rollback()
    # Another name or address is another call: Stripe would reject the same key.
    digest = hashlib.sha256(f"{name}\0{email}".encode()).hexdigest()[:16]
    made = gateway.create_customer(
        name=name, email=email, provider_id=provider_id, key=f"customer:{provider_id}:{digest}"
    )
    db.session.execute(
        insert_into(BillingCustomer)
        .values(provider_id=provider_id, stripe_customer_id=made)
        .on_conflict_do_nothing()
    )
    db.session.commit()
    found = customer_of(provider_id)
    db.session.rollback()
    return found or made


def customer_of(provider_id: int) -> str | None:
    """The id of the provider's customer at Stripe, if there is one."""
    query = select(BillingCustomer.stripe_customer_id).where(BillingCustomer.provider_id == provider_id)
    return db.session.scalar(query)
