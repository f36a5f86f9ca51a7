"""Stripe's signed events: stored when they arrive, processed by the worker. Processing reads the state of the placement from
Stripe; the data inside the event is never used."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update

from marketplace.billing.alarms import raise_alarm
from marketplace.billing.models import BillingCustomer, Placement, StripeEvent
from marketplace.billing.statuses import UNFINISHED_EVENTS, AlarmKind, EventState
from marketplace.billing.stripe.client import StripeMissing
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.stripe.messages import EVENT_TYPES, SignedEvent
from marketplace.billing.sync.services import sync_placement
from marketplace.core.extensions import db, insert_into
from marketplace.core.jobs.queue import enqueue
from marketplace.providers.models import Provider
from marketplace.web.params import read_id

ALARM_AFTER = 10


class NotOurs(Exception):
    """An object of another product in the same Stripe account: nothing at it names a placement."""


def receive_event(event: SignedEvent, *, livemode: bool, now: datetime) -> bool:
    """Store an event, and the job that processes it, in the caller's transaction; False for a known one.

    An event of the other mode, or of a type that we did not subscribe to, is stored as ignored. The wrong mode raises an
    alarm.
    """
    wrong_mode = event.livemode != livemode
    ignored = wrong_mode or event.type not in EVENT_TYPES
    written = (
        insert_into(StripeEvent)
        .values(
            event_id=event.event_id,
            type=event.type[:80],
            object_id=event.object_id,
            created=event.created,
            received_at=now,
            state=EventState.IGNORED if ignored else EventState.NEW,
            tries=0,
            error="wrong mode" if wrong_mode else "",
        )
        .on_conflict_do_nothing()
        .returning(StripeEvent.event_id)
    )
    if db.session.execute(written).first() is None:
        return False
    if wrong_mode:
        # One alarm for all: a wrong endpoint sends hundreds.
        raise_alarm(AlarmKind.WRONG_MODE, "live" if event.livemode else "test", now=now)
    if not ignored:
        enqueue("billing.event", {"event": event.event_id}, key=f"billing.event:{event.event_id}")
    return True


def process_event(event_id: str, *, gateway: Gateway, now: datetime) -> None:
    """Bring the placement of an event up to date. Commits the claim first, so that a crashed attempt counts; flushes the
    rest for the caller's commit. Raises `GatewayError` if Stripe cannot be reached: the job is retried."""
    claimed = db.session.execute(
        update(StripeEvent)
        .where(StripeEvent.event_id == event_id, StripeEvent.state.in_(UNFINISHED_EVENTS))
        .values(state=EventState.WORKING, claimed_at=now, tries=StripeEvent.tries + 1)
        .returning(StripeEvent.type, StripeEvent.object_id, StripeEvent.tries)
        .execution_options(synchronize_session=False)
    ).first()
    if claimed is not None and claimed.tries >= ALARM_AFTER:
        raise_alarm(AlarmKind.STUCK_EVENT, event_id, now=now)
    db.session.commit()
    if claimed is None:
        return
    try:
        found = placement_of(claimed.type, claimed.object_id, gateway)
    except NotOurs:
        _finish(event_id, EventState.IGNORED, None, error="other product")
        return
    if found is None:
        _finish(event_id, EventState.ORPHAN, None)
        raise_alarm(AlarmKind.ORPHAN, claimed.object_id, now=now)
        return
    placement_id, intents = found
    sync_placement(placement_id, gateway=gateway, now=now, intents=intents)
    _finish(event_id, EventState.DONE, placement_id)


def _finish(event_id: str, state: str, placement_id: int | None, *, error: str = "") -> None:
    db.session.execute(
        update(StripeEvent)
        .where(StripeEvent.event_id == event_id)
        .values(state=state, placement_id=placement_id, error=error)
        .execution_options(synchronize_session=False)
    )


def placement_of(event_type: str, object_id: str, gateway: Gateway) -> tuple[int, tuple[str, ...]] | None:
    """The placement that an object of Stripe's belongs to, and the payment intents to record; None for an orphan. Raises
    `NotOurs`, as the functions below do."""
    try:
        if event_type.startswith("checkout.session."):
            placement_id = placement_of_session(gateway.session(object_id))
        elif event_type.startswith("customer.subscription."):
            placement_id = placement_of_subscription(gateway.subscription(object_id))
        elif event_type.startswith("invoice."):
            placement_id = placement_of_invoice(gateway.invoice(object_id), gateway)
        else:
            return placement_of_payment(_intent_of(event_type, object_id, gateway), gateway)
    except StripeMissing:
        return None
    return None if placement_id is None else (placement_id, ())


def _intent_of(event_type: str, object_id: str, gateway: Gateway) -> str | None:
    if event_type.startswith("charge.dispute."):
        found = gateway.dispute(object_id)
    elif event_type.startswith("refund."):
        found = gateway.refund_of(object_id)
    else:
        found = gateway.charge(object_id)
    return found.get("payment_intent")


def placement_of_session(session: dict[str, Any]) -> int | None:
    """The placement of a Checkout Session."""
    return _from_column(Placement.session_id, session["id"]) or _from_metadata(session)


def placement_of_subscription(subscription: dict[str, Any]) -> int | None:
    """The placement of a subscription."""
    return _from_column(Placement.subscription_id, subscription["id"]) or _from_metadata(subscription)


def placement_of_invoice(invoice: dict[str, Any], gateway: Gateway) -> int | None:
    """The placement of a subscription's invoice."""
    parent = (invoice.get("parent") or {}).get("subscription_details")
    if not parent:
        return _from_metadata(invoice)
    return placement_of_subscription(gateway.subscription(parent["subscription"]))


def placement_of_payment(intent_id: str | None, gateway: Gateway) -> tuple[int, tuple[str, ...]] | None:
    """The placement of a payment, and its intent: older payments are loaded only if they are named."""
    if intent_id is None:
        raise NotOurs  # Checkout makes none without
    placement_id = _from_column(Placement.payment_intent_id, intent_id) or _from_payment(intent_id, gateway)
    return None if placement_id is None else (placement_id, (intent_id,))


def _from_payment(intent_id: str, gateway: Gateway) -> int | None:
    invoice = gateway.invoice_of_intent(intent_id)
    if invoice is not None:
        with suppress(NotOurs):
            return placement_of_invoice(invoice, gateway)
    return _from_metadata(gateway.intent(intent_id))


def _from_column(column: Any, value: str) -> int | None:
    return _look_up(select(Placement.id).where(column == value))


def _from_metadata(found: dict[str, Any]) -> int | None:
    """The placement that an object's metadata names, if it belongs to the same customer: another site may use the account
    too."""
    placement_id = read_id(str((found.get("metadata") or {}).get("placement_id", "")))
    if placement_id is None:
        raise NotOurs
    return _look_up(
        select(Placement.id)
        .join(
            Provider,
            or_(Provider.id == Placement.provider_id, Provider.merged_into_id == Placement.provider_id),
        )
        .join(BillingCustomer, BillingCustomer.provider_id == Provider.id)
        .where(Placement.id == placement_id, BillingCustomer.stripe_customer_id == found.get("customer"))
    )


def _look_up(query: Select[int]) -> int | None:
    """A look-up that leaves no transaction open for the next call to Stripe."""
    found = db.session.scalar(query)
    db.session.rollback()
    return found


def event_counts() -> dict[str, int]:
    """How many events are in each state."""
    rows = db.session.execute(select(StripeEvent.state, func.count()).group_by(StripeEvent.state))
    return {state: count for state, count in rows}
