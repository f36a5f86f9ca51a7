"""The worker's tasks for placements. Those that need Stripe do nothing without a key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from marketplace.billing.alarms import alarm_on_rejected_key
from marketplace.billing.models import Placement
from marketplace.billing.placements.notifications import notify_members
from marketplace.billing.placements.prices import publish_price
from marketplace.billing.placements.waiting import expire_reservation
from marketplace.billing.statuses import PlacementState
from marketplace.billing.stripe.gateway import Gateway, gateway_if_any
from marketplace.billing.sync import reconcile
from marketplace.billing.sync.accounts import settle_accounts
from marketplace.billing.sync.customers import readdress_customer
from marketplace.billing.sync.events import process_event
from marketplace.billing.sync.services import sync_placement
from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import task

# Longer than a long series of slow answers. If it runs out, a second worker starts, which is harmless.
LEASE = timedelta(minutes=15)
LONG_LEASE = timedelta(hours=1)


def _with_stripe(work: Callable[[Gateway], object]) -> None:
    """Nothing without a key, and an alarm if Stripe rejects it."""
    if (stripe := gateway_if_any()) is not None:
        with alarm_on_rejected_key(now()):
            work(stripe)


@task("billing.event", lease=LEASE)
def event(payload: dict[str, Any]) -> None:
    """Process one stored event."""
    _with_stripe(lambda stripe: process_event(payload["event"], gateway=stripe, now=now()))


@task("billing.sync", lease=LEASE)
def sync(payload: dict[str, Any]) -> None:
    """Bring one placement up to date when its pass or its grace period ends."""
    _with_stripe(lambda stripe: sync_placement(payload["placement"], gateway=stripe, now=now()))


@task("billing.settle", lease=LEASE, at_start=True)
def settle(payload: dict[str, Any]) -> None:
    """Park what was bought in another account or mode: the key may be another one since the last start."""
    _with_stripe(lambda stripe: settle_accounts(stripe, now()))


@task("billing.price", lease=LEASE)
def price(payload: dict[str, Any]) -> None:
    """Publish a country's price at Stripe."""
    _with_stripe(lambda stripe: publish_price(payload["country"], gateway=stripe))


@task("billing.readdress", lease=LEASE)
def readdress(payload: dict[str, Any]) -> None:
    """Take the address of somebody who left from a provider's customer."""
    _with_stripe(lambda stripe: readdress_customer(payload["provider"], gateway=stripe))


@task("billing.lapse")
def lapse(payload: dict[str, Any]) -> None:
    """End a reservation whose 24 hours are over."""
    expire_reservation(payload["placement"], now())


@task("billing.ending")
def ending(payload: dict[str, Any]) -> None:
    """Email members a week before a pass ends, if it is still active."""
    placement = db.session.get(Placement, payload["placement"])
    if placement is not None and placement.state == PlacementState.ACTIVE:
        notify_members(placement, "pass_ending", key="1", end=placement.period_end)


@task("billing.reconcile", every=timedelta(minutes=15), lease=LONG_LEASE)
def reconcile_quickly(payload: dict[str, Any]) -> None:
    """Fetch lost events, and end what is overdue."""
    _with_stripe(lambda stripe: reconcile.reconcile_quickly(gateway=stripe, now=now()))


@task("billing.audit", every=timedelta(days=1), lease=LONG_LEASE)
def reconcile_fully(payload: dict[str, Any]) -> None:
    """Reconcile everything, in both directions."""
    _with_stripe(lambda stripe: reconcile.reconcile_fully(gateway=stripe, now=now()))
