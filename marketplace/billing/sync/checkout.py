"""Buying a placement: take the slot, then open Stripe's Checkout for it, never the other way round.

The slot is committed before Stripe is called, so that two buyers of the last slot never both pay. The parameters of the call
are stored before it is made. Any retry (a double click, a lost connection, the sweeper) repeats the same call with the same
idempotency key and reaches the same session. Stripe decides when a checkout is over, not our clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from marketplace.accounts.models import User
from marketplace.billing.alarms import raise_alarm, raise_key_alarm
from marketplace.billing.models import Placement
from marketplace.billing.placements.prices import ensure_price, forget_prices
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
from marketplace.billing.sync.accounts import settle_accounts
from marketplace.billing.sync.customers import customer_of, ensure_customer, forget_customer
from marketplace.billing.sync.services import sync_placement
from marketplace.billing.sync.sessions import (
    OPEN_FOR,
    adopt_session,
    find_session,
    read_placement,
    release_unopened,
)
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db

RESOURCE_MISSING = "resource_missing"  # Stripe's code for an object that is not there
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
    try:
        settle_accounts(gateway, now)
    except (StripeRefused, StripeBusy, StripeMisconfigured) as error:
        _give_up(placement_id, error, now)
        raise
    placement = read_placement(placement_id)
    if placement.state == PlacementState.HELD:
        return _open_session_url(placement, gateway, now)
    if placement.state not in (PlacementState.PENDING, PlacementState.RESERVED):
        raise Conflict("checkout_over")
    if not can_be_shown(placement.provider_id, placement.listing_id, placement.country, now):
        raise Conflict("not_shown")
    try:
        session = _session(placement, actor, addresses, gateway, now)
    except (StripeRefused, StripeBusy, StripeMisconfigured) as error:
        _give_up(placement_id, error, now)
        raise
    if session is None or not adopt_session(placement_id, session):
        db.session.rollback()  # another request was faster, or cancelled the checkout
        return _open_session_url(read_placement(placement_id), gateway, now)
    db.session.commit()
    return str(session["url"] or _open_session_url(read_placement(placement_id), gateway, now))


def _give_up(placement_id: int, error: GatewayError, now: datetime) -> None:
    """After a definite rejection: free the slot, and raise the alarm that it deserves. Commits."""
    release_unopened(placement_id, reason=EndReason.REFUSED, now=now)
    if isinstance(error, StripeMisconfigured):
        raise_key_alarm(error, now=now)
    elif isinstance(error, StripeRefused):
        raise_alarm(AlarmKind.REFUSED, error.code or "no code", now=now, placement_id=placement_id)
    db.session.commit()


def _session(
    placement: Placement, actor: User, addresses: ReturnAddresses, gateway: Gateway, now: datetime
) -> dict[str, Any] | None:
    """A session for the placement; None if another request got further. Where Stripe has lost what the call names (a
    customer or price deleted there), that is made anew once."""
    placement_id, provider_id, country = placement.id, placement.provider_id, placement.country
    try:
        params = _stored_params(placement, actor, addresses, gateway, now)
        return _create_session(placement_id, params, gateway, now) if params else None
    except StripeRefused as refusal:
        db.session.rollback()
        if refusal.code != RESOURCE_MISSING:
            raise
    found = read_placement(placement_id)
    again = {"create_params": None, "attempt": found.attempt + 1}
    if found.state != PlacementState.PENDING or not write_fenced(placement_id, found.version, again):
        return None
    forget_prices(country)
    known = customer_of(provider_id, gateway.account())
    db.session.commit()
    if known is not None and not gateway.has_customer(known):
        forget_customer(provider_id, gateway.account())
        ensure_customer(provider_id, actor, gateway, lost=known)
    params = _stored_params(read_placement(placement_id), actor, addresses, gateway, now)
    return _create_session(placement_id, params, gateway, now) if params else None


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
    values = {"create_params": params, "state": PlacementState.PENDING, "account": gateway.account()}
    if not write_fenced(placement_id, version, values):
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
