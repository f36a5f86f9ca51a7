"""Reconciliation with Stripe: events that never arrived, checkouts that are over, and everything live in both directions.

The quick part runs every quarter of an hour, all of it every day and on `marketplace billing reconcile`. Each placement goes
through `sync_placement` and is committed by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select

from marketplace.billing.alarms import alarm_on_rejected_key, raise_alarm, raise_key_alarm
from marketplace.billing.models import Placement, StripeEvent
from marketplace.billing.placements.visibility import refresh_all_visibility
from marketplace.billing.placements.waiting import expire_reservation, offer_all_free_slots
from marketplace.billing.statuses import (
    LIVE,
    PAID,
    UNFINISHED_EVENTS,
    AlarmKind,
    EndReason,
    PlacementKind,
    PlacementState,
)
from marketplace.billing.stripe.client import (
    GatewayError,
    StripeForbidden,
    StripeMisconfigured,
    StripeRefused,
)
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.accounts import settle_accounts
from marketplace.billing.sync.affected import Affected, affected_placements
from marketplace.billing.sync.events import receive_event
from marketplace.billing.sync.services import sync_placement
from marketplace.billing.sync.sessions import ABANDONED_AFTER, cancel_checkout, finish_or_release
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, enqueue

EVENTS_REACH = timedelta(days=30)  # Stripe keeps events for 30 days
BOOKS_REACH = timedelta(days=35)
DISPUTES_REACH = timedelta(days=180)  # a bank decides within half a year
OVERDUE_AFTER = timedelta(minutes=2)
STUCK_AFTER = timedelta(hours=1)
RENEWAL_SLACK = timedelta(hours=2)  # Stripe charges about an hour after a period began


@dataclass(slots=True)
class ReconcileReport:
    """What a reconciliation did. `orphans` name a placement that we do not have, `others` belong to other products in the
    account, `other_account` are placements that were bought in another account or mode and are parked. `refused` lists
    what could not be compared, as {path, reason}."""

    placements: int = 0
    repaired: int = 0
    released: int = 0
    events: int = 0
    other_account: int = 0
    orphans: int = 0
    others: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)


def reconcile_quickly(*, gateway: Gateway, now: datetime) -> ReconcileReport:
    """Fetch events that did not reach us, and end what is overdue by our clock. Commits. Raises `GatewayError`."""
    report = ReconcileReport()
    with alarm_on_rejected_key(now):
        report.other_account = settle_accounts(gateway, now)
        _fetch_events(report, gateway, now)
        _end_overdue(report, gateway, now)
    refresh_all_visibility(now, only_hidden=True)
    db.session.commit()
    return report


def reconcile_fully(*, gateway: Gateway, now: datetime, whole: bool = False) -> ReconcileReport:
    """The quick part, then every live placement and those that a dispute ended, every subscription, and the sessions,
    charges, refunds and disputes of the last weeks (of all time with `whole`). Commits. Raises `GatewayError` if Stripe
    cannot be reached at all."""
    report = ReconcileReport()
    since = datetime.fromtimestamp(0, now.tzinfo) if whole else now - BOOKS_REACH
    with alarm_on_rejected_key(now):
        report.other_account = settle_accounts(gateway, now)
        _fetch_events(report, gateway, now)
        _end_overdue(report, gateway, now)
        affected: Affected = {}
        with _without_permission(report, "lists", now):
            affected = affected_placements(report, gateway, now, since)
        undecided = (Placement.reason == EndReason.DISPUTE) & (Placement.ended_at > now - DISPUTES_REACH)
        for placement_id in _ids(select(Placement.id).where(or_(Placement.state.in_(LIVE), undecided))):
            affected.setdefault(placement_id, set())
        for placement_id, intents in sorted(affected.items()):
            _sync(report, placement_id, gateway, now, intents)
    db.session.rollback()
    refresh_all_visibility(now)
    db.session.commit()
    return report


def request_reconciliation(now: datetime) -> None:
    """Let the worker reconcile everything now; at most once a minute."""
    enqueue("billing.audit", {}, key=f"billing.audit:asked:{now:%Y%m%d%H%M}")


def _fetch_events(report: ReconcileReport, gateway: Gateway, now: datetime) -> None:
    with _without_permission(report, "events", now):
        for event in gateway.undelivered_events(now - EVENTS_REACH):
            report.events += receive_event(event, livemode=gateway.livemode, now=now)
            db.session.commit()
    waiting = select(Job.key).where(Job.task == "billing.event", Job.state.in_(("waiting", "working")))
    keys = {key.split(":")[1] for key in db.session.scalars(waiting) if key}
    lost = select(StripeEvent.event_id, StripeEvent.tries).where(
        StripeEvent.state.in_(UNFINISHED_EVENTS),
        or_(StripeEvent.claimed_at.is_(None), StripeEvent.claimed_at < now - STUCK_AFTER),
        StripeEvent.received_at < now - STUCK_AFTER,
    )
    for event_id, tries in db.session.execute(lost).all():
        if event_id in keys:
            continue
        # Its job gave up. A new key makes a new job.
        enqueue("billing.event", {"event": event_id}, key=f"billing.event:{event_id}:{tries}")
    db.session.commit()


def _end_overdue(report: ReconcileReport, gateway: Gateway, now: datetime) -> None:
    abandoned = select(Placement.id).where(
        Placement.state == PlacementState.PENDING, Placement.created_at < now - ABANDONED_AFTER
    )
    for placement_id in _ids(abandoned):
        with _reporting_failure(report, placement_id, now):
            finish_or_release(placement_id, gateway=gateway, now=now, skip_recent=True)
            report.released += _is_over(placement_id)
    over = select(Placement.id).where(
        Placement.state == PlacementState.HELD, Placement.session_expires_at < now - OVERDUE_AFTER
    )
    for placement_id in _ids(over):
        with _reporting_failure(report, placement_id, now):
            report.released += cancel_checkout(placement_id, gateway=gateway, now=now, by_buyer=False)
    lapsed = select(Placement.id).where(
        Placement.state == PlacementState.RESERVED, Placement.hold_until <= now
    )
    for placement_id in _ids(lapsed):
        report.released += expire_reservation(placement_id, now)
        db.session.commit()
    offer_all_free_slots(now)
    db.session.commit()
    late = select(Placement.id).where(
        Placement.state.in_(PAID),
        or_(
            (Placement.kind == PlacementKind.PASS) & (Placement.period_end <= now),
            (Placement.kind == PlacementKind.MONTH) & (Placement.period_end <= now - RENEWAL_SLACK),
            Placement.grace_until <= now,
        ),
    )
    for placement_id in _ids(late):
        _sync(report, placement_id, gateway, now)


def _is_over(placement_id: int) -> bool:
    """Whether a slot is free again."""
    state = db.session.scalar(select(Placement.state).where(Placement.id == placement_id))
    db.session.rollback()
    return state not in LIVE


def _ids(query: Select[int]) -> list[int]:
    found = list(db.session.scalars(query.order_by(Placement.id)))
    db.session.rollback()
    return found


def _sync(
    report: ReconcileReport,
    placement_id: int,
    gateway: Gateway,
    now: datetime,
    intents: Collection[str] = (),
) -> None:
    with _reporting_failure(report, placement_id, now):
        report.placements += 1
        report.repaired += sync_placement(placement_id, gateway=gateway, now=now, intents=intents)
        db.session.commit()


@contextmanager
def _without_permission(report: ReconcileReport, what: str, now: datetime) -> Iterator[None]:
    """Raise an alarm for a permission that the key lacks, report what could not be done, and go on with the rest."""
    try:
        yield
    except StripeForbidden as error:
        db.session.rollback()
        raise_key_alarm(error, now=now)
        db.session.commit()
        report.refused.append({"path": what, "reason": f"{type(error).__name__} {error.missing}"})


@contextmanager
def _reporting_failure(report: ReconcileReport, placement_id: int, now: datetime) -> Iterator[None]:
    """Report a placement that cannot be compared, and go on with the others."""
    try:
        with _without_permission(report, f"placement {placement_id}", now):
            yield
    except StripeMisconfigured:
        raise
    except (GatewayError, Conflict) as error:
        db.session.rollback()
        if isinstance(error, StripeRefused):  # a retry cannot help
            raise_alarm(AlarmKind.MISMATCH, f"placement {placement_id}", now=now, placement_id=placement_id)
            db.session.commit()
        reason = f"{type(error).__name__} {error.code}".strip()
        report.refused.append({"path": f"placement {placement_id}", "reason": reason})
